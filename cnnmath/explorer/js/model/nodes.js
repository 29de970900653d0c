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

/**
 * Whether an expression depends on an index.
 * @param {Node} node
 * @returns {boolean}
 */
export const hasIndex = (node) => node.op === "index" || childrenOf(node).some(hasIndex);
