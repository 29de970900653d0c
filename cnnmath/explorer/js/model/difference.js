// Slopes as they are measured, by finite differences.

export const STEP = 1e-4; // large enough to be written out, for a reader to follow
const KINK = 1e-2; // slopes to the left and to the right that differ by more show a kink

/**
 * Whether slopes to the left and to the right show a kink.
 * @param {number} left
 * @param {number} right
 */
export const isKink = (left, right) =>
  Math.abs(right - left) > KINK * Math.max(1, Math.abs((left + right) / 2));
