// The elements of arrays that a node reads, for one element of the result.

import { childrenOf } from "./nodes.js";
import { sizeOf } from "./places.js";

/** @import { Formula, Node, Place, Read, ReadNode } from "./types.js" */
/** @import { Evaluator } from "./evaluate.js" */

/** @typedef {ReturnType<typeof createReader>} Reader */

/**
 * @param {Formula} formula
 * @param {Evaluator} evaluator
 */
export function createReader(formula, evaluator) {
  /** @param {string} name */
  const shapeOf = (name) => evaluator.arrays[name]?.shape ?? [];

  /**
   * Whether an element of an array is read: with indices, or the one that a formula without
   * indices has reached.
   * @param {ReadNode} node
   */
  function isElement(node) {
    return node.index.length > 0 || (evaluator.elementwise && sizeOf(shapeOf(node.name)) > 1);
  }

  /**
   * @param {ReadNode} node
   * @param {Place} place of the result
   * @returns {Read}
   */
  function read(node, place) {
    const { name } = node;
    const origin = formula.origin[name] ?? 0;
    const index = node.index.length
      ? node.index.map((one) => evaluator.value(one) - origin)
      : place;
    const inside = index.every((p, axis) => p >= 0 && p < shapeOf(name)[axis]);
    return { name, index, value: evaluator.value(node), inside };
  }

  /**
   * @param {Node} node
   * @param {Place} place of the result
   * @param {Read[]} found is added to
   */
  function collect(node, place, found) {
    if (node.op === "read" && isElement(node)) found.push(read(node, place));
    if (node.op === "reduce") {
      evaluator.loopOf(node).each(() => collect(node.body, place, found));
      return;
    }
    for (const child of childrenOf(node)) collect(child, place, found);
  }

  return { isElement, read, collect };
}
