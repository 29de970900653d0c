// Numbers and elements of arrays, as compiled nodes.

import { insideOf } from "./constraints.js";
import { compiledForm, flatForm, reachOf } from "./forms.js";
import { numberOf } from "./nodes.js";

/** @import { ElementNode } from "./types.js" */
/** @import { Constraint } from "./constraints.js" */
/** @import { Evaluate, Run } from "./run.js" */

/**
 * A size or a number.
 * @param {Run} run
 * @param {string} name
 * @returns {Evaluate}
 */
export function buildNumber(run, name) {
  return () => {
    const array = run.arrays[name];
    if (!array) return run.formula.values[name];
    if (run.watched !== null && run.watched.name === name) run.watched.hit = true;
    return array.data[0];
  };
}

/**
 * An element; a number where its array has none, of which the run is told.
 * @param {Run} run
 * @param {ElementNode} node
 * @param {Evaluate[]} index of each axis
 */
export function buildElement(run, node, index) {
  const { name } = node;
  /** @type {Found} */
  const found = (data, flat) => {
    const { watched } = run;
    if (watched !== null && watched.name === name && watched.mask[flat]) watched.hit = true;
    return data[flat];
  };
  return buildPlace(run, node, index, found, numberOf(node.outside));
}

/**
 * Whether there is an element.
 * @param {Run} run
 * @param {ElementNode} node
 * @param {Evaluate[]} index of each axis
 */
export const buildInside = (run, node, index) => buildPlace(run, node, index, () => 1, 0);

/** @typedef {(data: ArrayLike<number>, flat: number) => number} Found */

/**
 * What is found at the place of an element. An array that says by itself which element that is, as
 * labels do, must name one.
 * @param {Run} run
 * @param {ElementNode} node
 * @param {Evaluate[]} index of each axis
 * @param {Found} found
 * @param {number} outside
 * @returns {Evaluate}
 */
function buildPlace(run, node, index, found, outside) {
  const { name, given_by: givenBy } = node;
  const origin = run.formula.origin[name] ?? 0;
  const exact = () => {
    const { shape, data } = run.arrays[name];
    let flat = 0;
    let inside = true;
    for (let axis = 0; axis < index.length; axis += 1) {
      const place = index[axis]() - origin;
      if (!Number.isInteger(place)) throw oddIndex(name, place + origin); // nor NaN, nor ∞
      if (!(place >= 0 && place < shape[axis])) {
        const by = givenBy[axis];
        if (by) throw noElement(name, axis, by, place + origin, origin, shape[axis]);
        inside = false;
      }
      flat = flat * shape[axis] + place;
    }
    if (inside) return found(data, flat);
    run.beyond?.(
      name,
      index.map((place) => place() - origin),
    );
    return outside;
  };
  const inside = insideOf(run, node);
  return inside ? buildAffine(run, name, inside, found, exact) : exact;
}

/**
 * The same where all indices are affine: where they are sure to be inside, nobody asks.
 * @param {Run} run
 * @param {string} name
 * @param {Constraint[]} inside
 * @param {Found} found
 * @param {Evaluate} otherwise
 * @returns {Evaluate}
 */
function buildAffine(run, name, inside, found, otherwise) {
  const axes = inside.map(({ form }) => form);
  /** @type {ArrayLike<number>} */
  let data = [];
  let isSure = false;
  let flat = () => 0;
  let round = -1;
  function locate() {
    round = run.round;
    const { shape } = run.arrays[name];
    ({ data } = run.arrays[name]);
    flat = compiledForm(flatForm(axes, shape), run.at);
    isSure = axes.every((form, axis) => {
      const [low, high] = reachOf(form, run.ranges);
      return low >= 0 && high < shape[axis];
    });
  }
  return () => {
    if (round !== run.round) locate();
    return isSure ? found(data, flat()) : otherwise();
  };
}

/**
 * @param {string} name
 * @param {number} axis
 * @param {string} by
 * @param {number} index
 * @param {number} first
 * @param {number} length
 */
const noElement = (name, axis, by, index, first, length) =>
  new Error(
    `${name} is read at ${index} along axis ${axis}, as ${by} says, but its elements there are ` +
      `${first} to ${first + length - 1}`,
  );

/**
 * In the words of places.py.
 * @param {string} name
 * @param {number} index
 */
const oddIndex = (name, index) => {
  const shown = String(index).replace("Infinity", "inf").replace("NaN", "nan");
  return new Error(`${name} is read at the index ${shown}, which is no whole number`);
};
