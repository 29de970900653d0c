// Index arithmetic of the form Σ c·i + d, such as 2i + s − 1, as affine.py has it; here sizes are
// numbers.

import { numberOf } from "./nodes.js";

/** @import { Formula, Node } from "./types.js" */

/**
 * The factor of each index, and what is left where all indices are 0.
 * @typedef {{ factors: Map<string, number>, rest: number }} Affine
 */

/**
 * An expression in terms of its indices; null if it is of another form, or reads an array.
 * @param {Formula} formula
 * @param {Node} node
 * @returns {Affine | null}
 */
export function affineOf(formula, node) {
  switch (node.op) {
    case "number":
      return alone(numberOf(node.value));
    case "read": {
      const size = formula.names.includes(node.name) ? undefined : formula.values[node.name];
      return size === undefined ? null : alone(size);
    }
    case "index":
      return { factors: new Map([[node.name, 1]]), rest: 0 };
    case "negative":
      return scaled(affineOf(formula, node.body), -1);
    case "add":
      return node.terms.map((term) => affineOf(formula, term)).reduce(total, alone(0));
    case "multiply":
      return node.factors.map((factor) => affineOf(formula, factor)).reduce(product, alone(1));
    default:
      return null;
  }
}

/** @param {number} rest @returns {Affine | null} */
const alone = (rest) => ({ factors: new Map(), rest });

/**
 * @param {Affine | null} affine
 * @param {number} factor
 * @returns {Affine | null}
 */
function scaled(affine, factor) {
  if (!affine) return null;
  /** @type {Affine["factors"]} */
  const factors = new Map();
  for (const [name, own] of affine.factors) factors.set(name, factor * own);
  return { factors, rest: factor * affine.rest };
}

/**
 * @param {Affine | null} one
 * @param {Affine | null} other
 * @returns {Affine | null}
 */
function total(one, other) {
  if (!one || !other) return null;
  const factors = new Map(one.factors);
  for (const [name, factor] of other.factors) factors.set(name, (factors.get(name) ?? 0) + factor);
  return { factors, rest: one.rest + other.rest };
}

/**
 * @param {Affine | null} one
 * @param {Affine | null} other
 * @returns {Affine | null}
 */
function product(one, other) {
  if (!one || !other) return null;
  if (!one.factors.size) return scaled(other, one.rest);
  return other.factors.size ? null : scaled(one, other.rest);
}
