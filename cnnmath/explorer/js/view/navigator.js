// On a screen that is too narrow for all arrays: a strip of small ones, of which the chosen one and
// what it is made of stand below.

import { drawSmall } from "./cells.js";
import { element, inColour, present, sizeCanvas } from "./element.js";

/** @import { Figure } from "./figure.js" */
/** @import { Grid } from "./grid.js" */

const SIZE = 36; // pixels of a small array

/** @typedef {{ grid: Grid, node: HTMLElement, canvas: HTMLCanvasElement }} Stop */

export class Navigator {
  /** @param {Figure} figure */
  constructor(figure) {
    this.figure = figure;
    /** @type {string | null} */
    this.key = null;
    /** @type {Stop[]} */
    this.stops = [];
    const about = { class: "cx-navigator", role: "group", "aria-label": "Arrays", hidden: true };
    this.node = element("div", about);
  }

  /** @param {Grid[]} grids */
  fill(grids) {
    this.stops = grids.map((grid) => this.stopOf(grid));
    this.node.replaceChildren(...this.stops.map(({ node }) => node));
  }

  /**
   * @param {Grid} grid
   * @returns {Stop}
   */
  stopOf(grid) {
    const canvas = element("canvas", { "aria-hidden": "true" });
    const symbol = element("span", { class: "cx-symbol" });
    symbol.innerHTML = grid.look.symbol ?? "";
    const node = element(
      "button",
      {
        type: "button",
        class: grid.isGradient ? "cx-stop-back" : null,
        onclick: () => this.figure.goTo(grid),
      },
      canvas,
      symbol,
      element("span", { class: "cx-hidden" }, ` ${grid.look.words ?? grid.key}`),
    );
    inColour(node, grid.look.colour);
    return { grid, node, canvas };
  }

  /** @param {string | null} key of what is chosen; null where all arrays stand there */
  show(key) {
    this.key = key;
    this.node.hidden = key === null;
    for (const { grid, node } of this.stops) {
      node.setAttribute("aria-pressed", String(grid.key === key));
      if (grid.key === key) this.node.scrollLeft = node.offsetLeft - this.node.clientWidth / 2;
    }
  }

  draw() {
    if (this.key === null) return;
    const ratio = window.devicePixelRatio || 1;
    for (const { grid, canvas } of this.stops) {
      const longest = Math.max(grid.rows, grid.columns);
      const [w, h] = [grid.columns, grid.rows].map((n) => Math.max(4, (SIZE * n) / longest));
      sizeCanvas(canvas, w, h, ratio);
      const pen = present(canvas.getContext("2d"));
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawSmall(grid, pen, grid.plane, [0, 0, w, h]);
      pen.strokeStyle = this.figure.colourOf(grid.key);
      pen.strokeRect(0.5, 0.5, w - 1, h - 1);
    }
  }
}
