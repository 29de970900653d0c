// ONNX: the operators Conv, ConvTranspose and MaxPool, with their attributes.

import { Given } from "./arguments.js";
import {
  addCrop,
  argument,
  channelsFirst,
  cropOf,
  isNegative,
  isNothing,
  isResult,
  list,
  written,
} from "./dialect.js";
import { gathering, gatheringSame, scattered, stepsOf } from "./layer.js";
import { refuse } from "./refusal.js";

/** @import { Pair } from "./arguments.js" */
/** @import { Call, Dialect } from "./dialect.js" */
/** @import { Axis, Words } from "./layer.js" */
/** @import { CallNode } from "./python.js" */

const ATTRIBUTES = ["kernel_shape", "strides", "pads", "dilations", "auto_pad"];
const AUTO = { VALID: "valid", SAME_UPPER: "same", SAME_LOWER: "same-lower" };

/**
 * @param {CallNode} node
 * @param {string[]} inputs
 * @param {string[]} more attributes
 * @param {Pair | null} w
 */
function read(node, inputs, more, w) {
  // Attributes have names; what has none are the inputs.
  if (node.positional.length > inputs.length) {
    refuse(`${node.name} has the inputs ${inputs.join(", ")}; its attributes are given by name`);
  }
  const given = new Given(node, {
    order: [...inputs, ...ATTRIBUTES, ...more],
    unread: ["group", "output_shape", "storage_order"],
  });
  if (!given.has("kernel_shape") && !w) given.node("kernel_shape");
  const auto = given.has("auto_pad")
    ? given.word("auto_pad", ["NOTSET", ...Object.keys(AUTO)])
    : "NOTSET";
  if (auto !== "NOTSET" && given.has("pads")) refuse("pads and auto_pad cannot both be given");
  /** @type {Words["padding"]} */
  let padding = auto === "NOTSET" ? null : /** @type {any} */ (AUTO)[auto];
  if (given.has("pads")) {
    const [top, left, bottom, right] = given.numbers("pads", 4, 0);
    padding = [
      [top, bottom],
      [left, right],
    ];
  }
  /** @type {Words} */
  const words = {
    kind: "convolution",
    kernel: two(given, "kernel_shape", 1) ?? w ?? [1, 1],
    stride: two(given, "strides", 1),
    dilation: two(given, "dilations", 1),
    padding,
    output: null,
    ceil: false,
    turned: false,
    channels: [null, null],
    layout: null,
  };
  return { given, words, steps: stepsOf(words) };
}

/** @param {Given} given @param {string} name @param {number} least @returns {Pair | null} */
function two(given, name, least) {
  return given.has(name) ? /** @type {Pair} */ (given.numbers(name, 2, least)) : null;
}

/**
 * @param {Words} words
 * @param {Pick<Axis, "kernel" | "stride" | "dilation">[]} steps
 * @returns {Call["axis"]}
 */
const gathers = (words, steps) => (n, size) => {
  if (words.padding === "same" || words.padding === "same-lower") {
    return gatheringSame(steps[n], size, words.padding === "same-lower");
  }
  const [before, behind] = Array.isArray(words.padding) ? words.padding[n] : [0, 0];
  return gathering(steps[n], size, before, behind, words.ceil);
};

/** @param {CallNode} node @param {Pair} w @returns {Call} */
function convolution(node, w) {
  const { words, steps } = read(node, ["X", "W"], [], w);
  return { words, axis: gathers(words, steps) };
}

/** @param {CallNode} node @returns {Call} */
function pooling(node) {
  const { given, words, steps } = read(node, ["X"], ["ceil_mode"], null);
  const said = { ...words, kind: /** @type {const} */ ("pooling"), ceil: given.flag("ceil_mode") };
  if (said.ceil && typeof said.padding === "string")
    refuse("auto_pad says the size: ceil_mode has no place beside it");
  if (words.padding === "same" || words.padding === "same-lower") {
    if (steps.some((step) => step.dilation > 1 || step.kernel < step.stride)) {
      refuse(
        "auto_pad beside dilations, or beside a stride wider than the kernel, is no rule that all " +
          "runtimes share",
      );
    }
  }
  if (Array.isArray(words.padding)) {
    for (const [n, ends] of words.padding.entries()) {
      if (Math.max(...ends) >= words.kernel[n]) {
        refuse(
          `pads: ${Math.max(...ends)} is not less than the kernel, and a maximum of nothing is none`,
        );
      }
    }
  }
  return { words: said, axis: gathers(said, steps) };
}

/** @param {CallNode} node @param {Pair} w @returns {Call} */
function transposed(node, w) {
  const { given, words, steps } = read(node, ["X", "W"], ["output_padding"], w);
  const said = {
    ...words,
    kind: /** @type {const} */ ("transposed"),
    output: two(given, "output_padding", 0),
  };
  for (const [n, { stride }] of steps.entries()) {
    const more = said.output?.[n] ?? 0;
    if (more >= stride) refuse(`output_padding: ${more} is not less than the stride`);
  }
  return {
    words: said,
    axis(n, size) {
      const more = said.output?.[n] ?? 0;
      const { padding } = said;
      if (padding !== "same" && padding !== "same-lower") {
        const [before, behind] = Array.isArray(padding) ? padding[n] : [0, 0];
        return { ...steps[n], before, out: scattered(steps[n], size) - before - behind + more };
      }
      const out = size * steps[n].stride;
      const total = scattered(steps[n], size) + more - out;
      if (total < 0)
        refuse(
          "the kernel is narrower than the stride: what auto_pad means then, the standard does not say",
        );
      const before = padding === "same" ? Math.floor(total / 2) : Math.ceil(total / 2);
      return { ...steps[n], before, out };
    },
  };
}

/** @param {Words} words */
function spell({ kind, kernel, stride, dilation, padding, output, ceil }) {
  return written(
    { convolution: "op.Conv", transposed: "op.ConvTranspose", pooling: "op.MaxPool" }[kind],
    kind === "pooling" ? "x" : "x, w",
    `kernel_shape=${list(kernel)}`,
    argument("strides", stride, 1, list),
    Array.isArray(padding) && !isNothing(padding)
      ? `pads=${list([padding[0][0], padding[1][0], padding[0][1], padding[1][1]])}`
      : null,
    padding === "same" ? 'auto_pad="SAME_UPPER"' : null,
    padding === "same-lower" ? 'auto_pad="SAME_LOWER"' : null,
    padding === "full" ? 'auto_pad="FULL"' : null,
    argument("output_padding", output, 0, list),
    argument("dilations", dilation, 1, list),
    ceil ? "ceil_mode=1" : null,
  );
}

/** @type {Dialect["prepare"]} */
function prepare(words, layer, pads, size) {
  const lines = layer.turned ? ["w = w[:, :, ::-1, ::-1]"] : [];
  if (layer.kind === "transposed") {
    const crop = cropOf(layer, size);
    lines.push(`y = ${spell({ ...words, padding: null, output: null })}`);
    const [[top, bottom], [left, right]] = crop;
    if (!isNothing(crop))
      lines.push(`y = op.Pad(y, ${list([0, 0, top, left, 0, 0, bottom, right])})`);
  } else {
    if (isNegative(pads)) return null;
    lines.push(`y = ${spell({ ...words, padding: pads, ceil: false })}`);
  }
  return lines.join("\n");
}

/** @type {Dialect} */
export const onnx = {
  name: "ONNX",
  layers: { Conv: convolution, ConvTranspose: transposed, MaxPool: pooling },
  lines: {
    Pad(node, around, call) {
      if (node.kind !== "call") return;
      const given = new Given(node, {
        order: ["data", "pads"],
        unread: ["constant_value", "mode"],
      });
      const [n0, c0, top, left, n1, c1, bottom, right] = given.numbers("pads", 8);
      if (n0 || c0 || n1 || c1) refuse("pads: expected 0 for batch and channels");
      if (!isResult(node.positional[0])) refuse("an input has its pads in the operator itself");
      addCrop(
        around,
        [
          [top, bottom],
          [left, right],
        ],
        call,
      );
    },
    // Weights are stored: they are turned in NumPy, before.
    ""(node, around) {
      if (node.kind !== "slices" || JSON.stringify(node.slices) !== TURNED)
        refuse("the kernel is turned by w[:, :, ::-1, ::-1]");
      around.turned = !around.turned;
    },
  },
  saysStride: false,
  spell,
  prepare,
  layouts: channelsFirst,
};

const TURNED = JSON.stringify([
  [null, null, null],
  [null, null, null],
  [null, null, -1],
  [null, null, -1],
]);
