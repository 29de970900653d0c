// The answer: what a chosen cell is made of, with the formula that says so, its indices at their
// values; the number of a given cell, to be changed; and what could not be done.

import { NARROW } from "../model/layout.js";
import { readsOf } from "../model/ways.js";
import { Editor } from "./editor.js";
import { element, withinReach } from "./element.js";
import { formulaAt } from "./formulas.js";
import { Sum } from "./written-sum.js";

/** @import { Light } from "../model/light.js" */
/** @import { Cell, Term } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

export class Answer {
  /** @param {Figure} figure */
  constructor(figure) {
    this.figure = figure;
    this.sum = new Sum(figure);
    this.editor = new Editor(figure);
    this.message = element("div", { class: "cx-message", role: "alert" });
    this.formula = element("div", { class: "cx-here" });
    this.live = element("div", { class: "cx-hidden", "aria-live": "polite" });
    /** @type {Light | null} */
    this.light = null;
    /** @type {string | null} */
    this.wrote = ""; // which formula stands there, with which values; null if any may
    this.waiting = 0; // the timer of what a screen reader will be told
    this.height = 0; // pixels, the most so far
    const words = element(
      "div",
      { class: "cx-words" },
      this.sum.node,
      this.editor.node,
      this.message,
    );
    this.node = element("div", { class: "cx-answer" }, this.formula, words);
    this.node.addEventListener("focusout", (event) => figure.blur(event.relatedTarget));
  }

  /**
   * @param {Cell | null} shown
   * @param {Light} light
   */
  write(shown, light) {
    const { figure } = this;
    this.light = light;
    this.writeFormula(shown);
    if (this.sum.write(shown, light)) this.announce(shown);
    const { pinned } = figure;
    this.editor.show(pinned && figure.model.isGiven(pinned.key) ? pinned : null);
    this.keepHeight();
    withinReach([this.node]);
  }

  // The formula of what is shown; of what is given, that of the first result that it goes into.
  /** @param {Cell | null} shown */
  writeFormula(shown) {
    const { figure, light } = this;
    const key = shown && (light?.expansion ? shown.key : light?.reach[0]?.key);
    const step = key ? figure.model.producing(key) : null;
    const values = light?.expansion ? { ...light.expansion.at, ...this.sum.markedAt } : {};
    const text = step ? `${step.key} ${JSON.stringify(values)} ${figure.isDark}` : "";
    if (text === this.wrote) return;
    this.wrote = text;
    this.formula.replaceChildren(...(step ? [formulaAt(figure, step.formula, values)] : []));
    withinReach(this.formula.children);
  }

  /**
   * While a result is pinned, pointing at a cell that it is made of marks its terms.
   * @param {Cell | null} target
   * @returns {boolean} whether it did
   */
  markTermsOf(target) {
    const { figure } = this;
    const pinned = figure.chosen;
    if (!target || !pinned || !figure.answer.light?.expansion || figure.hovered) {
      this.sum.markTerms([]);
      return false;
    }
    const key = figure.model.drawnAs(target.key);
    /** @param {Term} term */
    const reads = (term) =>
      readsOf([term]).some(
        ({ name, index, inside }) =>
          inside &&
          figure.isSame({ key: figure.model.drawnAs(name), place: index }, { ...target, key }),
      );
    const terms = this.light?.expansion?.terms.filter(reads) ?? [];
    this.sum.markTerms(terms);
    return terms.length > 0;
  }

  // The page below must not jump while the pointer moves: the panel grows, but does not shrink.
  keepHeight() {
    const height = Math.ceil(this.node.getBoundingClientRect().height);
    if (height <= this.height) return;
    this.height = height;
    this.node.style.minHeight = `${height}px`;
  }

  // As high as what will be written there, so that nothing moves when it is.
  reserve() {
    this.height = 0;
    this.node.style.minHeight = "";
    if (this.figure.width >= NARROW) this.measure(); // on a phone it stands last
    this.wrote = null;
    this.sum.forget();
  }

  // Writes what would be shown of the middle of each result.
  measure() {
    const { figure } = this;
    for (const { key } of figure.model.formulas) {
      const place = figure.model.arrays[key].shape.map((length) => Math.floor(length / 2));
      const shown = { key, place };
      if (figure.hidden.has(shown)) continue;
      this.light = { expansion: figure.model.expand(key, place), reach: [], lit: new Map() };
      this.writeFormula(shown);
      this.sum.write(shown, this.light);
      this.keepHeight();
    }
  }

  /** @param {Cell | null} shown */
  announce(shown) {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => {
      const { node } = this.sum;
      // biome-ignore lint/performance/useDomNodeTextContent: what is not seen is not said either
      this.live.textContent = shown ? node.innerText.replace(/\s+/g, " ").slice(0, 400) : "";
    }, 250);
  }
}
