// Keras, keras.layers.

import { Given, isWhole } from "./arguments.js";
import {
  addCrop,
  addPads,
  argument,
  cropOf,
  isNegative,
  isNothing,
  isResult,
  nested,
  paddingArgument,
  short,
  strideArgument,
  tuple,
  written,
} from "./dialect.js";
import { gathering, gatheringSame, stepsOf, width } from "./layer.js";
import { fillOf } from "./pytorch.js";
import { refuse } from "./refusal.js";

/** @import { Pads, Pair } from "./arguments.js" */
/** @import { Call, Dialect } from "./dialect.js" */
/** @import { Axis, Words } from "./layer.js" */
/** @import { CallNode } from "./python.js" */

const UNREAD = ["groups", "activation", "use_bias", "name"];
const CONVOLUTION = {
  order: ["filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate"],
  unread: UNREAD,
};
const TRANSPOSED = {
  order: [
    "filters",
    "kernel_size",
    "strides",
    "padding",
    "output_padding",
    "data_format",
    "dilation_rate",
  ],
  unread: UNREAD,
};
const POOLING = { order: ["pool_size", "strides", "padding", "data_format"], unread: UNREAD };

/**
 * @param {Given} given
 * @param {Words["kind"]} kind
 * @returns {Words}
 */
function saidOf(given, kind) {
  const pools = kind === "pooling";
  return {
    kind,
    kernel:
      pools && !given.has("pool_size")
        ? [2, 2]
        : given.pair(pools ? "pool_size" : "kernel_size", 1),
    stride: given.maybe("strides", 1),
    dilation: pools ? null : given.maybe("dilation_rate", 1),
    padding: given.has("padding")
      ? /** @type {"valid" | "same"} */ (given.word("padding", ["valid", "same"], true))
      : null,
    output: null,
    ceil: false,
    turned: false,
    channels: [null, pools ? null : given.number("filters", 1)],
    layout: isChannelsFirst(given) ? ["(N, C, H, W)", weights(kind)] : null,
  };
}

/** @param {Given} given */
const isChannelsFirst = (given) =>
  given.has("data_format") &&
  given.word("data_format", ["channels_last", "channels_first"]) === "channels_first";

/** @param {Words["kind"]} kind */
const weights = (kind) => (kind === "transposed" ? "(H, W, out, in)" : "(H, W, in, out)");

/** @param {Words} words @param {Pair} [usual] stride */
function checkedSteps(words, usual = [1, 1]) {
  const found = stepsOf(words, usual);
  if (found.some((one) => one.stride > 1) && found.some((one) => one.dilation > 1)) {
    refuse("Keras takes strides above 1 or a dilation_rate above 1, not both");
  }
  return found;
}

/** @param {CallNode} node @returns {Call} */
function convolution(node) {
  const words = saidOf(new Given(node, CONVOLUTION), "convolution");
  return gathers(words, checkedSteps(words));
}

/** @param {CallNode} node @returns {Call} */
function pooling(node) {
  const words = saidOf(new Given(node, POOLING), "pooling");
  return gathers(words, checkedSteps(words, words.kernel));
}

/**
 * @param {Words} words
 * @param {{ kernel: number, stride: number, dilation: number }[]} steps
 * @returns {Call}
 */
const gathers = (words, steps) => ({
  words,
  axis: (n, size) =>
    words.padding === "same"
      ? gatheringSame(steps[n], size, false)
      : gathering(steps[n], size, 0, 0),
});

/** @param {CallNode} node @returns {Call} */
function transposed(node) {
  const given = new Given(node, TRANSPOSED);
  const words = { ...saidOf(given, "transposed"), output: given.maybe("output_padding", 0) };
  const steps = checkedSteps(words);
  for (const [n, { stride }] of steps.entries()) {
    const more = words.output?.[n] ?? 0;
    if (words.output && more >= stride)
      refuse(`output_padding=${more}: expected less than strides=${stride}`);
  }
  return {
    words,
    axis: (n, size) =>
      scattering(steps[n], size, words.padding === "same", words.output?.[n] ?? null),
  };
}

/**
 * Without output padding, “same” gives size · stride, and “valid” no less than that.
 * @param {Pick<Axis, "kernel" | "stride" | "dilation">} step
 * @param {number} size of the input
 * @param {boolean} same
 * @param {number | null} more output padding
 * @returns {Axis}
 */
function scattering(step, size, same, more) {
  const wide = width(step);
  if (!same) {
    const extra = more ?? Math.max(step.stride - wide, 0);
    return { ...step, before: 0, out: (size - 1) * step.stride + wide + extra };
  }
  // The zeros around the input between whose pixels stride − 1 zeros were put.
  const zeros = more === null ? step.stride + wide - 2 : wide + (wide % 2) - 2 + more;
  const before = wide - 1 - Math.min(Math.ceil(zeros / 2), wide - 1);
  return { ...step, before, out: (size - 1) * step.stride + 2 + zeros - wide };
}

/** @param {Words} words */
function spell(words) {
  const { kind, kernel, dilation, channels, output, ceil } = words;
  const pools = kind === "pooling";
  return written(
    {
      convolution: "layers.Conv2D",
      transposed: "layers.Conv2DTranspose",
      pooling: "layers.MaxPooling2D",
    }[kind],
    pools ? null : `${channels[1] ?? 1}`,
    short(kernel),
    strideArgument("strides", words),
    paddingArgument(words.padding),
    argument("output_padding", output, null),
    argument("dilation_rate", dilation, 1),
    ceil ? "ceil_mode=True" : null,
  );
}

/** @type {Dialect["prepare"]} */
function prepare(words, layer, pads, size) {
  const lines = layer.turned ? ["w = ops.flip(w, (0, 1))"] : [];
  if (layer.kind === "transposed") {
    const call = spell({ ...words, padding: "valid", output: null });
    lines.push(`y = ${call}(x)`);
    // Where the stride is wider than the kernel, “valid” has put zeros behind already.
    const crop = /** @type {Pads} */ (
      cropOf(layer, size).map(([before, behind], n) => {
        const { stride } = layer.axes[n];
        return [before, behind - Math.max(stride - width(layer.axes[n]), 0)];
      })
    );
    const off = /** @type {Pads} */ (crop.map((one) => one.map((n) => Math.max(-n, 0))));
    const on = /** @type {Pads} */ (crop.map((one) => one.map((n) => Math.max(n, 0))));
    if (!isNothing(on)) lines.push(`y = layers.ZeroPadding2D(${nested(on)})(y)`);
    if (!isNothing(off)) lines.push(`y = layers.Cropping2D(${nested(off)})(y)`);
    return lines.join("\n");
  }
  if (isNegative(pads)) return null;
  if (!isNothing(pads)) {
    lines.unshift(
      layer.kind === "pooling"
        ? `x = ops.pad(x, ((0, 0), ${pads.map(tuple).join(", ")}, (0, 0)), constant_values=-np.inf)`
        : `x = layers.ZeroPadding2D(${nested(pads)})(x)`,
    );
  }
  lines.push(`y = ${spell({ ...words, padding: "valid", ceil: false })}(x)`);
  return lines.join("\n");
}

/**
 * Reads `layers.ZeroPadding2D(((1, 2), (1, 2)))(x)`, and the same for Cropping2D.
 * @param {import("./python.js").Node} node
 * @param {string} name
 * @returns {{ pads: Pads, ofResult: boolean }}
 */
function around2D(node, name) {
  if (node.kind !== "call" || node.of.kind !== "call")
    refuse(`${name} is called with an array: ${name}(…)(x)`);
  const pads = new Given(node.of, { order: [name === "ZeroPadding2D" ? "padding" : "cropping"] });
  return {
    pads: pads.pads(name === "ZeroPadding2D" ? "padding" : "cropping"),
    ofResult: isResult(node.positional[0]),
  };
}

/** @type {Dialect} */
export const keras = {
  name: "Keras",
  layers: {
    Conv2D: convolution,
    Conv2DTranspose: transposed,
    MaxPooling2D: pooling,
    MaxPool2D: pooling,
  },
  lines: {
    ZeroPadding2D(node, around, call) {
      const { pads, ofResult } = around2D(node, "ZeroPadding2D");
      if (ofResult) addCrop(around, pads, call);
      else addPads(around, pads, 0, call);
    },
    Cropping2D(node, around, call) {
      const { pads } = around2D(node, "Cropping2D");
      addCrop(around, /** @type {Pads} */ (pads.map((one) => one.map((n) => -n))), call);
    },
    pad(node, around, call) {
      if (node.kind !== "call") return;
      const given = new Given(node, {
        order: ["x", "pad_width", "mode", "constant_values"],
        unread: ["mode"],
      });
      const width = given.node("pad_width");
      const items = width.kind === "list" ? width.items : [];
      const all = items.map((one) =>
        one.kind === "list" ? one.items.map((n) => (isWhole(n) ? n.value : Number.NaN)) : [],
      );
      const [first, rows, columns, last] = all;
      if (
        all.length !== 4 ||
        all.some((one) => one.length !== 2 || one.some(Number.isNaN)) ||
        [...first, ...last].some((n) => n !== 0)
      ) {
        refuse("pad_width: expected four pairs, those of the batch and of the channels 0");
      }
      const value = given.has("constant_values") ? given.node("constant_values") : null;
      addPads(around, /** @type {Pads} */ ([rows, columns]), fillOf(value), call);
    },
    flip(node, around) {
      if (node.kind !== "call") return;
      const axes = new Given(node, { order: ["x", "axis"] }).numbers("axis", 2);
      if (axes.join() !== "0,1") refuse("the kernel is turned by ops.flip(w, (0, 1))");
      around.turned = !around.turned;
    },
  },
  saysStride: false,
  spell,
  prepare,
  layouts: ({ kind, layout }) => layout ?? ["(N, H, W, C)", weights(kind)],
};
