// One array of a figure: its symbol, and a grid of cells for each index in front of the last two.

import { written } from "../model/numbers.js";
import { flatIndex, placeOf, sizeOf } from "../model/places.js";
import { element, inColour, nextId, present, sizeCanvas } from "./element.js";
import { attachInput } from "./grid-input.js";
import { Scrubber } from "./scrubber.js";
import { Thumbnails } from "./thumbnails.js";

/** @import { Plan } from "../model/layout.js" */
/** @import { Scale } from "../model/scales.js" */
/** @import { Place } from "../model/types.js" */
/** @import { Palette, Ramp } from "./colour.js" */
/** @import { Figure } from "./figure.js" */

const MANY = 6; // arrays; of more, the figure has no room around them for what is read outside
const NO_MARGIN = { top: 0, bottom: 0, left: 0, right: 0 };

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
    const lonely = figure.keys.length <= MANY;
    this.margin = (lonely && figure.margins[key]) || NO_MARGIN;
    const first = Array.from(figure.state.arrays[key]?.data ?? []);
    this.unit = this.look.image || !first.every(Number.isInteger) ? 0.1 : 1;
    this.place = placeOf(this.shape, 0); // where the keyboard is
    this.cell = 0; // pixels of a cell, as `layout` finds them
    this.ratio = 1; // device pixels to one of these
    this.all = true; // whether all planes are large
    this.plane = 0; // the one that is, if not
    this.scale = 1; // the number that has the strongest colour
    /** @type {Ramp} */
    this.ramp = () => [255, 255, 255];
    this.isSparse = false; // so that its zeros are but dots
    this.isGradient = Boolean(figure.model.targetOf(key));
    /** @type {Record<string, unknown>} */
    this.drawn = {}; // what was drawn last
    /** @type {boolean[]} */
    this.lit = []; // for each plane, whether something is lit

    /** @type {HTMLCanvasElement[]} */
    this.canvases = Array.from({ length: this.planes }, () =>
      element("canvas", { "aria-hidden": "true" }),
    );
    this.bands = this.rowsOfPlanes();
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
      ...this.bands,
      this.reader,
    );
    /** @type {Scrubber[]} */
    this.scrubbers = [];
    const symbol = element("span", { class: "cx-symbol" });
    symbol.innerHTML = this.look.symbol ?? "";
    this.title = element(
      "div",
      { class: "cx-title", title: this.look.words },
      symbol,
      element("span", { class: "cx-size" }, ` ${this.look.version}`, ...this.lengths()),
    );
    this.thumbnails = new Thumbnails(this);
    this.node = element(
      "section",
      { class: `cx-array${this.editable ? "" : this.isGradient ? " cx-back" : " cx-result"}` },
      this.title,
      this.focusable,
      this.thumbnails.node,
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

  /**
   * What colours the cells.
   * @param {Scale[]} scales
   * @param {Palette} colours
   */
  follow(scales, colours) {
    const { array, look } = this;
    const ramp = colours.ramp(this.figure.colourOf(this.key));
    this.scale = scales.find(({ keys }) => keys.includes(this.key))?.largest ?? 1;
    this.ramp = look.index ? () => ramp(0) : ramp;
    const zeros = array.data.reduce((count, value) => count + (value === 0 ? 1 : 0), 0);
    this.isSparse = this.isGradient && 2 * zeros > array.data.length;
  }

  /** @param {Place} place */
  value(place) {
    return this.array.data[flatIndex(this.shape, place)];
  }

  // 3 × 4, of which those that move can be scrubbed.
  lengths() {
    const { axes } = this.figure.model;
    return this.shape.flatMap((length, axis) => {
      const name = axes[this.key]?.[axis];
      const times = axis ? [" × "] : [];
      if (!name) return [...times, String(length)];
      const scrubber = new Scrubber(this.figure, name, ` of ${this.look.plain}`);
      this.scrubbers.push(scrubber);
      return [...times, scrubber.node];
    });
  }

  // Planes side by side; of an array with four axes, a row for each first index.
  rowsOfPlanes() {
    const across = this.leading.at(-1) ?? 1;
    /** @type {HTMLElement[]} */
    const rows = [];
    this.canvases.forEach((canvas, plane) => {
      const index = this.planes > 1 ? `(${placeOf(this.leading, plane).join(", ")})` : null;
      if (plane % across === 0) rows.push(element("div", { class: "cx-planes" }));
      const title = index && element("div", { class: "cx-index" }, index);
      rows[rows.length - 1].append(element("div", {}, title, canvas));
    });
    return rows;
  }

  // ---- sizes ----

  /** What the layout must know. */
  get box() {
    const { key, rows, columns, leading, margin } = this;
    const title = this.title.offsetWidth;
    return { key, rows, columns, leading, margin, title, back: this.isGradient };
  }

  /**
   * @param {Plan} plan
   */
  layout({ all, sizes }) {
    const { top, bottom, left, right } = this.margin;
    const { cell, thumbnails } = present(sizes.get(this.key));
    this.cell = cell;
    this.all = all || this.planes === 1;
    this.ratio = window.devicePixelRatio || 1;
    const w = (left + this.columns + right) * cell + 1;
    const h = (top + this.rows + bottom) * cell + 1;
    for (const canvas of this.canvases) sizeCanvas(canvas, w, h, this.ratio);
    this.thumbnails.layout(thumbnails, this.ratio);
    this.show(this.plane);
    this.drawn = {};
  }

  /**
   * Of many planes, only one is large.
   * @param {number} plane
   */
  show(plane) {
    this.plane = plane;
    for (const [n, { parentElement }] of this.canvases.entries()) {
      if (parentElement) parentElement.hidden = !this.isVisible(n);
    }
    const across = this.leading.at(-1) ?? 1;
    for (const [n, row] of this.bands.entries()) {
      row.hidden = !this.all && n !== Math.floor(plane / across);
    }
  }

  /** @param {number} plane */
  isVisible(plane) {
    return this.all || plane === this.plane;
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  corner(row, column) {
    return [(column + this.margin.left) * this.cell, (row + this.margin.top) * this.cell];
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
    const column = Math.floor((clientX - box.left) / this.cell) - this.margin.left;
    const row = Math.floor((clientY - box.top) / this.cell) - this.margin.top;
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
    const hidden = this.figure.hidden.of(this.key).has(flat);
    const value = hidden ? "?, not shown yet" : written(this.array.data[flat], 6);
    const differs = this.different.has(flat) && !hidden ? ", differs" : "";
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
