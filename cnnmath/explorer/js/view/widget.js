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
    // Or JupyterLab would take what is typed here for its own: X cuts the cell, figure and all.
    root.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
    });
    const state = model.get("state");
    const names = traitsOf(state);
    /** @returns {Traits} */
    const known = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
    let own = false; // whether a change comes from this very figure
    const figure = mount(root, { ...state, ...known() }, (changed) => {
      own = true;
      for (const [name, value] of Object.entries(changed)) model.set(name, value);
      model.save_changes();
      own = false;
    });
    const follow = () => own || figure.follow(known());
    for (const name of names) model.on(`change:${name}`, follow);
    return () => {
      for (const name of names) model.off(`change:${name}`, follow);
      figure.destroy();
    };
  },
});
