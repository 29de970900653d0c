// SciPy, scipy.signal: the one whose convolution turns the kernel. One plane, without strides; how
// large the kernel is stands in the shape of w.

import { Given } from "./arguments.js";
import { addPads, argument, isNegative, isNothing, nested, written } from "./dialect.js";
import { gathering, width } from "./layer.js";
import { refuse } from "./refusal.js";

/** @import { Pair } from "./arguments.js" */
/** @import { Call, Dialect } from "./dialect.js" */
/** @import { Words } from "./layer.js" */
/** @import { CallNode } from "./python.js" */

const SIGNATURE = { order: ["in1", "in2", "mode"], unread: ["boundary", "fillvalue"] };

/**
 * @param {CallNode} node
 * @param {Pair} kernel
 * @returns {Call}
 */
function plane(node, kernel) {
  const given = new Given(node, SIGNATURE);
  const turned = node.name === "convolve2d";
  const padding = given.has("mode")
    ? /** @type {"full" | "valid" | "same"} */ (given.word("mode", ["full", "valid", "same"]))
    : null;
  /** @type {Words} */
  const words = {
    kind: "convolution",
    kernel,
    stride: null,
    dilation: null,
    padding: padding ?? "full",
    output: null,
    ceil: false,
    turned,
    channels: [null, null],
    layout: null,
  };
  return {
    words,
    axis(n, size) {
      const step = { kernel: kernel[n], stride: 1, dilation: 1 };
      const around = width(step) - 1;
      if (words.padding === "valid") return gathering(step, size, 0, 0);
      if (words.padding === "full") return gathering(step, size, around, around);
      // The middle of “full”, before the kernel is turned; where there are two, the first.
      const before = turned ? Math.ceil(around / 2) : Math.floor(around / 2);
      return gathering(step, size, before, around - before);
    },
  };
}

/** @param {Words} words */
function spell({ kind, stride, dilation, padding, turned }) {
  if (kind !== "convolution") return null;
  return written(
    turned ? "signal.convolve2d" : "signal.correlate2d",
    "x, w",
    Array.isArray(padding)
      ? `mode=${isNothing(padding) ? '"valid"' : nested(padding)}`
      : padding && `mode="${padding === "same-lower" ? "same" : padding}"`,
    argument("stride", stride, 1),
    argument("dilation", dilation, 1),
  );
}

/** @type {Dialect["prepare"]} */
function prepare(words, layer, pads) {
  const { axes } = layer;
  if (layer.kind !== "convolution" || isNegative(pads) || axes.some((one) => one.dilation > 1))
    return null;
  const lines = isNothing(pads) ? [] : [`x = np.pad(x, ${nested(pads)})`];
  lines.push(`y = ${spell({ ...words, stride: null, padding: "valid", turned: layer.turned })}`);
  const [rows, columns] = axes.map(({ stride }) => stride);
  if (rows > 1 || columns > 1) lines.push(`y = y[::${rows}, ::${columns}]`);
  return lines.join("\n");
}

/** @type {Dialect} */
export const scipy = {
  name: "SciPy",
  layers: { convolve2d: plane, correlate2d: plane },
  lines: {
    pad(node, around, call) {
      if (node.kind !== "call") return;
      const given = new Given(node, { order: ["array", "pad_width"], unread: ["mode"] });
      addPads(around, given.pads("pad_width"), 0, call);
    },
    ""(node, around) {
      if (node.kind !== "slices") return;
      const steps = node.slices.map(([start, stop, step]) =>
        start === null && stop === null ? (step ?? 1) : 0,
      );
      if (steps.length !== 2 || steps.some((step) => step < 1))
        refuse("a stride is written y[::2, ::2]");
      around.every = /** @type {Pair} */ (around.every.map((every, n) => every * steps[n]));
    },
  },
  saysStride: false,
  spell,
  prepare,
  layouts: () => ["(H, W)", "(H, W)"],
};
