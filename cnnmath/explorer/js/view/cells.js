// The cells of a grid, drawn on its canvases.

import { SMALL, WRITTEN } from "../model/layout.js";
import { brief, written } from "../model/numbers.js";
import { samePlace } from "../model/places.js";
import { inkOn } from "./colour.js";
import { present } from "./element.js";
import { coverHidden } from "./hidden-cells.js";

/** @import { Lit } from "../model/light.js" */
/** @import { Grid } from "./grid.js" */

const LEGIBLE = 10; // pixels of the smallest digits
const SHORT = 18; // pixels: a narrower cell has no room for a single digit either
const HATCHED = 7; // pixels: in a narrower cell no hatch is seen
const SLIM = 14; // pixels: narrower cells that are lit are outlined together

/** @typedef {{ row: number, column: number }} Spot */

/** @typedef {Lit & Spot & { plane: number }} LitCell */

/** @typedef {CanvasRenderingContext2D} Pen */

/**
 * @param {Grid} grid
 * @param {Lit[]} lit
 */
export function drawGrid(grid, lit) {
  const { colours, marked, player, hidden } = grid.figure;
  const hiddenFrom = player.hides(grid.key);
  const now = { array: grid.array, colours, different: grid.different, scale: grid.scale };
  const what = { ...now, plane: grid.plane, hiddenFrom, hidden: hidden.version };
  const fresh = Object.entries(what).every(([part, value]) => grid.drawn[part] === value);
  if (!fresh) grid.thumbnails.draw();
  grid.drawn = what;
  const cells = lit.map((cell) => ({ ...cell, ...grid.split(cell.place) }));
  const same = marked.filter(({ key }) => key === grid.key).map(({ place }) => grid.split(place));
  grid.canvases.forEach((canvas, plane) => {
    if (!grid.isVisible(plane)) return;
    const here = cells.filter((cell) => cell.plane === plane);
    const alike = same.filter((cell) => cell.plane === plane);
    if (fresh && !here.length && !alike.length && !grid.lit[plane]) return;
    grid.lit[plane] = here.length + alike.length > 0;
    const pen = present(canvas.getContext("2d"));
    pen.setTransform(grid.ratio, 0, 0, grid.ratio, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    if (isWritten(grid)) drawCells(grid, pen, plane, hiddenFrom);
    else drawPixels(grid, pen, plane, hiddenFrom);
    coverHidden(grid, pen, plane);
    drawMargin(grid, pen);
    drawFrame(grid, pen);
    grid.figure.laidKernel.draw(grid, pen, plane);
    drawLit(grid, pen, here);
    for (const spot of alike) drawMarked(grid, pen, spot);
  });
}

/**
 * @param {Grid} grid
 * @param {number} flat
 */
function colourAt(grid, flat) {
  return grid.ramp(grid.array.data[flat] / grid.scale);
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
 * @param {number} hiddenFrom the flat place from which on nothing is shown yet
 */
function drawCells(grid, pen, plane, hiddenFrom) {
  const { data } = grid.array;
  const { different } = grid;
  const { line, panel, ghost } = grid.figure.colours;
  pen.lineWidth = 1;
  eachCell(grid, plane, (flat, row, column) => {
    const [x, y] = grid.corner(row, column);
    const hidden = flat >= hiddenFrom;
    const colour = colourAt(grid, flat);
    pen.fillStyle = hidden ? panel : `rgb(${colour})`;
    pen.fillRect(x, y, grid.cell, grid.cell);
    pen.strokeStyle = line;
    pen.strokeRect(x + 0.5, y + 0.5, grid.cell, grid.cell);
    if (hidden) return;
    if (data[flat] === 0 && grid.isSparse) drawDot(grid, pen, [x, y], ghost);
    else write(grid, pen, fitting(grid, data[flat]), [x, y], inkOn(colour));
    if (different.has(flat)) drawDifference(grid, pen, { row, column }, inkOn(colour));
  });
}

/**
 * A zero among many.
 * @param {Grid} grid
 * @param {Pen} pen
 * @param {number[]} corner
 * @param {string} ink
 */
function drawDot(grid, pen, [x, y], ink) {
  pen.fillStyle = ink;
  pen.beginPath();
  pen.arc(x + grid.cell / 2 + 0.5, y + grid.cell / 2 + 0.5, 1.5, 0, 2 * Math.PI);
  pen.fill();
}

/**
 * Cells without numbers: a picture with a pixel for each of them, enlarged.
 * @param {Grid} grid
 * @param {Pen} pen
 * @param {number} plane
 * @param {number} hiddenFrom
 */
function drawPixels(grid, pen, plane, hiddenFrom) {
  const { columns, rows, different, cell } = grid;
  const [x, y] = grid.corner(0, 0);
  drawSmall(grid, pen, plane, [x, y, columns * cell, rows * cell], hiddenFrom);
  eachCell(grid, plane, (flat, row, column) => {
    if (flat >= hiddenFrom) return;
    if (cell >= HATCHED && grid.array.data[flat] < 0) drawHatch(grid, pen, { row, column });
    if (!different.has(flat)) return;
    drawDifference(grid, pen, { row, column }, inkOn(colourAt(grid, flat)));
  });
}

/**
 * A plane within a box, a pixel for each cell.
 * @param {Grid} grid
 * @param {Pen} pen
 * @param {number} plane
 * @param {number[]} box left, top, width and height
 */
export function drawSmall(grid, pen, plane, [x, y, width, height], hiddenFrom = Infinity) {
  const { columns, rows, picture } = grid;
  const small = present(picture.getContext("2d"));
  const pixels = small.createImageData(columns, rows);
  const start = plane * rows * columns;
  const unanswered = grid.figure.hidden.of(grid.key);
  eachCell(grid, plane, (flat) => {
    const shown = flat < hiddenFrom && !unanswered.has(flat);
    const colour = shown ? colourAt(grid, flat) : grid.ramp(0);
    pixels.data.set([...colour, 255], 4 * (flat - start));
  });
  small.putImageData(pixels, 0, 0);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(picture, x, y, width, height);
}

/**
 * The second sign of what is below 0, where no minus is written: not everybody sees the hue.
 * @param {Grid} grid
 * @param {Pen} pen
 * @param {Spot} spot
 */
function drawHatch(grid, pen, { row, column }) {
  const [x, y] = grid.corner(row, column);
  const { cell } = grid;
  pen.strokeStyle = grid.figure.colours.panel;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const part of cell < 12 ? [1] : [0.6, 1.4]) {
    const [from, to] = [Math.max(0, part - 1), Math.min(1, part)];
    pen.moveTo(x + from * cell, y + to * cell);
    pen.lineTo(x + to * cell, y + from * cell);
  }
  pen.stroke();
}

/**
 * The same thing here as in the sum and in the formula.
 * @param {Grid} grid
 * @param {Pen} pen
 * @param {Spot & { plane: number }} spot
 */
function drawMarked(grid, pen, { row, column, plane }) {
  const { marker, text } = grid.figure.colours;
  const [x, y] = grid.corner(row, column);
  pen.fillStyle = marker;
  pen.fillRect(x + 1, y + 1, grid.cell - 1, grid.cell - 1);
  pen.strokeStyle = text;
  pen.lineWidth = grid.cell < SLIM ? 1 : 1.5;
  pen.strokeRect(x + 0.5, y + 0.5, grid.cell, grid.cell);
  const inside = row >= 0 && row < grid.rows && column >= 0 && column < grid.columns;
  if (!isWritten(grid) || !inside) return;
  const flat = (plane * grid.rows + row) * grid.columns + column;
  write(grid, pen, fitting(grid, grid.array.data[flat]), [x, y], text);
}

/**
 * Whether its cells have room for their numbers: all of them, or one would be read as another.
 * @param {Grid} grid
 */
function isWritten(grid) {
  if (grid.cell >= WRITTEN) return true;
  if (grid.cell < SHORT || Math.max(grid.rows, grid.columns) > SMALL) return false;
  return grid.array.data.every((value) => textSize(grid, written(value, 3)) >= LEGIBLE);
}

/**
 * A number with as many digits as can be read in a cell.
 * @param {Grid} grid
 * @param {number} value
 */
function fitting(grid, value) {
  const texts = [3, 2, 1].map((digits) => written(value, digits));
  return texts.find((text) => textSize(grid, text) >= LEGIBLE) ?? brief(value);
}

/**
 * @param {Grid} grid
 * @param {string} text
 */
function textSize({ cell }, text) {
  return Math.min(15, 0.56 * cell, (cell - 4) / (0.58 * text.length));
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
  pen.font = `${textSize(grid, text)}px ${grid.figure.colours.font}`;
  pen.fillText(text, x + grid.cell / 2, y + grid.cell / 2 + 1);
}

/**
 * @param {Grid} grid
 * @param {Pen} pen
 * @param {Spot} spot
 * @param {string} ink
 */
function drawDifference(grid, pen, spot, ink) {
  const wide = grid.cell >= SLIM;
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
    (left + grid.columns + right) * grid.cell,
    (top + grid.rows + bottom) * grid.cell,
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
  pen.strokeRect(x + 0.5, y + 0.5, grid.columns * grid.cell, grid.rows * grid.cell);
}

/**
 * Windows as frames, in the colour of the array; what wins, and what is chosen, as rings.
 * @param {Grid} grid
 * @param {Pen} pen
 * @param {LitCell[]} cells
 */
function drawLit(grid, pen, cells) {
  const { colours, shown, model } = grid.figure;
  const slim = grid.cell < SLIM;
  for (const cell of cells) if (cell.kind === "outside") drawGhost(grid, pen, cell);
  pen.strokeStyle = grid.figure.colourOf(grid.key);
  // Each frame is around what lies within it as well.
  /** @type {[kinds: string[], width: number][]} */
  const frames = [
    [["far", "way", "near", "strong"], 1.25],
    [["way", "near", "strong"], 2],
    [["near", "strong"], slim ? 2 : 3],
  ];
  for (const [[own, ...inner], width] of frames) {
    const alike = cells.filter(({ kind }) => kind === own || inner.includes(kind));
    if (!alike.some(({ kind }) => kind === own)) continue;
    pen.lineWidth = width;
    for (const cell of alike) strokeEdges(grid, pen, cell, alike);
  }
  for (const cell of cells.filter(({ kind }) => kind === "strong")) {
    const chosen =
      shown && model.drawnAs(shown.key) === grid.key && samePlace(shown.place, cell.place);
    pen.strokeStyle = chosen ? colours.text : grid.figure.colourOf(grid.key);
    pen.lineWidth = slim ? 2 : 3;
    strokeCell(grid, pen, cell, slim ? 0.5 : 1);
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
  pen.strokeRect(x + inset, y + inset, grid.cell - 2 * inset, grid.cell - 2 * inset);
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
  const [w, h] = [grid.cell, grid.cell];
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
  const wide = grid.cell >= SLIM;
  if (wide) write(grid, pen, text, grid.corner(row, column), ghost);
  pen.strokeStyle = ghost;
  pen.lineWidth = wide ? 1.5 : 1;
  pen.setLineDash([3, 3]);
  strokeCell(grid, pen, { row, column }, wide ? 1.5 : 0.5);
  pen.setLineDash([]);
}
