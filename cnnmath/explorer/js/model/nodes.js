// Kinds of nodes in a syntax tree.

/** @import { CompareNode, LogicNode, Node, ReduceNode } from "./types.js" */

/**
 * @param {Node} node
 * @returns {node is CompareNode | LogicNode}
 */
export const isCondition = (node) => node.op === "compare" || node.op === "logic";

/**
 * @param {Node} node
 * @returns {node is ReduceNode}
 */
export const isSum = (node) => node.op === "reduce" && node.operation === "sum";

/**
 * A number as JSON holds it, which has no infinity.
 * @param {number | string} value
 */
export const numberOf = (value) => Number(String(value).replace("inf", "Infinity"));

/** @type {Node} */
export const ONE = { op: "number", value: 1 };

/** @type {Node} */
export const ZERO = { op: "number", value: 0 };

/**
 * @param {Node} node
 * @returns {Node[]}
 */
export const childrenOf = (node) =>
  Object.values(node)
    .flat(2)
    .filter((child) => child && typeof child === "object" && child.op);
