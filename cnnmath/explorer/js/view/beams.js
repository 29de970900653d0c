// What a result is made of, as light that falls from its window to it: from each array that its
// formula reads, from corner to corner of what is lit, to the cell, through all layers.

import { readsOf } from "../model/ways.js";

/** @import { Light } from "../model/light.js" */
/** @import { Cell, Place } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

const SVG = "http://www.w3.org/2000/svg";
const MOST = 12; // layers that are followed

/**
 * Around cells, in pixels of the stage; `x` and `y` are its corner on the canvas of their plane.
 * @typedef {{
 *   left: number, right: number, top: number, bottom: number,
 *   canvas: HTMLCanvasElement, x: number, y: number,
 * }} Box
 */

export class Beams {
  /** @param {Figure} figure */
  constructor(figure) {
    this.figure = figure;
    this.node = document.createElementNS(SVG, "svg");
    this.node.setAttribute("class", "cx-beams");
    this.node.setAttribute("aria-hidden", "true");
  }

  /**
   * @param {Cell | null} shown
   * @param {Light} light
   */
  draw(shown, { expansion }) {
    const { figure } = this;
    if (!shown || !expansion || figure.mode !== "pipeline") {
      this.node.replaceChildren();
      return;
    }
    /** @type {SVGElement[]} */
    const found = [];
    let front = [{ key: shown.key, place: shown.place, expansion }];
    for (let step = 0; step < MOST && front.length === 1; step += 1) {
      const [{ key, place, expansion: here }] = front;
      const { terms, winner } = here;
      /** @type {Map<string, Place[]>} */
      const read = new Map();
      for (const { name, index, inside } of readsOf(terms)) {
        if (inside) read.set(name, [...(read.get(name) ?? []), index]);
      }
      for (const [name, places] of read) {
        const beam = this.beam(figure.model.drawnAs(name), places, { key, place });
        if (beam) found.push(beam);
      }
      // On through what wins, or through a layer that takes one number over.
      const on = winner ? readsOf([winner]) : terms.length === 1 ? readsOf(terms) : [];
      const next = on.filter(({ name, inside }) => inside && figure.model.producing(name));
      front = next.slice(0, 1).map(({ name, index }) => ({
        key: name,
        place: index,
        expansion: figure.model.expand(name, index),
      }));
    }
    this.node.replaceChildren(...found);
  }

  /**
   * @param {string} key
   * @param {Place[]} places
   * @param {Cell} target
   */
  beam(key, places, target) {
    const { figure } = this;
    if (!figure.hasGrid(key) || !figure.hasGrid(target.key)) return null;
    const [from, to] = [this.boxOf(key, places), this.boxOf(target.key, [target.place])];
    if (!from || !to) return null;
    const rightwards = from.right <= to.left;
    if (!rightwards && from.left < to.right) return null; // above or below one another
    const near = rightwards ? from.right : from.left;
    const far = rightwards ? to.left : to.right;
    const shape = document.createElementNS(SVG, "polygon");
    const corners = [
      [near, from.top],
      [far, to.top],
      [far, to.bottom],
      [near, from.bottom],
    ];
    shape.setAttribute("points", corners.map((corner) => corner.join()).join(" "));
    shape.setAttribute("style", `--cx-hue: ${figure.colourOf(key)}`);
    return shape;
  }

  /**
   * Around cells of a visible plane, in pixels of the stage.
   * @param {string} key
   * @param {Place[]} places
   * @returns {Box | null}
   */
  boxOf(key, places) {
    const grid = this.figure.gridOf(key);
    const spots = places.map((place) => grid.split(place)).filter(({ plane }) => plane >= 0);
    const plane = spots.some((spot) => spot.plane === grid.plane) ? grid.plane : spots[0]?.plane;
    if (plane === undefined || !grid.isVisible(plane)) return null;
    const stage = this.node.getBoundingClientRect();
    const canvas = grid.canvases[plane];
    const own = canvas.getBoundingClientRect();
    const [x, y] = [own.left - stage.left, own.top - stage.top];
    const here = spots.filter((spot) => spot.plane === plane);
    const [rows, columns] = [here.map(({ row }) => row), here.map(({ column }) => column)];
    const [left, top] = grid.corner(Math.min(...rows), Math.min(...columns));
    const [right, bottom] = grid.corner(Math.max(...rows) + 1, Math.max(...columns) + 1);
    const corner = { canvas, x: left, y: top };
    return { left: x + left, right: x + right, top: y + top, bottom: y + bottom, ...corner };
  }
}
