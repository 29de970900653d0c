// Curves on axes, as SVG. Everything is in pixels, so that letters keep their size.

import shared from "../../../shared.json" with { type: "json" };
import { tidy, written } from "../model/numbers.js";

/** @import { Stroke } from "../model/curve.js" */

/**
 * In pixels.
 * @typedef {{ left: number, top: number, width: number, height: number }} Box
 */

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 */
export function drawn(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/**
 * Round numbers from low to high, about as many as `most`.
 * @param {number} low
 * @param {number} high
 * @param {number} most
 */
function roundNumbers(low, high, most) {
  const rough = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = shared.round_steps.map((times) => times * power);
  const step = steps.find((one) => one >= rough * 0.999999) ?? steps[steps.length - 1];
  const found = [];
  for (let n = Math.ceil(low / step); n * step <= high; n += 1) found.push(tidy(n * step));
  return found;
}

// One pair of axes. What is drawn on it is cut off at its edges.
export class Panel {
  /**
   * @param {Box} box
   * @param {[number, number]} span of x
   * @param {[number, number]} reach of y
   */
  constructor(box, [left, right], [bottom, top]) {
    this.box = box;
    /** @param {number} x */
    this.across = (x) => ((x - left) / (right - left)) * box.width;
    /** @param {number} y */
    this.down = (y) => ((top - y) / (top - bottom)) * box.height;
    const { left: x, top: y, width, height } = box;
    this.inside = drawn("svg", { x, y, width, height });
    this.node = drawn("g", {}, this.inside);
    for (const tick of roundNumbers(left, right, width / 34)) {
      this.line(this.across(tick), 0, this.across(tick), height, tick ? "" : "cx-zero");
    }
    for (const tick of roundNumbers(bottom, top, height / 34)) {
      this.line(0, this.down(tick), width, this.down(tick), tick ? "" : "cx-zero");
      this.write(x - 6, y + this.down(tick) + 4, written(tick, 6), "end");
    }
  }

  /**
   * @param {number} x1
   * @param {number} y1
   * @param {number} x2
   * @param {number} y2
   * @param {string} kind
   */
  line(x1, y1, x2, y2, kind) {
    const line = drawn("line", { x1, y1, x2, y2, class: `cx-rule ${kind}` });
    this.inside.append(line);
    return line;
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {string} text
   * @param {string} anchor
   */
  write(x, y, text, anchor, kind = "") {
    const written = drawn("text", { x, y, "text-anchor": anchor, class: kind }, text);
    this.node.append(written);
    return written;
  }

  /**
   * The numbers below the axis of x.
   * @param {[number, number]} span
   */
  numberAcross([left, right]) {
    const { left: x, top, width, height } = this.box;
    for (const tick of roundNumbers(left, right, width / 34)) {
      this.write(x + this.across(tick), top + height + 18, written(tick, 6), "middle");
    }
  }

  /**
   * @param {Stroke[]} strokes
   * @param {string} kind
   */
  curve(strokes, kind) {
    /** @param {Stroke} stroke */
    const points = (stroke) =>
      stroke.map(([x, y]) => `${pixel(this.across(x))} ${pixel(this.down(y))}`);
    const d = strokes.map((stroke) => `M${points(stroke).join("L")}`).join("");
    const path = drawn("path", { d, class: `cx-curve ${kind}` });
    this.inside.append(path);
    return path;
  }

  /**
   * A straight line through a point, `reach` pixels to either side.
   * @param {number} x
   * @param {number} y
   * @param {number} slope
   * @param {number} reach
   */
  tangent(x, y, slope, reach) {
    const [a, d] = [this.across(x), this.down(y)];
    const rise = slope * (this.down(1) - this.down(0));
    const run = this.across(1) - this.across(0);
    const share = reach / Math.hypot(run, rise);
    const [dx, dy] = [run * share, rise * share];
    return this.line(a - dx, d - dy, a + dx, d + dy, "cx-tangent");
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {string} kind
   */
  point(x, y, kind) {
    const [cx, cy] = [this.across(x), this.down(y)];
    const circle = drawn("circle", { cx, cy, r: 7, class: `cx-point ${kind}` });
    this.inside.append(circle);
    return circle;
  }
}

/**
 * Far outside, where nothing is seen, SVG's numbers would not reach.
 * @param {number} value
 */
const pixel = (value) => Math.max(-1e5, Math.min(1e5, value)).toFixed(1);
