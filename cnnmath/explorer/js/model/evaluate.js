// The mathematics of the live figure: evaluates the syntax tree of a Formula, as evaluate.py does.
//
// `createEvaluator` takes a formula as figure_json.py gives it. Its nodes are compiled once (compile.js);
// what they share while one element is evaluated stands in a Run. Here the elements of the result
// are gone through, and the questions answered that expand.js and bind.js ask.

import { createCompiler } from "./compile.js";
import { buildLoop } from "./loops.js";
import { flatIndex } from "./places.js";
import { Run } from "./run.js";
import { buildScatter } from "./scatter.js";

/** @import { Binder, Formula, Node, Place } from "./types.js" */
/** @import { Constraint } from "./constraints.js" */

/** @typedef {ReturnType<typeof createEvaluator>} Evaluator */

/** @param {Formula} formula */
export function createEvaluator(formula) {
  const run = new Run(formula);
  const { at } = run;
  const { compile, loopOf } = createCompiler(run);

  // How far the free indices run is known before anything within their loops is compiled.
  /** @type {Binder[]} */
  const binders = formula.free.map((name, n) => ({
    name,
    low: { op: "number", value: formula.spans[n][0] },
    high: { op: "number", value: formula.spans[n][1] },
  }));
  const free = { binders, where: null };
  const whole = buildLoop(run, compile, free);
  const direct = formula.target.every((node) => node.op === "index");
  const first = formula.origin[formula.result] ?? 0;
  if (direct) {
    formula.target.forEach((node, axis) => {
      const ends = first + formula.shape[axis] - 1;
      if (node.op === "index") run.reach(run.slot(node.name), [first, ends]);
    });
  }

  const right = formula.links[formula.links.length - 1];
  const root = compile(right);
  const conditions = formula.conditions.map(compile);
  const targets = formula.target.map(compile);
  const counts = () => conditions.every((condition) => condition());

  /** The place of the free indices in the result; −1 if it has none, or a condition fails. */
  function flatPlace() {
    let flat = 0;
    for (let axis = 0; axis < targets.length; axis += 1) {
      const place = targets[axis]() - first;
      if (!(place >= 0 && place < formula.shape[axis] && Number.isInteger(place))) return -1;
      flat = flat * formula.shape[axis] + place;
    }
    return counts() ? flat : -1;
  }

  /**
   * Visits the flat place in the result for all values of the free indices.
   * @param {(flat: number) => void} visit
   * @param {Constraint[]} [constraints] what they keep to
   */
  function overFree(visit, constraints) {
    const { each } = constraints ? buildLoop(run, compile, free, constraints) : whole;
    each(() => {
      const flat = flatPlace();
      if (flat >= 0) visit(flat);
    });
  }

  const terms = direct ? buildScatter(run, compile, binders) : null;
  /**
   * Visits the terms whose sums are the result; null if it is not found in this way.
   * @type {((visit: (flat: number, term: number) => void) => void) | null}
   */
  const scatter = terms && ((visit) => terms((term) => visit(flatPlace(), term)));

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

  return { run, direct, right, root, value, loopOf, overFree, scatter, goTo };
}
