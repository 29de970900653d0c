// In JupyterLab a figure is a widget: a module whose `render` fills an element of the notebook.
// The traits are kept in step with Python, the rest of the state never changes.

/** @import { Mounted, Traits } from "./mount.js" */

/**
 * Python's side of a widget, as anywidget gives it.
 * @typedef {object} WidgetModel
 * @property {(name: string) => any} get
 * @property {(name: string, value: unknown) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, listener: () => void) => void} on
 * @property {(event: string, listener: () => void) => void} off
 */

/**
 * @param {(root: HTMLElement, state: any, onEdit: (changed: Traits) => void) => Mounted} mount
 * @param {(state: any) => string[]} traitsOf the traits that the reader moves
 */
export const widget = (mount, traitsOf) => ({
  /** @param {{ model: WidgetModel, el: HTMLElement }} place */
  render({ model, el }) {
    const root = document.createElement("div");
    el.append(root);
    el.classList.add("cx-widget");
    // Or JupyterLab would take what is typed here for its own: X cuts the cell, figure and all.
    root.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
    });
    const state = model.get("state");
    const names = traitsOf({ ...state, arrays: model.get("arrays") });
    /** @returns {Traits} */
    const known = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
    let own = false; // whether a change comes from this very figure
    const figure = mount(root, { ...state, ...known() }, (changed) => {
      own = true;
      for (const [name, value] of Object.entries(changed)) model.set(name, value);
      model.save_changes();
      own = false;
    });
    const followers = names.map((name) => {
      const follow = () => own || figure.follow(known(), name);
      return { event: `change:${name}`, follow };
    });
    for (const { event, follow } of followers) model.on(event, follow);
    return () => {
      for (const { event, follow } of followers) model.off(event, follow);
      figure.destroy();
    };
  },
});
