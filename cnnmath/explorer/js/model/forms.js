// Affine forms of the indices of one formula, such as 2i + s − 1: what they are worth, and how far they
// reach.

import { affineOf } from "./affine.js";

/** @import { Node } from "./types.js" */
/** @import { Run } from "./run.js" */

/**
 * A constant and whole multiples of indices, which are given by their slots.
 * @typedef {{ constant: number, slots: number[], factors: number[] }} Form
 */

/**
 * The first and the last value of something; from −∞ to ∞ if it is not known.
 * @typedef {[low: number, high: number]} Range
 */

/**
 * A node as a form; null if it is none, or if its numbers are not whole.
 * @param {Run} run
 * @param {Node} node
 * @param {number} [origin] what is subtracted from it
 * @returns {Form | null}
 */
export function formOf(run, node, origin = 0) {
  const affine = affineOf(run.formula, node);
  if (!affine) return null;
  const used = [...affine.factors].filter(([, factor]) => factor !== 0);
  const form = {
    constant: affine.rest - origin,
    slots: used.map(([name]) => run.slot(name)),
    factors: used.map(([, factor]) => factor),
  };
  return [form.constant, ...form.factors].every(Number.isInteger) ? form : null;
}

/**
 * A form as a compiled node.
 * @param {Form} form
 * @param {number[]} at the values of the indices
 * @returns {() => number}
 */
export function compiledForm({ constant, slots, factors }, at) {
  if (slots.length === 0) return () => constant;
  if (slots.length === 1) {
    const [[slot], [factor]] = [slots, factors];
    return () => constant + factor * at[slot];
  }
  if (slots.length === 2) {
    const [[slot, other], [factor, its]] = [slots, factors];
    return () => constant + factor * at[slot] + its * at[other];
  }
  return () => {
    let value = constant;
    for (let n = 0; n < slots.length; n += 1) value += factors[n] * at[slots[n]];
    return value;
  };
}

/**
 * Between which values a form lies.
 * @param {Form} form
 * @param {Range[]} ranges of the indices, by their slots
 * @returns {Range}
 */
export function reachOf({ constant, slots, factors }, ranges) {
  let [low, high] = [constant, constant];
  slots.forEach((slot, n) => {
    const ends = ranges[slot].map((end) => factors[n] * end);
    low += Math.min(...ends);
    high += Math.max(...ends);
  });
  return [low, high];
}

/**
 * Where an element stands in the list of its array's numbers.
 * @param {Form[]} axes its index along each axis
 * @param {number[]} shape
 * @returns {Form}
 */
export function flatForm(axes, shape) {
  /** @type {Map<number, number>} */
  const times = new Map();
  let constant = 0;
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    constant += stride * axes[axis].constant;
    for (const [n, slot] of axes[axis].slots.entries()) {
      times.set(slot, (times.get(slot) ?? 0) + stride * axes[axis].factors[n]);
    }
    stride *= shape[axis];
  }
  return { constant, slots: [...times.keys()], factors: [...times.values()] };
}

/**
 * A form in two parts: the factor of one index, and all the rest.
 * @param {Form} form
 * @param {number | undefined} slot
 * @returns {{ factor: number, rest: Form }}
 */
export function apart({ constant, slots, factors }, slot) {
  const own = slots.indexOf(slot ?? -1);
  if (own < 0) return { factor: 0, rest: { constant, slots, factors } };
  const rest = { constant, slots: slots.toSpliced(own, 1), factors: factors.toSpliced(own, 1) };
  return { factor: factors[own], rest };
}
