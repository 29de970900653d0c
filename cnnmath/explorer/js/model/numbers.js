// Numbers, as a reader writes and reads them, and at random.

/**
 * A number to so many significant digits, but for a whole one that is not large.
 * @param {number} value
 * @param {number} digits
 */
export function rounded(value, digits) {
  const whole = Number.isInteger(value) && Math.abs(value) < 1e6;
  return whole ? value : Number(value.toPrecision(digits));
}

/**
 * A number as it is written in a cell or a sum: at most `digits` significant digits, a true minus.
 * @param {number} value
 */
export function written(value, digits = 3) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return String(rounded(value, digits)).replace("e+", "e").replaceAll("-", "−");
}

/**
 * A number in as few signs as there are, for a cell that has no room for more.
 * @param {number} value
 */
export function brief(value) {
  const usual = written(value, 1).replace(/^(−?)0\./, "$1.");
  const power = value.toExponential(0).replaceAll("-", "−");
  return Math.abs(value) < 1 && power.length < usual.length ? power : usual;
}

// A comma in front of three digits: of thousands for some, of a fraction for others.
const TWO_READINGS = /^[-+−]?[1-9]\d{0,2},\d{3}$/;

/**
 * What a reader typed, as a number; null if it is none, or could be two.
 * @param {string} text
 */
export function readNumber(text) {
  if (TWO_READINGS.test(text.trim())) return null;
  const plain = text.trim().replaceAll("−", "-").replace(",", ".");
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/**
 * Why what a reader typed was not read as a number.
 * @param {string} text
 */
export function whyNoNumber(text) {
  const typed = text.trim();
  if (!TWO_READINGS.test(typed)) return `“${typed}” is no number`;
  const [point, none] = [".", ""].map((between) => typed.replace(",", between));
  return `“${typed}” could be ${point} or ${none}`;
}

/**
 * Of a step from 0.1 to 0.2 nobody wants to see 0.30000000000000004.
 * @param {number} value
 */
export const tidy = (value) => Number(value.toPrecision(12));

/**
 * Repeatable random numbers (mulberry32), so that a figure shuffles alike for everyone.
 * @param {number} seed
 */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
