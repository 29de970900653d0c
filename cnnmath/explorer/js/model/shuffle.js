// Random numbers in place of those of an array, of the kind that stood there at the start: an array of
// labels stays one of labels, and one of weights below 1 does not leap to 3.

/** @import { Values } from "./types.js" */

const LEAST = 3; // between the smallest and the largest, or all would be alike
const DECIMALS = 2;

/**
 * @param {Values} array
 * @param {Values} first what the array held at the start
 * @param {() => number} random from 0 to 1, without 1
 */
export function shuffled({ shape, data }, first, random) {
  const numbers = Array.from(first.data);
  const whole = numbers.every(Number.isInteger);
  let low = numbers.reduce((least, value) => Math.min(least, value), Infinity);
  let high = numbers.reduce((most, value) => Math.max(most, value), -Infinity);
  if (whole && high - low < LEAST) high = low + LEAST;
  if (high === low) [low, high] = [low - 1, high + 1];
  const draw = () =>
    whole
      ? low + Math.floor(random() * (high - low + 1))
      : Number((low + random() * (high - low)).toFixed(DECIMALS));
  return { shape, data: Float64Array.from(data, draw) };
}
