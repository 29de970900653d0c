// The state of a live figure, without its looks: given arrays, results, history, versions.
//
// No element of a page is touched here or in the modules beside this one. The mathematics is in
// evaluate.js and expand.js, the drawing in view/.

import { bindFormula } from "./bind.js";
import { createGradients } from "./gradients.js";
import { randomNumbers } from "./numbers.js";
import { flatIndex, samePlace, sizeOf } from "./places.js";
import { createWays } from "./ways.js";

/** @import { BoundFormula } from "./bind.js" */
/** @import { Arrays, ArraysState, Expansion, Formula, Numbers, Place, Values } from "./types.js" */

const EQUAL = 1e-9; // relative difference up to which two versions of a number are the same
const ROUNDING = 1e-13; // of the largest number, where terms cancel and leave only their rounding
const LONGEST_HISTORY = 200;
/** @type {Set<number>} */
const NOWHERE = new Set();

/** @param {Float64Array} values */
const largestOf = (values) =>
  values.reduce((most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most), 0);

/**
 * A formula of the figure, and the key of its result.
 * @typedef {BoundFormula & { formula: Formula, key: string }} Step
 */

/** @typedef {Record<string, Numbers>} Known */

/** @typedef {ReturnType<typeof createModel>} Model */

/** @param {Values} array @returns {Numbers} */
const copy = (array) => ({ shape: array.shape.slice(), data: Float64Array.from(array.data) });

/** @param {Arrays} arrays @returns {Known} */
const copies = (arrays) =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, copy(array)]));

/** @param {ArraysState} state */
export function createModel(state) {
  const initial = copies(state.arrays);
  let given = copies(initial);
  let changes = 0; // counts them, so that a drawing knows whether it is of today
  /** @type {Known[]} */
  const history = [];
  const random = randomNumbers(1);

  // Two versions of one formula define the same name; the later ones have keys of their own, and
  // what follows reads the first.
  /** @type {Step[]} */
  const formulas = state.formulas.map((formula) => ({
    ...bindFormula(formula),
    formula,
    key: formula.key,
  }));
  /** @param {string} name */
  const versions = (name) => formulas.filter((one) => one.formula.result === name);
  /** @param {string} key */
  const producing = (key) => formulas.find((one) => one.key === key);
  /** @param {string} key */
  const nameOf = (key) => producing(key)?.formula.result ?? key;

  // The order in which data flows: what a formula reads, then what it gives.
  const order = [
    ...new Set(
      formulas.flatMap((one) => [
        ...Object.keys(given).filter((name) => one.formula.names.includes(name)),
        one.key,
      ]),
    ),
  ];

  /**
   * The results for some arrays; those that no change touches are taken over.
   * @param {Known} arrays
   * @param {Known} known
   * @param {string[]} changed
   */
  function calculate(arrays, known, changed) {
    const stale = new Set(changed);
    const found = { ...known };
    for (const one of formulas) {
      if (found[one.key] && !one.formula.names.some((name) => stale.has(name))) continue;
      found[one.key] = one.all({ ...arrays, ...found });
      stale.add(one.key);
    }
    return found;
  }

  let results = calculate(given, {}, []);
  // Put together once a change: a drawing asks for every cell.
  let known = { ...given, ...results };
  const arrays = () => known;

  /**
   * Two versions that differ: the flat places where, and by how much.
   * @param {string} name
   */
  function compare(name) {
    const [first, ...others] = versions(name).map((one) => results[one.key].data);
    /** @type {Set<number>} */
    const places = new Set();
    let largest = 0;
    for (const other of others) {
      const rounding = ROUNDING * Math.max(largestOf(first), largestOf(other));
      for (let flat = 0; flat < first.length; flat += 1) {
        const [a, b] = [first[flat], other[flat]];
        if (a === b) continue; // infinities too; NaN equals nothing
        const gap = Math.abs(a - b);
        if (gap <= EQUAL * Math.max(Math.abs(a), Math.abs(b)) + rounding) continue;
        places.add(flat);
        largest = Math.max(largest, gap);
      }
    }
    return { places, largest, of: first.length };
  }

  /** @type {Record<string, ReturnType<typeof compare>>} */
  let compared = {};
  /**
   * @param {Known} nextGiven
   * @param {Known} nextResults
   */
  function settle(nextGiven, nextResults) {
    given = nextGiven;
    results = nextResults;
    known = { ...given, ...results };
    changes += 1;
    compared = {};
    for (const { formula } of formulas) {
      if (versions(formula.result).length > 1) compared[formula.result] ??= compare(formula.result);
    }
  }
  settle(given, results);

  /**
   * @param {string} name
   * @param {Values} array
   */
  function insist(name, array) {
    const shape = given[name]?.shape;
    if (!shape) throw new Error(`the figure has no array ${name}`);
    if (!samePlace(array.shape, shape)) {
      throw new Error(`${name} has the shape ${shape.join(" × ")}, not ${array.shape.join(" × ")}`);
    }
    if (array.data.length !== sizeOf(shape)) throw new Error(`${name} lacks numbers`);
    const odd = Array.from(array.data).find((value) => !Number.isFinite(value));
    if (odd !== undefined) throw new Error(`${name} would hold ${odd}, which is no finite number`);
  }

  /**
   * Replaces some given arrays, if all goes well; else the last good state stays.
   * @param {Arrays} next
   */
  function replace(next, { remember = true } = {}) {
    for (const [name, array] of Object.entries(next)) insist(name, array);
    /** @param {string} name */
    const differs = (name) =>
      given[name].data.some((value, flat) => value !== next[name].data[flat]);
    const changed = Object.keys(next).filter(differs);
    if (!changed.length) return;
    const all = { ...given, ...copies(next) };
    const found = calculate(all, results, changed);
    if (remember) mark();
    settle(all, found);
  }

  // Keeps the present for undo.
  function mark() {
    history.push(given);
    if (history.length > LONGEST_HISTORY) history.shift();
  }

  /**
   * Gives some elements of one array a value.
   * @param {string} name
   * @param {Place[]} places
   * @param {number} value
   * @param {{ remember?: boolean }} [options]
   */
  function set(name, places, value, options) {
    const changed = copy(given[name]);
    for (const place of places) changed.data[flatIndex(changed.shape, place)] = value;
    replace({ [name]: changed }, options);
  }

  /** @param {string[]} kept */
  function shuffle(kept) {
    const names = Object.keys(given).filter((name) => !kept.includes(name));
    const next = copies(Object.fromEntries(names.map((name) => [name, given[name]])));
    for (const { data } of Object.values(next)) {
      data.forEach((_, flat) => {
        data[flat] = Math.floor(random() * 7) - 3;
      });
    }
    replace(next);
  }

  // Goes back to the last state that differs from this one; false if there is none.
  function undo() {
    const before = changes;
    while (changes === before) {
      const last = history.pop();
      if (!last) return false;
      replace(last, { remember: false });
    }
    return true;
  }

  /**
   * An element written out; of a maximum also the term that wins, the first of equals.
   * @param {string} key of a result
   * @param {Place} place
   * @returns {Expansion}
   */
  function expand(key, place) {
    const expansion = resultOf(key).expand(place, arrays());
    if (!["max", "min"].includes(expansion.operation)) return expansion;
    const winner = expansion.terms.find(({ value }) => value === expansion.total);
    return { ...expansion, winner };
  }

  /** @param {string} key */
  function resultOf(key) {
    const step = producing(key);
    if (!step) throw new Error(`no formula of the figure gives ${key}`);
    return step;
  }

  const gradients = createGradients({ formulas, order, given: Object.keys(given), arrays });
  const ways = createWays({ formulas, arrays, expand });

  return {
    formulas,
    order,
    versions,
    producing,
    nameOf,
    finiteDifference: gradients.finiteDifference,
    replace,
    set,
    shuffle,
    undo,
    mark,
    reset: () => replace(initial),
    get arrays() {
      return arrays();
    },
    get given() {
      return given;
    },
    get changes() {
      return changes;
    },
    get compared() {
      return compared;
    },
    /** @param {string} name */
    isGiven: (name) => name in given,
    expand,
    ...ways,
    /**
     * What an element of a result reads from outside arrays.
     * @param {string} key
     * @param {Place} place
     */
    beyond: (key, place) => resultOf(key).beyond(place, arrays()),
    /**
     * What a gradient of the figure is the gradient of.
     * @param {string} key
     */
    targetOf: (key) => gradients.targetOf(nameOf(key)),
    gradientsOf: gradients.gradientsOf,
    /**
     * The flat places in which the versions of a result differ.
     * @param {string} key
     */
    differences: (key) => compared[nameOf(key)]?.places ?? NOWHERE,
  };
}
