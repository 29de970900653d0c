// JAX, jax.lax. How large the kernel is stands in the shape of w, and not in the call.

import { Given } from "./arguments.js";
import { argument, isNothing, nested, tuple, written } from "./dialect.js";
import { gathering, gatheringSame, scattered, stepsOf, width } from "./layer.js";
import { refuse } from "./refusal.js";

/** @import { Pads, Pair } from "./arguments.js" */
/** @import { Call, Dialect } from "./dialect.js" */
/** @import { Axis, Steps, Words } from "./layer.js" */
/** @import { CallNode } from "./python.js" */

const CONVOLUTION = {
  order: [
    "lhs",
    "rhs",
    "window_strides",
    "padding",
    "lhs_dilation",
    "rhs_dilation",
    "dimension_numbers",
  ],
  unread: ["feature_group_count", "batch_group_count", "precision", "preferred_element_type"],
};
const TRANSPOSED = {
  order: [
    "lhs",
    "rhs",
    "strides",
    "padding",
    "rhs_dilation",
    "dimension_numbers",
    "transpose_kernel",
  ],
  unread: ["precision", "preferred_element_type"],
};
const TRANSPOSED_MORE = ["precision", "preferred_element_type", "use_consistent_padding"];
const POOLING = {
  order: [
    "operand",
    "init_value",
    "computation",
    "window_dimensions",
    "window_strides",
    "padding",
    "base_dilation",
    "window_dilation",
  ],
  unread: ["base_dilation"],
};
const PADDINGS = { VALID: "valid", SAME: "same", SAME_LOWER: "same-lower" };

/**
 * @param {Given} given
 * @param {string[]} known
 */
function paddingOf(given, known) {
  given.node("padding");
  if (!given.isWord("padding")) return given.pads("padding");
  const word = /** @type {keyof typeof PADDINGS} */ (given.word("padding", known));
  return /** @type {"valid" | "same" | "same-lower"} */ (PADDINGS[word]);
}

/**
 * Two numbers in a tuple: a single one is refused.
 * @param {Given} given
 * @param {string} name
 * @returns {Pair | null}
 */
function two(given, name) {
  if (!given.has(name)) return null;
  return /** @type {Pair} */ (given.numbers(name, 2, 1));
}

/**
 * @param {Words["padding"]} padding
 * @param {[Steps, Steps]} steps
 * @returns {Call["axis"]}
 */
const gathers = (padding, steps) => (n, size) => {
  if (Array.isArray(padding)) return gathering(steps[n], size, ...padding[n]);
  if (padding === "valid") return gathering(steps[n], size, 0, 0);
  return gatheringSame(steps[n], size, padding === "same-lower");
};

/**
 * A convolution with a stride of 1 over an input between whose pixels zeros were put, and around it
 * the zeros that are given: a transposed layer with the kernel turned.
 * @param {Steps} step
 * @param {number} size
 * @param {readonly number[]} zeros before and behind
 * @returns {Axis}
 */
const stuffed = (step, size, [before, behind]) => ({
  ...step,
  before: width(step) - 1 - before,
  out: scattered(step, size) + before + behind - 2 * (width(step) - 1),
});

/**
 * @param {Given} given
 * @returns {[string, string] | null}
 */
function layoutOf(given) {
  if (!given.has("dimension_numbers")) return null;
  const node = given.node("dimension_numbers");
  const items = node.kind === "list" ? node.items : [];
  const words = items.map((one) => (one.kind === "text" ? one.value : ""));
  const letters = words.map((word) => [...word].sort().join(""));
  if (letters.join() !== "CHNW,HIOW,CHNW") {
    refuse('dimension_numbers: expected three words such as ("NHWC", "HWIO", "NHWC")');
  }
  return [words[0], words[1]];
}

/** @param {CallNode} node @param {Pair} kernel @returns {Call} */
function convolution(node, kernel) {
  const given = new Given(node, CONVOLUTION);
  given.node("window_strides");
  const stride = two(given, "window_strides") ?? [1, 1];
  const [spread, dilation] = [two(given, "lhs_dilation"), two(given, "rhs_dilation")];
  const padding = paddingOf(given, ["VALID", "SAME", "SAME_LOWER"]);
  /** @type {Words} */
  const words = {
    ...unsaid("convolution", kernel, padding),
    stride,
    dilation,
    layout: layoutOf(given),
  };
  if (!spread || spread.every((n) => n === 1)) {
    return { words, axis: gathers(padding, stepsOf({ kernel, stride, dilation })) };
  }
  if (!Array.isArray(padding)) refuse("with lhs_dilation the padding has to be given in numbers");
  if (stride.some((n) => n > 1))
    refuse("both window_strides and lhs_dilation above 1: no other library has such a layer");
  const steps = stepsOf({ kernel, stride: spread, dilation });
  return {
    words: { ...words, kind: "transposed", stride: spread, turned: true },
    axis: (n, size) => stuffed(steps[n], size, padding[n]),
  };
}

/**
 * The zeros around a stuffed input, as what is cut off of the whole result.
 * @param {Pads} zeros
 * @param {[Steps, Steps]} steps
 * @returns {Pads}
 */
const outwards = (zeros, steps) =>
  /** @type {Pads} */ (zeros.map((ends, n) => ends.map((end) => width(steps[n]) - 1 - end)));

/** @param {CallNode} node @param {Pair} kernel @returns {Call} */
function transposed(node, kernel) {
  const given = new Given(node, {
    ...TRANSPOSED,
    order: [...TRANSPOSED.order, ...TRANSPOSED_MORE],
  });
  given.node("strides");
  const stride = two(given, "strides") ?? [1, 1];
  const dilation = two(given, "rhs_dilation");
  const padding = paddingOf(given, ["VALID", "SAME"]);
  const consistent = given.flag("use_consistent_padding");
  const turned = !given.flag("transpose_kernel");
  const steps = stepsOf({ kernel, stride, dilation });
  const cut = Array.isArray(padding) && !consistent ? outwards(padding, steps) : padding;
  return {
    words: {
      ...unsaid("transposed", kernel, padding),
      stride,
      dilation,
      turned,
      layout: layoutOf(given),
    },
    axis(n, size) {
      const wide = width(steps[n]);
      if (Array.isArray(cut))
        return stuffed(
          steps[n],
          size,
          cut[n].map((end) => wide - 1 - end),
        );
      if (cut === "valid") {
        return stuffed(steps[n], size, [wide - 1, Math.max(stride[n], wide) - 1]);
      }
      const zeros = wide + stride[n] - 2;
      const before = stride[n] > wide - 1 ? wide - 1 : Math.ceil(zeros / 2);
      return stuffed(steps[n], size, [before, zeros - before]);
    },
  };
}

/** @param {CallNode} node @returns {Call} */
function pooling(node) {
  const given = new Given(node, POOLING);
  const computation = given.node("computation");
  if (computation.kind !== "name" || !/(^|\.)max(imum)?$/.test(computation.name)) {
    refuse("reduce_window is read here with lax.max alone");
  }
  const kernel = spatial(given, "window_dimensions");
  given.node("window_strides");
  const stride = spatial(given, "window_strides");
  const dilation = given.has("window_dilation") ? spatial(given, "window_dilation") : null;
  const padding = paddingOfWindow(given);
  return {
    words: { ...unsaid("pooling", kernel, padding), stride, dilation },
    axis: gathers(padding, stepsOf({ kernel, stride, dilation })),
  };
}

/** Those of rows and columns of (1, 1, rows, columns). @param {Given} given @param {string} name @returns {Pair} */
function spatial(given, name) {
  const [batch, channel, rows, columns] = given.numbers(name, 4, 1);
  if (batch !== 1 || channel !== 1)
    given.wrong(name, "(1, 1, rows, columns), as x is (N, C, H, W)");
  return [rows, columns];
}

/** @param {Given} given */
function paddingOfWindow(given) {
  const node = given.node("padding");
  if (node.kind !== "list" || node.items.length !== 4)
    return paddingOf(given, ["VALID", "SAME", "SAME_LOWER"]);
  const [batch, channel, ...rest] = node.items;
  const zero = [batch, channel].every(
    (one) => one.kind === "list" && one.items.every((n) => n.kind === "number" && n.value === 0),
  );
  if (!zero) given.wrong("padding", "((0, 0), (0, 0), (before, behind), (before, behind))");
  given.nodes.set("padding", { kind: "list", items: rest });
  return given.pads("padding");
}

/**
 * @param {Words["kind"]} kind
 * @param {Pair} kernel
 * @param {Words["padding"]} padding
 * @returns {Words}
 */
const unsaid = (kind, kernel, padding) => ({
  kind,
  kernel,
  padding,
  stride: null,
  dilation: null,
  output: null,
  ceil: false,
  turned: false,
  channels: [null, null],
  layout: null,
});

/** @param {Words} words */
function spell(words) {
  const { kind, kernel, dilation, padding, output, ceil } = words;
  const stride = words.stride ?? [1, 1];
  const more = [argument("output_padding", output, 0), ceil ? "ceil_mode=True" : null];
  if (kind === "pooling") {
    return written(
      "lax.reduce_window",
      "x, -jnp.inf, lax.max",
      tuple([1, 1, ...kernel]),
      tuple([1, 1, ...stride]),
      Array.isArray(padding) && !isNothing(padding)
        ? `((0, 0), (0, 0), ${padding.map(tuple).join(", ")})`
        : word(padding),
      argument("window_dilation", dilation, 1, (pair) => tuple([1, 1, ...pair])),
      ...more,
    );
  }
  if (kind === "convolution") {
    return written(
      "lax.conv_general_dilated",
      "x, w",
      `window_strides=${tuple(stride)}`,
      `padding=${Array.isArray(padding) && !isNothing(padding) ? nested(padding) : word(padding)}`,
      argument("rhs_dilation", dilation, 1, tuple),
      ...more,
    );
  }
  const given = Array.isArray(padding);
  return written(
    "lax.conv_transpose",
    "x, w",
    `strides=${tuple(stride)}`,
    `padding=${given ? nested(padding) : word(padding)}`,
    argument("rhs_dilation", dilation, 1, tuple),
    words.turned ? null : "transpose_kernel=True",
    ...more,
  );
}

/** @param {Words["padding"]} padding */
const word = (padding) =>
  ({ same: '"SAME"', "same-lower": '"SAME_LOWER"', full: '"FULL"', valid: '"VALID"' })[
    typeof padding === "string" ? padding : "valid"
  ];

/** @type {Dialect["prepare"]} */
function prepare(words, layer, pads, size) {
  if (layer.kind !== "transposed") {
    const call = spell({ ...words, padding: pads, ceil: false });
    return layer.turned ? `w = jnp.flip(w, (2, 3))\ny = ${call}` : call;
  }
  const zeros = layer.axes.map((axis, n) => {
    const before = width(axis) - 1 - axis.before;
    return [before, axis.out - scattered(axis, size[n]) + 2 * (width(axis) - 1) - before];
  });
  return spell({
    ...words,
    padding: /** @type {Pads} */ (zeros),
    output: null,
    turned: layer.turned,
  });
}

/** @type {Dialect} */
export const jax = {
  name: "JAX",
  layers: {
    conv_general_dilated: convolution,
    conv_transpose: transposed,
    reduce_window: pooling,
  },
  lines: {
    flip(node, around, { words }) {
      if (node.kind !== "call") return;
      const axes = new Given(node, { order: ["m", "axis"] }).numbers("axis", 2).join();
      const spec = words.layout?.[1] ?? (words.kind === "transposed" ? "HWIO" : "OIHW");
      const wanted = [spec.indexOf("H"), spec.indexOf("W")].sort().join();
      if (axes !== wanted) refuse(`the kernel, ${spec}, is turned along its axes ${wanted}`);
      around.turned = !around.turned;
    },
  },
  saysStride: true,
  spell,
  prepare,
  layouts({ kind, turned, layout }) {
    if (layout) return [spaced(layout[0]), spaced(layout[1])];
    if (kind !== "transposed") return ["(N, C, H, W)", "(out, in, H, W)"];
    return ["(N, H, W, C)", turned ? "(H, W, in, out)" : "(H, W, out, in)"];
  },
};

/** @param {string} letters */
const spaced = (letters) =>
  `(${[...letters].map((one) => ({ O: "out", I: "in" })[one] ?? one).join(", ")})`;
