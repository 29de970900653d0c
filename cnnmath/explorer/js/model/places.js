// Shapes of arrays, and places in them.

/** @import { Place, Values } from "./types.js" */

/** @param {number[]} shape */
export const sizeOf = (shape) => shape.reduce((product, length) => product * length, 1);

/**
 * Where a place stands in the list of an array's numbers.
 * @param {number[]} shape
 * @param {Place} place
 */
export const flatIndex = (shape, place) =>
  place.reduce((flat, p, axis) => flat * shape[axis] + p, 0);

/**
 * @param {Place} a
 * @param {Place} b
 */
export const samePlace = (a, b) => a.length === b.length && a.every((p, axis) => p === b[axis]);

/**
 * Whether two arrays have the same numbers in the same places.
 * @param {Values} a
 * @param {Values} b
 */
export const sameValues = (a, b) =>
  samePlace(a.shape, b.shape) && Array.from(a.data).every((value, flat) => value === b.data[flat]);

/**
 * @param {number[]} shape
 * @param {number} flat
 * @returns {Place}
 */
export function placeOf(shape, flat) {
  const place = [];
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    place.unshift(rest % shape[axis]);
    rest = Math.floor(rest / shape[axis]);
  }
  return place;
}

/**
 * How a cell is called: a[0, 1].
 * @param {string} name of its array
 * @param {Place} place
 */
export const cellName = (name, place) => (place.length ? `${name}[${place.join(", ")}]` : name);
