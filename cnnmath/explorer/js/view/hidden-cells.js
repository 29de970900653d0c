// What is drawn over the cells whose numbers are hidden: the ground of the page, and "?" in a dashed
// frame where something is asked.

/** @import { Grid } from "./grid.js" */

const WRITTEN = 14; // pixels: in a narrower cell there is no room for a text
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
  for (const [flat, text] of hidden.of(grid.key)) {
    const within = flat - plane * count;
    if (within < 0 || within >= count) continue;
    const [x, y] = grid.corner(Math.floor(within / grid.columns), within % grid.columns);
    pen.fillStyle = colours.panel;
    pen.fillRect(x, y, cell, cell);
    if (!text) continue;
    pen.strokeStyle = pen.fillStyle = colours.text;
    pen.lineWidth = 2;
    pen.setLineDash(DASH);
    pen.strokeRect(x + 2, y + 2, cell - 4, cell - 4);
    pen.setLineDash([]);
    if (cell < WRITTEN) continue;
    const size = Math.min(16, 0.45 * cell, (cell - 6) / (0.58 * text.length));
    pen.font = `600 ${size}px ${colours.font}`;
    pen.fillText(text, x + cell / 2, y + cell / 2 + 1);
  }
}
