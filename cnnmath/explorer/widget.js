// In JupyterLab a figure is a widget: a module whose `render` fills an element of the notebook.
// The traits are kept in step with Python, the rest of the state never changes.
const widget = (...traits) => ({
  render({ model, el }) {
    const root = document.createElement("div");
    el.append(root);
    // Or JupyterLab would take what is typed here for its own: X cuts the cell, figure and all.
    root.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
    });
    const known = () => Object.fromEntries(traits.map((name) => [name, model.get(name)]));
    let own = false; // whether a change comes from this very figure
    const figure = mount(root, { ...model.get("state"), ...known() }, (changed) => {
      own = true;
      for (const [name, value] of Object.entries(changed)) model.set(name, value);
      model.save_changes();
      own = false;
    });
    const follow = () => own || figure.follow(known());
    for (const name of traits) model.on(`change:${name}`, follow);
    return () => {
      for (const name of traits) model.off(`change:${name}`, follow);
      figure.destroy();
    };
  },
});
