// A layer as no library writes it: along each axis, which pixel meets which weight for which number
// of the result. Two layers are the same if these are.

import { refuse } from "./refusal.js";

/** @import { Pads, Pair } from "./arguments.js" */

/** @typedef {"convolution" | "transposed" | "pooling"} Kind */

/**
 * What a call says; null where it says nothing, and the library's default holds.
 * @typedef {object} Words
 * @property {Kind} kind
 * @property {Pair} kernel
 * @property {Pair | null} stride
 * @property {Pair | null} dilation 1 is none
 * @property {Pads | "valid" | "same" | "same-lower" | "full" | null} padding
 * @property {Pair | null} output padding
 * @property {boolean} ceil whether the size is rounded up
 * @property {boolean} turned whether the kernel is turned by half a turn first
 * @property {[number | null, number | null]} channels in and out, null if the call does not say
 * @property {[input: string, weights: string] | null} layout if the call says it
 */

/**
 * One axis. Number i of the result meets with weight s the pixel i · stride + s · dilation − before;
 * in a transposed layer pixel i goes with weight s to number i · stride + s · dilation − before.
 * @typedef {{
 *   kernel: number, stride: number, dilation: number, before: number, out: number
 * }} Axis
 */

/** @typedef {Pick<Axis, "kernel" | "stride" | "dilation">} Steps */

/** @typedef {{ kind: Kind, turned: boolean, axes: [Axis, Axis] }} Layer */

/** @typedef {[weight: number, pixel: number][][]} Taps for each number of the result */

/** @typedef {number[][]} Numbers row by row */

/**
 * How the kernel goes along both axes.
 * @param {Pick<Words, "kernel" | "stride" | "dilation">} words
 * @param {Pair} usual the stride, if none is said
 * @returns {[Steps, Steps]}
 */
export const stepsOf = ({ kernel, stride, dilation }, usual = [1, 1]) => [
  { kernel: kernel[0], stride: (stride ?? usual)[0], dilation: dilation?.[0] ?? 1 },
  { kernel: kernel[1], stride: (stride ?? usual)[1], dilation: dilation?.[1] ?? 1 },
];

/** How wide a kernel is with its holes. @param {{ kernel: number, dilation: number }} axis */
export const width = ({ kernel, dilation }) => dilation * (kernel - 1) + 1;

/**
 * Where the last pixel of a transposed layer ends, if nothing is cut off.
 * @param {Steps} axis
 * @param {number} size
 */
export const scattered = (axis, size) => (size - 1) * axis.stride + width(axis);

/**
 * How far the last step of a convolution or a pooling reaches behind the input: below 0, if it ends
 * before.
 * @param {Axis} axis
 * @param {number} size of the input
 */
export const reach = (axis, size) =>
  (axis.out - 1) * axis.stride + width(axis) - size - axis.before;

/**
 * An axis of a convolution or a pooling.
 * @param {Steps} steps
 * @param {number} size of the input
 * @param {number} before zeros (or −∞) before it
 * @param {number} behind
 * @param {boolean} [ceil] a last step that leaves the padded input, if it begins in the input or
 *   the padding before it
 * @returns {Axis}
 */
export function gathering(steps, size, before, behind, ceil = false) {
  const { kernel, stride, dilation } = steps;
  const most = (size + before + behind - width(steps)) / stride;
  let out = (ceil ? Math.ceil(most) : Math.floor(most)) + 1;
  if (ceil && (out - 1) * stride >= size + before) out -= 1;
  if (out < 1) {
    refuse(
      `the kernel is ${width(steps)} wide, and the input with its padding ${size + before + behind}`,
    );
  }
  return { kernel, stride, dilation, before, out };
}

/**
 * Zeros for “same”: as many numbers come out as steps begin in the input, and the zeros that they
 * need are halved; where they are odd, one side gets more.
 * @param {Steps} steps
 * @param {number} size of the input
 * @param {boolean} lower whether the odd one goes before it
 * @returns {Axis}
 */
export function gatheringSame(steps, size, lower) {
  const { kernel, stride, dilation } = steps;
  const out = Math.ceil(size / stride);
  const total = Math.max((out - 1) * stride + width(steps) - size, 0);
  const before = lower ? Math.ceil(total / 2) : Math.floor(total / 2);
  return { kernel, stride, dilation, before, out };
}

/**
 * @param {Axis} axis
 * @param {number} size of the input
 * @param {Layer} layer
 * @returns {Taps}
 */
function taps(axis, size, { kind, turned }) {
  const { kernel, stride, dilation, before, out } = axis;
  /** @type {Taps} */
  const found = Array.from({ length: out }, () => []);
  for (let s = 0; s < kernel; s += 1) {
    const weight = turned ? kernel - 1 - s : s;
    const steps = kind === "transposed" ? size : out;
    for (let i = 0; i < steps; i += 1) {
      const place = i * stride + s * dilation - before;
      const [number, pixel] = kind === "transposed" ? [place, i] : [i, place];
      if (pixel >= 0 && pixel < size && number >= 0 && number < out) {
        found[number].push([weight, pixel]);
      }
    }
  }
  return found.map((one) => one.sort(([a, p], [b, q]) => a - b || p - q));
}

/**
 * Whether two layers give the same for every input of a size and every kernel.
 * @param {Layer} a
 * @param {Layer} b
 * @param {Pair} size
 */
export function isSame(a, b, size) {
  if ((a.kind === "pooling") !== (b.kind === "pooling")) return false;
  return [0, 1].every(
    (n) =>
      a.axes[n].kernel === b.axes[n].kernel &&
      JSON.stringify(taps(a.axes[n], size[n], a)) === JSON.stringify(taps(b.axes[n], size[n], b)),
  );
}

/**
 * What a layer makes of an input; −Infinity where a maximum is taken of nothing.
 * @param {Layer} layer
 * @param {Numbers} x
 * @param {Numbers} w
 * @returns {Numbers}
 */
export function compute(layer, x, w) {
  const [rows, columns] = [x.length, x[0].length].map((size, n) =>
    taps(layer.axes[n], size, layer),
  );
  return rows.map((row) =>
    columns.map((column) => {
      const met = row.flatMap(([s, i]) => column.map(([t, j]) => [w[s][t], x[i][j]]));
      if (layer.kind === "pooling") return Math.max(...met.map(([, pixel]) => pixel));
      return met.reduce((sum, [weight, pixel]) => sum + weight * pixel, 0);
    }),
  );
}
