// The kernel as it lies over a window: which of its numbers each number of the window meets, and
// whether it is turned for that.

/** @import { Expansion, Factor, Place } from "./types.js" */

/**
 * `kernel` and `window` are the keys of the two arrays; `pairs` says which places meet; `turned`,
 * for rows and for columns, whether the kernel runs backwards where the window runs forwards.
 * @typedef {{
 *   kernel: string, window: string, pairs: { own: Place, over: Place }[],
 *   turned: { rows: boolean, columns: boolean },
 * }} Laid
 */

/**
 * Of a sum each of whose terms multiplies one number of the kernel by one of a window; null of
 * any other. Terms without a kernel, such as the bias, do not count.
 * @param {Expansion} expansion
 * @param {(name: string) => boolean} isKernel
 * @returns {Laid | null}
 */
export function laidOver({ operation, terms }, isKernel) {
  if (operation !== "sum") return null;
  /** @type {{ kernel: Factor, window: Factor }[]} */
  const met = [];
  for (const { factors } of terms) {
    if (!factors.some(({ name }) => isKernel(name))) continue;
    const arrays = factors.filter(({ name, index }) => name && index.length);
    const [kernel, window] = arrays.toSorted((a, b) => +isKernel(b.name) - +isKernel(a.name));
    if (arrays.length !== 2 || isKernel(window.name)) return null;
    if (kernel.inside && window.inside) met.push({ kernel, window });
  }
  if (met.length < 2) return null;
  const [{ kernel, window }] = met;
  if (met.some((one) => one.window.name !== window.name || one.kernel.name !== kernel.name)) {
    return null;
  }
  const pairs = met.map((one) => ({ own: one.kernel.index, over: one.window.index }));
  const [rows, columns] = [2, 1].map((fromEnd) => isTurned(pairs, fromEnd));
  return { kernel: kernel.name, window: window.name, pairs, turned: { rows, columns } };
}

/**
 * @param {Laid["pairs"]} pairs
 * @param {number} fromEnd which axis, counted from the last
 */
function isTurned(pairs, fromEnd) {
  const [first, ...others] = pairs.map(({ own, over }) => [own.at(-fromEnd), over.at(-fromEnd)]);
  return others.some(([own, over]) => {
    if (own === undefined || over === undefined || first[0] === undefined) return false;
    return (own - first[0]) * (over - (first[1] ?? 0)) < 0;
  });
}
