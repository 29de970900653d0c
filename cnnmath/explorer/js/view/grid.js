// One array of a figure: its symbol, and a grid of cells for each index in front of the last two.

import { written } from "../model/numbers.js";
import { flatIndex, placeOf, sizeOf } from "../model/places.js";
import { element, inColour, nextId } from "./element.js";
import { attachInput } from "./grid-input.js";

/** @import { Place } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

const SMALL = 14; // rows and columns up to which the cells have room for their numbers
const PICTURE = 232; // pixels of a larger array
const FEW = 3; // planes that may be as large as they like
const PLANE_GAP = 12; // pixels between planes, as in figure.css
const COMPACT = 32; // pixels of a cell of a small picture, or of a figure of many arrays
const MANY = 6; // arrays; of more, the figure is one of many

export class Grid {
  /**
   * @param {Figure} figure
   * @param {string} key of the array
   */
  constructor(figure, key) {
    this.figure = figure;
    this.key = key;
    this.look = figure.lookOf(key);
    this.shape = figure.model.arrays[key].shape;
    const [rows, columns] = [1, 1, ...this.shape].slice(-2);
    this.rows = rows;
    this.columns = columns;
    this.leading = this.shape.slice(0, -2);
    this.planes = sizeOf(this.leading);
    this.editable = figure.model.isGiven(key);
    this.paintable = this.editable && this.look.image;
    this.unit = this.look.image || !this.array.data.every(Number.isInteger) ? 0.1 : 1;
    this.margin = figure.margins[key] ?? { top: 0, bottom: 0, left: 0, right: 0 };
    this.place = placeOf(this.shape, 0); // where the keyboard is
    this.cellWidth = 0; // pixels, as `layout` finds them
    this.cellHeight = 0;
    this.ratio = 1; // device pixels to one of these
    this.width = 0; // of the whole
    /** @type {Record<string, unknown>} */
    this.drawn = {}; // what was drawn last
    /** @type {boolean[]} */
    this.lit = []; // for each plane, whether something is lit

    /** @type {HTMLCanvasElement[]} */
    this.canvases = Array.from({ length: this.planes }, () =>
      element("canvas", { "aria-hidden": "true" }),
    );
    /** A pixel for each cell, for what is too small to hold numbers. */
    this.picture = new OffscreenCanvas(this.columns, this.rows);
    const size = this.shape.join(" × ") || "a number";
    this.reader = element("div", { class: "cx-hidden", role: "row" });
    this.focusable = element(
      "div",
      {
        class: "cx-grid",
        role: "grid",
        tabindex: "0",
        "aria-label": `${this.look.words}, ${size}${this.editable ? ", can be edited" : ""}`,
        "aria-rowcount": this.planes * this.rows,
        "aria-colcount": this.columns,
        "aria-readonly": String(!this.editable),
      },
      ...this.rowsOfPlanes(),
      this.reader,
    );
    const symbol = element("span", { class: "cx-symbol" });
    symbol.innerHTML = this.look.symbol ?? "";
    this.title = element(
      "div",
      { class: "cx-title" },
      symbol,
      element("span", { class: "cx-size" }, ` ${this.look.version}${size}`),
    );
    const back = figure.model.targetOf(key); // flows against the other arrays
    this.node = element(
      "section",
      { class: `cx-array${this.editable ? "" : back ? " cx-back" : " cx-result"}` },
      this.title,
      this.focusable,
    );
    inColour(this.node, this.look.colour);
    attachInput(this);
  }

  get array() {
    return this.figure.model.arrays[this.key];
  }

  // The flat places in which the versions of a result differ.
  get different() {
    return this.figure.model.differences(this.key);
  }

  /** @param {Place} place */
  value(place) {
    return this.array.data[flatIndex(this.shape, place)];
  }

  // Planes side by side; of an array with four axes, a row for each first index.
  rowsOfPlanes() {
    const across = this.leading.at(-1) ?? 1;
    /** @type {HTMLElement[]} */
    const rows = [];
    this.canvases.forEach((canvas, plane) => {
      const index = this.leading.length ? `(${placeOf(this.leading, plane).join(", ")})` : null;
      if (plane % across === 0) rows.push(element("div", { class: "cx-planes" }));
      const title = index && element("div", { class: "cx-index" }, index);
      rows[rows.length - 1].append(element("div", {}, title, canvas));
    });
    return rows;
  }

  // ---- sizes ----

  /** @param {number} width */
  layout(width) {
    const { top, bottom, left, right } = this.margin;
    const columns = left + this.columns + right;
    const small = this.columns <= SMALL && this.rows <= SMALL;
    const planes = this.leading.at(-1) ?? 1;
    const across = small && planes <= FEW ? 1 : Math.min(planes, width > 560 ? 4 : 2);
    const fair = Math.floor((width - 14 * across) / (across * columns));
    const wanted = small ? this.roomForText() : Math.floor(PICTURE / this.columns);
    // A long row scrolls rather than vanish.
    const least = this.rows === 1 ? 12 : 3;
    this.cellWidth = Math.max(least, Math.min(wanted, fair));
    this.cellHeight = small ? Math.max(18, Math.min(34, this.cellWidth)) : this.cellWidth;
    this.ratio = window.devicePixelRatio || 1;
    const w = columns * this.cellWidth + 1;
    const h = (top + this.rows + bottom) * this.cellHeight + 1;
    for (const canvas of this.canvases) {
      canvas.width = Math.round(w * this.ratio);
      canvas.height = Math.round(h * this.ratio);
      canvas.style.width = `${w}px`;
      canvas.style.height = `${h}px`;
    }
    // Planes side by side, as many as fit; of a few cells, the heading is wider.
    const fitting = Math.floor((width + PLANE_GAP) / (w + PLANE_GAP));
    const abreast = Math.max(1, Math.min(planes, fitting));
    this.width = Math.max(abreast * (w + PLANE_GAP) - PLANE_GAP, this.title.offsetWidth);
  }

  roomForText() {
    if (this.look.image || this.figure.grids.length > MANY) return COMPACT;
    const longest = Math.max(...Array.from(this.array.data, (value) => written(value).length));
    return Math.max(36, 9 * Math.min(longest, 5) + 8);
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  corner(row, column) {
    return [
      (column + this.margin.left) * this.cellWidth,
      (row + this.margin.top) * this.cellHeight,
    ];
  }

  // ---- places ----

  /**
   * Row, column and plane of a place, which may lie outside the array; plane −1 is on none.
   * @param {Place} place
   */
  split(place) {
    const [row, column] = [0, 0, ...place].slice(-2);
    const leading = place.slice(0, -2);
    const shown = leading.every((p, axis) => p >= 0 && p < this.leading[axis]);
    return {
      row: place.length > 1 ? row : 0,
      column,
      plane: shown ? flatIndex(this.leading, leading) : -1,
    };
  }

  /**
   * @param {{ clientX: number, clientY: number }} pointer
   * @param {number} plane
   */
  placeAt({ clientX, clientY }, plane) {
    const box = this.canvases[plane].getBoundingClientRect();
    const column = Math.floor((clientX - box.left) / this.cellWidth) - this.margin.left;
    const row = Math.floor((clientY - box.top) / this.cellHeight) - this.margin.top;
    return this.placeOfCell(plane, row, column);
  }

  /**
   * @param {number} plane
   * @param {number} row
   * @param {number} column
   */
  placeOfCell(plane, row, column) {
    /** @param {number} at @param {number} length */
    const inside = (at, length) => at >= 0 && at < length;
    if (!inside(plane, this.planes) || !inside(row, this.rows) || !inside(column, this.columns)) {
      return null;
    }
    return placeOf(this.shape, (plane * this.rows + row) * this.columns + column);
  }

  // The cell where the keyboard is, for a screen reader: each time an element of its own, since the
  // reader speaks when the active one changes.
  describe() {
    const { row, column, plane } = this.split(this.place);
    const flat = flatIndex(this.shape, this.place);
    const value = written(this.array.data[flat], 6);
    const differs = this.different.has(flat) ? ", differs" : "";
    const cell = element(
      "div",
      { role: "gridcell", id: nextId(), "aria-colindex": column + 1 },
      `${this.figure.cellName(this.key, this.place)} = ${value}${differs}`,
    );
    this.reader.setAttribute("aria-rowindex", String(plane * this.rows + row + 1));
    this.reader.replaceChildren(cell);
    this.focusable.setAttribute("aria-activedescendant", cell.id);
  }
}
