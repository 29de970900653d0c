// Brings a figure to life in an element of a page, of whichever kind its state is.
//
// onEdit(changed) is told what the reader moved, by the names of Python's traits; `follow(traits)`
// moves the figure to where Python wants it; `destroy()` ends it.
function mount(root, state, onEdit = () => {}) {
  if (state.curves) return mountCurves(root, state, onEdit);
  const plain = ({ shape, data }) => ({ shape, data: Array.from(data) });
  const figure = mountFigure(root, state, (given) => {
    const sent = Object.entries(given).map(([name, array]) => [name, plain(array)]);
    onEdit({ arrays: Object.fromEntries(sent) });
  });
  return { follow: ({ arrays }) => figure.setArrays(arrays), destroy: figure.destroy };
}
