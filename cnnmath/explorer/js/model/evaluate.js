// The mathematics of the live figure: evaluates the syntax tree of a Formula, as evaluate.py does.
//
// `createEvaluator` takes a formula as figure_json.py gives it. Its nodes are compiled once (compile.js);
// what they share while one element is evaluated stands in a Run. Here the elements of the result
// are gone through, and the questions answered that expand.js and bind.js ask.

import { createCompiler } from "./compile.js";
import { flatIndex } from "./places.js";
import { Run } from "./run.js";

/** @import { Formula, Node, Place } from "./types.js" */

/** @typedef {ReturnType<typeof createEvaluator>} Evaluator */

/** @param {Formula} formula */
export function createEvaluator(formula) {
  const run = new Run(formula);
  const { at } = run;
  const { compile, loopOf } = createCompiler(run);

  const right = formula.links[formula.links.length - 1];
  const root = compile(right);
  const conditions = formula.conditions.map(compile);
  const targets = formula.target.map(compile);
  const direct = formula.target.every((node) => node.op === "index");
  const first = formula.origin[formula.result] ?? 0;
  const free = formula.free.map((name) => run.slot(name));
  const counts = () => conditions.every((condition) => condition());

  /**
   * Visits the flat place in the result for all values of the free indices.
   * @param {(flat: number) => void} visit
   */
  function overFree(visit) {
    /** @param {number} level */
    const descend = (level) => {
      if (level < free.length) {
        const [low, high] = formula.spans[level];
        for (let value = low; value <= high; value += 1) {
          at[free[level]] = value;
          descend(level + 1);
        }
        return;
      }
      let flat = 0;
      for (let axis = 0; axis < targets.length; axis += 1) {
        const place = targets[axis]() - first;
        if (!(place >= 0 && place < formula.shape[axis] && Number.isInteger(place))) return;
        flat = flat * formula.shape[axis] + place;
      }
      if (counts()) visit(flat);
    };
    descend(0);
  }

  /**
   * Sets the free indices so that they reach a place of the result; false if nothing does.
   * @param {Place} place
   */
  function goTo(place) {
    if (direct) {
      formula.target.forEach((node, axis) => {
        if (node.op === "index") at[run.slot(node.name)] = place[axis] + first;
      });
      return counts();
    }
    const wanted = flatIndex(formula.shape, place);
    /** @type {number[][]} */
    const found = [];
    overFree((flat) => {
      if (flat === wanted && !found.length) found.push(at.slice());
    });
    const [values] = found;
    values?.forEach((value, n) => {
      at[n] = value;
    });
    return values !== undefined;
  }

  /** @param {Node} node */
  const value = (node) => compile(node)();

  return { run, direct, right, root, value, loopOf, overFree, goTo };
}
