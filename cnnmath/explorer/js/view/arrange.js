// Where the arrays of a figure stand: forwards from left to right in the order in which data flows,
// below them the answer, and below that each gradient under its array, so that backwards data flows
// from right to left. Where that does not fit, they follow one another, and the answer stands last.

import { element } from "./element.js";

/** @import { Plan } from "../model/layout.js" */
/** @import { Model } from "../model/model.js" */
/** @import { Grid } from "./grid.js" */

/**
 * The column of each array. A gradient stands below what it is the gradient of; a number, the place of
 * a winner, or the bias that is given with a kernel, below what it belongs to; but where there are
 * only numbers they stand side by side.
 * @param {Grid[]} grids
 * @param {Model} model
 * @returns {Map<Grid, number>}
 */
export function columnsOf(grids, model) {
  /** @type {Map<string, number>} */
  const columns = new Map();
  /** @type {Grid | null} */
  let before = null;
  let count = 0;
  const alone = grids.every(({ shape }) => !shape.length);
  return new Map(
    grids.map((grid) => {
      const name = model.nameOf(grid.key);
      const owner = model.targetOf(grid.key) ?? name;
      const few = grid.shape.length === 0 || (grid.editable && grid.shape.length === 1);
      const joins = before && !alone && !grid.isGradient && (few || grid.look.index);
      const isGiven = !grid.editable || before?.editable;
      let column = columns.get(owner);
      if (column === undefined) column = joins && isGiven ? count - 1 : count++;
      columns.set(owner, column);
      if (!grid.isGradient) before = grid;
      return [grid, column];
    }),
  );
}

/**
 * @param {HTMLElement} stage
 * @param {Map<Grid, number>} columns
 * @param {Plan["mode"]} mode
 * @param {HTMLElement} answer
 * @param {SVGElement} beams
 */
export function arrange(stage, columns, mode, answer, beams) {
  const count = Math.max(...columns.values()) + 1;
  const wanted = mode === "pipeline" ? lanes(columns, count, answer) : flow(columns, answer);
  stage.classList.toggle("cx-pipeline", mode === "pipeline");
  stage.style.gridTemplateColumns = `repeat(${count}, max-content)`;
  // Moved without need, an array would lose the focus.
  const now = [...stage.children].slice(1);
  const same =
    now.length === wanted.length &&
    now.every((node, n) => {
      const other = wanted[n];
      if (!node.classList.contains("cx-column")) return node === other.node;
      const inside = [...node.children];
      return (
        inside.length === other.inside?.length &&
        inside.every((one, k) => one === other.inside?.[k])
      );
    });
  if (same) return;
  const nodes = wanted.map(({ node, inside, area }) => {
    const made = node ?? element("div", { class: "cx-column" }, ...(inside ?? []));
    made.style.gridArea = area;
    return made;
  });
  stage.replaceChildren(beams, ...nodes);
}

/**
 * What is to stand on the stage: a node, or several piled up, and where.
 * @typedef {{ node?: HTMLElement, inside?: HTMLElement[], area: string }} Part
 */

/**
 * @param {Map<Grid, number>} columns
 * @param {number} count
 * @param {HTMLElement} answer
 * @returns {Part[]}
 */
function lanes(columns, count, answer) {
  /** @param {boolean} back @param {number} row @returns {Part[]} */
  const lane = (back, row) =>
    Array.from({ length: count }, (_, column) => ({
      inside: [...columns]
        .filter(([grid, own]) => grid.isGradient === back && own === column)
        .map(([grid]) => grid.node),
      area: `${row} / ${column + 1}`,
    })).filter(({ inside }) => inside.length);
  return [...lane(false, 1), { node: answer, area: "2 / 1 / 3 / -1" }, ...lane(true, 3)];
}

/**
 * @param {Map<Grid, number>} columns
 * @param {HTMLElement} answer
 * @returns {Part[]}
 */
function flow(columns, answer) {
  const parts = [...columns.keys()].map(({ node }) => ({ node, area: "" }));
  return [...parts, { node: answer, area: "" }];
}
