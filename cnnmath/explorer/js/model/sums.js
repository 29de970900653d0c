// Sums over indices, as compiled nodes.

import { constraintsOf } from "./constraints.js";
import { buildLoop } from "./loops.js";
import { isCondition, isSum } from "./nodes.js";
import { buildSumOfProducts } from "./products.js";

/** @import { Binder, Node, ReduceNode } from "./types.js" */
/** @import { Constraint } from "./constraints.js" */
/** @import { Evaluate, Run } from "./run.js" */

/**
 * A sum: its indices, with those of the sums that are all of its body; what the indices keep to where
 * a term is not 0; and the other factors of a term.
 * @typedef {{ binders: Binder[], where: Node | null, constraints: Constraint[], factors: Node[] }} Sum
 */

/**
 * @param {Run} run
 * @param {ReduceNode} node
 * @returns {Sum}
 */
export function sumOf(run, node) {
  const binders = [...node.binders];
  let { where, body } = node;
  while (!where && isSum(body)) {
    binders.push(...body.binders);
    ({ where, body } = body);
  }
  /** @type {Constraint[]} */
  const constraints = [];
  /** @type {Node[]} */
  const factors = [];
  for (const factor of body.op === "multiply" ? body.factors : [body]) {
    const found = isCondition(factor) ? constraintsOf(run, factor) : null;
    if (found) constraints.push(...found);
    else factors.push(factor);
  }
  return { binders, where, constraints, factors };
}

/**
 * A term with these factors.
 * @param {(node: Node) => Evaluate} compile
 * @param {Node[]} factors
 */
export const compiledTerm = (compile, factors) =>
  compile(factors.length === 1 ? factors[0] : { op: "multiply", factors });

/**
 * @param {Run} run
 * @param {(node: Node) => Evaluate} compile
 * @param {ReduceNode} node
 * @returns {Evaluate}
 */
export function buildSum(run, compile, node) {
  const sum = sumOf(run, node);
  const { binders, where, constraints, factors } = sum;
  const { each } = buildLoop(run, compile, sum, constraints);
  const fast = where ? null : buildSumOfProducts(run, compile, binders, factors, constraints);
  const term = compiledTerm(compile, factors);
  const slow = () => {
    let total = 0;
    each(() => {
      total += term();
    });
    return total;
  };
  return () => (fast && !run.beyond ? fast() : slow());
}
