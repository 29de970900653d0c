// The cells of a grid, drawn on its canvases.

import { written } from "../model/numbers.js";
import { inkOn } from "./colour.js";

/** @import { Lit } from "../model/light.js" */
/** @import { Grid } from "./grid.js" */

const WRITTEN = 26; // pixels: in a narrower cell no number is written
const LEGIBLE = 9; // pixels of the smallest digits
const SLIM = 14; // pixels: narrower cells that are lit are outlined together

/** @typedef {{ row: number, column: number }} Spot */

/** @typedef {Lit & Spot & { plane: number }} LitCell */

/** @typedef {CanvasRenderingContext2D} Pen */

/**
 * @param {Grid} grid
 * @param {Lit[]} lit
 */
export function drawGrid(grid, lit) {
  const { scale, colours } = grid.figure;
  const now = { array: grid.array, scale, colours, different: grid.different };
  const fresh = Object.entries(now).every(([part, value]) => grid.drawn[part] === value);
  grid.drawn = now;
  const cells = lit.map((cell) => ({ ...cell, ...grid.split(cell.place) }));
  grid.canvases.forEach((canvas, plane) => {
    const here = cells.filter((cell) => cell.plane === plane);
    if (fresh && !here.length && !grid.lit[plane]) return;
    grid.lit[plane] = here.length > 0;
    const pen = present(canvas.getContext("2d"));
    pen.setTransform(grid.ratio, 0, 0, grid.ratio, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    if (grid.cellWidth >= WRITTEN) drawCells(grid, pen, plane);
    else drawPixels(grid, pen, plane);
    drawMargin(grid, pen);
    drawFrame(grid, pen);
    drawLit(grid, pen, here);
  });
}

/**
 * @template Context
 * @param {Context | null} context
 */
function present(context) {
  if (!context) throw new Error("this browser cannot draw the figure");
  return context;
}

/**
 * @param {Grid} grid
 * @param {number} flat
 */
function colourAt(grid, flat) {
  const { colours, scale } = grid.figure;
  const value = grid.array.data[flat];
  return grid.look.image ? colours.grey(value) : colours.diverging(value / scale);
}

/**
 * @param {Grid} grid
 * @param {number} plane
 * @param {(flat: number, row: number, column: number) => void} visit
 */
function eachCell(grid, plane, visit) {
  let flat = plane * grid.rows * grid.columns;
  for (let row = 0; row < grid.rows; row += 1) {
    for (let column = 0; column < grid.columns; column += 1, flat += 1) visit(flat, row, column);
  }
}

/**
 * @param {Grid} grid
 * @param {Pen} pen
 * @param {number} plane
 */
function drawCells(grid, pen, plane) {
  const { data } = grid.array;
  const { different } = grid;
  pen.lineWidth = 1;
  eachCell(grid, plane, (flat, row, column) => {
    const [x, y] = grid.corner(row, column);
    const colour = colourAt(grid, flat);
    pen.fillStyle = `rgb(${colour})`;
    pen.fillRect(x, y, grid.cellWidth, grid.cellHeight);
    pen.strokeStyle = grid.figure.colours.line;
    pen.strokeRect(x + 0.5, y + 0.5, grid.cellWidth, grid.cellHeight);
    write(grid, pen, fitting(grid, data[flat]), [x, y], inkOn(colour));
    if (different.has(flat)) drawDifference(grid, pen, { row, column }, inkOn(colour));
  });
}

/**
 * Cells without numbers: a picture with a pixel for each of them, enlarged.
 * @param {Grid} grid
 * @param {Pen} pen
 * @param {number} plane
 */
function drawPixels(grid, pen, plane) {
  const { columns, rows, different, picture } = grid;
  const small = present(picture.getContext("2d"));
  const pixels = small.createImageData(columns, rows);
  const start = plane * rows * columns;
  eachCell(grid, plane, (flat) =>
    pixels.data.set([...colourAt(grid, flat), 255], 4 * (flat - start)),
  );
  small.putImageData(pixels, 0, 0);
  const [x, y] = grid.corner(0, 0);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(picture, x, y, columns * grid.cellWidth, rows * grid.cellHeight);
  if (!different.size) return;
  eachCell(grid, plane, (flat, row, column) => {
    if (different.has(flat)) {
      drawDifference(grid, pen, { row, column }, inkOn(colourAt(grid, flat)));
    }
  });
}

/**
 * A number with as many digits as can be read in a cell.
 * @param {Grid} grid
 * @param {number} value
 */
function fitting(grid, value) {
  const texts = (grid.look.image ? [2, 1] : [3, 2, 1]).map((digits) => written(value, digits));
  return texts.find((text) => textSize(grid, text) >= LEGIBLE) ?? texts[texts.length - 1];
}

/**
 * @param {Grid} grid
 * @param {string} text
 */
function textSize({ cellWidth }, text) {
  return Math.min(15, 0.4 * cellWidth, (cellWidth - 4) / (0.58 * text.length));
}

/**
 * @param {Grid} grid
 * @param {Pen} pen
 * @param {string} text
 * @param {number[]} corner
 * @param {string} ink
 */
function write(grid, pen, text, [x, y], ink) {
  pen.fillStyle = ink;
  pen.font = `${textSize(grid, text)}px system-ui, sans-serif`;
  pen.fillText(text, x + grid.cellWidth / 2, y + grid.cellHeight / 2 + 1);
}

/**
 * @param {Grid} grid
 * @param {Pen} pen
 * @param {Spot} spot
 * @param {string} ink
 */
function drawDifference(grid, pen, spot, ink) {
  const wide = grid.cellWidth >= SLIM;
  pen.strokeStyle = ink;
  pen.lineWidth = wide ? 2 : 1;
  pen.setLineDash(wide ? [4, 3] : [2, 2]);
  strokeCell(grid, pen, spot, wide ? 3.5 : 0.5);
  pen.setLineDash([]);
  pen.lineWidth = 1;
}

/**
 * The room around an array that its formulas read, where nothing is.
 * @param {Grid} grid
 * @param {Pen} pen
 */
function drawMargin(grid, pen) {
  const { top, bottom, left, right } = grid.margin;
  if (!top && !bottom && !left && !right) return;
  pen.strokeStyle = grid.figure.colours.line;
  pen.lineWidth = 1;
  pen.setLineDash([3, 3]);
  pen.strokeRect(
    0.5,
    0.5,
    (left + grid.columns + right) * grid.cellWidth,
    (top + grid.rows + bottom) * grid.cellHeight,
  );
  pen.setLineDash([]);
}

/**
 * @param {Grid} grid
 * @param {Pen} pen
 */
function drawFrame(grid, pen) {
  const [x, y] = grid.corner(0, 0);
  pen.strokeStyle = grid.figure.colourOf(grid.key);
  pen.lineWidth = 1.5;
  pen.strokeRect(x + 0.5, y + 0.5, grid.columns * grid.cellWidth, grid.rows * grid.cellHeight);
}

/**
 * @param {Grid} grid
 * @param {Pen} pen
 * @param {LitCell[]} cells
 */
function drawLit(grid, pen, cells) {
  const { colours } = grid.figure;
  const ink = grid.look.image ? colours.pointer : grid.figure.colourOf(grid.key);
  const slim = grid.cellWidth < SLIM;
  const widths = { far: slim ? 1 : 1.5, near: slim ? 2 : 2.5, strong: slim ? 3 : 4 };
  for (const cell of cells) if (cell.kind === "outside") drawGhost(grid, pen, cell);
  for (const [kind, width] of Object.entries(widths)) {
    const alike = cells.filter((cell) => cell.kind === kind);
    for (const cell of alike) {
      if (kind !== "strong" && (slim || kind === "far")) {
        pen.strokeStyle = ink;
        pen.lineWidth = width;
        strokeEdges(grid, pen, cell, alike);
        continue;
      }
      if (!slim) {
        // Lined with the colour of the page, or it would not be seen on a cell of like colour.
        pen.lineWidth = 2;
        pen.strokeStyle = colours.panel;
        strokeCell(grid, pen, cell, width / 2 + 2);
      }
      pen.lineWidth = width;
      pen.strokeStyle = ink;
      strokeCell(grid, pen, cell, slim ? 0 : width / 2);
    }
  }
}

/**
 * @param {Grid} grid
 * @param {Pen} pen
 * @param {Spot} spot
 * @param {number} inset
 */
function strokeCell(grid, pen, { row, column }, inset) {
  const [x, y] = grid.corner(row, column);
  pen.strokeRect(x + inset, y + inset, grid.cellWidth - 2 * inset, grid.cellHeight - 2 * inset);
}

/**
 * Those edges of a cell beyond which no other cell is lit.
 * @param {Grid} grid
 * @param {Pen} pen
 * @param {Spot} spot
 * @param {Spot[]} cells
 */
function strokeEdges(grid, pen, { row, column }, cells) {
  const [x, y] = grid.corner(row, column);
  const [w, h] = [grid.cellWidth, grid.cellHeight];
  /** @param {number} r @param {number} c */
  const lit = (r, c) => cells.some((cell) => cell.row === r && cell.column === c);
  pen.beginPath();
  /** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
  const line = (x1, y1, x2, y2) => {
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
  };
  if (!lit(row - 1, column)) line(x, y, x + w, y);
  if (!lit(row + 1, column)) line(x, y + h, x + w, y + h);
  if (!lit(row, column - 1)) line(x, y, x, y + h);
  if (!lit(row, column + 1)) line(x + w, y, x + w, y + h);
  pen.stroke();
}

/**
 * A cell outside the array, where everything reads as 0, or loses every maximum.
 * @param {Grid} grid
 * @param {Pen} pen
 * @param {LitCell} cell
 */
function drawGhost(grid, pen, { row, column, text }) {
  const { ghost } = grid.figure.colours;
  const wide = grid.cellWidth >= SLIM;
  if (wide) write(grid, pen, text, grid.corner(row, column), ghost);
  pen.strokeStyle = ghost;
  pen.lineWidth = wide ? 1.5 : 1;
  pen.setLineDash([3, 3]);
  strokeCell(grid, pen, { row, column }, wide ? 1.5 : 0.5);
  pen.setLineDash([]);
}
