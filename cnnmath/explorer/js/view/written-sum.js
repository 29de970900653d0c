// What is written below the arrays: the sum that a result is made of, or where an input goes.

import { coefficientOf } from "../model/coefficient.js";
import { verdictOn } from "../model/difference.js";
import { written } from "../model/numbers.js";
import { samePlace } from "../model/places.js";
import { readsOf } from "../model/ways.js";
import { element, inColour } from "./element.js";

/** @import { Cell, Expansion, Part, Place, Read, Term } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

const FOLD = 12; // terms that are shown before a sum folds
const LISTED = 12; // results that are listed of all that an input goes into
/** @type {Record<string, string>} */
const JOINTS = { sum: " + ", prod: " · ", max: ", ", min: ", " };
const HINT = "Point at a cell, tap it, or reach it with Tab and the arrow keys.";

export class Sum {
  /** @param {Figure} figure */
  constructor(figure) {
    this.figure = figure;
    /**
     * The cell whose sum is written in full.
     * @type {Cell | null}
     */
    this.unfolded = null;
    this.wrote = ""; // what is written now
    this.height = 0; // pixels, the most so far
    this.waiting = 0; // the timer of what a screen reader will be told
    this.node = element("div", {
      class: "cx-sum",
      onfocusout: (event) => figure.blur(event.relatedTarget),
    });
    this.live = element("div", { class: "cx-hidden", "aria-live": "polite" });
  }

  /**
   * @param {Cell | null} shown
   * @param {Expansion | null} expansion of a result
   * @param {Cell[]} reach of what is given
   */
  write(shown, expansion, reach) {
    // Written anew without need, a button would be gone before the pointer that pressed it is up.
    const text = JSON.stringify([shown, this.unfolded, this.figure.drawn]);
    if (this.wrote === text) return;
    this.wrote = text;
    const lines = [];
    if (!shown) lines.push(element("span", { class: "cx-hint" }, HINT));
    else if (expansion) lines.push(this.written(shown, expansion));
    else lines.push(this.going(shown, reach));
    const check = shown && expansion && this.check(shown, expansion.total);
    if (check) lines.push(check);
    this.node.replaceChildren(...lines);
    this.keepHeight();
    this.announce(shown);
  }

  // The page below must not jump while the pointer moves: the panel grows, but does not shrink.
  keepHeight() {
    const height = Math.ceil(this.node.getBoundingClientRect().height);
    if (height <= this.height) return;
    this.height = height;
    this.node.style.minHeight = `${height}px`;
  }

  forgetHeight() {
    this.wrote = "";
    this.height = 0;
    this.node.style.minHeight = "";
  }

  /** @param {Cell | null} shown */
  announce(shown) {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => {
      // biome-ignore lint/performance/useDomNodeTextContent: what is not seen is not said either
      this.live.textContent = shown ? this.node.innerText.replace(/\s+/g, " ").slice(0, 400) : "";
    }, 250);
  }

  // ---- a result ----

  /** @param {Cell} shown */
  isUnfolded(shown) {
    return this.unfolded && this.figure.isSame(this.unfolded, shown);
  }

  /**
   * @param {Cell} shown
   * @param {Expansion} expansion
   */
  written(shown, { operation, terms, winner, total }) {
    const line = element("div", { class: "cx-line" }, this.nameOf(shown), " = ");
    const enclosed = operation === "max" || operation === "min";
    if (enclosed) line.append(`${operation}(`);
    const folds = terms.length > FOLD + 2 && !this.isUnfolded(shown);
    const listed = folds ? terms.slice(0, FOLD) : terms;
    listed.forEach((term, n) => {
      const subtracted = term.negative && operation === "sum" && n > 0;
      if (n) line.append(subtracted ? " − " : JOINTS[operation]);
      const copied = terms.length === 1 && !enclosed && this.copied(term);
      line.append(copied || this.term(term, term.negative && !subtracted, term === winner));
    });
    if (folds) {
      const late = winner && !listed.includes(winner) ? winner : null; // it is shown all the same
      const more = this.fold(shown, terms.length - FOLD - (late ? 1 : 0));
      line.append(JOINTS[operation], more);
      if (late) line.append(JOINTS[operation], this.term(late, false, true));
    }
    if (enclosed) line.append(")");
    const value = this.number(total, shown.key);
    value.classList.add("cx-total");
    line.append(terms.length || enclosed ? " = " : "", value);
    return line;
  }

  /**
   * What is only taken over from elsewhere is named: its number is the total.
   * @param {Term} term
   */
  copied({ factors: [factor, ...others], negative }) {
    if (!factor || others.length || negative || !this.figure.hasGrid(factor.name)) return null;
    return this.nameOf({ key: factor.name, place: factor.index });
  }

  /**
   * @param {Cell} shown
   * @param {number} hidden
   */
  fold(shown, hidden) {
    const unfold = () => {
      this.unfolded = shown;
      this.figure.unfolded(shown);
    };
    return element(
      "button",
      { type: "button", class: "cx-more", onclick: unfold },
      `… ${hidden} more`,
    );
  }

  /**
   * @param {Term} term
   * @param {boolean} negative
   * @param {boolean} wins
   */
  term({ factors }, negative, wins) {
    const look = wins ? "cx-term cx-winner" : "cx-term";
    const parts = element("span", { class: look }, negative ? "−" : null);
    factors.forEach((factor, n) => {
      if (n) parts.append("·");
      this.spell(parts, factor.parts);
    });
    if (!factors.length) parts.append("1");
    return parts;
  }

  /**
   * @param {HTMLElement} line
   * @param {Part[]} parts
   */
  spell(line, parts) {
    for (const part of parts) {
      if (typeof part === "string") line.append(part);
      else if ("raised" in part) {
        const above = element("sup");
        this.spell(above, part.raised);
        line.append(above);
      } else line.append(this.number(part.value, part.name, part.index));
    }
  }

  /**
   * A number in the colour of its symbol.
   * @param {number} value
   * @param {string} key
   * @param {Place} [place]
   */
  number(value, key, place) {
    const text = written(value, 5);
    const shown = element("span", { class: "cx-number" }, value < 0 && place ? `(${text})` : text);
    if (place) shown.title = this.figure.cellName(key, place);
    return inColour(shown, this.figure.lookOf(key).colour);
  }

  /** @param {Cell} cell */
  nameOf({ key, place }) {
    const name = element("span", { class: "cx-number" }, this.figure.cellName(key, place));
    return inColour(name, this.figure.lookOf(key).colour);
  }

  /**
   * @param {Cell} shown
   * @param {number} total
   */
  check(shown, total) {
    const found = this.figure.model.finiteDifference(shown.key, shown.place);
    if (!found) return null;
    const { slope, through } = found;
    const names = through.map((key) => this.figure.cellName(key, [])).join(" → ");
    const way = through.length > 1 ? `through ${names}` : "of the forward formula";
    const text = `finite difference ${way}: ${written(slope, 6)} ${verdictOn(total, found)}`;
    return element("div", { class: "cx-difference" }, text);
  }

  // ---- what is given ----

  /**
   * @param {Cell} shown
   * @param {Cell[]} reach
   */
  going(shown, reach) {
    const { figure } = this;
    const value = figure.gridOf(shown.key).value(shown.place);
    const line = element(
      "div",
      { class: "cx-line" },
      this.nameOf(shown),
      ` = ${written(value, 6)}`,
    );
    const listed = reach.slice(0, this.isUnfolded(shown) ? reach.length : LISTED);
    listed.forEach((target, n) => {
      line.append(n ? ", " : " goes into ", this.nameOf(target), ...this.part(target, shown));
    });
    const hidden = reach.length - listed.length;
    if (hidden) line.append(", ", this.fold(shown, hidden));
    const [gradient] = figure.model.gradientsOf(shown.key);
    if (gradient) line.append(...this.gradientOf({ key: gradient, place: shown.place }));
    return line;
  }

  /**
   * Which part an input has in a result: it wins a maximum or not, or is multiplied by a number.
   * @param {Cell} target
   * @param {Cell} shown
   */
  part(target, shown) {
    const expansion = this.figure.model.expand(target.key, target.place);
    const { name } = this.figure.lookOf(shown.key);
    /** @param {Read} read */
    const isOwn = (read) => read.name === name && samePlace(read.index, shown.place);
    if (expansion.winner) {
      const wins = readsOf([expansion.winner]).some(isOwn);
      return [wins ? element("b", {}, " (wins)") : " (loses)"];
    }
    const coefficient = coefficientOf(expansion, isOwn);
    if (!coefficient) return [];
    const { value, name: of, index } = coefficient;
    return [" times ", this.number(value, of, index)];
  }

  /** @param {Cell} cell */
  gradientOf(cell) {
    const value = this.figure.gridOf(cell.key).value(cell.place);
    return [". Its gradient: ", this.nameOf(cell), " = ", this.number(value, cell.key)];
  }
}
