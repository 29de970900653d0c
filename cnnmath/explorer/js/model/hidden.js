// Numbers that are not shown before the reader has answered what was asked about them.

import { flatIndex, placeOf, sizeOf } from "./places.js";

/** @import { Model } from "./model.js" */
/** @import { Cell, Place } from "./types.js" */

/**
 * What is asked about: a cell or, without a place, a whole array. `text` stands there meanwhile,
 * `open` tells whether what it is made of may be lit, and `by` which question asks.
 * @typedef {{ key: string, place: Place | null, text: string, open: boolean, by: number }} Asked
 */

/**
 * A result that would tell the answer to a question.
 * @typedef {{ name: string, by: number }} Telling
 */

/** @typedef {ReturnType<typeof createHidden>} Hidden */

/**
 * For the flat places of an array the text that stands there instead: none of what is only
 * calculated from a hidden number.
 * @typedef {ReadonlyMap<number, string>} Instead
 */

/** @type {Instead} */
const NOTHING = new Map();

/** @param {Model} model */
export function createHidden(model) {
  /** @type {Asked[]} */
  let asked = [];
  /** @type {Telling[]} */
  let whole = [];
  /** @type {Cell[]} */
  let told = []; // what has been answered is seen, whatever else is asked
  let version = 0; // counts the changes, so that a drawing knows whether it is of today
  let found = -1; // as of which change of the model
  /** @type {Map<string, Map<number, string>>} */
  let cells = new Map();
  /** @type {Map<string, Map<number, number>>} */
  let askers = new Map(); // by which questions they are hidden

  /** @param {string} name */
  const keysOf = (name) => model.versions(name).map(({ key }) => key);
  /** @param {string} key */
  const shapeOf = (key) => model.arrays[key].shape;
  /** @param {string} key */
  const everywhere = (key) => Array.from({ length: sizeOf(shapeOf(key)) }, (_, flat) => flat);

  /**
   * Hides some places, and what is calculated from them.
   * @param {string} key
   * @param {number[]} flats
   * @param {string} text
   * @param {number} by
   */
  function hide(key, flats, text, by) {
    const known = cells.get(key) ?? new Map();
    cells.set(key, known);
    const asker = askers.get(key) ?? new Map();
    askers.set(key, asker);
    const seen = told
      .filter((cell) => model.nameOf(cell.key) === model.nameOf(key))
      .map(({ place }) => flatIndex(shapeOf(key), place));
    const unseen = flats.filter((flat) => !seen.includes(flat));
    const fresh = unseen.filter((flat) => !known.has(flat));
    // A cell that is asked about has its text, though it may depend on what else is asked: if it
    // looked otherwise than those beside it, that would tell which it is.
    for (const flat of unseen) if (!known.get(flat)) known.set(flat, text);
    for (const flat of fresh) asker.set(flat, by);
    if (!fresh.length) return;
    const places = fresh.map((flat) => placeOf(shapeOf(key), flat));
    for (const next of model.touched(key, places)) {
      const reached = next.places.map((place) => flatIndex(shapeOf(next.key), place));
      hide(next.key, reached, "", by);
    }
  }

  function find() {
    found = model.changes;
    cells = new Map();
    askers = new Map();
    // What is asked about comes first: there its own text stands.
    for (const { key, place, text, by } of asked) {
      const flats = place ? [flatIndex(shapeOf(key), place)] : everywhere(key);
      for (const one of keysOf(model.nameOf(key))) hide(one, flats, text, by);
    }
    for (const { name, by } of whole)
      for (const key of keysOf(name)) hide(key, everywhere(key), "", by);
  }

  /**
   * @param {string} key
   * @returns {Instead}
   */
  function of(key) {
    if (!asked.length) return NOTHING;
    if (found !== model.changes) find();
    return cells.get(key) ?? NOTHING;
  }

  /** @param {Cell} cell */
  const has = ({ key, place }) => {
    const instead = of(key);
    return instead.size > 0 && instead.has(flatIndex(shapeOf(key), place));
  };

  return {
    of,
    has,
    get version() {
      return version;
    },
    /**
     * @param {Asked[]} next
     * @param {Telling[]} names
     * @param {Cell[]} [answered]
     */
    set(next, names, answered = []) {
      asked = next;
      whole = names;
      told = answered;
      version += 1;
      found = -1;
    },
    /**
     * Which question a hidden cell waits for.
     * @param {Cell} cell
     */
    askerOf: ({ key, place }) => askers.get(key)?.get(flatIndex(shapeOf(key), place)),
    /**
     * Whether a cell must not even light what it is made of.
     * @param {Cell} cell
     */
    isClosed(cell) {
      if (!has(cell)) return false;
      return !asked.some(({ key, place, open }) => {
        return open && key === cell.key && place && `${place}` === `${cell.place}`;
      });
    },
    /**
     * The numbers of an array that can be seen.
     * @param {string} key
     */
    shown(key) {
      const instead = of(key);
      const { data } = model.arrays[key];
      return instead.size ? data.filter((_, flat) => !instead.has(flat)) : data;
    },
  };
}
