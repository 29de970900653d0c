// Sums whose terms say for which element of the result they count.
//
// In ∂E/∂x_uv = Σ_ij ∂E/∂a_ij [u = iq + ⌊ω_ij/l⌋] [v = jq + ω_ij mod l] an array tells to which u and v
// each term belongs. Instead of being asked for every element, each term is asked once, and added
// where it belongs. An element gets its terms in the order of its sum.

import { buildLoop } from "./loops.js";
import { childrenOf, isSum } from "./nodes.js";
import { compiledTerm, sumOf } from "./sums.js";

/** @import { Binder, Node } from "./types.js" */
/** @import { Evaluate, Run } from "./run.js" */

/**
 * Visits the terms that count somewhere, with the free indices where they do; null if the formula is
 * no such sum.
 * @param {Run} run
 * @param {(node: Node) => Evaluate} compile
 * @param {Binder[]} free the indices of the result
 * @returns {((visit: (term: number) => void) => void) | null}
 */
export function buildScatter(run, compile, free) {
  const { formula, at } = run;
  const right = formula.links[formula.links.length - 1];
  if (!isSum(right) || formula.conditions.length) return null;
  const { binders, where, constraints, factors } = sumOf(run, right);
  if (where || binders.some(({ name }) => formula.free.includes(name))) return null;

  /** @type {Map<string, Node>} */
  const told = new Map(); // of an index what it equals
  /** @type {Node[]} */
  const others = [];
  for (const factor of factors) {
    const [name, node] = equationOf(factor, formula.free);
    if (node && !told.has(name)) told.set(name, node);
    else others.push(factor);
  }
  const known = [...told.values(), ...binders.flatMap(({ low, high }) => [low, high])];
  if (!told.size || known.some((node) => mentions(node, told))) return null;
  const slots = [...told.keys()].map((name) => run.slot(name));
  if (constraints.some(({ form }) => slots.some((slot) => form.slots.includes(slot)))) return null;

  const outer = free.filter(({ name }) => !told.has(name));
  const loop = { binders: [...outer, ...binders], where: null };
  const { each } = buildLoop(run, compile, loop, constraints);
  const values = [...told.values()].map(compile);
  const spans = [...told.keys()].map((name) => formula.spans[formula.free.indexOf(name)]);
  const term = compiledTerm(compile, others);
  return (visit) =>
    each(() => {
      for (let n = 0; n < slots.length; n += 1) {
        const value = values[n]();
        const [low, high] = spans[n];
        if (!(value >= low && value <= high && Number.isInteger(value))) return;
        at[slots[n]] = value;
      }
      visit(term());
    });
}

/**
 * A factor that says what a free index equals: its name, and that.
 * @param {Node} node
 * @param {string[]} free
 * @returns {[name: string, node: Node | null]}
 */
function equationOf(node, free) {
  if (node.op !== "compare" || node.relation !== "=") return ["", null];
  const { left, right } = node;
  if (left.op === "index" && free.includes(left.name)) return [left.name, right];
  if (right.op === "index" && free.includes(right.name)) return [right.name, left];
  return ["", null];
}

/**
 * @param {Node} node
 * @param {Map<string, unknown>} names of indices
 * @returns {boolean}
 */
const mentions = (node, names) =>
  (node.op === "index" && names.has(node.name)) ||
  childrenOf(node).some((child) => mentions(child, names));
