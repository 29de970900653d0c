// The functions and relations that a formula may use.

/** @type {Record<string, (...values: number[]) => number>} */
export const FUNCTIONS = {
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  round: roundHalfToEven,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  erf,
  // biome-ignore lint/complexity/useMathMinMax: −0 would become 0
  relu: (u) => (u < 0 ? 0 : u),
  sigmoid: (u) => (u >= 0 ? 1 / (1 + Math.exp(-u)) : Math.exp(u) / (1 + Math.exp(u))),
  mod: (u, v) => u - v * Math.floor(u / v),
  kronecker: (u, v) => (u === v ? 1 : 0),
};

/** @type {Record<string, (a: number, b: number) => boolean>} */
export const RELATIONS = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/**
 * As in NumPy, 1 to any power is 1.
 * @param {number} base
 * @param {number} exponent
 */
export const power = (base, exponent) => (base === 1 ? 1 : base ** exponent);

/** @param {number} u */
function roundHalfToEven(u) {
  const floor = Math.floor(u);
  if (u - floor !== 0.5) return Math.round(u);
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * A series whose terms all have one sign, so that nothing cancels.
 * @param {number} u
 */
function erf(u) {
  const x = Math.abs(u);
  if (x > 6) return Math.sign(u);
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return Math.sign(u) * (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
