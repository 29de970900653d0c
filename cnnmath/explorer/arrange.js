// Where the arrays of a figure stand: in the order in which data flows, from left to right, each
// gradient below its array, so that backwards it flows from right to left. What does not fit
// into the width goes on in a further band.

const GAP = 22; // pixels between columns, as in explorer.css

function arrange(node, grids, model, width) {
  const columns = new Map(); // what stands one below the other: versions, then their gradients
  for (const grid of grids) {
    const name = model.producing(grid.key)?.formula.result ?? grid.key;
    const owner = model.targetOf(grid.key) ?? name;
    if (!columns.has(owner)) columns.set(owner, { values: [], gradients: [], width: 0 });
    const column = columns.get(owner);
    column[owner === name ? "values" : "gradients"].push(grid);
    column.width = Math.max(column.width, grid.width);
  }
  const bands = [];
  let room = 0;
  for (const column of columns.values()) {
    room -= column.width + GAP;
    if (room < 0) {
      bands.push([]);
      room = width - column.width;
    }
    bands.at(-1).push(column);
  }
  const wanted = bands.map((band) => {
    const rows = Math.max(...band.map(({ values }) => values.length));
    const place = (grid, row, column) => {
      grid.node.style.gridArea = `${row + 1} / ${column + 1}`;
      return grid.node;
    };
    return [
      ...band.flatMap(({ values }, n) => values.map((grid, row) => place(grid, row, n))),
      ...band.flatMap(({ gradients }, n) =>
        gradients.map((grid, row) => place(grid, rows + row, n)),
      ),
    ];
  });
  // Moved without need, an array would lose the focus.
  const now = [...node.children].map((band) => [...band.children]);
  const same = (a, b) => a.length === b.length && a.every((one, n) => one === b[n]);
  if (now.length === wanted.length && now.every((band, n) => same(band, wanted[n]))) return;
  node.replaceChildren(...wanted.map((nodes) => element("div", { class: "cx-band" }, ...nodes)));
}
