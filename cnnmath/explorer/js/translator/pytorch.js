// PyTorch, torch.nn.

import { Given, isWhole } from "./arguments.js";
import {
  addCrop,
  addPads,
  argument,
  channelsFirst,
  cropOf,
  isNothing,
  isResult,
  paddingArgument,
  short,
  strideArgument,
  tuple,
  written,
} from "./dialect.js";
import { gathering, scattered, stepsOf, width } from "./layer.js";
import { refuse } from "./refusal.js";

/** @import { Pads, Pair } from "./arguments.js" */
/** @import { Call, Dialect } from "./dialect.js" */
/** @import { Words } from "./layer.js" */
/** @import { CallNode } from "./python.js" */

const CONVOLUTION = {
  order: ["in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation"],
  unread: ["groups", "bias", "padding_mode", "device", "dtype"],
};
const TRANSPOSED = {
  order: ["in_channels", "out_channels", "kernel_size", "stride", "padding", "output_padding"],
};
const POOLING = {
  order: ["kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode"],
  unread: ["return_indices"],
};

/** @param {Pair} pair @returns {Pads} */
const both = ([rows, columns]) => [
  [rows, rows],
  [columns, columns],
];

/** @param {CallNode} node @returns {Call} */
function convolution(node) {
  const given = new Given(node, CONVOLUTION);
  const words = {
    ...saidOf(given, "convolution"),
    padding: given.isWord("padding")
      ? /** @type {"valid" | "same"} */ (given.word("padding", ["valid", "same"]))
      : sides(given),
  };
  const steps = stepsOf(words);
  if (words.padding === "same" && steps.some(({ stride }) => stride > 1)) {
    refuse('PyTorch takes padding="same" with stride=1 alone');
  }
  return {
    words,
    axis(n, size) {
      if (words.padding === "same") {
        const total = width(steps[n]) - 1;
        const before = Math.floor(total / 2);
        return gathering(steps[n], size, before, total - before);
      }
      return gathering(steps[n], size, ...padding(words, n));
    },
  };
}

/** @param {CallNode} node @returns {Call} */
function transposed(node) {
  const given = new Given(node, {
    order: [...TRANSPOSED.order, "groups", "bias", "dilation"],
    unread: CONVOLUTION.unread,
  });
  const words = {
    ...saidOf(given, "transposed"),
    padding: sides(given),
    output: given.maybe("output_padding", 0),
  };
  const steps = stepsOf(words);
  for (const [n, { stride, dilation }] of steps.entries()) {
    const more = words.output?.[n] ?? 0;
    if (more >= stride && more >= dilation) {
      refuse(`output_padding=${more}: expected less than the stride or the dilation`);
    }
  }
  return {
    words,
    axis(n, size) {
      const [before, behind] = padding(words, n);
      const out = scattered(steps[n], size) - before - behind + (words.output?.[n] ?? 0);
      return { ...steps[n], before, out };
    },
  };
}

/** @param {CallNode} node @returns {Call} */
function pooling(node) {
  const given = new Given(node, POOLING);
  const words = {
    ...saidOf(given, "pooling"),
    padding: sides(given),
    ceil: given.flag("ceil_mode"),
  };
  const steps = stepsOf(words, words.kernel);
  for (const [n, step] of steps.entries()) {
    const [before] = padding(words, n);
    if (before > step.kernel / 2) {
      refuse(`padding=${before}: PyTorch pools with half of the kernel at most`);
    }
  }
  return {
    words,
    axis: (n, size) => gathering(steps[n], size, ...padding(words, n), words.ceil),
  };
}

/**
 * @param {Given} given
 * @param {Words["kind"]} kind
 * @returns {Words}
 */
function saidOf(given, kind) {
  const pools = kind === "pooling";
  return {
    kind,
    kernel: given.pair("kernel_size", 1),
    stride: given.maybe("stride", 1),
    dilation: given.maybe("dilation", 1),
    padding: null,
    output: null,
    ceil: false,
    turned: false,
    channels: pools
      ? [null, null]
      : [given.number("in_channels", 1), given.number("out_channels", 1)],
    layout: null,
  };
}

/** @param {Given} given @returns {Pads | null} */
function sides(given) {
  if (given.isWord("padding"))
    refuse(`${given.name} takes no word for padding, but one or two numbers`);
  return given.has("padding") ? both(given.pair("padding", 0)) : null;
}

/** @param {Words} words @param {number} n @returns {[number, number]} */
const padding = (words, n) => (Array.isArray(words.padding) ? words.padding[n] : [0, 0]);

/** @param {Words} words */
function spell(words) {
  const { kind, kernel, dilation, channels, output, ceil } = words;
  const pools = kind === "pooling";
  return written(
    { convolution: "nn.Conv2d", transposed: "nn.ConvTranspose2d", pooling: "nn.MaxPool2d" }[kind],
    pools ? null : `${channels[0] ?? 1}`,
    pools ? null : `${channels[1] ?? 1}`,
    short(kernel),
    strideArgument("stride", words),
    paddingArgument(words.padding),
    argument("output_padding", output, 0),
    argument("dilation", dilation, 1),
    ceil ? "ceil_mode=True" : null,
  );
}

/** @param {Pads} pads */
const inOrder = ([[top, bottom], [left, right]]) => tuple([left, right, top, bottom]);

/** @type {Dialect["prepare"]} */
function prepare(words, layer, pads, size) {
  const lines = layer.turned ? ["w = w.flip(2, 3)"] : [];
  if (layer.kind === "transposed") {
    const crop = cropOf(layer, size);
    lines.push(`y = ${spell({ ...words, padding: null, output: null })}(x)`);
    if (!isNothing(crop)) lines.push(`y = F.pad(y, ${inOrder(crop)})`);
  } else {
    const fill = layer.kind === "pooling" ? ", value=-torch.inf" : "";
    if (!isNothing(pads)) lines.unshift(`x = F.pad(x, ${inOrder(pads)}${fill})`);
    lines.push(`y = ${spell({ ...words, padding: null, ceil: false })}(x)`);
  }
  return lines.join("\n");
}

/** @type {Dialect} */
export const pytorch = {
  name: "PyTorch",
  layers: { Conv2d: convolution, ConvTranspose2d: transposed, MaxPool2d: pooling },
  lines: {
    pad(node, around, call) {
      if (node.kind !== "call") return;
      const given = new Given(node, { order: ["input", "pad", "mode", "value"], unread: ["mode"] });
      const [left, right, top, bottom] = given.numbers("pad", 4);
      /** @type {Pads} */
      const pads = [
        [top, bottom],
        [left, right],
      ];
      const value = given.has("value") ? given.node("value") : null;
      if (isResult(node.positional[0])) addCrop(around, pads, call);
      else addPads(around, pads, fillOf(value), call);
    },
    flip(node, around) {
      if (node.kind !== "call") return;
      if (node.positional.map((one) => isWhole(one) && one.value).join() !== "2,3") {
        refuse("the kernel is turned by w.flip(2, 3)");
      }
      around.turned = !around.turned;
    },
  },
  saysStride: false,
  spell,
  prepare,
  layouts: channelsFirst,
};

/** What is put around: 0, or −∞. @param {import("./python.js").Node | null} node */
export function fillOf(node) {
  if (!node || (isWhole(node) && node.value === 0)) return 0;
  if (node.kind === "name" && /^-(?:\w+\.)*inf$/.test(node.name)) return Number.NEGATIVE_INFINITY;
  refuse("what is put around has to be 0 or −inf");
}
