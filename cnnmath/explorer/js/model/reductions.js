// Products, extremes and determinants over indices, as compiled nodes.

/** @import { ReduceNode } from "./types.js" */
/** @import { Loop } from "./loops.js" */
/** @import { Evaluate, Run } from "./run.js" */

/**
 * @param {Run} run
 * @param {Loop} loop
 * @param {Evaluate} body
 * @param {ReduceNode} node
 * @returns {Evaluate}
 */
export function buildReduction(run, loop, body, node) {
  if (node.operation === "prod") {
    return () => {
      let product = 1;
      loop.each(() => {
        product *= body();
      });
      return product;
    };
  }
  if (node.operation === "det") {
    return () => {
      /** @type {number[]} */
      const values = [];
      loop.each(() => {
        values.push(body());
      });
      return determinant(values);
    };
  }
  return buildExtreme(run, loop, body, node);
}

/**
 * The determinant of a square matrix, given row by row, which is left in triangular form.
 * @param {number[]} matrix
 */
export function determinant(matrix) {
  const size = Math.sqrt(matrix.length);
  if (!Number.isInteger(size)) throw new Error("only a square matrix has a determinant");
  let product = 1;
  for (let k = 0; k < size; k++) {
    let pivot = k; // the row of the largest number, so that nothing is divided by a small one
    for (let row = k + 1; row < size; row++) {
      if (Math.abs(matrix[row * size + k]) > Math.abs(matrix[pivot * size + k])) pivot = row;
    }
    if (pivot !== k) {
      product = -product;
      for (let j = k; j < size; j++) {
        const [above, below] = [k * size + j, pivot * size + j];
        [matrix[above], matrix[below]] = [matrix[below], matrix[above]];
      }
    }
    product *= matrix[k * size + k];
    if (product === 0) return 0;
    for (let row = k + 1; row < size; row++) {
      const times = matrix[row * size + k] / matrix[k * size + k];
      for (let j = k; j < size; j++) matrix[row * size + j] -= times * matrix[k * size + j];
    }
  }
  return product;
}

/**
 * @param {Run} run
 * @param {Loop} loop
 * @param {Evaluate} body
 * @param {ReduceNode} node
 * @returns {Evaluate}
 */
function buildExtreme(run, { each }, body, node) {
  const largest = node.operation.endsWith("max");
  const attained = node.operation.startsWith("arg");
  const lone = node.binders.length === 1 ? run.slot(node.binders[0].name) : -1;
  return () => {
    let best = largest ? -Infinity : Infinity;
    /** @type {number | null} */
    let place = null;
    let number = 0;
    each(() => {
      const value = body();
      const here = lone >= 0 ? run.at[lone] : number;
      number += 1;
      place ??= here; // if nothing is larger than what loses, the first
      if (Number.isNaN(best)) return;
      // The first of equals wins; NaN, which is neither more nor less, wins over all.
      if (Number.isNaN(value) || (largest ? value > best : value < best)) {
        best = value;
        place = here;
      }
    });
    if (!attained) return best;
    if (place === null) throw new Error("an arg max was taken over no values at all");
    return place;
  };
}
