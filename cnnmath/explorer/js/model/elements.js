// The elements of arrays that a node reads, for one element of the result.

import { childrenOf } from "./nodes.js";
import { placeOf, sizeOf } from "./places.js";

/** @import { ElementNode, Formula, Node, Read, ReadNode } from "./types.js" */
/** @import { Evaluator } from "./evaluate.js" */

/** @typedef {ReturnType<typeof createReader>} Reader */

/**
 * @param {Formula} formula
 * @param {Evaluator} evaluator
 */
export function createReader(formula, { run, value, loopOf }) {
  /** @param {string} name */
  const shapeOf = (name) => run.arrays[name]?.shape ?? [];

  /**
   * The node, if it is an element of an array: one with indices, or the one that a formula without
   * indices has reached.
   * @param {Node} node
   */
  function elementOf(node) {
    if (node.op === "element") return node;
    const reached = node.op === "read" && run.elementwise && sizeOf(shapeOf(node.name)) > 1;
    return reached ? node : null;
  }

  /**
   * @param {ElementNode | ReadNode} node
   * @returns {Read}
   */
  function read(node) {
    const { name } = node;
    const origin = formula.origin[name] ?? 0;
    const index =
      node.op === "element"
        ? node.index.map((one) => value(one) - origin)
        : placeOf(formula.shape, run.element);
    const inside = index.every((p, axis) => p >= 0 && p < shapeOf(name)[axis]);
    return { name, index, value: inside ? value(node) : 0, inside };
  }

  /**
   * @param {Node} node
   * @param {Read[]} found is added to
   */
  function collect(node, found) {
    const element = elementOf(node);
    if (element) found.push(read(element));
    if (node.op === "reduce") {
      loopOf(node).each(() => collect(node.body, found));
      return;
    }
    const children = node.op === "padded" ? [node.body] : childrenOf(node);
    for (const child of children) collect(child, found);
  }

  return { elementOf, read, collect };
}
