// Slopes as they are measured, by finite differences, for a reader to follow: the step is larger than
// in gradcheck.py, so that x + step can be written out.

export const STEP = 1e-4;
export const EQUAL = "✓ equal";
export const ROUNDING = 1e-14; // of the numbers that a quotient subtracts, some dozen roundings
const SAME = 1e-5; // relative: slopes that differ by less are equal
const RESOLVED = 1e-3; // a slope whose error is more of it than this is not known
const NEGLIGIBLE = 1e-6; // ... unless that is so small
const KINK = 1e-2; // relative: slopes to the left and to the right that differ by more show a kink
const STAYS = 0.75; // of that difference, with half the step; of a mere bend half stays

/**
 * Whether slopes to the left and to the right show a kink.
 * @param {number} left
 * @param {number} right
 */
export const isKink = (left, right) =>
  Math.abs(right - left) > KINK * Math.max(1, Math.abs((left + right) / 2));

/**
 * Whether slopes to the left and to the right differ, and as much with half the step.
 * @param {[number, number]} sides
 * @param {[number, number]} closer
 * @param {number} rounding what they may be off by
 */
export function staysKink(sides, closer, rounding) {
  const [jump, stays] = [sides, closer].map(([left, right]) => Math.abs(right - left));
  return jump > KINK * Math.max(...sides.map(Math.abs)) + rounding && stays > STAYS * jump;
}

/**
 * Whether a slope is known well enough to be held against another, as in differences.py.
 * @param {number} slope
 * @param {number} uncertain
 */
const isKnown = (slope, uncertain) =>
  Number.isFinite(uncertain) && uncertain <= Math.max(RESOLVED * Math.abs(slope), NEGLIGIBLE);

/**
 * What can be said of a gradient beside a slope that was measured, in words.
 * @param {number} gradient
 * @param {{ slope: number, uncertain: number, sides: [number, number], kink: boolean,
 *   crosses?: () => boolean }} measured `crosses` says whether there is a kink on the way
 */
export function verdictOn(gradient, { slope, uncertain, sides, kink, crosses }) {
  const allowed = SAME * Math.max(Math.abs(slope), Math.abs(gradient)) + uncertain;
  if (kink) {
    const [low, high] = sides.toSorted((a, b) => a - b);
    const isPossible = low - allowed <= gradient && gradient <= high + allowed;
    return isPossible ? "(no judge: the formula has a kink here)" : "✗ differs";
  }
  if (!isKnown(slope, uncertain)) return "not known: rounding, or a kink nearby, hides it";
  if (Math.abs(slope - gradient) <= allowed) return EQUAL;
  return crosses?.() ? "not known: there is a kink on the way" : "✗ differs";
}
