// The colours of cells: hue says which role an array plays, strength how large a number is, paper is
// 0 and slate is below 0. And of what is written on them.

import shared from "../../../shared.json" with { type: "json" };

/**
 * Red, green and blue, each from 0 to 255.
 * @typedef {number[]} Rgb
 */

/** @typedef {ReturnType<typeof palette>} Palette */

/**
 * The colour of a number, as a share of the largest one, from −1 to 1.
 * @typedef {(share: number) => Rgb} Ramp
 */

const { least, most } = shared.fill;
const STEPS = 200; // that a ramp tells apart on either side of 0

/** @param {string} text @returns {Rgb} */
function rgb(text) {
  const hex = text.trim().replace("#", "");
  return [0, 2, 4].map((n) => parseInt(hex.slice(n, n + 2), 16));
}

// ---- OKLab (Ottosson, 2020), in which a mixture of two colours lies between them for the eye -------

const TO_CONES = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const FROM_CONES = [
  [4.0767416621, -3.3077115913, 0.2309699292],
  [-1.2684380046, 2.6097574011, -0.3413193965],
  [-0.0041960863, -0.7034186147, 1.707614701],
];

/** @param {number[][]} matrix @param {number[]} vector */
const times = (matrix, vector) =>
  matrix.map((row) => row.reduce((sum, entry, n) => sum + entry * vector[n], 0));

/** @param {number} value from 0 to 255 */
function linear(value) {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** @param {number} share */
function stored(share) {
  const value = share <= 0.0031308 ? 12.92 * share : 1.055 * share ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, Math.max(0, value)));
}

/**
 * Lab is linear in the roots of what the cones take in, so a mixture of these is one in Lab.
 * @param {Rgb} a
 * @param {Rgb} b
 * @param {number} share of the second
 */
function mix(a, b, share) {
  const [from, to] = [a, b].map((colour) => times(TO_CONES, colour.map(linear)).map(Math.cbrt));
  const between = from.map((root, n) => (root + (to[n] - root) * share) ** 3);
  return times(FROM_CONES, between).map(stored);
}

// ---- what a figure draws with ----------------------------------------------------------------------

/**
 * The colours of the page as it is now, light or dark.
 * @param {Element} root
 */
export function palette(root) {
  const style = getComputedStyle(root);
  /** @param {string} name */
  const text = (name) => style.getPropertyValue(`--cx-${name}`).trim();
  const paper = rgb(text("panel"));
  const below = rgb(text("slate"));
  /** @type {Map<string, Ramp>} */
  const ramps = new Map();
  return {
    line: text("line"),
    ghost: text("ghost"),
    panel: text("panel"),
    text: text("text"),
    font: style.fontFamily,
    marker: text("marker"),
    /** @param {string} hue of an array */
    ramp(hue) {
      const known = ramps.get(hue) ?? rampOf(paper, below, rgb(hue));
      ramps.set(hue, known);
      return known;
    },
  };
}

/**
 * @param {Rgb} paper
 * @param {Rgb} below
 * @param {Rgb} hue
 * @returns {Ramp}
 */
function rampOf(paper, below, hue) {
  /** @type {Map<number, Rgb>} */
  const known = new Map();
  return (share) => {
    const step = Math.round(STEPS * Math.max(-1, Math.min(1, share))) || 0; // NaN is as 0
    const sign = Math.sign(share) || 0;
    if (!sign) return paper;
    const key = 2 * step + (sign < 0 ? 1 : 0);
    let colour = known.get(key);
    if (!colour) {
      const strength = least + (most - least) * Math.abs(step / STEPS);
      colour = mix(paper, sign < 0 ? below : hue, strength);
      known.set(key, colour);
    }
    return colour;
  };
}

/** @param {Rgb} colour */
function luminance(colour) {
  const [r, g, b] = colour.map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * Black or white, whichever has the higher contrast with a background.
 * @param {Rgb} colour
 */
export const inkOn = (colour) =>
  luminance(colour) > shared.black_ink_above ? "#000000" : "#ffffff";
