// Where the arrays of a figure stand: in the order in which data flows, from left to right, each
// gradient below its array, so that backwards it flows from right to left. What does not fit
// into the width goes on in a further band.

import { element } from "./element.js";

/** @import { Model } from "../model/model.js" */
/** @import { Grid } from "./grid.js" */

const GAP = 22; // pixels between columns, as in figure.css

/**
 * What stands one below the other: versions, then their gradients.
 * @typedef {{ values: Grid[], gradients: Grid[], width: number }} Column
 */

/**
 * @param {Element} node
 * @param {Grid[]} grids
 * @param {Model} model
 * @param {number} width
 */
export function arrange(node, grids, model, width) {
  const bands = inBands(columnsOf(grids, model), width);
  const wanted = bands.map((band) => {
    const rows = Math.max(...band.map(({ values }) => values.length));
    /** @param {Grid} grid @param {number} row @param {number} column */
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
  /** @param {Element[]} a @param {Element[]} b */
  const same = (a, b) => a.length === b.length && a.every((one, n) => one === b[n]);
  if (now.length === wanted.length && now.every((band, n) => same(band, wanted[n]))) return;
  node.replaceChildren(...wanted.map((nodes) => element("div", { class: "cx-band" }, ...nodes)));
}

/**
 * @param {Grid[]} grids
 * @param {Model} model
 */
function columnsOf(grids, model) {
  /** @type {Map<string, Column>} */
  const columns = new Map();
  for (const grid of grids) {
    const name = model.nameOf(grid.key);
    const owner = model.targetOf(grid.key) ?? name;
    const column = columns.get(owner) ?? { values: [], gradients: [], width: 0 };
    columns.set(owner, column);
    column[owner === name ? "values" : "gradients"].push(grid);
    column.width = Math.max(column.width, grid.width);
  }
  return [...columns.values()];
}

/**
 * @param {Column[]} columns
 * @param {number} width
 */
function inBands(columns, width) {
  /** @type {Column[][]} */
  const bands = [];
  let room = 0;
  for (const column of columns) {
    room -= column.width + GAP;
    if (room < 0) {
      bands.push([]);
      room = width - column.width;
    }
    bands[bands.length - 1].push(column);
  }
  return bands;
}
