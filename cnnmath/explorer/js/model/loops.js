// How the indices of a sum run.

import shared from "../../../shared.json" with { type: "json" };

/** @import { Node, ReduceNode } from "./types.js" */
/** @import { Evaluate, Run } from "./run.js" */

/**
 * @typedef {object} Loop
 * @property {(visit: (low: number, high: number) => void) => void} stretches visits the ends of the
 *   innermost index for all values of the others
 * @property {(visit: () => void) => void} each visits all values of all indices for which the sum's
 *   condition holds
 * @property {number} innermost the slot of the innermost index
 */

/**
 * Whether a number lies between whole ones.
 * @param {number} value
 */
const isBetween = (value) => Number.isFinite(value) && !Number.isInteger(value);

/**
 * @param {Run} run
 * @param {(node: Node) => Evaluate} compile
 * @param {ReduceNode} node
 * @returns {Loop}
 */
export function buildLoop(run, compile, node) {
  const { at } = run;
  const places = node.binders.map((binder) => run.slot(binder.name));
  const lows = node.binders.map((binder) => compile(binder.low));
  const highs = node.binders.map((binder) => compile(binder.high));
  const where = node.where ? compile(node.where) : null;
  const support = node.binders.map((binder) => run.formula.support[binder.name]);
  const names = node.binders.map((binder) => binder.name.replace(/~.*/, ""));
  const last = places.length - 1;
  const innermost = places[last];

  /**
   * @param {number} level
   * @param {(low: number, high: number) => void} visit
   */
  function descend(level, visit) {
    let [low, high] = [lows[level](), highs[level]()];
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
    if (level === last) {
      visit(low, high);
      return;
    }
    const place = places[level];
    const before = at[place]; // of a sum around this one that has an index of the same name
    for (let value = low; value <= high; value += 1) {
      at[place] = value;
      descend(level + 1, visit);
    }
    at[place] = before;
  }

  /** @type {Loop["stretches"]} */
  const stretches = (visit) => descend(0, visit);

  /** @type {Loop["each"]} */
  const each = (visit) =>
    stretches((low, high) => {
      const before = at[innermost];
      for (let value = low; value <= high; value += 1) {
        at[innermost] = value;
        if (!where || where()) visit();
      }
      at[innermost] = before;
    });

  return { stretches, each, innermost };
}
