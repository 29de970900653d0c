// Every node of a syntax tree, compiled once into a function without arguments.

import { compiledForm, formOf } from "./forms.js";
import { FUNCTIONS, power, RELATIONS } from "./functions.js";
import { buildLoop } from "./loops.js";
import { remembered, repeatedIn } from "./memo.js";
import { isCondition, numberOf } from "./nodes.js";
import { buildElement, buildInside, buildNumber } from "./reads.js";
import { buildReduction } from "./reductions.js";
import { buildSum } from "./sums.js";

/** @import { CallNode, CasesNode, MultiplyNode, Node, ReduceNode } from "./types.js" */
/** @import { Loop } from "./loops.js" */
/** @import { Evaluate, Run } from "./run.js" */

/** @param {Run} run */
export function createCompiler(run) {
  const { links, free } = run.formula;
  const repeated = new Set(links.flatMap((link) => repeatedIn(link, free)));
  /** @type {Map<Node, Evaluate>} */
  const compiled = new Map();
  /** @param {Node} node @returns {Evaluate} */
  function compile(node) {
    let found = compiled.get(node);
    if (!found) {
      found = build(node);
      compiled.set(node, found);
    }
    return found;
  }

  /** @type {Map<ReduceNode, Loop>} */
  const loops = new Map();
  /** @param {ReduceNode} node @returns {Loop} */
  function loopOf(node) {
    let found = loops.get(node);
    if (!found) {
      found = buildLoop(run, compile, node);
      loops.set(node, found);
    }
    return found;
  }

  /** @param {Node} node @returns {Evaluate} */
  function build(node) {
    const form = formOf(run, node);
    if (form) return compiledForm(form, run.at);
    switch (node.op) {
      case "number": {
        const value = numberOf(node.value);
        return () => value;
      }
      case "read":
        return buildNumber(run, node.name);
      case "element":
        return buildElement(run, node, node.index.map(compile));
      case "inside":
        return buildInside(run, node.element, node.element.index.map(compile));
      case "padded": {
        const [inside, body] = [compile(node.inside), compile(node.body)];
        const outside = numberOf(node.outside);
        return () => (inside() ? body() : outside);
      }
      case "extent":
        return () => run.arrays[node.name].shape[node.axis];
      case "add":
        return buildAddition(node.terms.map(compile));
      case "negative": {
        const body = compile(node.body);
        return () => -body();
      }
      case "multiply":
        return buildProduct(node);
      case "divide": {
        const [above, below] = [compile(node.above), compile(node.below)];
        return () => above() / below();
      }
      case "power": {
        const [base, exponent] = [compile(node.base), compile(node.exponent)];
        return () => power(base(), exponent());
      }
      case "call":
        return buildCall(node);
      case "apply": {
        // What Python's functions do stays in Python; a number before a bracket is a factor.
        const [number, argument] = [buildNumber(run, node.name), compile(node.arguments[0])];
        return () => number() * argument();
      }
      case "compare": {
        const [left, right] = [compile(node.left), compile(node.right)];
        const holds = RELATIONS[node.relation];
        return () => (holds(left(), right()) ? 1 : 0);
      }
      case "logic": {
        const parts = node.parts.map(compile);
        return node.operation === "and"
          ? () => (parts.every((part) => part()) ? 1 : 0)
          : () => (parts.some((part) => part()) ? 1 : 0);
      }
      case "cases":
        return buildCases(node);
      case "reduce": {
        const found =
          node.operation === "sum"
            ? buildSum(run, compile, node)
            : buildReduction(run, loopOf(node), compile(node.body), node);
        return repeated.has(node) ? remembered(run, node, found) : found;
      }
      default:
        throw new Error(`the figure cannot evaluate ${/** @type {Node} */ (node).op}`);
    }
  }

  /** @param {Evaluate[]} parts @returns {Evaluate} */
  function buildAddition(parts) {
    if (parts.length === 2) {
      const [first, second] = parts;
      return () => first() + second();
    }
    return () => {
      let sum = 0;
      for (const part of parts) sum += part();
      return sum;
    };
  }

  /**
   * A condition that does not hold makes a product 0, whatever its other factors may be.
   * @param {MultiplyNode} node
   * @returns {Evaluate}
   */
  function buildProduct(node) {
    const conditions = node.factors.filter(isCondition).map(compile);
    const others = node.factors.filter((factor) => !isCondition(factor)).map(compile);
    if (!conditions.length && others.length === 2) {
      const [first, second] = others;
      return () => first() * second();
    }
    return () => {
      for (const condition of conditions) if (!condition()) return 0;
      let product = 1;
      for (const other of others) product *= other();
      return product;
    };
  }

  /** @param {CasesNode} node @returns {Evaluate} */
  function buildCases(node) {
    const rows = node.rows.map(([condition, value]) => [compile(condition), compile(value)]);
    const otherwise = node.otherwise ? compile(node.otherwise) : noCase;
    return () => {
      for (const [condition, value] of rows) if (condition()) return value();
      return otherwise();
    };
  }

  /** @param {CallNode} node @returns {Evaluate} */
  function buildCall(node) {
    const values = node.arguments.map(compile);
    if (node.function === "max" || node.function === "min") {
      return buildExtreme(node.function === "max", values);
    }
    const apply = FUNCTIONS[node.function];
    if (!apply) throw new Error(`the figure does not know the function ${node.function}`);
    if (values.length === 1) {
      const [only] = values;
      return () => apply(only());
    }
    return () => apply(...values.map((value) => value()));
  }

  /**
   * The largest or smallest of some values.
   * @param {boolean} largest
   * @param {Evaluate[]} values
   * @returns {Evaluate}
   */
  function buildExtreme(largest, values) {
    return () => {
      let best = largest ? -Infinity : Infinity;
      for (const argument of values) {
        const value = argument();
        if ((largest ? value > best : value < best) || Number.isNaN(value)) best = value;
      }
      return best;
    };
  }

  return { compile, loopOf };
}

/** @returns {never} */
function noCase() {
  throw new Error("there is an element for which no case of the formula holds");
}
