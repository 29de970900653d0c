// How the indices of a sum run.

import shared from "../../../shared.json" with { type: "json" };
import { apart, compiledForm, formOf, reachOf } from "./forms.js";

/** @import { Binder, Node } from "./types.js" */
/** @import { Constraint } from "./constraints.js" */
/** @import { Range } from "./forms.js" */
/** @import { Evaluate, Run } from "./run.js" */

/**
 * Is told from where to where the last index but one runs, and the last.
 * @typedef {(top: number, bottom: number, left: number, right: number) => void} VisitRectangle
 */

/**
 * @typedef {object} Loop
 * @property {(visit: () => void) => void} each visits all values of all indices for which the sum's
 *   condition holds
 * @property {(visit: VisitRectangle) => void} rectangles visits how the last two indices run for all
 *   values of the others
 * @property {number | undefined} rows the slot of the last index but one, if there is one
 * @property {number} innermost the slot of the last index
 */

/**
 * A constraint on the index of one level: a multiple of it, and what the indices around it say.
 * @typedef {{ factor: number, rest: Evaluate, low: number, high: number }} Bound
 */

/**
 * Whether a number lies between whole ones.
 * @param {number} value
 */
const isBetween = (value) => Number.isFinite(value) && !Number.isInteger(value);

/**
 * @param {Run} run
 * @param {(node: Node) => Evaluate} compile
 * @param {{ binders: Binder[], where: Node | null }} sum
 * @param {Constraint[]} [constraints] what the indices keep to
 * @returns {Loop}
 */
export function buildLoop(run, compile, sum, constraints = []) {
  const { at } = run;
  const places = sum.binders.map((binder) => run.slot(binder.name));
  const lows = sum.binders.map((binder) => compile(binder.low));
  const highs = sum.binders.map((binder) => compile(binder.high));
  const support = sum.binders.map((binder) => run.formula.support[binder.name]);
  sum.binders.forEach((binder, level) => {
    run.reach(places[level], support[level] ?? rangeOf(run, binder));
  });
  const where = sum.where ? compile(sum.where) : null;
  const names = sum.binders.map((binder) => binder.name.replace(/~.*/, ""));
  const last = places.length - 1;
  const innermost = places[last];
  const rows = places[last - 1];

  // A constraint tells the last of its indices how far it may run, or is one of all around the sum.
  /** @type {Bound[][]} */
  let bounds = [];
  /** @type {Bound[]} */
  let around = [];
  let isRectangular = false; // the last index runs alike for all values of the one before it
  let round = -1;
  function arrange() {
    round = run.round;
    isRectangular = last > 0 && isFree(sum.binders[last].low) && isFree(sum.binders[last].high);
    bounds = places.map(() => []);
    around = [];
    for (const { form, low, high, array, axis } of constraints) {
      const ends = { low, high: array ? run.arrays[array].shape[axis] - 1 : high };
      const [least, most] = reachOf(form, run.ranges);
      if (least >= ends.low && most <= ends.high) continue;
      const level = places.findLastIndex((place) => form.slots.includes(place));
      if (level === last && form.slots.includes(rows)) isRectangular = false;
      const { factor, rest } = apart(form, places[level]);
      const bound = { factor, rest: compiledForm(rest, at), ...ends };
      (bounds[level] ?? around).push(bound);
    }
  }

  /**
   * Whether a bound is the same for all values of the last index but one.
   * @param {Node} node
   */
  function isFree(node) {
    const form = formOf(run, node);
    return form !== null && !form.slots.includes(rows);
  }

  /**
   * Visits how far the index of the deepest level runs, for all values of those above it.
   * @param {number} level
   * @param {number} deepest
   * @param {(low: number, high: number) => void} visit
   */
  function descend(level, deepest, visit) {
    let low = lows[level]();
    let high = highs[level]();
    if (isBetween(low) || isBetween(high)) {
      throw new Error(`${names[level]} runs from ${low} to ${high}, which must be whole numbers`);
    }
    if (support[level]) {
      low = Math.max(low, support[level][0]);
      high = Math.min(high, support[level][1]);
    }
    if (high - low > shared.long_sum) {
      throw new Error("a sum would have more than a million terms");
    }
    const own = bounds[level];
    for (let n = 0; n < own.length; n += 1) {
      const { factor, rest, low: least, high: most } = own[n];
      const others = rest();
      const [one, two] = [(least - others) / factor, (most - others) / factor];
      low = Math.max(low, Math.ceil(factor > 0 ? one : two));
      high = Math.min(high, Math.floor(factor > 0 ? two : one));
    }
    if (level === deepest) {
      visit(low, high);
      return;
    }
    const place = places[level];
    const before = at[place]; // of a sum around this one that has an index of the same name
    for (let value = low; value <= high; value += 1) {
      at[place] = value;
      descend(level + 1, deepest, visit);
    }
    at[place] = before;
  }

  // Whether all holds that is said of the indices around the sum.
  function isPossible() {
    if (round !== run.round) arrange();
    for (const { rest, low, high } of around) {
      const value = rest();
      if (value < low || value > high) return false;
    }
    return true;
  }

  /** @type {Loop["each"]} */
  function each(visit) {
    if (!isPossible()) return;
    if (last < 0) {
      visit(); // a result that is one number has no index
      return;
    }
    descend(0, last, (low, high) => {
      const before = at[innermost];
      for (let value = low; value <= high; value += 1) {
        at[innermost] = value;
        if (!where || where()) visit();
      }
      at[innermost] = before;
    });
  }

  /** @type {Loop["rectangles"]} */
  function rectangles(visit) {
    if (!isPossible()) return;
    let [top, bottom] = [0, 0];
    /** @param {number} left @param {number} right */
    const across = (left, right) => visit(top, bottom, left, right);
    if (last === 0) {
      descend(0, 0, across);
      return;
    }
    descend(0, last - 1, (low, high) => {
      const before = at[rows];
      [top, bottom] = [low, high];
      if (isRectangular) {
        if (low <= high) descend(last, last, across);
      } else {
        for (top = low; top <= high; top += 1) {
          bottom = top;
          at[rows] = top;
          descend(last, last, across);
        }
      }
      at[rows] = before;
    });
  }

  return { each, rectangles, rows, innermost };
}

/**
 * How far an index runs at most.
 * @param {Run} run
 * @param {Binder} binder
 * @returns {Range}
 */
function rangeOf(run, { low, high }) {
  const [from, to] = [formOf(run, low), formOf(run, high)];
  return [
    from ? reachOf(from, run.ranges)[0] : -Infinity,
    to ? reachOf(to, run.ranges)[1] : Infinity,
  ];
}
