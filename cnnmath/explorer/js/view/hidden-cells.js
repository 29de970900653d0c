// What is drawn over the cells whose numbers are hidden: the ground of the page and a pale "?", or a
// strong one in a dashed frame where something is asked.

/** @import { Grid } from "./grid.js" */

const WRITTEN = 14; // pixels: in a narrower cell there is no room for a text
const UNKNOWN = "?";
const DASH = [4, 3];

/**
 * @param {Grid} grid
 * @param {CanvasRenderingContext2D} pen
 * @param {number} plane
 */
export function coverHidden(grid, pen, plane) {
  const { colours, hidden } = grid.figure;
  const { cell } = grid;
  const count = grid.rows * grid.columns;
  for (const [flat, asked] of hidden.of(grid.key)) {
    const within = flat - plane * count;
    if (within < 0 || within >= count) continue;
    const [x, y] = grid.corner(Math.floor(within / grid.columns), within % grid.columns);
    pen.fillStyle = colours.panel;
    pen.fillRect(x, y, cell, cell);
    pen.strokeStyle = colours.line;
    pen.lineWidth = 1;
    pen.strokeRect(x + 0.5, y + 0.5, cell, cell);
    if (asked) drawDashed(pen, [x + 2, y + 2], cell - 4, colours.text);
    if (cell < WRITTEN) continue;
    const text = asked || UNKNOWN;
    const size = Math.min(16, 0.56 * cell, (cell - 6) / (0.58 * text.length));
    pen.font = `${asked ? 600 : 400} ${size}px ${colours.font}`;
    pen.fillStyle = asked ? colours.text : colours.ghost;
    pen.fillText(text, x + cell / 2, y + cell / 2 + 1);
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number[]} corner
 * @param {number} size
 * @param {string} ink
 */
function drawDashed(pen, [x, y], size, ink) {
  pen.strokeStyle = ink;
  pen.lineWidth = 2;
  pen.setLineDash(DASH);
  pen.strokeRect(x, y, size, size);
  pen.setLineDash([]);
}
