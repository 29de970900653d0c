// One element of a result, written out as terms, as expand.py does.

import { createReader } from "./elements.js";
import { isCondition, isSum, ONE, ZERO } from "./nodes.js";
import { createSpeller } from "./spell.js";

/** @import { Expansion, Factor, Formula, Node, Place, Read, ReduceNode, Term } from "./types.js" */
/** @import { Evaluator } from "./evaluate.js" */

/**
 * Writes out elements of a result; the evaluator holds the arrays.
 * @param {Formula} formula
 * @param {Evaluator} evaluator
 * @returns {(place: Place) => Expansion}
 */
export function createExpander(formula, evaluator) {
  const { loopOf, right, root, run, value } = evaluator;
  const reader = createReader(formula, evaluator);
  const spell = createSpeller(evaluator, reader);

  /** @param {Place} place @returns {Expansion} */
  function expand(place) {
    if (!evaluator.goTo(place)) return { operation: "sum", terms: [], total: 0, at: {} };
    const at = valuesOf(formula.free);
    /** @type {Term[]} */
    const terms = [];
    let operation = "sum";
    if (right.op === "reduce" && ["max", "min", "prod"].includes(right.operation)) {
      ({ operation } = right);
      loopOf(right).each(() => compete(right.body, valuesOf(indicesOf(right)), terms));
    } else if (right.op === "call" && (right.function === "max" || right.function === "min")) {
      operation = right.function;
      for (const argument of right.arguments) compete(argument, {}, terms);
    } else {
      collect(right, [], false, {}, terms);
    }
    return { operation, terms, total: root(), at };
  }

  /**
   * The values of indices, as they are now.
   * @param {string[]} names
   * @returns {Record<string, number>}
   */
  const valuesOf = (names) =>
    Object.fromEntries(names.map((name) => [name, run.at[run.slot(name)]]));
  /** @param {ReduceNode} node */
  const indicesOf = ({ binders }) => binders.map(({ name }) => name);

  /**
   * One of the values that take part in a maximum: what loses, as it reads outside, does not.
   * @param {Node} node
   * @param {Term["at"]} at
   * @param {Term[]} terms are added to
   */
  function compete(node, at, terms) {
    if (node.op === "element" && !reader.read(node).inside) return;
    if (node.op === "padded" && !value(node.inside)) return;
    terms.push(term([node.op === "padded" ? node.body : node], false, at));
  }

  /**
   * The terms of a sum, with the factors in front of it multiplied into each.
   * @param {Node} node
   * @param {Node[]} prefix
   * @param {boolean} minus
   * @param {Term["at"]} at the indices of the sums around
   * @param {Term[]} terms are added to
   */
  function collect(node, prefix, minus, at, terms) {
    /** @param {Node[]} nodes */
    const add = (nodes) => terms.push(term(nodes, minus, at));
    if (node.op === "add") {
      for (const part of node.terms) collect(part, prefix, minus, at, terms);
    } else if (node.op === "negative") {
      collect(node.body, prefix, !minus, at, terms);
    } else if (isSum(node)) {
      /** @type {Term[]} */
      const found = [];
      const names = indicesOf(node);
      loopOf(node).each(() =>
        collect(node.body, prefix, minus, { ...at, ...valuesOf(names) }, found),
      );
      terms.push(...(isEndless(node) ? found.filter(isInside) : found));
    } else if (node.op === "multiply") {
      if (!node.factors.filter(isCondition).every(value)) return;
      const others = node.factors.filter((factor) => !isCondition(factor));
      const sums = others.filter(isSum);
      if (sums.length === 1 && !prefix.some(isSum)) {
        const rest = others.filter((factor) => factor !== sums[0]);
        collect(sums[0], [...prefix, ...rest], minus, at, terms);
      } else {
        add([...prefix, ...others]);
      }
    } else if (node.op === "divide" && isSum(node.above)) {
      collect(node.above, [...prefix, reciprocal(node.below)], minus, at, terms);
    } else if (isCondition(node)) {
      if (value(node)) add([...prefix, ONE]);
    } else {
      add([...prefix, node]);
    }
  }

  /**
   * Of an endless sum nobody wants to see the terms beyond the arrays.
   * @param {ReduceNode} node
   */
  const isEndless = ({ binders }) => binders.some(({ name }) => name in formula.support);
  /** @param {Term} term */
  const isInside = ({ factors }) => factors.every(({ inside }) => inside);

  // One node for each denominator, since nodes are compiled once.
  /** @type {Map<Node, Node>} */
  const reciprocals = new Map();
  /** @param {Node} below */
  function reciprocal(below) {
    /** @type {Node} */
    const found = reciprocals.get(below) ?? { op: "divide", above: ONE, below };
    reciprocals.set(below, found);
    return found;
  }

  /**
   * @param {Node[]} nodes
   * @param {boolean} minus
   * @param {Term["at"]} at
   * @returns {Term}
   */
  function term(nodes, minus, at) {
    const lone = nodes.length === 1 && nodes[0].op === "negative" ? nodes[0] : null;
    const negative = lone ? !minus : minus;
    const flat = (lone ? [lone.body] : nodes).flatMap((node) => {
      if (node.op !== "multiply") return [node];
      // Where a condition fails there may be nothing to read.
      return node.factors.filter(isCondition).every(value) ? node.factors : [ZERO];
    });
    const factors = flat.map(factor);
    const product = factors.reduce((soFar, { value: number }) => soFar * number, 1);
    return { factors, negative, value: negative ? -product : product, at };
  }

  /**
   * @param {Node} node
   * @returns {Factor}
   */
  function factor(node) {
    if (node.op === "element") {
      const own = reader.read(node);
      return { ...own, reads: [], parts: [own] };
    }
    /** @type {Read[]} */
    const reads = [];
    reader.collect(node, reads);
    const name = node.op === "read" ? node.name : "";
    return { name, index: [], value: value(node), inside: true, reads, parts: spell(node) };
  }

  return expand;
}
