// A step of learning that a formula of the figure says: given arrays become what it makes of them.

/** @import { Model } from "./model.js" */
/** @import { Arrays, Step } from "./types.js" */

/**
 * The arrays after a step.
 * @param {Model} model
 * @param {Step} step
 * @returns {Arrays}
 */
export const stepped = (model, step) =>
  Object.fromEntries(Object.entries(step).map(([name, key]) => [name, model.arrays[key]]));

/**
 * The error whose gradient moves the arrays; null if the figure does not say how large it is.
 * @param {Model} model
 * @param {Step} step
 */
export function errorOfStep(model, step) {
  const gradients = Object.keys(step).flatMap((name) => model.gradientsOf(name));
  return gradients.map((key) => model.errorOf(key)).find((error) => error) ?? null;
}
