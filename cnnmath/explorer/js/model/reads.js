// Numbers and elements of arrays, as compiled nodes.

/** @import { ReadNode } from "./types.js" */
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
 * An element; outside its array it is 0, and the run is told.
 * @param {Run} run
 * @param {ReadNode} node
 * @param {Evaluate[]} index of each axis
 * @returns {Evaluate}
 */
export function buildRead(run, { name }, index) {
  const origin = run.formula.origin[name] ?? 0;
  return () => {
    const array = run.arrays[name];
    const { shape } = array;
    const before = run.outside; // of what the indices read
    let flat = 0;
    let inside = true;
    for (let axis = 0; axis < index.length; axis += 1) {
      const place = index[axis]() - origin;
      if (!Number.isInteger(place)) throw oddIndex(name, place + origin); // nor NaN, nor ∞
      if (!(place >= 0 && place < shape[axis])) inside = false;
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
 * In the words of evaluate.py.
 * @param {string} name
 * @param {number} index
 */
const oddIndex = (name, index) => {
  const shown = String(index).replace("Infinity", "inf").replace("NaN", "nan");
  return new Error(`${name} is read at the index ${shown}, which is no whole number`);
};
