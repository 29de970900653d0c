// Slopes as they are measured, by finite differences, for a reader to follow: the step is larger than
// in gradcheck.py, so that x + step can be written out.

export const STEP = 1e-4;
export const ROUNDING = 1e-14; // of the numbers that a quotient subtracts, some dozen roundings
const RESOLVED = 1e-3; // a slope whose error is more of it than this is not known
const NEGLIGIBLE = 1e-6; // ... unless that is so small beside 1 or the numbers subtracted
const KINK = 1e-2; // slopes to the left and to the right that differ by more show a kink

/**
 * Whether slopes to the left and to the right show a kink.
 * @param {number} left
 * @param {number} right
 */
export const isKink = (left, right) =>
  Math.abs(right - left) > KINK * Math.max(1, Math.abs((left + right) / 2));

/**
 * Whether a slope is known well enough to be held against another, as in differences.py.
 * @param {number} slope
 * @param {number} uncertain
 * @param {number} size of the numbers that were subtracted
 */
export const isKnown = (slope, uncertain, size) =>
  Number.isFinite(uncertain) &&
  uncertain <= Math.max(RESOLVED * Math.abs(slope), NEGLIGIBLE * Math.max(1, size));
