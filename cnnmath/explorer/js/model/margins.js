// How far outside its arrays a figure reads.

/** @import { Model } from "./model.js" */
/** @import { Place } from "./types.js" */

const FURTHEST = 6; // cells around an array for what is read outside it

/**
 * Cells around an array.
 * @typedef {{ top: number, bottom: number, left: number, right: number }} Margin
 */

/**
 * Seen from the corners and the middle of the results.
 * @param {Model} model
 */
export function findMargins(model) {
  /** @type {Record<string, Margin>} */
  const margins = {};
  for (const { formula, beyond } of model.formulas) {
    for (const place of corners(formula.shape)) {
      for (const [name, index] of beyond(place, model.arrays)) {
        margins[name] ??= { top: 0, bottom: 0, left: 0, right: 0 };
        const margin = margins[name];
        /**
         * @param {keyof Margin} side
         * @param {number} cells
         */
        const grow = (side, cells) => {
          margin[side] = Math.max(margin[side], Math.min(FURTHEST, cells));
        };
        const [row, column] = [0, 0, ...index].slice(-2);
        const [rows, columns] = [1, 1, ...model.arrays[name].shape].slice(-2);
        grow("top", -row);
        grow("bottom", row - rows + 1);
        grow("left", -column);
        grow("right", column - columns + 1);
      }
    }
  }
  return margins;
}

/**
 * @param {number[]} shape
 * @returns {Place[]}
 */
function corners(shape) {
  /** @type {Place[]} */
  let places = [[]];
  for (const length of shape) {
    const ends = [...new Set([0, Math.floor(length / 2), length - 1])];
    places = places.flatMap((place) => ends.map((end) => [...place, end]));
  }
  return places;
}
