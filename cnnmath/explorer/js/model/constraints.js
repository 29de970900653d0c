// What indices have to keep to: affine forms of them that lie between two whole numbers.
//
// Where a condition such as [0 ≤ u − iq < l] fails, a term of a sum is 0; where an element lies outside
// its array, it is 0 as well. A loop that knows this goes only where both hold.

import { formOf } from "./forms.js";

/** @import { CompareNode, ElementNode, Node } from "./types.js" */
/** @import { Form } from "./forms.js" */
/** @import { Run } from "./run.js" */

/**
 * `low ≤ form ≤ high`; with an array's name, `high` is the last index along an axis of it, which is
 * known when the formula runs.
 * @typedef {{ form: Form, low: number, high: number, array: string, axis: number }} Constraint
 */

/** @type {Record<string, [low: number, high: number]>} of left − right, which is whole */
const ENDS = {
  "=": [0, 0],
  "<": [-Infinity, -1],
  "<=": [-Infinity, 0],
  ">": [1, Infinity],
  ">=": [0, Infinity],
};

/**
 * A condition as constraints that hold if and only if it does; null if it is of another kind.
 * @param {Run} run
 * @param {Node} node
 * @returns {Constraint[] | null}
 */
export function constraintsOf(run, node) {
  if (node.op === "compare") return ofComparison(run, node);
  if (node.op !== "logic" || node.operation !== "and") return null;
  const found = node.parts.map((part) => constraintsOf(run, part));
  return found.includes(null) ? null : found.flatMap((part) => part ?? []);
}

/**
 * @param {Run} run
 * @param {CompareNode} node
 * @returns {Constraint[] | null}
 */
function ofComparison(run, { left, right, relation }) {
  const ends = ENDS[relation];
  const form = formOf(run, { op: "add", terms: [left, { op: "negative", body: right }] });
  if (!ends || !form) return null;
  const [low, high] = ends;
  return [{ form, low, high, array: "", axis: 0 }];
}

/**
 * That an element lies inside its array; null if its indices are not affine.
 * @param {Run} run
 * @param {ElementNode} node
 * @returns {Constraint[] | null}
 */
export function insideOf(run, { name, index }) {
  /** @type {Constraint[]} */
  const found = [];
  for (const [axis, one] of index.entries()) {
    const form = formOf(run, one, run.formula.origin[name] ?? 0);
    if (!form) return null;
    found.push({ form, low: 0, high: 0, array: name, axis });
  }
  return found;
}
