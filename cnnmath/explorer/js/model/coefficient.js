// By what an element is multiplied in a result.

/** @import { Expansion, Place, Read } from "./types.js" */

/**
 * The other factors of the terms in which it is a factor of its own: one of them with its name, or
 * the sum of their products. Null if it is none, as inside a function.
 * @param {Expansion} expansion of the result
 * @param {(read: Read) => boolean} isOwn tells the element
 * @returns {{ value: number, name: string, index: Place } | null}
 */
export function coefficientOf({ terms }, isOwn) {
  const others = [];
  for (const { factors, negative } of terms) {
    const own = factors.find(isOwn);
    if (own) others.push({ negative, factors: factors.filter((factor) => factor !== own) });
  }
  if (!others.length) return null;
  const [{ factors, negative }] = others;
  if (others.length === 1 && factors.length === 1 && !negative) return factors[0];
  const value = others.reduce((sum, term) => {
    const product = term.factors.reduce(
      (soFar, factor) => soFar * factor.value,
      term.negative ? -1 : 1,
    );
    return sum + product;
  }, 0);
  return { value, name: "", index: [] };
}
