// The colours of cells: of a diverging scale around 0, or greys; and of what is written on them.

import shared from "../../../shared.json" with { type: "json" };

/**
 * Red, green and blue, each from 0 to 255.
 * @typedef {number[]} Rgb
 */

/** @typedef {ReturnType<typeof palette>} Palette */

/** @param {string} text @returns {Rgb} */
function rgb(text) {
  const hex = text.trim().replace("#", "");
  return [0, 2, 4].map((n) => parseInt(hex.slice(n, n + 2), 16));
}

/**
 * @param {Rgb} a
 * @param {Rgb} b
 * @param {number} share
 */
const mix = (a, b, share) => a.map((value, n) => Math.round(value + (b[n] - value) * share));

/**
 * The colours of the page as it is now, light or dark.
 * @param {Element} root
 */
export function palette(root) {
  const style = getComputedStyle(root);
  /** @param {string} name */
  const text = (name) => style.getPropertyValue(`--cx-${name}`).trim();
  const [low, middle, high] = [rgb(text("low")), rgb(text("middle")), rgb(text("high"))];
  return {
    line: text("line"),
    ghost: text("ghost"),
    panel: text("panel"),
    pointer: text("pointer"),
    /** @param {number} share from −1 to 1, or what is no number */
    diverging: (share) => mix(middle, share < 0 ? low : high, Math.min(1, Math.abs(share)) || 0),
    /**
     * @param {number} value from 0, black, to 1, white
     * @returns {Rgb}
     */
    grey: (value) => Array(3).fill(Math.round(255 * Math.min(1, Math.max(0, value)))),
  };
}

/**
 * One colour scale for all: the largest magnitude, or 1.
 * @param {Float64Array[]} lists
 */
export function scaleOf(lists) {
  let largest = 0;
  for (const list of lists) {
    for (const value of list) {
      const size = Math.abs(value);
      if (size > largest && size < Infinity) largest = size;
    }
  }
  return largest || 1;
}

/** @param {Rgb} colour */
function luminance(colour) {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * Black or white, whichever has the higher contrast with a background.
 * @param {Rgb} colour
 */
export const inkOn = (colour) =>
  luminance(colour) > shared.black_ink_above ? "#000000" : "#ffffff";
