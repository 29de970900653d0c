// The scales of colours: one for each role, shared by all arrays that play it, since they are to be
// compared; but an array whose numbers are far smaller would be blank, and begins a scale of its own.
// The number of an index is a label, and has none.

/** @import { Look } from "./types.js" */

const FAR = 10; // times smaller than what is strongest

/** @typedef {{ key: string, look: Partial<Look>, numbers: Float64Array, image: boolean }} Shown */

/**
 * @typedef {object} Scale
 * @property {string} role
 * @property {number} largest the number that has the strongest colour
 * @property {string[]} keys of the arrays that share it
 */

/**
 * @param {Iterable<Shown>} shown
 * @returns {Scale[]}
 */
export function scalesOf(shown) {
  /** @type {Map<string, { key: string, largest: number }[]>} */
  const roles = new Map();
  for (const { key, look, numbers, image } of shown) {
    if (look.index) continue;
    const role = look.role ?? "";
    const largest = Math.max(image ? 1 : 0, largestOf(numbers)); // 1 is a picture's ink
    roles.set(role, [...(roles.get(role) ?? []), { key, largest }]);
  }
  /** @type {Scale[]} */
  const scales = [];
  for (const [role, arrays] of roles) {
    /** @type {Scale | null} */
    let scale = null;
    for (const { key, largest } of arrays.toSorted((a, b) => b.largest - a.largest)) {
      if (!scale || (largest && largest * FAR < scale.largest)) {
        scale = { role, largest: largest || 1, keys: [] };
        scales.push(scale);
      }
      scale.keys.push(key);
    }
  }
  return scales;
}

/** @param {Float64Array} values */
function largestOf(values) {
  let largest = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (size > largest && size < Infinity) largest = size;
  }
  return largest;
}
