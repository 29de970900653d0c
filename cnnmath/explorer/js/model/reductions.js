// Products and extremes over indices, as compiled nodes.

/** @import { ReduceNode } from "./types.js" */
/** @import { Loop } from "./loops.js" */
/** @import { Evaluate, Run } from "./run.js" */

/**
 * @param {Run} run
 * @param {Loop} loop
 * @param {Evaluate} body
 * @param {ReduceNode} node
 * @returns {Evaluate}
 */
export function buildReduction(run, loop, body, node) {
  if (node.operation === "prod") {
    return () => {
      let product = 1;
      loop.each(() => {
        product *= body();
      });
      return product;
    };
  }
  return buildExtreme(run, loop, body, node);
}

/**
 * @param {Run} run
 * @param {Loop} loop
 * @param {Evaluate} body
 * @param {ReduceNode} node
 * @returns {Evaluate}
 */
function buildExtreme(run, { each }, body, node) {
  const largest = node.operation.endsWith("max");
  const attained = node.operation.startsWith("arg");
  const lone = node.binders.length === 1 ? run.slot(node.binders[0].name) : -1;
  return () => {
    let best = largest ? -Infinity : Infinity;
    /** @type {number | null} */
    let place = null;
    let number = 0;
    each(() => {
      const value = body();
      const here = lone >= 0 ? run.at[lone] : number;
      number += 1;
      place ??= here; // if nothing is larger than what loses, the first
      if (Number.isNaN(best)) return;
      // The first of equals wins; NaN, which is neither more nor less, wins over all.
      if (Number.isNaN(value) || (largest ? value > best : value < best)) {
        best = value;
        place = here;
      }
    });
    if (!attained) return best;
    if (place === null) throw new Error("an arg max was taken over no values at all");
    return place;
  };
}
