// Sums of products, fast.
//
// Most sums multiply elements whose indices are affine, such as 2i + s − 1. Along the innermost index
// each of these elements then moves through its array by equal steps, from where all are inside
// to where one leaves; beyond, a product is 0.

import { affineOf } from "./affine.js";

/** @import { Node, ReduceNode } from "./types.js" */
/** @import { Loop } from "./loops.js" */
/** @import { Evaluate, Run } from "./run.js" */

/**
 * A place along an axis: a constant and whole multiples of indices, which are given by their slots.
 * @typedef {{ constant: number, slots: number[], factors: number[] }} Axis
 */

/**
 * A factor of the product; and for the present stretch of the innermost index, in which list its
 * elements stand, where for the value 0, how far they move with it, and from which value to which
 * they are inside.
 * @typedef {object} Moving
 * @property {string} name
 * @property {Axis[]} axes
 * @property {ArrayLike<number>} data
 * @property {number} flat
 * @property {number} step
 * @property {number} low
 * @property {number} high
 */

/**
 * The sum as a compiled node; null if it is none of this kind.
 * @param {Run} run
 * @param {Loop} loop
 * @param {ReduceNode} node
 * @returns {Evaluate | null}
 */
export function buildSumOfProducts(run, { stretches, innermost }, node) {
  if (node.where) return null;
  const reads = movingFactors(run, node.body.op === "multiply" ? node.body.factors : [node.body]);
  if (!reads) return null;
  const { at } = run;

  /**
   * Finds out how an element moves along a stretch.
   * @param {Moving} read
   * @param {number} from
   * @param {number} to
   */
  function locate(read, from, to) {
    const { shape, data } = run.arrays[read.name];
    let [low, high] = [from, to];
    read.data = data;
    read.flat = 0;
    read.step = 0;
    for (let axis = 0; axis < shape.length; axis += 1) {
      const { constant, slots: own, factors: times } = read.axes[axis];
      const length = shape[axis];
      let start = constant;
      let step = 0;
      for (let n = 0; n < own.length; n += 1) {
        if (own[n] === innermost) step = times[n];
        else start += times[n] * at[own[n]];
      }
      if (step === 0) {
        if (start < 0 || start >= length) high = low - 1;
      } else {
        const [one, two] = [-start / step, (length - 1 - start) / step];
        low = Math.max(low, Math.ceil(step > 0 ? one : two));
        high = Math.min(high, Math.floor(step > 0 ? two : one));
      }
      read.flat = read.flat * length + start;
      read.step = read.step * length + step;
    }
    read.low = low;
    read.high = high;
  }

  /**
   * @param {NonNullable<Run["watched"]>} watched
   * @param {Moving} read
   */
  function watch(watched, { name, flat, step, low, high }) {
    if (name !== watched.name) return;
    for (let value = low; value <= high && !watched.hit; value += 1) {
      watched.hit = watched.flats.has(flat + step * value);
    }
  }

  let sum = 0;
  const [first, second] = reads;
  /**
   * @param {number} low
   * @param {number} high
   */
  const addStretch = (low, high) => {
    for (const read of reads) {
      locate(read, low, high);
      if (run.watched) watch(run.watched, read);
    }
    let [from, to] = [low, high];
    for (const read of reads) {
      from = Math.max(from, read.low);
      to = Math.min(to, read.high);
    }
    if (reads.length === 2) {
      const [a, b] = [first.data, second.data];
      for (let value = from; value <= to; value += 1) {
        sum += a[first.flat + first.step * value] * b[second.flat + second.step * value];
      }
      return;
    }
    for (let value = from; value <= to; value += 1) {
      let product = 1;
      for (const { data, flat, step } of reads) product *= data[flat + step * value];
      sum += product;
    }
  };
  return () => {
    sum = 0;
    stretches(addStretch);
    return sum;
  };
}

/**
 * The factors, if all are elements whose indices are affine.
 * @param {Run} run
 * @param {Node[]} factors
 * @returns {Moving[] | null}
 */
function movingFactors(run, factors) {
  /** @type {Moving[]} */
  const reads = [];
  for (const node of factors) {
    if (node.op !== "element") return null;
    const { name, index } = node;
    /** @type {Axis[]} */
    const axes = [];
    for (const one of index) {
      const affine = affineOf(run.formula, one);
      const times = affine ? [...affine.factors.values()] : [];
      if (!affine || ![affine.rest, ...times].every(Number.isInteger)) return null;
      const slots = [...affine.factors.keys()].map((letter) => run.slot(letter));
      const constant = affine.rest - (run.formula.origin[name] ?? 0);
      axes.push({ constant, slots, factors: times });
    }
    reads.push({ name, axes, data: [], flat: 0, step: 0, low: 0, high: 0 });
  }
  return reads;
}
