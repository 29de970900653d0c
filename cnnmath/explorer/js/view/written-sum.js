// What is written of a cell: the sum that a result is made of, or where an input goes.

import { coefficientOf } from "../model/coefficient.js";
import { EQUAL, verdictOn } from "../model/difference.js";
import { written } from "../model/numbers.js";
import { samePlace } from "../model/places.js";
import { JOINTS } from "../model/spell.js";
import { folded, isGroup } from "../model/structure.js";
import { readsOf } from "../model/ways.js";
import { element, inColour } from "./element.js";

/** @import { Light } from "../model/light.js" */
/** @import { Group } from "../model/structure.js" */
/** @import { Cell, Expansion, Part, Place, Read, Term } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */
/** @import { Prediction } from "./prediction.js" */

const FEW = 4; // results that an input goes into are all listed; of more, the first
const LISTED = 2;
const MOST = 10; // of a list that is open
const SINGLE = 7; // significant digits of a number that a network has learnt, in single precision
const ALL = "all"; // the label under which a list of results is open
const HINT = "Point at a cell, tap it, or reach it with Tab and the arrow keys.";

export class Sum {
  /** @param {Figure} figure */
  constructor(figure) {
    this.figure = figure;
    /**
     * The result whose groups are open, and from the outermost inwards which ones.
     * @type {{ cell: Cell, open: string[] } | null}
     */
    this.unfolded = null;
    this.wrote = ""; // what is written now
    /** @type {Expansion | null} */
    this.expansion = null; // whose terms these are: the same numbers found again are other terms
    /** @type {Map<Term, HTMLElement>} */
    this.terms = new Map(); // what is written of them
    /** @type {Term[]} */
    this.opening = []; // of the group that is about to be opened
    /** @type {HTMLElement | null} */
    this.pressed = null; // the term that was focused when it was pressed
    /** @type {Record<string, number>} */
    this.markedAt = {}; // the indices of the term that is marked
    this.node = element("div", { class: "cx-sum" });
  }

  /**
   * @param {Cell | null} shown
   * @param {Light} light
   * @returns {boolean} whether it is another one now
   */
  write(shown, light) {
    // Written anew without need, a button would be gone before the pointer that pressed it is up.
    const taking = shown && this.takerOf(shown)?.number;
    const text = JSON.stringify([shown, this.unfolded, this.figure.drawn, taking]);
    if (this.wrote === text) return false;
    this.wrote = text;
    this.fill(shown, light, this.check);
    return true;
  }

  forget() {
    this.wrote = "";
  }

  /**
   * Takes the room that it may need, without measuring a slope.
   * @param {Cell} shown
   * @param {Light} light
   */
  reserve(shown, light) {
    this.forget();
    this.fill(shown, light, this.likelyCheck);
  }

  /**
   * @param {Cell | null} shown
   * @param {Light} light
   * @param {(shown: Cell, total: number) => HTMLElement | null} check of a gradient
   */
  fill(shown, { expansion, reach }, check) {
    this.expansion = expansion;
    this.terms = new Map();
    this.markTerms([]);
    const lines = [];
    const hidden = shown && this.figure.hidden.has(shown);
    if (!shown) lines.push(element("span", { class: "cx-hint" }, HINT));
    else if (hidden)
      lines.push(element("div", { class: "cx-line" }, this.nameOf(shown), this.notYet(shown)));
    else if (expansion) lines.push(...this.written(shown, expansion));
    else lines.push(this.going(shown, reach));
    const checked = shown && expansion && !hidden && check.call(this, shown, expansion.total);
    if (checked) lines.push(checked);
    const [gradient] = shown && expansion ? this.figure.model.gradientsOf(shown.key) : [];
    if (shown && gradient) {
      const own = this.gradientOf({ key: gradient, place: shown.place });
      lines.push(element("div", { class: "cx-difference" }, ...own));
    }
    const taker = shown && this.takerOf(shown);
    if (taker) lines.push(taken(taker));
    this.node.replaceChildren(...lines);
    this.node.querySelector(".cx-term")?.setAttribute("tabindex", "0");
    if (this.opening.length) {
      const { node } = this.figure.answer; // where it may stand below the edge
      node.scrollTop = node.scrollHeight;
      this.markTerms(this.opening);
    }
    this.opening = [];
  }

  // ---- what is asked ----

  /** @param {Cell} cell that is hidden */
  notYet(cell) {
    return ` = ? It is not shown yet: ${this.figure.questions?.asking(cell)}`;
  }

  /**
   * The question whose answer a cell is now.
   * @param {Cell} shown
   */
  takerOf(shown) {
    const { pinned, questions } = this.figure;
    return pinned && this.figure.isSame(pinned, shown) ? questions?.taking(shown) : undefined;
  }

  // ---- a result ----

  /** @param {Cell} shown */
  openOf(shown) {
    return this.unfolded && this.figure.isSame(this.unfolded.cell, shown) ? this.unfolded.open : [];
  }

  /**
   * The sum, and below it each group that is open.
   * @param {Cell} shown
   * @param {Expansion} expansion
   */
  written(shown, expansion) {
    const { total } = expansion;
    const value = this.number(total, shown.key);
    value.classList.add("cx-total");
    const open = this.openOf(shown);
    const name = element("span", {}, this.nameOf(shown), " = ");
    let [parts, lines] = [folded(expansion.terms, expansion.operation), /** @type {Node[]} */ ([])];
    lines.push(this.line(shown, name, parts, value, expansion, []));
    open.forEach((label, depth) => {
      const group = parts.filter(isGroup).find((one) => one.label === label);
      if (!group) return;
      parts = folded(group.terms, expansion.operation);
      const heading = element("span", { class: "cx-group" }, `${label}: `);
      const subtotal = element("span", { class: "cx-total" }, written(group.value, 5));
      lines.push(this.line(shown, heading, parts, subtotal, expansion, open.slice(0, depth + 1)));
    });
    return lines;
  }

  /**
   * @param {Cell} shown
   * @param {HTMLElement} name
   * @param {(Term | Group)[]} parts
   * @param {HTMLElement} value
   * @param {Expansion} expansion
   * @param {string[]} around the labels of the groups around
   */
  line(shown, name, parts, value, { operation, terms, winner }, around) {
    const line = element("div", { class: "cx-line" }, name);
    const enclosed = operation === "max" || operation === "min";
    if (enclosed) line.append(`${operation}(`);
    this.string(line, parts, operation, (part, negative) => {
      if (isGroup(part)) return this.group(shown, part, around, winner);
      const copied = terms.length === 1 && !enclosed && this.copied(part);
      return copied || this.term(part, negative, part === winner);
    });
    if (enclosed) line.append(")");
    line.append(parts.length || enclosed ? " = " : "", value);
    return line;
  }

  /**
   * Parts one after the other; what is subtracted has its minus between them, and not before itself.
   * @template {Term | Group} Piece
   * @param {HTMLElement} line
   * @param {Piece[]} parts
   * @param {string} operation
   * @param {(part: Piece, negative: boolean) => HTMLElement} write
   */
  string(line, parts, operation, write) {
    parts.forEach((part, n) => {
      const negative = !isGroup(part) && part.negative;
      const subtracted = negative && operation === "sum" && n > 0;
      if (n) line.append(subtracted ? " − " : JOINTS[operation]);
      line.append(write(part, negative && !subtracted));
    });
  }

  /**
   * Many terms as one number, which opens.
   * @param {Cell} shown
   * @param {Group} group
   * @param {string[]} around
   * @param {Term | undefined} winner
   */
  group(shown, { label, terms, value }, around, winner) {
    const isOpen = this.openOf(shown)[around.length] === label;
    const toggle = () => {
      this.unfolded = { cell: shown, open: isOpen ? around : [...around, label] };
      this.opening = isOpen ? [] : terms;
      this.figure.unfolded(shown);
    };
    const wins = winner && terms.includes(winner) ? " cx-winner" : "";
    const light = () => this.markTerms(terms);
    const unlight = () => this.markTerms([]);
    const number = value < 0 ? `(${written(value, 4)})` : written(value, 4);
    return element(
      "button",
      {
        type: "button",
        class: `cx-more${wins}`,
        title: `${label}: ${terms.length} terms`,
        "aria-expanded": String(isOpen),
        onclick: toggle,
        onpointerenter: light,
        onpointerleave: unlight,
        onfocus: light,
        onblur: unlight,
      },
      element("small", {}, `${label}:`),
      ` ${number}`,
    );
  }

  // ---- the same thing here and in the arrays ----

  /** @param {Term[]} terms */
  markTerms(terms) {
    for (const [term, node] of this.terms) {
      node.classList.toggle("cx-same", terms.includes(term));
    }
    const at = terms.length === 1 ? terms[0].at : {};
    const reads = readsOf(terms).map(({ name, index }) => ({ key: name, place: index }));
    if (!reads.length && !this.figure.marked.length) return;
    this.markedAt = at;
    this.figure.mark(reads);
  }

  /**
   * Points at a term's cells as long as a pointer or the keyboard is on it.
   * @param {HTMLElement} node
   * @param {Term} term
   */
  bind(node, term) {
    this.terms.set(term, node);
    node.setAttribute("tabindex", "-1");
    node.addEventListener("pointerenter", () => this.markTerms([term]));
    node.addEventListener("pointerleave", () => this.markTerms([]));
    node.addEventListener("pointerdown", () => {
      this.pressed = node.matches(":focus") ? node : null;
    });
    node.addEventListener("click", () => node.focus({ preventScroll: true }));
    node.addEventListener("focus", () => this.markTerms([term]));
    node.addEventListener("blur", () => this.markTerms([]));
    node.addEventListener("keydown", (event) => {
      const [first] = readsOf([term]).filter(({ name, inside }) => inside && name);
      if (event.key === "Enter" && first) this.visit({ key: first.name, place: first.index });
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      const all = [...this.terms.values()];
      all[all.indexOf(node) + step]?.focus({ preventScroll: true });
      event.preventDefault();
    });
    return node;
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
   * @param {Term} term
   * @param {boolean} negative
   * @param {boolean} wins
   */
  term(term, negative, wins) {
    const { factors } = term;
    const look = wins ? "cx-term cx-winner" : "cx-term";
    const parts = element("span", { class: look }, negative ? "−" : null);
    factors.forEach((factor, n) => {
      if (n) parts.append("·");
      this.spell(parts, factor.parts);
    });
    if (!factors.length) parts.append("1");
    return this.bind(parts, term);
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
      } else line.append(this.numberRead(part));
    }
  }

  /**
   * A number that was read: the way to the cell where it stands. A finger marks the term first.
   * @param {Read} read
   */
  numberRead({ value, name, index, inside }) {
    const shown = this.number(value, name, index);
    if (!inside || !this.figure.hasGrid(name)) return shown;
    return this.leading(shown, { key: name, place: index }, (event) => {
      const term = shown.closest(".cx-term");
      return event.pointerType !== "touch" || this.pressed === term;
    });
  }

  /**
   * @param {HTMLElement} node
   * @param {Cell} cell
   * @param {(event: PointerEvent) => boolean} [isMeant]
   */
  leading(node, cell, isMeant = () => true) {
    node.classList.add("cx-leads");
    node.addEventListener("click", (event) => {
      if (isMeant(/** @type {PointerEvent} */ (event))) this.visit(cell);
    });
    return node;
  }

  /** @param {Cell} cell */
  visit({ key, place }) {
    this.figure.visit(this.figure.model.drawnAs(key), place);
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
    inColour(name, this.figure.lookOf(key).colour);
    return this.figure.hasGrid(key) ? this.leading(name, { key, place }) : name;
  }

  /**
   * @param {Cell} shown
   * @param {number} total
   */
  check(shown, total) {
    const found = this.figure.model.finiteDifference(shown.key, shown.place);
    if (!found) return null;
    const measured = Math.abs(found.slope) <= found.uncertain ? 0 : found.slope; // else rounding
    return this.difference(found.through, measured, verdictOn(total, found));
  }

  /**
   * @param {Cell} shown
   * @param {number} total
   */
  likelyCheck({ key }, total) {
    const through = this.figure.model.throughOf(key);
    return through ? this.difference(through, total, EQUAL) : null;
  }

  /**
   * @param {string[]} through the results on the way
   * @param {number} slope
   * @param {string} verdict
   */
  difference(through, slope, verdict) {
    const names = through.map((key) => this.figure.cellName(key, [])).join(" → ");
    const way = through.length > 1 ? `through ${names}` : "of the forward formula";
    const text = `finite difference ${way}: ${written(slope, 6)} ${verdict}`;
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
      ` = ${written(value, SINGLE)}`,
    );
    const isWhole = this.openOf(shown).includes(ALL);
    const listed = reach.length <= FEW ? reach : reach.slice(0, isWhole ? MOST : LISTED);
    listed.forEach((target, n) => {
      line.append(n ? ", " : " goes into ", this.nameOf(target), ...this.part(target, shown));
    });
    const hidden = reach.length - listed.length;
    if (hidden || isWhole) line.append(", ", this.rest(shown, hidden, isWhole));
    const [gradient] = figure.model.gradientsOf(shown.key);
    if (gradient) line.append(". ", ...this.gradientOf({ key: gradient, place: shown.place }));
    return line;
  }

  /**
   * Which part an input has in a result: it wins a maximum or not, or is multiplied by a number.
   * @param {Cell} target
   * @param {Cell} shown
   */
  part(target, shown) {
    if (this.figure.hidden.has(target)) return [];
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
    if (this.figure.hidden.has({ key: of, place: index })) return [];
    return [" times ", this.number(value, of, index)];
  }

  /**
   * @param {Cell} shown
   * @param {number} hidden
   * @param {boolean} isWhole
   */
  rest(shown, hidden, isWhole) {
    const toggle = () => {
      this.unfolded = isWhole ? null : { cell: shown, open: [ALL] };
      this.figure.unfolded(shown);
    };
    const others = hidden ? `, ${hidden} are not listed` : "";
    return element(
      "button",
      { type: "button", class: "cx-more", "aria-expanded": String(isWhole), onclick: toggle },
      isWhole ? `fewer${others}` : `… ${hidden} more`,
    );
  }

  /** @param {Cell} cell */
  gradientOf(cell) {
    if (this.figure.hidden.has(cell))
      return ["Its gradient: ", this.nameOf(cell), this.notYet(cell)];
    const value = this.figure.gridOf(cell.key).value(cell.place);
    return ["Its gradient: ", this.nameOf(cell), " = ", this.number(value, cell.key)];
  }
}

/**
 * The question stands below, maybe out of sight: that it has taken the cell is said here too.
 * @param {Prediction} taker
 */
function taken(taker) {
  const check = () => {
    taker.submit();
    taker.node.scrollIntoView({ block: "nearest" });
  };
  return element(
    "div",
    { class: "cx-taken" },
    "It is entered as your answer. ",
    element("button", { type: "button", onclick: check }, "Is it right?"),
  );
}
