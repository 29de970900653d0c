// The kernel of a result that is shown: its numbers stand in the corners of the window's cells, and
// when a result is pinned, the kernel is seen to go there, turned where the formula turns it.

import { laidOver } from "../model/laid.js";
import { written } from "../model/numbers.js";
import { flatIndex } from "../model/places.js";
import { element, present, sizeCanvas } from "./element.js";
import { isCalm } from "./theme.js";

/** @import { Expansion } from "../model/types.js" */
/** @import { Box } from "./beams.js" */
/** @import { Figure } from "./figure.js" */
/** @import { Grid } from "./grid.js" */

const ROOMY = 30; // pixels: a narrower cell has no room for a second number
const SMALL = 9.5; // pixels of its digits
const JOURNEY = 1100; // milliseconds
const ARRIVED = 0.7; // of the journey; then the kernel fades

export class LaidKernel {
  /** @param {Figure} figure */
  constructor(figure) {
    this.figure = figure;
    /** @type {ReturnType<typeof laidOver>} */
    this.laid = null;
    this.isPinned = false; // since the last drawing
    /** @type {HTMLCanvasElement | null} */
    this.moving = null;
  }

  /** @param {Expansion | null} expansion of what is shown */
  follow(expansion) {
    const { figure } = this;
    /** @param {string} name */
    const isKernel = (name) => figure.state.looks[name]?.role === "kernel";
    this.laid = expansion && laidOver(expansion, isKernel);
  }

  /** @param {Grid} grid @param {CanvasRenderingContext2D} pen @param {number} plane */
  draw(grid, pen, plane) {
    const { figure, laid } = this;
    if (!laid || grid.cell < ROOMY || figure.model.drawnAs(laid.window) !== grid.key) return;
    const kernel = figure.model.arrays[laid.kernel];
    pen.font = `${SMALL}px ${figure.colours.font}`;
    for (const { own, over } of laid.pairs) {
      const spot = grid.split(over);
      const flat = flatIndex(kernel.shape, own);
      if (spot.plane !== plane || figure.hidden.of(laid.kernel).has(flat)) continue;
      const text = written(kernel.data[flat], 2);
      const [x, y] = grid.corner(spot.row + 1, spot.column + 1);
      const { width } = pen.measureText(text);
      pen.fillStyle = figure.colours.panel;
      pen.fillRect(x - width - 5, y - SMALL - 3, width + 3, SMALL + 1);
      pen.fillStyle = figure.colourOf(laid.kernel);
      pen.fillText(text, x - width / 2 - 3.5, y - SMALL / 2 - 2);
    }
  }

  /** After a drawing: sets out if a result was pinned since the last. */
  setOut() {
    const { figure, laid, isPinned } = this;
    this.isPinned = false;
    if (!isPinned || !laid || isCalm()) return;
    const { kernel, window: over, pairs, turned } = laid;
    if (![kernel, over].every((key) => figure.hasGrid(key) && !figure.gridOf(key).node.hidden)) {
      return;
    }
    const from = figure.beams.boxOf(
      kernel,
      pairs.map((pair) => pair.own),
    );
    const to = figure.beams.boxOf(
      over,
      pairs.map((pair) => pair.over),
    );
    if (!from || !to) return;
    const [width, height] = [from.right - from.left, from.bottom - from.top];
    const root = figure.root.getBoundingClientRect();
    const stage = figure.beams.node.getBoundingClientRect();
    const left = stage.left - root.left - figure.root.clientLeft + from.left;
    const top = stage.top - root.top - figure.root.clientTop + from.top;
    this.moving?.remove();
    const moving = copyOf(from, figure.gridOf(kernel).ratio);
    moving.style.left = `${left}px`;
    moving.style.top = `${top}px`;
    figure.root.append(moving);
    this.moving = moving;
    const across = (to.left + to.right - from.left - from.right) / 2;
    const down = (to.top + to.bottom - from.top - from.bottom) / 2;
    const scale = `scale(${(to.right - to.left) / width}, ${(to.bottom - to.top) / height})`;
    const { rows, columns } = turned;
    const turn =
      rows && columns ? "rotate(180deg)" : `scale(${columns ? -1 : 1}, ${rows ? -1 : 1})`;
    const there = `translate(${across}px, ${down}px) ${scale} ${turn}`;
    const flight = moving.animate(
      [
        { transform: "none", opacity: 0.95 },
        { transform: there, opacity: 0.95, offset: ARRIVED },
        { transform: there, opacity: 0 },
      ],
      { duration: JOURNEY, easing: "ease-in-out" },
    );
    flight.onfinish = () => moving.remove();
  }
}

/**
 * What is drawn within a box of the kernel.
 * @param {Box} box
 * @param {number} ratio device pixels to one of the page
 */
function copyOf({ canvas, x, y, left, right, top, bottom }, ratio) {
  const copy = element("canvas", { class: "cx-laid", "aria-hidden": "true" });
  sizeCanvas(copy, right - left, bottom - top, ratio);
  present(copy.getContext("2d")).drawImage(canvas, -x * ratio, -y * ratio);
  return copy;
}
