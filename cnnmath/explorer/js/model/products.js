// Sums of products, fast.
//
// Most sums multiply elements whose indices are affine, such as 2i + s − 1. Where all of them are inside
// their arrays, each moves through its array by equal steps along the last two indices; elsewhere the
// product is 0.

import { insideOf } from "./constraints.js";
import { apart, compiledForm, flatForm } from "./forms.js";
import { buildLoop } from "./loops.js";
import { numberOf } from "./nodes.js";

/** @import { Binder, Node } from "./types.js" */
/** @import { Constraint } from "./constraints.js" */
/** @import { Form } from "./forms.js" */
/** @import { Loop, VisitRectangle } from "./loops.js" */
/** @import { Evaluate, Run } from "./run.js" */

/**
 * A factor of the product: its index along each axis; and in this round the list of its elements,
 * where in it that one stands for which the last two indices are 0, and how far the next row and the
 * next element are.
 * @typedef {object} Moving
 * @property {string} name
 * @property {Form[]} axes
 * @property {Loop} own goes where this element is inside, although another may not be
 * @property {ArrayLike<number>} data
 * @property {Evaluate} start
 * @property {number} row
 * @property {number} step
 */

/**
 * The sum as a compiled node; null if it is none of this kind.
 * @param {Run} run
 * @param {(node: Node) => Evaluate} compile
 * @param {Binder[]} binders
 * @param {Node[]} factors
 * @param {Constraint[]} constraints
 * @returns {Evaluate | null}
 */
export function buildSumOfProducts(run, compile, binders, factors, constraints) {
  /** @type {Moving[]} */
  const reads = [];
  const all = [...constraints];
  for (const node of factors) {
    if (node.op !== "element" || numberOf(node.outside) !== 0) return null;
    const inside = insideOf(run, node);
    if (!inside) return null;
    all.push(...inside);
    const axes = inside.map(({ form }) => form);
    const own = buildLoop(run, compile, { binders, where: null }, [...constraints, ...inside]);
    reads.push({ name: node.name, axes, own, data: [], start: () => 0, row: 0, step: 0 });
  }
  const { rectangles, rows, innermost } = buildLoop(run, compile, { binders, where: null }, all);

  let round = -1;
  function locate() {
    round = run.round;
    for (const read of reads) {
      const { shape, data } = run.arrays[read.name];
      read.data = data;
      const across = apart(flatForm(read.axes, shape), innermost);
      const down = apart(across.rest, rows);
      read.step = across.factor;
      read.row = down.factor;
      read.start = compiledForm(down.rest, run.at);
    }
  }

  let sum = 0;
  const [first, second] = reads;
  /** @type {VisitRectangle} */
  const addTwo = (top, bottom, left, right) => {
    const [a, b] = [first.data, second.data];
    const [step, its] = [first.step, second.step];
    const [start, other] = [first.start() + step * left, second.start() + its * left];
    let total = sum;
    for (let row = top; row <= bottom; row += 1) {
      let one = start + first.row * row;
      let two = other + second.row * row;
      for (let value = left; value <= right; value += 1) {
        total += a[one] * b[two];
        one += step;
        two += its;
      }
    }
    sum = total;
  };
  /** @type {VisitRectangle} */
  const addAny = (top, bottom, left, right) => {
    const starts = reads.map((read) => read.start());
    for (let row = top; row <= bottom; row += 1) {
      for (let value = left; value <= right; value += 1) {
        let product = 1;
        for (let n = 0; n < reads.length; n += 1) {
          const { data, row: down, step } = reads[n];
          product *= data[starts[n] + down * row + step * value];
        }
        sum += product;
      }
    }
  };
  /**
   * Whether an element is read that is watched.
   * @param {NonNullable<Run["watched"]>} watched
   * @param {Moving} read
   */
  function watch(watched, { own, start, row: down, step }) {
    own.rectangles((top, bottom, left, right) => {
      if (watched.hit) return;
      for (let row = top; row <= bottom; row += 1) {
        let flat = start() + down * row + step * left;
        for (let value = left; value <= right; value += 1) {
          if (watched.mask[flat]) watched.hit = true;
          flat += step;
        }
      }
    });
  }
  const add = reads.length === 2 ? addTwo : addAny;
  return () => {
    if (round !== run.round) locate();
    const { watched } = run;
    if (watched) {
      for (const read of reads) if (read.name === watched.name) watch(watched, read);
    }
    sum = 0;
    rectangles(add);
    return sum;
  };
}
