// What a little more of a given number does to the error: as its gradient predicts, and really.

import { tidy, written } from "../model/numbers.js";
import { flatIndex } from "../model/places.js";
import { element } from "./element.js";

/** @import { Cell } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

const LIKELY =
  "+0.1 changes E by −0.01234 as predicted (0.1 times the gradient), really by −0.01234.";

export class Nudge {
  /** @param {Figure} figure */
  constructor(figure) {
    this.figure = figure;
    this.node = element("div", { class: "cx-difference cx-nudge" });
    this.wrote = "";
  }

  /** @param {Cell | null} cell of a given array */
  show(cell) {
    const text = cell ? JSON.stringify([cell, this.figure.drawn]) : "";
    if (text === this.wrote) return;
    this.wrote = text;
    this.node.textContent = cell ? this.told(cell) : "";
  }

  /**
   * Takes the room that it may need, without reckoning.
   * @param {Cell | null} cell
   */
  reserve(cell) {
    this.wrote = "reserved";
    this.node.textContent = cell && this.errorOf(cell) ? LIKELY : "";
  }

  /**
   * The error of which the figure has the gradient there, unless that is asked about.
   * @param {Cell} cell
   */
  errorOf({ key, place }) {
    const { model, hidden } = this.figure;
    const [gradient] = model.gradientsOf(key);
    const error = gradient && model.errorOf(gradient);
    if (!error) return null;
    const isHidden = [
      { key: gradient, place },
      { key: error, place: [] },
    ].some((one) => hidden.has(one));
    return isHidden ? null : { gradient, error };
  }

  /** @param {Cell} cell */
  told(cell) {
    const { model } = this.figure;
    const found = this.errorOf(cell);
    if (!found) return "";
    const { key, place } = cell;
    const { shape, data } = model.given[key];
    const { unit } = this.figure.gridOf(key);
    const flat = flatIndex(shape, place);
    const moved = data.slice();
    moved[flat] = tidy(moved[flat] + unit);
    const before = model.arrays[found.error].data[0];
    const after = model.supposing(found.error, { [key]: { shape, data: moved } }).data[0];
    const predicted = unit * model.arrays[found.gradient].data[flat];
    const name = this.figure.cellName(found.error, []);
    const way = `${written(unit)} times the gradient`;
    return `+${written(unit)} changes ${name} by ${written(predicted, 4)} as predicted (${way}), really by ${written(after - before, 4)}.`;
  }
}
