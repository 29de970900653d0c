// A layer that is written in one dialect, in the others.

import { cropOf, nothingAround, padsOf } from "./dialect.js";
import { jax } from "./jax.js";
import { keras } from "./keras.js";
import { isSame, scattered, width } from "./layer.js";
import { onnx } from "./onnx.js";
import { readPython } from "./python.js";
import { pytorch } from "./pytorch.js";
import { attempt, Refusal, refuse } from "./refusal.js";
import { scipy } from "./scipy.js";

/** @import { Pads, Pair } from "./arguments.js" */
/** @import { Around, Call, Dialect } from "./dialect.js" */
/** @import { Axis, Layer, Words } from "./layer.js" */
/** @import { CallNode, Node } from "./python.js" */

/**
 * What was read: what it says, and the layer that it is for an input so large. `at` refuses an
 * input that does not fit.
 * @typedef {{ dialect: Dialect, words: Words, at: (size: Pair) => Layer }} Reading
 */

/**
 * @typedef {object} Translation
 * @property {string} text
 * @property {boolean} everywhere whether it is the same layer for inputs of other sizes too
 */

/** @type {Dialect[]} */
export const DIALECTS = [pytorch, keras, jax, onnx, scipy];

/** Inputs on which a translation is tried before it is said to hold for all. */
const SIZES = Array.from({ length: 20 }, (_, n) => n + 1);

/**
 * Reads a layer; which dialect it is, its name shows.
 * @param {string} text one call, or a few lines around it
 * @param {Pair} w how large the kernel is, where the call does not say it
 * @returns {Reading}
 */
export function read(text, w) {
  const statements = readPython(text);
  const calls = statements.map(({ value }) => layerIn(value));
  const found = calls.filter((one) => one !== null);
  if (found.length !== 1) {
    refuse(
      found.length
        ? "there are several layers: expected one"
        : `expected a layer, by one of these names: ${KNOWN.join(", ")}`,
    );
  }
  const [{ dialect, node }] = found;
  const call = dialect.layers[node.name](node, w);
  const around = nothingAround();
  for (const [n, { value }] of statements.entries()) {
    if (!calls[n]) readLine(dialect, value, around, call);
  }
  return {
    dialect,
    words: call.words,
    at: (size) => layerAt(call, around, size),
  };
}

const KNOWN = DIALECTS.flatMap(({ layers }) => Object.keys(layers));

/**
 * The call of a layer: itself, or what is called with an array.
 * @param {Node} value
 * @returns {{ dialect: Dialect, node: CallNode } | null}
 */
function layerIn(value) {
  if (value.kind !== "call") return null;
  const dialect = DIALECTS.find(({ layers }) => Object.hasOwn(layers, value.name));
  return dialect ? { dialect, node: value } : layerIn(value.of);
}

/**
 * @param {Dialect} dialect
 * @param {Node} value
 * @param {Around} around
 * @param {Call} call
 */
function readLine(dialect, value, around, call) {
  let name = value.kind === "slices" ? "" : "nothing";
  if (value.kind === "call") name = value.name || (value.of.kind === "call" ? value.of.name : "");
  if (!Object.hasOwn(dialect.lines, name)) {
    const known = Object.keys(dialect.lines).map((one) => one || "slices");
    refuse(`beside a layer of ${dialect.name} these are read: ${known.join(", ")}`);
  }
  dialect.lines[name](value, around, call);
}

/**
 * @param {Call} call
 * @param {Around} around
 * @param {Pair} size
 * @returns {Layer}
 */
function layerAt({ words, axis }, { pads, turned, crop, every }, size) {
  const axes = [0, 1].map((n) => {
    const [before, behind] = pads[n];
    const found = axis(n, size[n] + before + behind);
    const [top, bottom] = crop[n];
    if ((top > 0 && found.before > 0) || (bottom > 0 && isCut(found, size[n]))) {
      refuse("zeros are put where the layer has numbers, which its padding cut off");
    }
    const moved = {
      ...found,
      stride: found.stride * every[n],
      before: found.before + (words.kind === "transposed" ? -top : before),
      out: Math.ceil((found.out + top + bottom) / every[n]),
    };
    if (moved.out < 1) refuse(`of an input of ${size[n]} nothing is left`);
    return moved;
  });
  return {
    kind: words.kind,
    turned: words.turned !== turned,
    axes: /** @type {[Axis, Axis]} */ (axes),
  };
}

/** Whether numbers behind the end of a result were cut off. @param {Axis} axis @param {number} size */
const isCut = (axis, size) => axis.out + axis.before < scattered(axis, size);

/**
 * How to write the same layer in a dialect, as plainly as it can be said.
 * @param {Reading} reading
 * @param {Dialect} dialect
 * @param {Pair} size of the input
 * @returns {Translation | null} null if the dialect has none
 */
export function translate(reading, dialect, size) {
  const layer = reading.at(size);
  /** @type {Translation | null} */
  let here = null;
  for (const text of candidates(reading.words, layer, dialect, size)) {
    const other = attempt(() => read(text, reading.words.kernel));
    if (other instanceof Refusal) continue;
    if (!agree(reading, other, size)) continue;
    const everywhere = SIZES.every((n) => agree(reading, other, [n, n]));
    if (everywhere) return { text, everywhere };
    here ??= { text, everywhere };
  }
  return here;
}

/**
 * @param {Reading} one
 * @param {Reading} other
 * @param {Pair} size
 */
function agree(one, other, size) {
  const [a, b] = [one, other].map((reading) => attempt(() => reading.at(size)));
  if (a instanceof Refusal || b instanceof Refusal)
    return a instanceof Refusal && b instanceof Refusal;
  return isSame(a, b, size);
}

/**
 * Ways to write a layer, the plainest first. Whether they are the same layer is for the reader of
 * the dialect to say.
 * @param {Words} words
 * @param {Layer} layer
 * @param {Dialect} dialect
 * @param {Pair} size
 */
function* candidates(words, layer, dialect, size) {
  for (const one of [layer, otherWay(layer)]) {
    if (!one) continue;
    const said = meant(words, one);
    for (const padding of paddings(words, one, size)) {
      for (const rest of endings(one, padding, size)) {
        const text = dialect.spell({ ...said, padding, ...rest });
        if (text) yield text;
      }
    }
    for (const pads of paddings(words, one, size).filter((padding) => Array.isArray(padding))) {
      const text = dialect.prepare(said, one, pads, size);
      if (text) yield text;
    }
  }
}

/**
 * The words with all that they leave open.
 * @param {Words} words
 * @param {Layer} layer
 * @returns {Words}
 */
function meant(words, { kind, turned, axes: [rows, columns] }) {
  return {
    ...words,
    kind,
    turned,
    stride: [rows.stride, columns.stride],
    dilation: [rows.dilation, columns.dilation],
    output: null,
    ceil: false,
  };
}

/**
 * @param {Words} words
 * @param {Layer} layer
 * @param {Pair} size
 * @returns {Words["padding"][]}
 */
function paddings(words, layer, size) {
  const gathers = layer.kind !== "transposed";
  const pads = gathers ? padsOf(layer, size) : outsideOf(layer, size);
  const sided = /** @type {Pads} */ (pads.map(([before]) => [before, before]));
  /** @type {Words["padding"][]} */
  const named = ["valid", "same", "same-lower", "full"];
  const own = words.padding === null ? [] : [words.padding];
  return [...own, sided, pads, ...named];
}

/**
 * What a transposed layer cuts off at both ends; where its result is longer than all, 0.
 * @param {Layer} layer
 * @param {Pair} size
 * @returns {Pads}
 */
const outsideOf = (layer, size) =>
  /** @type {Pads} */ (
    cropOf(layer, size).map(([before, behind]) => [-before, Math.max(-behind, 0)])
  );

/**
 * What may be said beside a padding: rounding up, or how much output padding.
 * @param {Layer} layer
 * @param {Words["padding"]} padding
 * @param {Pair} size
 * @returns {Partial<Words>[]}
 */
function endings({ kind, axes }, padding, size) {
  if (kind === "convolution") return [{}];
  if (kind === "pooling") return [{ ceil: false }, { ceil: true }];
  if (!Array.isArray(padding)) {
    const most = Math.max(...axes.map(({ stride }) => stride));
    const more = Array.from({ length: most }, (_, n) => /** @type {Pair} */ ([n, n]));
    return [{ output: null }, ...more.map((output) => ({ output }))];
  }
  const output = axes.map(
    (axis, n) => axis.out - scattered(axis, size[n]) + padding[n][0] + padding[n][1],
  );
  return output.some((more) => more < 0) ? [] : [{ output: /** @type {Pair} */ (output) }];
}

/**
 * Without strides a transposed layer is a convolution with the kernel turned, and the other way
 * round.
 * @param {Layer} layer
 * @returns {Layer | null}
 */
function otherWay({ kind, turned, axes }) {
  if (kind === "pooling" || axes.some(({ stride }) => stride > 1)) return null;
  const turn = axes.map((axis) => ({ ...axis, before: width(axis) - 1 - axis.before }));
  return {
    kind: kind === "transposed" ? "convolution" : "transposed",
    turned: !turned,
    axes: /** @type {[Axis, Axis]} */ (turn),
  };
}

/**
 * What one would write in a dialect who carries the words over, and believes that they mean there
 * what they mean here. Whether the dialect takes them is another question.
 * @param {Reading} reading
 * @param {Dialect} dialect
 * @param {Pair} size
 * @returns {string | null} null if the dialect has no such layer
 */
export function wordForWord({ words, at }, dialect, size) {
  const [rows, columns] = at(size).axes;
  const stride = words.stride ?? (dialect.saysStride ? [rows.stride, columns.stride] : null);
  // Where a library's plain name turns the kernel, that is what is written.
  return dialect.spell({ ...words, stride: /** @type {Pair | null} */ (stride), turned: true });
}
