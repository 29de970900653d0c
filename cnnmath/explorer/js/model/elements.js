// The elements of arrays that a node reads, for one element of the result.

import { childrenOf } from "./nodes.js";

/** @import { ElementNode, Formula, Node, Read } from "./types.js" */
/** @import { Evaluator } from "./evaluate.js" */

/** @typedef {ReturnType<typeof createReader>} Reader */

/**
 * @param {Formula} formula
 * @param {Evaluator} evaluator
 */
export function createReader(formula, { run, value, loopOf }) {
  /**
   * @param {ElementNode} node
   * @returns {Read}
   */
  function read(node) {
    const { name } = node;
    const origin = formula.origin[name] ?? 0;
    const { shape } = run.arrays[name];
    const index = node.index.map((one) => value(one) - origin);
    const inside = index.every((p, axis) => p >= 0 && p < shape[axis]);
    return { name, index, value: inside ? value(node) : 0, inside };
  }

  /**
   * @param {Node} node
   * @param {Read[]} found is added to
   */
  function collect(node, found) {
    if (node.op === "element") found.push(read(node));
    if (node.op === "reduce") {
      loopOf(node).each(() => collect(node.body, found));
      return;
    }
    const children = node.op === "padded" ? [node.body] : childrenOf(node);
    for (const child of children) collect(child, found);
  }

  return { read, collect };
}
