// A function of one number and its slope, both as formulas; and what is to be found out about them.

import shared from "../../../shared.json" with { type: "json" };
import { bindFormula } from "./bind.js";
import { isKink, STEP } from "./difference.js";

/** @import { Arrays, Formula, Values } from "./types.js" */

const JUMP = 0.02; // between neighbours: so much may be a jump, and is looked at more closely
const LARGEST = 1e100; // that is drawn
const CLOSE = 40; // halvings of the distance between them

/** @typedef {{ x: number, value: number, slope: number }} Point */

/**
 * Points [x, y] from left to right without a jump.
 * @typedef {[x: number, y: number][]} Stroke
 */

/** @typedef {ReturnType<typeof createCurve>} Curve */

/**
 * @param {string} name
 * @param {Formula} value
 * @param {Formula} slope
 * @param {string} arriving the gradient that the slope is multiplied by, and that is 1 here
 */
export function createCurve(name, value, slope, arriving) {
  const [height, gradient] = [bindFormula(value), bindFormula(slope)];
  const place = value.shape.map(() => 0);
  /** @param {number} number @returns {Values} */
  const one = (number) => ({ shape: value.shape, data: [number] });

  /**
   * @param {number} x
   * @param {Record<string, number>} numbers by name, those that the formulas read besides x
   */
  function at(x, numbers) {
    /** @type {Arrays} */
    const known = { x: one(x), [arriving]: one(1) };
    for (const [symbol, number] of Object.entries(numbers)) {
      known[symbol] = { shape: [], data: [number] };
    }
    const found = height.element(place, known);
    known[value.result] = one(found);
    return { value: found, slope: gradient.element(place, known) };
  }

  /**
   * The slope as it is measured; at a kink that to the left differs from that to the right.
   * @param {number} x
   * @param {Record<string, number>} numbers
   */
  function measured(x, numbers) {
    const [below, middle, above] = [x - STEP, x, x + STEP].map((one) => at(one, numbers).value);
    const [left, right] = [(middle - below) / STEP, (above - middle) / STEP];
    return { slope: (above - below) / (2 * STEP), left, right, kink: isKink(left, right) };
  }

  /**
   * The points of both curves from low to high, as strokes: where a curve jumps, a new one begins.
   * @param {number} low
   * @param {number} high
   * @param {Record<string, number>} numbers
   */
  function strokes(low, high, numbers) {
    const count = shared.curve_samples;
    const places = Array.from({ length: count + 1 }, (_, n) => low + ((high - low) * n) / count);
    const points = places.map((x) => ({ x, ...at(x, numbers) }));
    /** @param {Point} point */
    const fits = ({ value, slope }) => Math.abs(value) < LARGEST && Math.abs(slope) < LARGEST;
    if (!points.every(fits)) throw new Error("the curve would leave the numbers that can be drawn");
    return { value: stroked(points, "value", numbers), slope: stroked(points, "slope", numbers) };
  }

  /**
   * @param {Point[]} points
   * @param {"value" | "slope"} which
   * @param {Record<string, number>} numbers
   */
  function stroked(points, which, numbers) {
    /** @type {Stroke} */
    let stroke = [];
    const found = [stroke];
    points.forEach((point, n) => {
      if (n && Math.abs(point[which] - points[n - 1][which]) > JUMP) {
        const [before, after] = closeIn(points[n - 1], point, which, numbers);
        if (Math.abs(after[which] - before[which]) > JUMP) {
          stroke.push([before.x, before[which]]);
          stroke = [[after.x, after[which]]];
          found.push(stroke);
        }
      }
      stroke.push([point.x, point[which]]);
    });
    return found;
  }

  /**
   * The two sides of the steepest place between two points.
   * @param {Point} left
   * @param {Point} right
   * @param {"value" | "slope"} which
   * @param {Record<string, number>} numbers
   */
  function closeIn(left, right, which, numbers) {
    let [before, after] = [left, right];
    for (let n = 0; n < CLOSE; n += 1) {
      const x = (before.x + after.x) / 2;
      const middle = { x, ...at(x, numbers) };
      const inLeft = Math.abs(middle[which] - before[which]);
      if (inLeft > Math.abs(after[which] - middle[which])) after = middle;
      else before = middle;
    }
    return [before, after];
  }

  return { name, arriving, at, measured, strokes, formulas: [value, slope] };
}

/**
 * From the least to the largest height, 0 included, with some air.
 * @param {Stroke[]} strokes
 * @returns {[number, number]}
 */
export function reachOf(strokes) {
  let [low, high] = [0, 0];
  for (const [, y] of strokes.flat()) {
    low = Math.min(low, y);
    high = Math.max(high, y);
  }
  const air = shared.curve_air * (high - low) || 1;
  return [low - air, high + air];
}
