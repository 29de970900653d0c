// Ways through several formulas: what a number touches, and what an element is made of.

import { isGradient } from "./gradients.js";
import { samePlace } from "./places.js";

/** @import { Known, Step } from "./model.js" */
/** @import { Cell, Expansion, Place, Read, Term } from "./types.js" */

const FEW_ELEMENTS = 100; // so many are followed to what they are made of

/**
 * Some elements of one array.
 * @typedef {{ key: string, places: Place[] }} Reached
 */

/**
 * The elements that terms read: the factors that have a name, and what stands in expressions.
 * @param {Term[]} terms
 * @returns {Read[]}
 */
export const readsOf = (terms) =>
  terms
    .flatMap(({ factors }) => factors)
    .flatMap((factor) => (factor.name ? [factor, ...factor.reads] : factor.reads));

/**
 * @param {object} figure
 * @param {Step[]} figure.formulas
 * @param {() => Known} figure.arrays as they are now
 * @param {(key: string, place: Place) => Expansion} figure.expand
 */
export function createWays({ formulas, arrays, expand }) {
  /**
   * The elements of results that read some elements of what is called `name`.
   * @param {string} name
   * @param {Place[]} places
   * @returns {Reached[]}
   */
  const touched = (name, places, ones = formulas) =>
    ones
      .filter((one) => one.formula.names.includes(name))
      .map((one) => ({ key: one.key, places: one.touched(name, places, arrays()) }));

  /**
   * What is reached beyond those: from values on to values, from gradients on to gradients.
   * @param {string} name
   * @param {Reached[]} reached
   * @returns {Reached[]}
   */
  function touchedBeyond(name, reached) {
    const kind = formulas.filter(({ formula }) => isGradient(formula.result) === isGradient(name));
    /** @type {Map<string, Place[]>} */
    const found = new Map();
    /** @param {Reached} here */
    const follow = ({ key, places }) => {
      for (const next of places.length ? touched(key, places, kind) : []) {
        const known = found.get(next.key) ?? [];
        const fresh = next.places.filter((place) => !known.some((one) => samePlace(one, place)));
        if (!fresh.length) continue;
        found.set(next.key, [...known, ...fresh]);
        follow({ key: next.key, places: fresh });
      }
    };
    for (const { key, places } of reached) {
      if (isGradient(key) === isGradient(name)) follow({ key, places });
    }
    return [...found].map(([key, places]) => ({ key, places }));
  }

  /**
   * And backwards: what the elements are made of that an expansion reads, if they are few; only of
   * what wins, or of all that might.
   * @param {string} key of the result that was expanded
   * @param {Expansion} expansion
   * @param {{ losers?: boolean }} [options]
   */
  function madeOf(key, expansion, { losers = false } = {}) {
    /** @type {Map<string, Cell>} */
    const found = new Map();
    const results = new Set(formulas.map((one) => one.key));
    let front = [expansion];
    while (front.length && front.length <= FEW_ELEMENTS) {
      /** @type {Map<string, Cell>} */
      const next = new Map();
      for (const { terms, winner } of front) {
        for (const { name, index, inside } of readsOf(winner && !losers ? [winner] : terms)) {
          const id = `${name} ${index}`;
          if (!inside || found.has(id) || isGradient(name) !== isGradient(key)) continue;
          const cell = { key: name, place: index };
          found.set(id, cell);
          if (results.has(name)) next.set(id, cell);
        }
      }
      front = [...next.values()].map(({ key: name, place }) => expand(name, place));
    }
    return [...found.values()];
  }

  return { touched, touchedBeyond, madeOf };
}
