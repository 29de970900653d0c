// The state of a figure as a piece of an address, to share it: what was changed, and the cell that is
// pinned.
//
//   #f0.size.M=2&f0.array.x=2x3:1,2,0,1,0,1&f0.at=a:0,1
//
// `f0` is the figure: the first of its page, or its own name. An address may speak of several. One
// that a text leads to may name a preset of the figure: #f0.preset=blur

import { sameValues, sizeOf } from "./places.js";

/** @import { Cell, Preset, Values } from "./types.js" */

/** @typedef {Preset & { preset: string | null, at: Cell | null }} Shared */

/**
 * @param {string} figure
 * @param {Preset} untouched what the author gave: the sizes at first, the arrays at those of now
 * @param {Preset} now
 * @param {Cell | null} at
 */
export function writeState(figure, untouched, now, at) {
  const sizes = Object.entries(now.sizes)
    .filter(([name, value]) => value !== untouched.sizes[name])
    .map(([name, value]) => `${figure}.size.${encodeURIComponent(name)}=${value}`);
  const arrays = Object.entries(now.arrays)
    .filter(([name, array]) => !sameValues(array, untouched.arrays[name]))
    .map(([name, { shape, data }]) => {
      const numbers = Array.from(data, (value) => String(value).replace("+", ""));
      return `${figure}.array.${encodeURIComponent(name)}=${shape.join("x")}:${numbers.join(",")}`;
    });
  const pieces = [...sizes, ...arrays];
  if (at) pieces.push(`${figure}.at=${encodeURIComponent(at.key)}:${at.place.join(",")}`);
  return pieces.join("&") || figure;
}

/**
 * Null if an address says nothing of a figure.
 *
 * Throws an Error, whose message begins a sentence, if what it says cannot be read.
 * @param {string} figure
 * @param {string} hash with or without its #
 * @returns {Shared | null}
 */
export function readState(figure, hash) {
  const own = hash
    .replace(/^#/, "")
    .split("&")
    .filter((piece) => piece === figure || piece.startsWith(`${figure}.`));
  if (!own.length) return null;
  /** @type {Shared} */
  const shared = { arrays: {}, sizes: {}, preset: null, at: null };
  for (const piece of own) {
    if (piece === figure) continue;
    const [name, text, ...more] = piece.slice(figure.length + 1).split("=");
    if (text === undefined || more.length) throw new Error(`“${piece}” is cut off`);
    const [kind, own] = name.split(/\.(.*)/s);
    if (name === "at") shared.at = readCell(text);
    else if (name === "preset") shared.preset = decoded(text);
    else if (kind === "size" && own) shared.sizes[decoded(own)] = whole(text);
    else if (kind === "array" && own) shared.arrays[decoded(own)] = readArray(text);
    else throw new Error(`“${name}” is nothing that a figure has`);
  }
  return shared;
}

/**
 * @param {string} text
 * @returns {Values}
 */
function readArray(text) {
  const [sizes, numbers] = text.split(":");
  if (numbers === undefined) throw new Error(`“${text}” is no array`);
  const shape = sizes === "" ? [] : sizes.split("x").map(whole);
  const data = numbers.split(",").map(finite);
  if (data.length !== sizeOf(shape)) {
    const wanted = shape.join(" × ") || "one";
    throw new Error(`there are ${data.length} numbers in place of ${wanted}`);
  }
  return { shape, data };
}

/**
 * @param {string} text
 * @returns {Cell}
 */
function readCell(text) {
  const [key, places] = text.split(":");
  if (places === undefined) throw new Error(`“${text}” is no cell`);
  return { key: decoded(key), place: places === "" ? [] : places.split(",").map(whole) };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error(`“${text}” is no name`);
  }
}

/** @param {string} text */
function whole(text) {
  if (!/^\d{1,6}$/.test(text)) throw new Error(`“${text}” is no whole number`);
  return Number(text);
}

/** @param {string} text */
function finite(text) {
  const value = Number(text);
  if (!/^-?\d/.test(text) || !Number.isFinite(value)) throw new Error(`“${text}” is no number`);
  return value;
}
