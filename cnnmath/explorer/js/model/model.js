// The state of a live figure, without its looks: given arrays, sizes, results, history, versions.
//
// No element of a page is touched here or in the modules beside this one. The mathematics is in
// evaluate.js and expand.js, the drawing in view/.

import { bindFormula } from "./bind.js";
import { createGradients } from "./gradients.js";
import { randomNumbers, rounded } from "./numbers.js";
import { flatIndex, samePlace, sameValues, sizeOf } from "./places.js";
import { shuffled } from "./shuffle.js";
import { createSizes } from "./sizes.js";
import { createWays } from "./ways.js";

/** @import { BoundFormula } from "./bind.js" */
/** @import { Sizes } from "./sizes.js" */
/** @import { Arrays, ArraysState, Cell, Expansion, Formula, Numbers, Place, Preset, Values } from "./types.js" */

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

/**
 * What a reader can change: the given arrays, the sizes, of which all shapes follow, and which of the
 * figure's mistaken formulas stands in the place of the right one.
 * @typedef {{ given: Known, sizes: Sizes, mistake: Formula | null }} Present
 */

/** @typedef {ReturnType<typeof createModel>} Model */

/** @param {Values} array @returns {Numbers} */
const copy = (array) => ({ shape: array.shape.slice(), data: Float64Array.from(array.data) });

/** @param {Arrays} arrays @returns {Known} */
const copies = (arrays) =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, copy(array)]));

/**
 * What a formula like δ_ij = ∂E/∂a_ij only renames.
 * @param {Formula} formula
 */
function renames({ links, target, conditions, shape, spans }) {
  const node = links[links.length - 1];
  if (node.op !== "element" || conditions.length) return null;
  const whole = spans.every(([first, last], n) => last - first + 1 === shape[n]);
  return whole && JSON.stringify(node.index) === JSON.stringify(target) ? node.name : null;
}

/** @param {ArraysState} state */
export function createModel(state) {
  const { start, chosen, shapesAt, formulasAt, fitted, forShape, ranges, words, axes } =
    createSizes(state);
  const initial = copies(state.arrays);
  let given = initial; // arrays are replaced, and never change
  let sizes = start;
  /** @type {Formula | null} */
  let mistake = null;
  let changes = 0; // counts them, so that a drawing knows whether it is of today
  /** @type {Present[]} */
  const past = [];
  /** @type {Present[]} */
  const future = []; // what was undone, the last first
  const random = randomNumbers(1);

  /** @param {Formula} formula @returns {Step} */
  const bindStep = (formula) => ({ ...bindFormula(formula), formula, key: formula.key });

  // Two versions of one formula define the same name; the later ones have keys of their own, and
  // what follows reads the first.
  /** @param {Sizes} wanted @param {Formula | null} wrong @returns {Step[]} */
  const stepsAt = (wanted, wrong) =>
    formulasAt(wanted).map((right) => bindStep(wrong?.key === right.key ? wrong : right));
  const formulas = stepsAt(sizes, mistake);
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
   * @param {Step[]} steps
   * @param {Known} arrays
   * @param {Known} known
   * @param {string[]} changed
   */
  function calculate(steps, arrays, known, changed) {
    const stale = new Set(changed);
    const found = { ...known };
    for (const one of steps) {
      if (found[one.key] && !one.formula.names.some((name) => stale.has(name))) continue;
      found[one.key] = one.all({ ...arrays, ...found });
      stale.add(one.key);
    }
    return found;
  }

  let results = calculate(formulas, given, {}, []);
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
    if (!given[name]) throw new Error(`the figure has no array ${name}`);
    if (array.data.length !== sizeOf(array.shape)) throw new Error(`${name} lacks numbers`);
    const odd = Array.from(array.data).find((value) => !Number.isFinite(value));
    if (odd !== undefined) throw new Error(`${name} would hold ${odd}, which is no finite number`);
  }

  /**
   * Arrays from elsewhere are copied.
   * @param {Arrays} arrays
   * @returns {Known}
   */
  const owned = (arrays) =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, array]) => [
        name,
        array === given[name] ? given[name] : copy(array),
      ]),
    );

  /** @param {Sizes} wanted */
  const differ = (wanted) => Object.keys(sizes).some((name) => wanted[name] !== sizes[name]);

  /**
   * Brings a present about, if all goes well; else the last good one stays. False if it is there.
   * @param {Present} next
   * @param {() => void} [before] what is to be done with the one that goes
   */
  function become(next, before) {
    /** @param {string} name */
    const differs = (name) =>
      given[name] !== next.given[name] &&
      (given[name].data.length !== next.given[name].data.length ||
        given[name].data.some((value, flat) => value !== next.given[name].data[flat]));
    const rebinding = differ(next.sizes) || next.mistake !== mistake;
    const changed = Object.keys(next.given).filter(differs);
    if (!changed.length && !rebinding) return false;
    const steps = rebinding ? stepsAt(next.sizes, next.mistake) : formulas;
    const found = calculate(steps, next.given, rebinding ? {} : results, changed);
    before?.();
    ({ sizes, mistake } = next);
    for (const [n, one] of steps.entries()) Object.assign(formulas[n], one);
    settle(next.given, found);
    return true;
  }

  /**
   * The same for what a reader does: it can be undone, and nothing that was undone comes back.
   * @param {Present} next
   */
  function move(next, { remember = true } = {}) {
    become(next, () => {
      future.length = 0;
      if (remember) mark();
    });
  }

  /**
   * Replaces some given arrays; by one of another shape, if sizes move that make it so.
   * @param {Arrays} next
   * @param {{ remember?: boolean }} [options]
   */
  const replace = (next, options) => change({ given, sizes }, next, {}, options);

  /**
   * Replaces some of what there was: arrays, and sizes.
   * @param {Omit<Present, "mistake">} before
   * @param {Arrays} next
   * @param {Sizes} size
   * @param {{ remember?: boolean }} [options]
   */
  function change(before, next, size, options) {
    let wanted = chosen(before.sizes, size);
    for (const [name, array] of Object.entries(next)) {
      insist(name, array);
      wanted = forShape(name, array.shape, wanted);
    }
    const all = { ...fitted(before.given, wanted), ...next };
    insistOnShapes(all, wanted);
    move({ given: owned(all), sizes: wanted, mistake }, options);
  }

  /**
   * @param {Arrays} all
   * @param {Sizes} wanted
   */
  function insistOnShapes(all, wanted) {
    for (const [name, shape] of Object.entries(shapesAt(wanted))) {
      if (samePlace(shape, all[name].shape)) continue;
      const [expected, found] = [shape, all[name].shape].map((one) => one.join(" × "));
      throw new Error(`${name} has the shape ${expected}, not ${found}`);
    }
  }

  /**
   * Chooses some sizes; the given arrays follow.
   * @param {Sizes} wanted
   * @param {{ remember?: boolean }} [options]
   */
  function resize(wanted, options) {
    const next = chosen(sizes, wanted);
    move({ given: owned(fitted(given, next)), sizes: next, mistake }, options);
  }

  /**
   * Goes towards a value of a size and stops where the next one is impossible: an error says why.
   * @param {string} name
   * @param {number} to
   * @param {{ remember?: boolean }} [options]
   */
  function scrub(name, to, options) {
    const step = Math.sign(to - sizes[name]);
    let good = sizes[name];
    /** @type {unknown} */
    let refusal;
    while (good !== to && !refusal) {
      try {
        good = chosen(sizes, { [name]: good + step })[name];
      } catch (error) {
        refusal = error;
      }
    }
    resize({ [name]: good }, options);
    if (refusal) throw refusal;
  }

  /**
   * What somebody else has made of the figure. Where sizes have moved, the arrays may not yet.
   * @param {Arrays} arrays
   * @param {Sizes} wanted
   */
  function follow(arrays, wanted) {
    for (const [name, array] of Object.entries(arrays)) insist(name, array);
    const next = chosen(sizes, wanted);
    const all = { ...given, ...arrays };
    const found = differ(next) ? fitted(all, next) : all;
    insistOnShapes(found, next);
    move({ given: owned(found), sizes: next, mistake });
  }

  /**
   * Puts one of the figure's mistaken formulas in the place of the right one, or the right one back.
   * @param {Formula | null} wrong
   */
  function err(wrong) {
    move({ given, sizes, mistake: wrong });
  }

  /**
   * A result, if some of the given arrays were others. Nothing changes.
   * @param {string} key
   * @param {Arrays} others
   */
  function supposing(key, others) {
    /** @type {Set<string>} */
    const needed = new Set([key]);
    for (const one of formulas.toReversed()) {
      if (needed.has(one.key)) for (const name of one.formula.names) needed.add(name);
    }
    const steps = formulas.filter((one) => needed.has(one.key));
    return calculate(steps, { ...given, ...owned(others) }, results, Object.keys(others))[key];
  }

  // Keeps the present for undo.
  function mark() {
    past.push({ given, sizes, mistake });
    if (past.length > LONGEST_HISTORY) past.shift();
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
    const others = Object.entries(given).filter(([name]) => !kept.includes(name));
    const fresh = others.map(([name, array]) => [name, shuffled(array, initial[name], random)]);
    replace(Object.fromEntries(fresh));
  }

  /**
   * Goes to the nearest present of a list that differs from this one; false if there is none.
   * @param {Present[]} from
   * @param {Present[]} to where this one is kept
   */
  function travel(from, to) {
    const here = { given, sizes, mistake };
    for (let next = from.pop(); next; next = from.pop()) {
      if (become(next, () => to.push(here))) return true;
    }
    return false;
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

  // A quantity that only gives another one a second name is that other one.
  /** @type {Map<string, string>} */
  const renamed = new Map();
  for (const { formula, key } of formulas) {
    const original = order.includes(formula.names[0]) && renames(formula);
    if (original && versions(formula.result).length === 1) renamed.set(key, original);
  }
  /** @param {string} key @returns {string} */
  const drawnAs = (key) => {
    const original = renamed.get(key);
    return original === undefined ? key : drawnAs(original);
  };

  return {
    formulas,
    order,
    drawnAs,
    versions,
    producing,
    nameOf,
    throughOf: gradients.throughOf,
    finiteDifference: gradients.finiteDifference,
    replace,
    /**
     * Takes arrays and sizes that the author has put together.
     * @param {Preset} preset
     */
    take: (preset) => change({ given, sizes }, preset.arrays, preset.sizes),
    /**
     * What the author gave, but for some of it.
     * @param {Preset} changes
     */
    restore: (changes) => change({ given: initial, sizes: start }, changes.arrays, changes.sizes),
    /** @param {Preset} preset */
    isTaken: ({ arrays: own, sizes: chosenSizes }) =>
      Object.entries(chosenSizes).every(([name, value]) => sizes[name] === value) &&
      Object.entries(own).every(([name, array]) => sameValues(given[name], array)),
    /** What the author gave, at the sizes of now. */
    get untouched() {
      return fitted(initial, sizes);
    },
    set,
    shuffle,
    resize,
    scrub,
    follow,
    err,
    supposing,
    undo: () => travel(past, future),
    redo: () => travel(future, past),
    get canUndo() {
      return past.length > 0;
    },
    get canRedo() {
      return future.length > 0;
    },
    mark,
    reset: () => move({ given: initial, sizes: start, mistake: null }),
    ranges,
    words,
    axes,
    get sizes() {
      return sizes;
    },
    get mistake() {
      return mistake;
    },
    get arrays() {
      return arrays();
    },
    /**
     * All arrays, of numbers as they are written.
     * @param {number} digits
     * @returns {Known}
     */
    roundedTo: (digits) =>
      Object.fromEntries(
        Object.entries(known).map(([key, { shape, data }]) => [
          key,
          { shape, data: data.map((value) => rounded(value, digits)) },
        ]),
      ),
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
    /** @param {Cell} cell */
    hasCell({ key, place }) {
      const { shape } = known[key] ?? {};
      return shape?.length === place.length && place.every((p, axis) => p < shape[axis]);
    },
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
    errorOf: gradients.errorOf,
    /**
     * The flat places in which the versions of a result differ.
     * @param {string} key
     */
    differences: (key) => compared[nameOf(key)]?.places ?? NOWHERE,
  };
}
