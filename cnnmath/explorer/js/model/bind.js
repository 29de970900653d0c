// A formula, bound to the shapes of its arrays: what a figure asks of it.

import shared from "../../../shared.json" with { type: "json" };
import { createEvaluator } from "./evaluate.js";
import { createExpander } from "./expand.js";
import { flatIndex, placeOf, sizeOf } from "./places.js";
import { readersOf } from "./readers.js";

/** @import { Arrays, Expansion, Formula, Numbers, Place } from "./types.js" */

/** @typedef {ReturnType<typeof bindFormula>} BoundFormula */

/** @param {Formula} formula */
export function bindFormula(formula) {
  const evaluator = createEvaluator(formula);
  const expander = createExpander(formula, evaluator);
  const { run, goTo, overFree, root } = evaluator;

  /**
   * The whole result.
   * @param {Arrays} arrays
   * @returns {Numbers}
   */
  function all(arrays) {
    run.begin(arrays);
    const data = new Float64Array(sizeOf(formula.shape));
    // A left side such as x_{(i+s)(j+t)} may name one element several times.
    const named = evaluator.direct ? null : new Uint8Array(data.length);
    if (evaluator.scatter) {
      evaluator.scatter((flat, term) => {
        data[flat] += term;
      });
      return { shape: formula.shape, data };
    }
    overFree((flat) => {
      const value = root();
      if (named?.[flat] && Math.abs(data[flat] - value) > shared.same_value * Math.abs(value)) {
        const place = placeOf(formula.shape, flat).join(", ");
        throw new Error(
          `the formula gives ${formula.result}[${place}] two values, ${data[flat]} and ${value}`,
        );
      }
      if (named) named[flat] = 1;
      data[flat] = value;
    });
    return { shape: formula.shape, data };
  }

  /**
   * One element of it.
   * @param {Place} place
   * @param {Arrays} arrays
   */
  function element(place, arrays) {
    run.begin(arrays);
    return goTo(place) ? root() : 0;
  }

  /**
   * The same, as terms.
   * @param {Place} place
   * @param {Arrays} arrays
   * @returns {Expansion}
   */
  function expand(place, arrays) {
    run.begin(arrays);
    return expander(place);
  }

  /**
   * The places in the result that read any of these places of an array.
   * @param {string} name
   * @param {Place[]} places
   * @param {Arrays} arrays
   */
  function touched(name, places, arrays) {
    run.begin(arrays);
    const mask = new Uint8Array(sizeOf(arrays[name].shape));
    for (const place of places) mask[flatIndex(arrays[name].shape, place)] = 1;
    const watched = { name, mask, hit: false };
    const reached = new Uint8Array(sizeOf(formula.shape));
    run.watched = watched;
    try {
      for (const constraints of readersOf(run, name, places)) {
        overFree((flat) => {
          watched.hit = false;
          if (!reached[flat]) root();
          if (watched.hit) reached[flat] = 1;
        }, constraints);
      }
    } finally {
      run.watched = null;
    }
    /** @type {Place[]} */
    const found = [];
    reached.forEach((yes, flat) => {
      if (yes) found.push(placeOf(formula.shape, flat));
    });
    return found;
  }

  /**
   * What an element of the result reads from outside arrays.
   * @param {Place} place
   * @param {Arrays} arrays
   */
  function beyond(place, arrays) {
    run.begin(arrays);
    /** @type {[name: string, place: Place][]} */
    const found = [];
    if (!goTo(place)) return found;
    run.beyond = (name, index) => found.push([name, index]);
    try {
      root();
    } finally {
      run.beyond = null;
    }
    return found;
  }

  return { all, element, expand, touched, beyond };
}
