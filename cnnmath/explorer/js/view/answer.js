// The answer: what a chosen cell is made of, with the formula that says so, its indices at their
// values; the number of a given cell, to be changed; and what could not be done.

import { NARROW } from "../model/layout.js";
import { findAnswer } from "../model/light.js";
import { readsOf } from "../model/ways.js";
import { Editor } from "./editor.js";
import { element, withinReach } from "./element.js";
import { fit, formulaAt } from "./formulas.js";
import { Nudge } from "./nudge.js";
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
    this.nudge = new Nudge(figure);
    this.message = element("div", { class: "cx-message", role: "alert" });
    const typing = element("div", { class: "cx-typing" }, this.editor.node, this.message);
    this.formula = element("div", { class: "cx-here" });
    this.live = element("div", { class: "cx-hidden", "aria-live": "polite" });
    /** @type {Light | null} */
    this.light = null;
    /** @type {string | null} */
    this.wrote = ""; // which formula stands there, with which values; null if any may
    this.waiting = 0; // the timer of what a screen reader will be told
    this.height = 0; // pixels, the most so far
    const words = element("div", { class: "cx-words" }, typing, this.nudge.node, this.sum.node);
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
    if (this.writeFormula(shown)) {
      fit([this.formula]);
      withinReach(this.formula.children);
    }
    if (this.sum.write(shown, light)) this.announce(shown);
    const { pinned } = figure;
    const edited = pinned && figure.model.isGiven(pinned.key) ? pinned : null;
    this.editor.show(edited);
    this.nudge.show(edited);
    this.keepHeight();
    withinReach([this.node]);
  }

  /**
   * What gives the cell that is shown; of one that is given, the first result that it goes into.
   * @param {Cell | null} shown
   */
  stepOf(shown) {
    const key = shown && (this.light?.expansion ? shown.key : this.light?.reach[0]?.key);
    return key ? this.figure.model.producing(key) : null;
  }

  /**
   * The formula of what is shown; of what is given, that of the first result that it goes into.
   * @param {Cell | null} shown
   * @returns {boolean} whether it is another than before
   */
  writeFormula(shown) {
    const { figure, light } = this;
    const step = this.stepOf(shown);
    const values = light?.expansion ? { ...light.expansion.at, ...this.sum.markedAt } : {};
    const { label } = step?.formula ?? {};
    const text = step ? `${step.key} ${label} ${JSON.stringify(values)} ${figure.isDark}` : "";
    if (text === this.wrote) return false;
    this.wrote = text;
    const isWrong = step && figure.model.mistake === step.formula;
    this.formula.replaceChildren(
      ...(isWrong ? [element("div", { class: "cx-wrong" }, `✗ wrong: ${label}`)] : []),
      ...(step ? [formulaAt(figure, step.formula, values)] : []),
    );
    return true;
  }

  /**
   * While the reader has chosen a result, pointing at a cell that it is made of marks its terms.
   * @param {Cell | null} target
   * @returns {boolean} whether it did
   */
  markTermsOf(target) {
    const { figure } = this;
    const { chosen } = figure;
    if (!target || !chosen || figure.isOffered || figure.model.isGiven(chosen.key)) {
      this.sum.markTerms([]);
      return false;
    }
    const cell = { key: figure.model.drawnAs(target.key), place: target.place };
    /** @param {Term} term */
    const reads = (term) =>
      readsOf([term]).some(
        ({ name, index, inside }) =>
          inside && figure.isSame({ key: figure.model.drawnAs(name), place: index }, cell),
      );
    if (figure.hovered && figure.model.expand(chosen.key, chosen.place).terms.some(reads)) {
      figure.hovered = null; // its sum makes way for that of what is chosen
      figure.draw();
    }
    const terms = figure.hovered ? [] : (this.sum.expansion?.terms.filter(reads) ?? []);
    this.sum.markTerms(terms);
    return terms.length > 0;
  }

  // The page below must not jump while the pointer moves: the panel grows, but does not shrink.
  /** @param {HTMLElement[]} nodes the panel, or copies of it with what may come */
  keepHeight(nodes = [this.node]) {
    const heights = nodes.map((node) => node.getBoundingClientRect().height);
    const height = Math.ceil(Math.max(...heights));
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

  // Writes what would be shown of the middle of each array, and of its corners. A copy of each is
  // kept, so that all are laid out at once. Only the first copy that has a formula is given it, at
  // the largest indices: the others differ in what is written beside it.
  measure() {
    const { figure } = this;
    const formulas = new Set();
    /** @type {((length: number) => number)[]} */
    const ways = [(length) => length - 1, (length) => Math.floor(length / 2), () => 0];
    const cells = figure.keys.flatMap((key) =>
      ways.map((way) => ({ key, place: figure.model.arrays[key].shape.map(way) })),
    );
    // Meanwhile the page around need not be laid out anew for each.
    const { style, offsetHeight } = figure.root;
    style.contain = "strict";
    style.height = `${offsetHeight}px`;
    const width = `${this.node.offsetWidth}px`;
    const copies = element("div", { class: "cx-copies", "aria-hidden": "true" });
    for (const shown of cells) {
      const { key } = shown;
      if (figure.hidden.has(shown)) continue;
      this.light = { ...findAnswer(figure.model, shown), lit: new Map() };
      const formula = `${this.stepOf(shown)?.key} ${this.light.expansion ? "at" : "of"}`;
      if (formulas.has(formula)) this.formula.replaceChildren();
      else this.writeFormula(shown);
      formulas.add(formula);
      this.sum.reserve(shown, this.light);
      const edited = figure.model.isGiven(key) ? shown : null;
      this.editor.show(edited);
      this.nudge.reserve(edited);
      const copy = /** @type {HTMLElement} */ (this.node.cloneNode(true));
      copy.style.width = width;
      copies.append(copy);
    }
    this.node.after(copies);
    const answers = /** @type {HTMLElement[]} */ ([...copies.children]);
    fit(answers);
    this.keepHeight(answers);
    copies.remove();
    this.editor.show(null);
    this.nudge.reserve(null);
    style.contain = "";
    style.height = "";
  }

  /**
   * @param {string} sentence
   * @param {{ done?: boolean }} [options] whether something was done, and not refused
   */
  say(sentence, { done = false } = {}) {
    this.message.textContent = sentence;
    this.message.classList.toggle("cx-done", done);
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
