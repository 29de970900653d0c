// What all compiled nodes of one formula read and tell while it is evaluated.

/** @import { Arrays, Formula, VisitElement } from "./types.js" */
/** @import { Range } from "./forms.js" */

/** @typedef {() => number} Evaluate */

export class Run {
  /** @param {Formula} formula */
  constructor(formula) {
    this.formula = formula;
    /** @type {Arrays} */
    this.arrays = {};
    this.round = 0; // counts how often arrays were given, so that what was found out of them is known to be old
    /**
     * Elements of an array, each with a 1 at its place, and whether one of them was read.
     * @type {{ name: string, mask: Uint8Array, hit: boolean } | null}
     */
    this.watched = null;
    /** @type {VisitElement | null} */
    this.beyond = null; // is told of every read from outside an array
    /**
     * The values of the indices.
     * @type {number[]}
     */
    this.at = [];
    /**
     * How far each of them runs.
     * @type {Range[]}
     */
    this.ranges = [];
    /** @type {Map<string, number>} */
    this.slots = new Map();
  }

  /** @param {Arrays} arrays that are read from now on */
  begin(arrays) {
    this.arrays = arrays;
    this.round += 1;
  }

  /**
   * The place of an index among their values.
   * @param {string} name
   */
  slot(name) {
    let place = this.slots.get(name);
    if (place === undefined) {
      place = this.at.push(0) - 1;
      this.ranges.push([Infinity, -Infinity]);
      this.slots.set(name, place);
    }
    return place;
  }

  /**
   * An index of this slot runs so far; where several have one name, that far is its range.
   * @param {number} slot
   * @param {Range} range
   */
  reach(slot, [low, high]) {
    const [from, to] = this.ranges[slot];
    this.ranges[slot] = [Math.min(from, low), Math.max(to, high)];
  }
}
