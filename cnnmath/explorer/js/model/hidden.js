// Numbers that are not shown before the reader has answered what was asked about them.

import { flatIndex, placeOf, sizeOf } from "./places.js";

/** @import { Model } from "./model.js" */
/** @import { Cell, Place } from "./types.js" */

/**
 * What is asked about: a cell or, without a place, a whole array. `text` stands there meanwhile, and
 * `open` tells whether what it is made of may be lit.
 * @typedef {{ key: string, place: Place | null, text: string, open: boolean }} Asked
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
  /** @type {string[]} */
  let whole = []; // names of results that would tell the answer
  /** @type {Cell[]} */
  let told = []; // what has been answered is seen, whatever else is asked
  let version = 0; // counts the changes, so that a drawing knows whether it is of today
  let found = -1; // as of which change of the model
  /** @type {Map<string, Map<number, string>>} */
  let cells = new Map();

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
   */
  function hide(key, flats, text) {
    const known = cells.get(key) ?? new Map();
    cells.set(key, known);
    const seen = told
      .filter((cell) => model.nameOf(cell.key) === model.nameOf(key))
      .map(({ place }) => flatIndex(shapeOf(key), place));
    const unseen = flats.filter((flat) => !seen.includes(flat));
    const fresh = unseen.filter((flat) => !known.has(flat));
    // A cell that is asked about has its text, though it may depend on what else is asked: if it
    // looked otherwise than those beside it, that would tell which it is.
    for (const flat of unseen) if (!known.get(flat)) known.set(flat, text);
    if (!fresh.length) return;
    const places = fresh.map((flat) => placeOf(shapeOf(key), flat));
    for (const next of model.touched(key, places)) {
      const reached = next.places.map((place) => flatIndex(shapeOf(next.key), place));
      hide(next.key, reached, "");
    }
  }

  function find() {
    found = model.changes;
    cells = new Map();
    // What is asked about comes first: there its own text stands.
    for (const { key, place, text } of asked) {
      const flats = place ? [flatIndex(shapeOf(key), place)] : everywhere(key);
      for (const one of keysOf(model.nameOf(key))) hide(one, flats, text);
    }
    for (const key of whole.flatMap(keysOf)) hide(key, everywhere(key), "");
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
     * @param {string[]} names
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
