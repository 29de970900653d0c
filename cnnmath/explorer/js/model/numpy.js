// The state of a figure as NumPy code that reproduces it.

import { sizeOf } from "./places.js";

/** @import { Arrays, Values } from "./types.js" */

/**
 * @param {Arrays} arrays
 * @param {Record<string, number>} sizes
 */
export function asNumPy(arrays, sizes) {
  const lines = Object.entries(arrays).map(([name, array]) => {
    const start = `${safe(name)} = np.array(`;
    return `${start}${nested(array, 0, 0, " ".repeat(start.length))}, dtype=float)`;
  });
  const whole = Object.entries(sizes).map(([name, value]) => `${safe(name)} = ${value}`);
  return ["import numpy as np", "", ...whole, ...lines, ""].join("\n");
}

/** @param {string} name */
const safe = (name) => (name === "lambda" ? "lambda_" : name);

/**
 * @param {Values} array
 * @param {number} axis
 * @param {number} offset
 * @param {string} indent
 * @returns {string}
 */
function nested({ shape, data }, axis, offset, indent) {
  if (axis === shape.length) return String(data[offset]);
  const stride = sizeOf(shape.slice(axis + 1));
  const parts = Array.from({ length: shape[axis] }, (_, n) =>
    nested({ shape, data }, axis + 1, offset + n * stride, `${indent} `),
  );
  const joint = axis === shape.length - 1 ? ", " : `,\n${indent} `;
  return `[${parts.join(joint)}]`;
}
