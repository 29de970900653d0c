// What a dialect is, and what several of them write in the same way.

import { reach, scattered } from "./layer.js";
import { refuse } from "./refusal.js";

/** @import { Pads, Pair } from "./arguments.js" */
/** @import { Axis, Layer, Words } from "./layer.js" */
/** @import { CallNode, Node } from "./python.js" */

/**
 * A call as it was read: what it says, and what it does along axis n of an input so large.
 * @typedef {{ words: Words, axis: (n: number, size: number) => Axis }} Call
 */

/**
 * What the lines around a call do. `pads` are put around the input, of `fill`; `crop` is put around
 * the result, or cut off where it is below 0; of the result each `every`-th number is kept.
 * @typedef {{
 *   pads: Pads, fill: number, turned: boolean, crop: Pads, every: Pair
 * }} Around
 */

/**
 * @typedef {object} Dialect
 * @property {string} name
 * @property {Record<string, (call: CallNode, w: Pair) => Call>} layers by the last part of the
 *   name called; w is how large the kernel is, where the call does not say it
 * @property {Record<string, (node: Node, around: Around, call: Call) => void>} lines what else it
 *   reads, by the name called; "" for slices
 * @property {boolean} saysStride whether a call must say its stride
 * @property {(words: Words) => string | null} spell the call that says these words, whether the
 *   library takes them or not; null if it has no such layer
 * @property {(words: Words, layer: Layer, pads: Pads, size: Pair) => string | null} prepare lines
 *   that make a layer of what is always there, with so much around the input of a convolution or a
 *   pooling; null if there are none
 * @property {(words: Words) => [input: string, weights: string]} layouts how arrays lie
 */

/** @returns {Around} */
export const nothingAround = () => ({
  pads: [
    [0, 0],
    [0, 0],
  ],
  fill: 0,
  turned: false,
  crop: [
    [0, 0],
    [0, 0],
  ],
  every: [1, 1],
});

/** A number for both axes, or a tuple. @param {Pair} pair */
export const short = ([rows, columns]) => (rows === columns ? `${rows}` : `(${rows}, ${columns})`);

/** @param {readonly number[]} numbers */
export const tuple = (numbers) => `(${numbers.join(", ")})`;

/** @param {readonly number[]} numbers */
export const list = (numbers) => `[${numbers.join(", ")}]`;

/** @param {Pads} pads */
export const nested = (pads) => `(${pads.map(tuple).join(", ")})`;

/**
 * `name=value`, if there is a value that is not what holds anyway.
 * @param {string} name
 * @param {Pair | null} pair
 * @param {number | null} usual
 * @param {(pair: Pair) => string} write
 */
export function argument(name, pair, usual, write = short) {
  if (!pair || (pair[0] === usual && pair[1] === usual)) return null;
  return `${name}=${write(pair)}`;
}

/**
 * The stride, if it is not the one that holds anyway: 1, or of a pooling the kernel.
 * @param {string} name
 * @param {Words} words
 */
export function strideArgument(name, { kind, stride, kernel }) {
  if (kind !== "pooling") return argument(name, stride, 1);
  return String(stride) === String(kernel) ? null : argument(name, stride, null);
}

/**
 * @param {string} name
 * @param {...(string | null)} given
 */
export const written = (name, ...given) => `${name}(${given.filter((one) => one).join(", ")})`;

/** The same numbers before and behind, or null. @param {Words["padding"]} padding @returns {Pair | null} */
export function oneSided(padding) {
  if (!Array.isArray(padding)) return null;
  const [[top, bottom], [left, right]] = padding;
  return top === bottom && left === right ? [top, left] : null;
}

/**
 * A padding as PyTorch and Keras would say it: a word, one number for both ends, or two pairs, which
 * none of them takes.
 * @param {Words["padding"]} padding
 */
export function paddingArgument(padding) {
  if (padding === null || padding === "valid") return null;
  if (!Array.isArray(padding)) return `padding="${padding === "full" ? "full" : "same"}"`;
  const sided = oneSided(padding);
  return sided ? argument("padding", sided, 0) : `padding=${nested(padding)}`;
}

/**
 * How arrays lie where channels come before rows and columns.
 * @type {Dialect["layouts"]}
 */
export const channelsFirst = ({ kind }) => [
  "(N, C, H, W)",
  kind === "transposed" ? "(in, out, H, W)" : "(out, in, H, W)",
];

/** @param {Pads} pads */
export const isNothing = (pads) => pads.flat().every((one) => one === 0);

/** @param {Pads} pads */
export const isNegative = (pads) => pads.flat().some((one) => one < 0);

/**
 * The zeros around its input of which a convolution or pooling makes all its numbers.
 * @param {Layer} layer
 * @param {Pair} size
 * @returns {Pads}
 */
export function padsOf({ axes }, size) {
  const found = axes.map((axis, n) => {
    const behind = reach(axis, size[n]);
    // What no step reaches need not be cut off.
    return [axis.before, behind < 0 && behind > -axis.stride ? 0 : behind];
  });
  return /** @type {Pads} */ (found);
}

/**
 * What lies around all that a transposed layer could give: below 0 where it is cut off.
 * @param {Layer} layer
 * @param {Pair} size
 * @returns {Pads}
 */
export function cropOf({ axes }, size) {
  const found = axes.map((axis, n) => [
    -axis.before,
    axis.out + axis.before - scattered(axis, size[n]),
  ]);
  return /** @type {Pads} */ (found);
}

/**
 * Pads before and behind, of rows and of columns, one line after the other.
 * @param {Around} around
 * @param {Pads} pads
 * @param {number} fill
 * @param {Call} call
 */
export function addPads(around, pads, fill, { words }) {
  const needed = words.kind === "pooling" ? Number.NEGATIVE_INFINITY : 0;
  if (fill !== needed && !isNothing(pads)) {
    refuse(
      words.kind === "pooling"
        ? "a maximum is taken here too where the padding is, so this has to be −∞, and not 0"
        : "what is put around the input of a convolution has to be 0",
    );
  }
  if (words.kind === "transposed")
    refuse("zeros around the input of a transposed layer are not read here");
  around.pads = /** @type {Pads} */ (
    around.pads.map(([before, behind], n) => [before + pads[n][0], behind + pads[n][1]])
  );
}

/**
 * @param {Around} around
 * @param {Pads} crop
 * @param {Call} call
 */
export function addCrop(around, crop, { words }) {
  if (words.kind !== "transposed")
    refuse("what is cut off or put around a result is read after a transposed layer alone");
  around.crop = /** @type {Pads} */ (
    around.crop.map((ends, n) =>
      ends.map((end, e) => {
        if (end < 0 && crop[n][e] > 0)
          refuse("zeros are put where numbers of the result were cut off");
        return end + crop[n][e];
      }),
    )
  );
}

/**
 * Whether a line speaks of y: of the result, then, and not of the input.
 * @param {Node | undefined} node
 */
export function isResult(node) {
  return node?.kind === "name" && node.name === "y";
}
