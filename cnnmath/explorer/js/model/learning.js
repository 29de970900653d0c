// A step of learning: every weight a little against its gradient, and what that does to other pictures.

import { placeOf } from "./places.js";

/** @import { Model } from "./model.js" */
/** @import { Cell, Numbers, Reading } from "./types.js" */

/**
 * The arrays after a step, and the number that moved most.
 * @typedef {{ arrays: Record<string, Numbers>, most: Cell & { by: number } }} Learnt
 */

/**
 * The given arrays that learn: those that have a gradient in the figure, but the picture.
 * @param {Model} model
 * @param {Reading} reading
 */
export const parametersOf = (model, reading) =>
  Object.keys(model.given).filter(
    (name) => name !== reading.picture && model.gradientsOf(name).length,
  );

/**
 * @param {Model} model
 * @param {string[]} names of the arrays that learn
 * @param {number} rate
 * @returns {Learnt}
 */
export function learnt(model, names, rate) {
  let most = { key: names[0], place: /** @type {number[]} */ ([]), by: 0 };
  const entries = names.map((name) => {
    const { shape, data } = model.given[name];
    const slopes = model.arrays[model.gradientsOf(name)[0]].data;
    slopes.forEach((slope, flat) => {
      if (Math.abs(rate * slope) > Math.abs(most.by)) {
        most = { key: name, place: placeOf(shape, flat), by: -rate * slope };
      }
    });
    return [name, { shape, data: data.map((value, flat) => value - rate * slopes[flat]) }];
  });
  return { arrays: Object.fromEntries(entries), most };
}

/**
 * How many of the other pictures are read as what they are.
 * @param {Model} model
 * @param {Reading} reading
 */
export const numberRight = (model, reading) =>
  reading.others.filter(({ label, picture }) => {
    const { data } = model.supposing(reading.probabilities, { [reading.picture]: picture });
    return data.every((value) => value <= data[label]);
  }).length;
