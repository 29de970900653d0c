// Which arrays of a figure are gradients, of what, and the same gradients by finite differences.

import { ROUNDING, STEP, staysKink } from "./difference.js";
import { flatIndex, samePlace } from "./places.js";

/** @import { Known, Step } from "./model.js" */
/** @import { Place } from "./types.js" */

const GRADIENT = /^d(.+?)_d(.+)$/;

/** @param {string} name */
export const isGradient = (name) => name === "delta" || GRADIENT.test(name);

/**
 * @param {object} figure
 * @param {Step[]} figure.formulas
 * @param {string[]} figure.order all arrays, in the order in which data flows
 * @param {string[]} figure.given the names of those that no formula gives
 * @param {() => Known} figure.arrays as they are now
 */
export function createGradients({ formulas, order, given, arrays }) {
  const atFirst = arrays();
  /**
   * Whether there are two arrays of these names, of one shape.
   * @param {string} a
   * @param {string} b
   */
  const alike = (a, b) =>
    a in atFirst && b in atFirst && samePlace(atFirst[a].shape, atFirst[b].shape);
  /** @param {string} key */
  const producing = (key) => formulas.find((one) => one.key === key);
  const forward = formulas.filter(
    ({ key, formula }) => key === formula.result && !isGradient(formula.result),
  );
  /** @param {string} name */
  const readers = (name) => forward.filter(({ formula }) => formula.names.includes(name));

  // Of x is dE_dx; δ is that of the output.
  /** @type {Map<string, string>} */
  const targets = new Map();
  for (const name of order) {
    const [, , target] = GRADIENT.exec(name) ?? [];
    if (target && alike(name, target)) targets.set(name, target);
  }
  const output = targetOfDelta();
  if (output) targets.set("delta", output);

  // What δ is calculated from, or what the formulas that read it go back through, tells.
  function targetOfDelta() {
    const sources = producing("delta")?.formula.names ?? [];
    const passed = formulas
      .filter(({ formula }) => formula.names.includes("delta"))
      .flatMap(({ formula }) => readers(targets.get(formula.result) ?? ""));
    const candidates = [
      ...sources.map((name) => targets.get(name)),
      ...[...passed, ...forward.toReversed()].map(({ key }) => key),
    ];
    return candidates.find((name) => name && alike(name, "delta"));
  }

  /** @param {string} name */
  const gradientsOf = (name) => [...targets.keys()].filter((one) => targets.get(one) === name);

  /**
   * The formulas through which a change of `name` reaches the error, and of each whether the way
   * ends there: at the error itself, at a gradient that is given, else at one that is calculated.
   * @param {string} name
   * @param {string | undefined} error
   */
  function waysToError(name, error) {
    /** @type {Map<Step, boolean>} */
    const ways = new Map();
    for (const one of readers(name)) {
      const arriving = gradientsOf(one.key);
      const deeper = waysToError(one.key, error);
      if (one.key === error || arriving.some((gradient) => given.includes(gradient))) {
        ways.set(one, true);
      } else if (deeper.size) {
        ways.set(one, false);
        for (const [further, ends] of deeper) ways.set(further, ends);
      } else if (arriving.length) ways.set(one, true);
    }
    return ways;
  }

  /**
   * Of dE_dx: what x moves on its way to the error. Null if the figure does not hold all of it.
   * @param {string} key
   */
  function wayOf(key) {
    const own = producing(key)?.formula.result ?? "";
    const variable = targets.get(own);
    if (!variable) return null;
    const [, error] = GRADIENT.exec(own) ?? [];
    const ways = waysToError(variable, error);
    const through = [...ways.keys()].map((one) => one.key);
    return ways.size ? { variable, error, ways, through } : null;
  }

  /**
   * For an element of dE_dx: how fast the error grows as that element of x moves, through all
   * formulas of the figure between the two, and the results on the way. Null if the figure does
   * not hold what that takes.
   * @param {string} key
   * @param {Place} place
   */
  function finiteDifference(key, place) {
    const way = wayOf(key);
    if (!way) return null;
    const { variable, error, ways, through } = way;
    const now = arrays();
    const { shape, data } = now[variable];
    const flat = flatIndex(shape, place);
    const step = STEP * Math.max(1, Math.abs(data[flat]));
    /** @param {number} change */
    const moved = (change) => {
      /** @type {Known} */
      const all = { ...now, [variable]: { shape, data: data.slice() } };
      all[variable].data[flat] += change;
      /** @type {Map<string, Float64Array>} */
      const ends = new Map();
      for (const one of formulas) {
        const ending = ways.get(one);
        if (ending === undefined) continue;
        if (ending) ends.set(one.key, one.all(all).data);
        else all[one.key] = one.all(all);
      }
      return { ends, all };
    };
    /** @param {string} name */
    const weightsOf = (name) => {
      const arriving = gradientsOf(name);
      const gradient = arriving.find((one) => given.includes(one)) ?? arriving[0];
      return name === error ? [1] : now[gradient].data;
    };
    const size = () => {
      let sum = 0;
      for (const [{ key: name }, ends] of ways) {
        const weights = ends ? weightsOf(name) : [];
        weights.forEach((weight, n) => {
          sum += Math.abs(weight * now[name].data[n]);
        });
      }
      return sum;
    };
    /** @type {Map<number, Known>} */
    const passed = new Map(); // what is on the way, after each change
    /** @param {number} change */
    const slope = (change) => {
      let grown = 0;
      const { ends, all } = moved(change);
      passed.set(change, all);
      for (const [name, values] of ends) {
        const weights = weightsOf(name);
        values.forEach((value, n) => {
          if (value !== now[name].data[n]) grown += weights[n] * (value - now[name].data[n]);
        });
      }
      return grown / change;
    };
    /** @type {(h: number) => [number, number]} */
    const around = (h) => [slope(-h), slope(h)];
    const [sides, closer] = [around(step), around(step / 2)];
    const [quotient, finer] = [sides, closer].map(([left, right]) => (left + right) / 2);
    // Kinks on the way may cancel in the error, as those of max(0, x) − max(0, −x) do.
    const crosses = () =>
      [...ways]
        .filter(([, ends]) => !ends)
        .some(([{ key: on }]) =>
          now[on].data.some((value, n) => {
            /** @param {number} h @returns {[number, number]} */
            const both = (h) => {
              const [less, more] = [-h, h].map(
                (change) => passed.get(change)?.[on].data[n] ?? value,
              );
              return [(value - less) / h, (more - value) / h];
            };
            return staysKink(both(step), both(step / 2), (ROUNDING * Math.abs(value)) / step);
          }),
        );
    // How far it may be from the truth: by the rounding of what it subtracts, and by its step.
    const rounding = (ROUNDING * size()) / step;
    return {
      slope: quotient,
      uncertain: Math.abs(quotient - finer) + rounding,
      sides,
      kink: staysKink(sides, closer, rounding),
      crosses,
      through,
    };
  }

  /** @param {string} name */
  const targetOf = (name) => targets.get(name);

  /** @param {string} key */
  const throughOf = (key) => wayOf(key)?.through;

  /**
   * The number of the figure that a gradient is one of; null if it has none.
   * @param {string} name
   */
  function errorOf(name) {
    const [, error] = GRADIENT.exec(name) ?? [];
    return error && producing(error) && !atFirst[error].shape.length ? error : null;
  }

  return { targetOf, gradientsOf, errorOf, throughOf, finiteDifference };
}
