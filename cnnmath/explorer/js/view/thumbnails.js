// The planes of an array that are not chosen, small, below the one that is; a click chooses.

import { THUMBNAIL } from "../model/layout.js";
import { drawSmall } from "./cells.js";
import { element, present, sizeCanvas } from "./element.js";

/** @import { Grid } from "./grid.js" */

const STEP = THUMBNAIL + 4; // pixels from one thumbnail to the next

export class Thumbnails {
  /** @param {Grid} grid */
  constructor(grid) {
    this.grid = grid;
    this.abreast = 0;
    this.ratio = 1;
    // For pointers alone: the keyboard turns the planes of the array itself over.
    this.node = element("canvas", {
      class: "cx-thumbnails",
      "aria-hidden": "true",
      hidden: true,
      onclick: (event) => {
        const { left, top } = this.node.getBoundingClientRect();
        const column = Math.floor((event.clientX - left) / STEP);
        const row = Math.floor((event.clientY - top) / STEP);
        const plane = row * this.abreast + column;
        if (column < this.abreast && plane < grid.planes) grid.figure.choosePlane(grid, plane);
      },
    });
  }

  /**
   * @param {number} abreast how many side by side; 0 for none
   * @param {number} ratio device pixels to one of the page
   */
  layout(abreast, ratio) {
    this.abreast = abreast;
    this.ratio = ratio;
    this.node.hidden = !abreast;
    if (!abreast) return;
    const rows = Math.ceil(this.grid.planes / abreast);
    sizeCanvas(this.node, abreast * STEP, rows * STEP, ratio);
  }

  draw() {
    const { grid, abreast } = this;
    if (!abreast) return;
    const pen = present(this.node.getContext("2d"));
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, this.node.width, this.node.height);
    const { colours } = grid.figure;
    for (let plane = 0; plane < grid.planes; plane += 1) {
      const [x, y] = [(plane % abreast) * STEP + 2, Math.floor(plane / abreast) * STEP + 2];
      const longest = Math.max(grid.rows, grid.columns);
      const [w, h] = [grid.columns, grid.rows].map((n) => (THUMBNAIL - 2) * (n / longest));
      drawSmall(grid, pen, plane, [x + 1, y + 1, w, h]);
      const chosen = plane === grid.plane;
      pen.strokeStyle = chosen ? colours.text : grid.figure.colourOf(grid.key);
      pen.lineWidth = chosen ? 2 : 0.75;
      const out = chosen ? 0.5 : 0;
      pen.strokeRect(x + 0.5 - out, y + 0.5 - out, w + 1 + 2 * out, h + 1 + 2 * out);
    }
  }
}
