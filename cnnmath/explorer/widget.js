// In JupyterLab the figure is a widget: a module whose `render` fills an element of the notebook.
// The arrays are kept in step with Python, the rest of the state never changes.
export default {
  render({ model, el }) {
    const root = document.createElement("div");
    el.append(root);
    // Or JupyterLab would take what is typed here for its own: X cuts the cell, figure and all.
    root.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
    });
    const state = { ...model.get("state"), arrays: model.get("arrays") };
    let own = false; // whether a change comes from this very figure
    const plain = ({ shape, data }) => ({ shape, data: Array.from(data) });
    const figure = mountFigure(root, state, (arrays) => {
      own = true;
      const sent = Object.entries(arrays).map(([name, array]) => [name, plain(array)]);
      model.set("arrays", Object.fromEntries(sent));
      model.save_changes();
      own = false;
    });
    const follow = () => own || figure.setArrays(model.get("arrays"));
    model.on("change:arrays", follow);
    return () => {
      model.off("change:arrays", follow);
      figure.destroy();
    };
  },
};
