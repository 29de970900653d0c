// Live curves: a function and its slope over x, and a point that the reader moves along them.

import { createCurve, reachOf } from "../model/curve.js";
import { STEP } from "../model/difference.js";
import { tidy, written } from "../model/numbers.js";
import { drawn, Panel } from "./axes.js";
import { attachInput } from "./curve-input.js";
import { element, inColour, nextId, onceAFrame, widthInside, withinReach } from "./element.js";
import { NumberField } from "./field.js";
import { typeset } from "./formulas.js";
import { isPageDark, watchTheme } from "./theme.js";

/** @import { Curve, Stroke } from "../model/curve.js" */
/** @import { CurvesState, NumbersOfCurves } from "../model/types.js" */

const SHARES = [0.4, 0.24]; // heights of the two panels, of the width
const LOWEST = [150, 96]; // pixels
const HIGHEST = [270, 160];
const EDGES = { left: 44, right: 12, top: 28, between: 34, bottom: 28 };
const TANGENT = 80; // pixels to either side
const NOTHING = "nothing";

/**
 * Where the reader is: what Python's traits say.
 * @typedef {{ x: number, shown: string, numbers: NumbersOfCurves }} Traits
 */

/**
 * The same, and what is drawn there.
 * @typedef {Traits & { strokes: Record<string, { value: Stroke[], slope: Stroke[] }> }} Now
 */

/** @typedef {{ value: number, slope: number }} Pair */

export class Curves {
  /**
   * @param {HTMLElement} root
   * @param {CurvesState} state
   * @param {(changed: Partial<Traits>) => void} onEdit
   */
  constructor(root, state, onEdit) {
    this.host = root;
    this.state = state;
    this.onEdit = onEdit;
    this.curves = state.curves.map(({ name, arriving }, n) =>
      createCurve(name, state.formulas[2 * n], state.formulas[2 * n + 1], arriving),
    );
    const [low, high] = state.span;
    this.unit = 10 ** Math.floor(Math.log10((high - low) / 50)); // of a key or a button
    this.now = this.checked(state);
    /**
     * The curve that the one shown is compared with.
     * @type {Curve | null}
     */
    this.beside = null;
    /**
     * The panel that tells the pointer where it is on x.
     * @type {Panel | null}
     */
    this.across = null;
    this.width = 0; // pixels, as laid out last
    this.redraw = onceAFrame(() => this.draw());

    this.typeset = this.curves.map(({ formulas }) =>
      element("div", { class: "cx-pair" }, ...formulas.map((one) => typeset(one, state.looks))),
    );
    this.message = element("div", { class: "cx-message", role: "alert" });
    this.sum = element("div", { class: "cx-sum", id: nextId() });
    this.plot = drawn("svg", { role: "slider", tabindex: 0, "aria-label": "x" });
    const names = this.curves.map(({ name }) => name);
    this.menu = choice(names, (shown) => this.change({ shown }));
    const others = choice([NOTHING, ...names], (name) => {
      this.beside = name === NOTHING ? null : this.curveOf(name);
      this.redraw();
    });
    this.own = this.fieldsOfCurves();
    const setX = (/** @type {number} */ x) => this.change({ x });
    const moveX = (/** @type {number} */ x) => this.move(x);
    this.fields = [
      this.fieldFor("x", () => this.now.x, setX, moveX, this.unit),
      ...[...this.own.values()].flat(),
    ];
    root.classList.add("cx", "cx-curves");
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", `Live figure: ${state.caption}`);
    root.replaceChildren(
      element("div", { class: "cx-formulas cx-pile" }, ...this.typeset),
      element(
        "div",
        { class: "cx-tools" },
        element("label", { class: "cx-choice" }, "Function ", this.menu),
        element("label", { class: "cx-choice" }, "compare with ", others),
      ),
      element("div", { class: "cx-tools" }, ...this.fields.map(({ node }) => node)),
      this.plot,
      this.sum,
      this.message,
      element("p", { class: "cx-caption" }, state.caption),
    );
    attachInput(this);
    this.destroy = this.watch();
    this.resize();
  }

  get curve() {
    return this.curveOf(this.now.shown);
  }

  /** @param {string} name */
  curveOf(name) {
    const found = this.curves.find((curve) => curve.name === name);
    if (!found) throw new Error(`the figure has no function ${name}`);
    return found;
  }

  // ---- where the reader is ----

  /**
   * A state with its curves, or an error if they cannot be shown.
   * @param {Traits} wanted
   * @param {Now} [before] whose curves are still good if the numbers are the same
   * @returns {Now}
   */
  checked({ x, shown, numbers }, before) {
    const [low, high] = this.state.span;
    if (!(x >= low && x <= high)) {
      throw new Error(
        `x = ${written(x, 6)} is outside: it goes from ${written(low)} to ${written(high)} here`,
      );
    }
    if (before?.numbers === numbers) return { ...before, x, shown };
    const strokes = this.curves.map((curve) => [
      curve.name,
      curve.strokes(low, high, numbers[curve.name]),
    ]);
    return { x, shown, numbers, strokes: Object.fromEntries(strokes) };
  }

  /**
   * Moves the figure, if it can; else the last good state stays, and a sentence says why.
   * @param {Partial<Traits>} changed
   */
  follow(changed) {
    try {
      this.now = this.checked({ ...this.now, ...changed }, this.now);
      this.say("");
      return true;
    } catch (error) {
      this.say(`${error instanceof Error ? error.message : error}.`);
      return false;
    } finally {
      this.redraw();
    }
  }

  /** @param {Partial<Traits>} changed */
  change(changed) {
    if (this.follow(changed)) this.onEdit(changed);
  }

  /** @param {number} x */
  move(x) {
    const [low, high] = this.state.span;
    this.change({ x: Math.min(high, Math.max(low, tidy(x))) });
  }

  /**
   * @param {string} symbol
   * @param {number} value
   */
  setNumber(symbol, value) {
    const { shown, numbers } = this.now;
    this.change({ numbers: { ...numbers, [shown]: { ...numbers[shown], [symbol]: value } } });
  }

  // ---- building ----

  // For each curve the fields of its numbers.
  fieldsOfCurves() {
    /** @type {Map<string, NumberField[]>} */
    const found = new Map();
    for (const { name } of this.curves) {
      const symbols = Object.keys(this.now.numbers[name]);
      const fields = symbols.map((symbol) => {
        const value = () => this.now.numbers[name][symbol];
        /** @param {number} number */
        const set = (number) => this.setNumber(symbol, number);
        return this.fieldFor(symbol, value, set, (number) => set(tidy(number)), 0.1);
      });
      found.set(name, fields);
    }
    return found;
  }

  /**
   * @param {string} name
   * @param {() => number} value
   * @param {(value: number) => void} set what was typed
   * @param {(value: number) => void} move one `unit` further
   * @param {number} unit
   */
  fieldFor(name, value, set, move, unit) {
    const { plain } = this.state.looks[name];
    return new NumberField({
      name: () => plain,
      value,
      set,
      nudge: (direction) => move(value() + direction * unit),
      leave: () => this.plot.focus({ preventScroll: true }),
      say: (sentence) => this.say(sentence),
    });
  }

  /** @param {string} sentence */
  say(sentence) {
    this.message.textContent = sentence;
  }

  // ---- the page around ----

  watch() {
    const resizing = new ResizeObserver(() => this.resize());
    resizing.observe(this.host);
    const follow = () => this.followTheme();
    const stopWatching = watchTheme(follow, follow);
    return () => {
      resizing.disconnect();
      stopWatching();
    };
  }

  followTheme() {
    this.host.classList.toggle("cx-dark", isPageDark());
  }

  resize() {
    this.followTheme();
    const width = widthInside(this.host);
    if (!(width > 0) || width === this.width) return;
    this.width = width;
    withinReach(this.host.querySelectorAll(".cx-formula"));
    this.redraw();
  }

  // ---- drawing ----

  draw() {
    if (!this.width) return; // not laid out yet
    const { curve, now } = this;
    const here = curve.at(now.x, now.numbers[now.shown]);
    this.menu.value = now.shown;
    for (const [n, pair] of this.typeset.entries()) {
      pair.classList.toggle("cx-away", this.curves[n] !== curve);
    }
    for (const field of this.fields) field.show();
    for (const [name, fields] of this.own) {
      for (const { node } of fields) node.hidden = name !== now.shown;
    }
    this.drawPlot(here);
    this.write(here);
  }

  /** @param {Pair} here */
  drawPlot(here) {
    const { curve, now, width, plot } = this;
    const { left, right, top, between, bottom } = EDGES;
    const heights = SHARES.map((share, n) =>
      Math.round(Math.min(HIGHEST[n], Math.max(LOWEST[n], share * width))),
    );
    const whole = top + heights[0] + between + heights[1] + bottom;
    plot.setAttribute("width", String(width));
    plot.setAttribute("height", String(whole));
    const across = { left, width: width - left - right };
    const upper = this.panel("value", { ...across, top, height: heights[0] });
    const below = top + heights[0] + between;
    const lower = this.panel("slope", { ...across, top: below, height: heights[1] });
    const [value, slope] = curve.formulas.map(({ result }) => this.state.looks[result].colour);
    inColour(upper.tangent(now.x, here.value, here.slope, TANGENT), slope);
    inColour(upper.point(now.x, here.value, "cx-grip"), value);
    inColour(lower.point(now.x, here.slope, ""), slope);
    lower.numberAcross(this.state.span);
    plot.replaceChildren(upper.node, lower.node);
    this.across = upper;
    const [low, high] = this.state.span;
    plot.setAttribute("aria-valuemin", String(low));
    plot.setAttribute("aria-valuemax", String(high));
    plot.setAttribute("aria-valuenow", String(now.x));
    const text = `${now.shown} is ${written(here.value, 4)}, its slope ${written(here.slope, 4)}`;
    plot.setAttribute("aria-valuetext", `x = ${written(now.x, 6)}: ${text}`);
  }

  /**
   * @param {"value" | "slope"} which
   * @param {{ left: number, top: number, width: number, height: number }} box
   */
  panel(which, box) {
    const { curve, beside, now } = this;
    const own = now.strokes[curve.name][which];
    const other = beside ? now.strokes[beside.name][which] : [];
    const panel = new Panel(box, this.state.span, reachOf([...own, ...other]));
    const name = curve.formulas[which === "value" ? 0 : 1].result;
    const { colour } = this.state.looks[name];
    panel.line(panel.across(now.x), 0, panel.across(now.x), box.height, "cx-here");
    if (beside) panel.curve(other, "cx-beside");
    inColour(panel.curve(own, `cx-${which}`), colour);
    const title = which === "value" ? now.shown : `slope of ${now.shown}`;
    inColour(panel.write(box.left, box.top - 9, title, "start", "cx-name"), colour);
    return panel;
  }

  /**
   * What is written below: value, slope, and the slope as it is measured.
   * @param {Pair} here
   */
  write(here) {
    const { curve, now, state } = this;
    const numbers = now.numbers[now.shown];
    /** @param {string} name @param {string} text */
    const coloured = (name, text) =>
      inColour(element("b", { class: "cx-number" }, text), state.looks[name].colour);
    const [h, g] = curve.formulas.map(({ result }) => result);
    /** @param {Pair} pair */
    const pair = ({ value, slope }) => [
      coloured(h, `${state.looks[h].plain} = ${written(value, 4)}`),
      ",  slope ",
      coloured(g, `${state.looks[g].plain} = ${written(slope, 4)}`),
    ];
    const { slope, left, right, kink } = curve.measured(now.x, numbers);
    const { plain } = state.looks[h];
    const arriving = state.looks[curve.arriving].plain;
    const measured = kink
      ? `Measured: ${written(left, 4)} to the left, ${written(right, 4)} to the right. This is a ` +
        `kink, and the formula takes ${written(here.slope, 4)} by convention.`
      : `Measured: (${plain}(${written(now.x + STEP, 6)}) − ${plain}(${written(now.x - STEP, 6)})) / ` +
        `${written(2 * STEP)} = ${written(slope, 4)}`;
    const lines = [
      [`${now.shown} at x = ${written(now.x, 6)}:  `, ...pair(here), `  (with ${arriving} = 1)`],
      [element("span", { class: "cx-hint" }, measured)],
    ];
    if (this.beside) {
      const there = this.beside.at(now.x, now.numbers[this.beside.name]);
      lines.push([`${this.beside.name} (dashed):  `, ...pair(there)]);
    }
    this.sum.replaceChildren(
      ...lines.map((parts) => element("div", { class: "cx-line" }, ...parts)),
    );
  }
}

/**
 * @param {string[]} names
 * @param {(name: string) => void} onchange
 */
function choice(names, onchange) {
  /** @type {HTMLSelectElement} */
  const menu = element("select", { onchange: () => onchange(menu.value) });
  menu.append(...names.map((name) => element("option", { value: name }, name)));
  return menu;
}
