// What a layer does, in words and on numbers.

import shared from "../../../shared.json" with { type: "json" };
import { compute, reach, scattered, width } from "./layer.js";
import { attempt, Refusal } from "./refusal.js";
import { read, translate, wordForWord } from "./translate.js";

/** @import { Pair } from "./arguments.js" */
/** @import { Dialect } from "./dialect.js" */
/** @import { Axis, Layer, Numbers, Words } from "./layer.js" */
/** @import { Reading, Translation } from "./translate.js" */

const X = [
  [3, 4, 1, 6, 7, 2, 1, 1, 0],
  [6, 8, 4, 0, 3, 8, 8, 5, 4],
  [2, 1, 4, 3, 0, 4, 4, 3, 2],
  [4, 4, 5, 1, 9, 5, 6, 8, 3],
  [2, 3, 7, 4, 1, 8, 4, 0, 4],
  [9, 4, 8, 3, 6, 6, 9, 4, 6],
  [7, 2, 3, 4, 4, 0, 1, 0, 7],
  [4, 8, 8, 7, 5, 2, 3, 1, 6],
  [3, 7, 4, 2, 5, 6, 9, 5, 8],
];
// No weight is 0, and turned each is another, or what is exchanged would not show.
const W = [
  [1, 2, -1, 3, 2, 1, -2],
  [3, -2, 1, -1, 3, 2, 1],
  [4, -1, 2, 1, -3, -1, 3],
  [-2, 3, -3, 2, 1, 4, -1],
  [1, 4, -2, -1, 3, 1, 2],
  [2, -3, 1, 3, -1, 2, -4],
  [-1, 1, 4, -2, 2, -3, 3],
];

/** @param {Numbers} numbers @param {Pair} size */
const cut = (numbers, [rows, columns]) =>
  numbers.slice(0, rows).map((row) => row.slice(0, columns));

/** @param {number} size */
export const inputOf = (size) => cut(X, [size, size]);

/** @param {Pair} kernel */
export const kernelOf = (kernel) => cut(W, kernel);

/**
 * What a reading makes of the numbers. Refuses what does not fit, and a kernel that there are no
 * numbers for.
 * @param {Reading} reading
 * @param {number} size
 */
export function outcome(reading, size) {
  const layer = reading.at([size, size]);
  const { kernel } = reading.words;
  const [, largest] = shared.translator.kernel;
  if (Math.max(...kernel) > largest) {
    throw new Refusal(`a kernel of ${times(kernel)}: there are numbers here up to ${largest}`, "");
  }
  return { layer, y: compute(layer, inputOf(size), kernelOf(kernel)) };
}

/** @param {readonly number[]} size */
export const times = (size) => size.join(" × ");

/** @param {Numbers} numbers */
export const sizeOf = (numbers) => [numbers.length, numbers[0].length];

/**
 * The cells in which one result differs from another: those that only one of them has, too.
 * @param {Numbers} one
 * @param {Numbers} other
 */
export const differing = (one, other) =>
  one.map((row, i) => row.map((number, j) => number !== other[i]?.[j]));

/**
 * What a dialect makes of a layer: how to write it, and what becomes of its words.
 * @typedef {object} Beside
 * @property {Dialect} dialect
 * @property {Translation | null} same
 * @property {string | null} words
 * @property {Refusal | Numbers | null} found what the words give
 */

/**
 * @param {Reading} reading
 * @param {Dialect} dialect
 * @param {number} size
 * @returns {Beside}
 */
export function beside(reading, dialect, size) {
  const words = wordForWord(reading, dialect, [size, size]);
  return {
    dialect,
    same: translate(reading, dialect, [size, size]),
    words,
    found:
      words === null ? null : attempt(() => outcome(read(words, reading.words.kernel), size).y),
  };
}

/**
 * What there is to say of a layer, a sentence each.
 * @param {Words} words
 * @param {Layer} layer
 * @param {number} size of the input
 */
export function sentences({ channels }, layer, size) {
  const { kind, turned, axes } = layer;
  const [rows, columns] = axes;
  const even = JSON.stringify(rows) === JSON.stringify(columns);
  const sides = even
    ? ends(rows, size, kind)
    : `${ends(rows, size, kind)} (rows); ${ends(columns, size, kind)} (columns)`;
  const found = [`${times([size, size])} goes in, ${times(axes.map(({ out }) => out))} comes out.`];
  found.push(
    `${kind === "transposed" ? "Of all that is spread" : "Padding that is read"}: ${sides}.`,
  );
  if (axes.some(({ dilation }) => dilation > 1)) {
    const holes = axes.map(({ dilation }) => dilation - 1);
    found.push(
      `Dilation ${each(axes.map(({ dilation }) => dilation))} counted from 1, ${each(holes)} counted ` +
        `in holes: the kernel is ${each(axes.map(width))} wide.`,
    );
  }
  if (kind !== "pooling") {
    found.push(
      turned
        ? "The kernel is turned by half a turn first."
        : "The kernel lies as it is written: it is not turned.",
    );
  }
  if (channels.some((count) => count !== null && count > 1)) {
    found.push("The numbers are those of one channel.");
    if (channels[0] === null) {
      found.push(
        "How many channels go in, this call does not say: where one has to, it is 1 here.",
      );
    }
  }
  return found;
}

/** @param {number[]} pair */
const each = ([rows, columns]) => (rows === columns ? `${rows}` : `${rows} and ${columns}`);

/**
 * @param {Axis} axis
 * @param {number} size
 * @param {Layer["kind"]} kind
 */
function ends(axis, size, kind) {
  const { before, out } = axis;
  if (kind === "transposed") {
    const behind = scattered(axis, size) - before - out;
    return `${moved(before)} before, ${moved(behind)} behind`;
  }
  const behind = reach(axis, size);
  const unread = behind < 0 ? `, and ${-behind} at the end never read` : "";
  const total = Math.max(before, 0) + Math.max(behind, 0);
  return `${Math.max(before, 0)} before and ${Math.max(behind, 0)} behind, ${total} in total${unread}`;
}

/** @param {number} count */
const moved = (count) => (count < 0 ? `${-count} put on` : `${count} cut off`);
