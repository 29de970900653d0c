// What all compiled nodes of one formula read and tell while it is evaluated.

/** @import { Arrays, Formula, VisitElement } from "./types.js" */

/** @typedef {() => number} Evaluate */

export class Run {
  /** @param {Formula} formula */
  constructor(formula) {
    this.formula = formula;
    /** @type {Arrays} */
    this.arrays = {};
    /**
     * Elements of an array, and whether one of them was read.
     * @type {{ name: string, flats: Set<number>, hit: boolean } | null}
     */
    this.watched = null;
    /** @type {VisitElement | null} */
    this.beyond = null; // is told of every read from outside an array
    /**
     * The values of the indices.
     * @type {number[]}
     */
    this.at = [];
    /** @type {Map<string, number>} */
    this.slots = new Map();
  }

  /**
   * The place of an index among their values.
   * @param {string} name
   */
  slot(name) {
    let place = this.slots.get(name);
    if (place === undefined) {
      place = this.at.push(0) - 1;
      this.slots.set(name, place);
    }
    return place;
  }
}
