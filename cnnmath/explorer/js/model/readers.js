// Which elements of a result may read some elements of an array, as far as index arithmetic tells.

import { formOf, reachOf } from "./forms.js";
import { childrenOf } from "./nodes.js";

/** @import { Node, Place } from "./types.js" */
/** @import { Constraint } from "./constraints.js" */
/** @import { Run } from "./run.js" */

/**
 * For each place of the formula where the array stands: what the free indices keep to if one of these
 * elements is read there.
 * @param {Run} run
 * @param {string} name of the array
 * @param {Place[]} places
 * @returns {Constraint[][]}
 */
export function readersOf(run, name, places) {
  const { links, origin } = run.formula;
  /** @type {[number, number][]} */
  const box = places[0].map((_, axis) => {
    const along = places.map((place) => place[axis]);
    return [Math.min(...along), Math.max(...along)];
  });
  /** @type {Constraint[][]} */
  const found = [];

  /**
   * @param {Node} node
   * @param {Set<number>} bound the slots of the indices of the sums around it
   */
  function look(node, bound) {
    if (node.op === "element" && node.name === name) {
      found.push(node.index.flatMap((one, axis) => constrained(one, bound, box[axis])));
    }
    if (node.op === "read" && node.name === name) found.push([]);
    const binders = node.op === "reduce" ? node.binders : [];
    const within = new Set([...bound, ...binders.map((binder) => run.slot(binder.name))]);
    const children = [...childrenOf(node), ...binders.flatMap(({ low, high }) => [low, high])];
    for (const child of children) look(child, within);
  }

  /**
   * @param {Node} index
   * @param {Set<number>} bound
   * @param {[number, number]} ends between which it lies
   * @returns {Constraint[]}
   */
  function constrained(index, bound, [low, high]) {
    const form = formOf(run, index, origin[name] ?? 0);
    if (!form) return [];
    /** @param {boolean} isBound */
    const part = (isBound) => {
      const kept = form.slots.flatMap((slot, n) => (bound.has(slot) === isBound ? [n] : []));
      return { slots: kept.map((n) => form.slots[n]), factors: kept.map((n) => form.factors[n]) };
    };
    const [least, most] = reachOf({ constant: 0, ...part(true) }, run.ranges);
    const free = { constant: form.constant, ...part(false) };
    return [{ form: free, low: low - most, high: high - least, array: "", axis: 0 }];
  }

  look(links[links.length - 1], new Set());
  return found;
}
