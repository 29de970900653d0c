// Numbers and elements of arrays, as compiled nodes.

import { childrenOf, hasIndex } from "./nodes.js";

/** @import { Node, ReadNode } from "./types.js" */
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
 * An element; outside its array it is 0, and the run is told. An array that says by itself which
 * element is read, as labels do, must name one.
 * @param {Run} run
 * @param {ReadNode} node
 * @param {Evaluate[]} index of each axis
 * @returns {Evaluate}
 */
export function buildRead(run, { name, index: nodes }, index) {
  const origin = run.formula.origin[name] ?? 0;
  const gathered = nodes.map(gatheredBy);
  return () => {
    const array = run.arrays[name];
    const { shape } = array;
    const before = run.outside; // of what the indices read
    let flat = 0;
    let inside = true;
    for (let axis = 0; axis < index.length; axis += 1) {
      const place = index[axis]() - origin;
      if (!Number.isInteger(place)) throw oddIndex(name, place + origin); // nor NaN, nor ∞
      if (!(place >= 0 && place < shape[axis])) {
        const by = gathered[axis];
        if (by !== null) throw noElement(name, axis, by, place + origin, origin, shape[axis]);
        inside = false;
      }
      flat = flat * shape[axis] + place;
    }
    run.outside = before || !inside;
    if (!inside) {
      run.beyond?.(
        name,
        index.map((place) => place() - origin),
      );
      return 0;
    }
    const { watched } = run;
    if (watched !== null && watched.name === name && watched.flats.has(flat)) watched.hit = true;
    return array.data[flat];
  };
}

/**
 * The array whose elements alone say which index this is: y in p_{i, y_i}, but no o in x_{i + o_i}.
 * @param {Node} node
 * @returns {string | null}
 */
function gatheredBy(node) {
  if (node.op === "read") return node.index.length ? node.name : null;
  if (node.op === "index" || node.op === "reduce") return null;
  const found = childrenOf(node).filter(hasIndex).map(gatheredBy);
  return found.includes(null) ? null : (found[0] ?? null);
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
 * In the words of evaluate.py.
 * @param {string} name
 * @param {number} index
 */
const oddIndex = (name, index) => {
  const shown = String(index).replace("Infinity", "inf").replace("NaN", "nan");
  return new Error(`${name} is read at the index ${shown}, which is no whole number`);
};
