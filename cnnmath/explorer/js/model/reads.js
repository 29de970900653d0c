// Numbers and elements of arrays, as compiled nodes.

import { numberOf } from "./nodes.js";

/** @import { ElementNode, InsideNode } from "./types.js" */
/** @import { Evaluate, Run } from "./run.js" */

/**
 * A size, a number, or the element that a formula without indices has reached.
 * @param {Run} run
 * @param {string} name
 * @returns {Evaluate}
 */
export function buildNumber(run, name) {
  const { formula, elementwise } = run;
  return () => {
    const array = run.arrays[name];
    if (!array) return formula.values[name];
    const flat = elementwise && array.data.length > 1 ? run.element : 0;
    const { watched } = run;
    if (watched !== null && watched.name === name && watched.flats.has(flat)) watched.hit = true;
    return array.data[flat];
  };
}

/**
 * An element; a number where its array has none, of which the run is told.
 * @param {Run} run
 * @param {ElementNode | InsideNode} node
 * @param {Evaluate[]} index of each axis
 * @param {(data: ArrayLike<number>, flat: number) => number} found
 * @param {number} outside
 * @returns {Evaluate}
 */
function buildPlace(run, { name }, index, found, outside) {
  const origin = run.formula.origin[name] ?? 0;
  return () => {
    const { shape, data } = run.arrays[name];
    let flat = 0;
    let inside = true;
    for (let axis = 0; axis < index.length; axis += 1) {
      const place = index[axis]() - origin;
      if (!Number.isInteger(place)) throw oddIndex(name, place + origin);
      inside &&= place >= 0 && place < shape[axis];
      flat = flat * shape[axis] + place;
    }
    if (inside) return found(data, flat);
    run.beyond?.(
      name,
      index.map((place) => place() - origin),
    );
    return outside;
  };
}

/**
 * An element.
 * @param {Run} run
 * @param {ElementNode} node
 * @param {Evaluate[]} index of each axis
 */
export function buildElement(run, node, index) {
  const { name } = node;
  /** @type {Parameters<typeof buildPlace>[3]} */
  const found = (data, flat) => {
    const { watched } = run;
    if (watched !== null && watched.name === name && watched.flats.has(flat)) watched.hit = true;
    return data[flat];
  };
  return buildPlace(run, node, index, found, numberOf(node.outside));
}

/**
 * Whether there is an element.
 * @param {Run} run
 * @param {InsideNode} node
 * @param {Evaluate[]} index of each axis
 */
export const buildInside = (run, node, index) => buildPlace(run, node, index, () => 1, 0);

/**
 * @param {string} name
 * @param {number} index
 */
const oddIndex = (name, index) =>
  new Error(`${name} is read at the index ${index}, which is no whole number`);
