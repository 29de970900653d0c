// A question below a figure, what the reader answers, and what is said to that.

import { choicesOf, factOf, sentenceOf, typed } from "../model/answers.js";
import { whyNoNumber } from "../model/numbers.js";
import { createQuestion, readAnswer } from "../model/question.js";
import { element, nextId } from "./element.js";
import { typeset } from "./formulas.js";
import { sumLine } from "./sum-line.js";

/** @import { Asked } from "../model/hidden.js" */
/** @import { Given, Known } from "../model/question.js" */
/** @import { Cell, Formula, Prediction as Asking } from "../model/types.js" */
/** @import { Memory } from "./memory.js" */
/** @import { Figure } from "./figure.js" */

/**
 * How it stands: asked, answered wrongly, answered rightly, or told.
 * @typedef {"asked" | "wrong" | "right" | "told"} Standing
 */

export class Prediction {
  /**
   * @param {Figure} figure
   * @param {Asking} asking
   * @param {number} number which question of the figure it is
   * @param {Memory} memory
   * @param {() => void} settle is called when something is to be hidden or shown
   */
  constructor(figure, asking, number, memory, settle) {
    this.figure = figure;
    this.asking = asking;
    this.number = number;
    this.memory = memory;
    this.settle = settle;
    this.question = createQuestion(figure.model, asking);
    this.choices = choicesOf(asking);
    const { candidates } = this.question;
    /** @type {Standing} */
    this.standing = "asked";
    this.gave = ""; // what stands in the cell while the answer is wrong
    this.judged = 0; // as of which change of the model
    this.recalls = false; // whether it is an answer of another visit, at which nothing is lit
    /** @type {Cell | null} */
    this.chosen = null;
    this.seen = figure.pinned;
    /** @type {number | null} */
    this.pressed = null; // of the choices
    const { ask, answer } = this.asking;
    const id = nextId();
    this.field = answer === "number" ? this.fieldFor(id) : null;
    this.output = answer === "place" ? element("output", { class: "cx-chosen" }) : null;
    this.buttons = this.choices.map(({ label }, n) =>
      element("button", { type: "button", onclick: () => this.give(n) }, label),
    );
    this.check = this.buttons.length
      ? null
      : element("button", { type: "submit", class: "cx-check" }, "Check");
    this.out = element("button", {
      type: "button",
      class: "cx-quiet",
      onclick: () => (this.isAnswered ? this.askAgain() : this.tell()),
    });
    this.reply = element(
      "form",
      {
        class: "cx-reply",
        onsubmit: (event) => {
          event.preventDefault();
          this.submit();
        },
      },
      this.field,
      this.output,
      ...this.buttons.map((button, n) =>
        candidates.length ? this.candidate(button, candidates[n].formula) : button,
      ),
      this.check,
      this.out,
    );
    this.told = element("div", { class: "cx-told", role: "status" });
    this.node = element(
      "div",
      { class: "cx-predict", role: "group", "aria-labelledby": id },
      element("p", { class: "cx-ask", id }, ask),
      this.reply,
      this.told,
    );
    this.show();
  }

  /**
   * A formula to choose, beside the button that chooses it.
   * @param {HTMLElement} button
   * @param {Formula} formula
   */
  candidate(button, formula) {
    const line = typeset(formula, this.figure.state.looks);
    line.id = nextId();
    line.addEventListener("click", () => button.click());
    button.setAttribute("aria-describedby", line.id);
    return element("div", { class: "cx-candidate" }, button, line);
  }

  get isAnswered() {
    return this.standing === "right" || this.standing === "told";
  }

  /** @returns {Asked} */
  get asked() {
    const wrong = this.standing === "wrong";
    const text = (wrong && this.gave) || "?";
    return { ...this.asking.at, text, open: wrong, by: this.number };
  }

  /**
   * The cell that an answer has told; if it was no number, another question may yet ask for that.
   * @param {Prediction[]} open questions
   * @returns {Cell[]}
   */
  toldCells(open) {
    const { key, place } = this.asking.at;
    if (!this.isAnswered || !place) return [];
    const isAsked = open.some(
      ({ asking: { at } }) => at.key === key && `${at.place}` === `${place}`,
    );
    return isAsked && this.asking.answer !== "number" ? [] : [{ key, place }];
  }

  /** @param {string} id of the question */
  fieldFor(id) {
    return element("input", {
      class: "cx-guess",
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      "aria-labelledby": id,
      oninput: () => this.standing === "wrong" && this.startAnew(),
    });
  }

  // ---- what the reader does ----

  submit() {
    if (this.isAnswered) return;
    if (this.field) this.give(this.field.value);
    else if (this.chosen) this.give(this.chosen);
    else this.say("", [`Choose a cell first: ${this.wanted()}`]);
  }

  /**
   * An answer as it is remembered: what was typed, which choice, or which cell.
   * @param {string | number | Cell} answer
   */
  give(answer) {
    const given = this.read(answer);
    if (given === null) {
      this.field?.setAttribute("aria-invalid", "true");
      this.say("", [answer === "" ? "Type a number first." : `${whyNoNumber(String(answer))}.`]);
      return;
    }
    const { verdict, known } = this.question.judge(given);
    const said = typeof answer === "number" ? "" : this.said(answer);
    const sentence = sentenceOf(verdict, said);
    if (verdict === "right") {
      this.memory.keep({ answer });
      this.stand("right", answer);
      this.say(sentence, this.reasons());
    } else if (verdict === "coarse") {
      this.say("", [sentence]);
    } else {
      this.gave = this.field ? said : "";
      this.stand("wrong", answer);
      this.say(sentence, known.map(this.fact));
    }
  }

  /**
   * @param {string | number | Cell} answer
   * @returns {Given | null}
   */
  read(answer) {
    if (typeof answer === "number") return this.choices[answer].given;
    return typeof answer === "string" ? readAnswer(answer) : answer;
  }

  // The way out: it is said, and why.
  tell() {
    this.memory.keep({ answer: null });
    this.stand("told", this.choices.length ? this.rightChoice() : null);
    this.say(this.rightWords(), this.reasons());
  }

  askAgain() {
    this.memory.forget();
    if (this.field) this.field.value = "";
    this.chosen = null;
    this.startAnew();
    (this.field ?? this.buttons[0] ?? this.check)?.focus({ preventScroll: true });
  }

  startAnew() {
    this.stand("asked", null);
    this.say("", []);
  }

  // What was answered on another visit counts if it is still right.
  recall() {
    const kept = this.memory.recall();
    if (!kept) return;
    this.recalls = true;
    const { answer } = kept;
    if (answer === null) this.tell();
    else if (this.isRight(answer)) {
      if (this.field) this.field.value = String(answer);
      this.give(answer);
    }
    this.recalls = false;
  }

  /** @param {string | number | Cell} answer */
  isRight(answer) {
    const given = this.read(answer);
    return given !== null && this.question.judge(given).verdict === "right";
  }

  /**
   * Whether the cell that is chosen in the figure is taken for the answer.
   * @param {Cell} cell
   */
  takes({ key }) {
    const isOpen = this.output && !this.isAnswered && !this.node.hidden;
    return Boolean(isOpen && this.question.choices().includes(key));
  }

  // After each drawing: another cell may be chosen, and the numbers may have changed.
  follow() {
    const { pinned, model } = this.figure;
    if (pinned !== this.seen) {
      this.seen = pinned;
      if (pinned && this.takes(pinned)) {
        this.chosen = pinned;
        if (this.standing === "wrong") this.startAnew();
        else this.show();
      }
    }
    if (this.standing === "asked" || this.judged === model.changes) return;
    this.judged = model.changes;
    if (this.standing === "wrong") this.startAnew();
    else this.say("", ["The numbers have changed since; the figure shows what stands there now."]);
  }

  // ---- how it stands ----

  /**
   * @param {Standing} standing
   * @param {string | number | Cell | null} answer
   */
  stand(standing, answer) {
    const { at } = this.asking;
    const onCheck = this.check === document.activeElement;
    this.standing = standing;
    this.judged = this.figure.model.changes;
    this.pressed = typeof answer === "number" ? answer : null;
    if (answer !== null && typeof answer === "object") this.chosen = answer;
    this.show();
    if (onCheck && this.isAnswered) this.out.focus({ preventScroll: true });
    // What the number is made of is lit, though not written before it is known.
    const asksForPlace = this.asking.answer === "place";
    const [place] = this.isAnswered && asksForPlace && !at.place ? this.question.rightCells() : [];
    const cell = at.place ? { key: at.key, place: at.place } : place;
    if (standing !== "asked" && cell && !this.recalls) {
      this.figure.hold(cell.key, cell.place);
      this.seen = this.figure.pinned;
    }
    this.settle();
  }

  show() {
    const { standing, isAnswered } = this;
    this.node.dataset.standing = standing;
    const text = isAnswered ? "Ask me again" : standing === "wrong" ? "Show me" : "I don’t know";
    this.out.textContent = text;
    if (this.check) this.check.hidden = isAnswered;
    if (this.field) {
      this.field.readOnly = isAnswered;
      if (standing === "wrong") this.field.setAttribute("aria-invalid", "true");
      else this.field.removeAttribute("aria-invalid");
    }
    if (this.output) {
      const { chosen } = this;
      this.output.textContent = chosen
        ? this.figure.cellName(chosen.key, chosen.place)
        : this.wanted();
    }
    for (const [n, one] of this.buttons.entries()) {
      one.setAttribute("aria-pressed", String(n === this.pressed));
      one.disabled = isAnswered && n !== this.pressed;
    }
  }

  wanted() {
    const names = this.question.choices().map((key) => this.figure.cellName(key, []));
    return `a cell of ${names.join(" or ")}`;
  }

  // ---- words ----

  /**
   * @param {string} verdict
   * @param {(Node | string)[]} lines
   */
  say(verdict, lines) {
    this.told.replaceChildren(
      ...(verdict ? [element("p", { class: "cx-verdict" }, verdict)] : []),
      ...lines.map((line) => element("p", {}, line)),
    );
  }

  /** @param {string | Cell} answer that is no choice */
  said(answer) {
    if (typeof answer === "string") return typed(answer);
    return this.figure.cellName(answer.key, answer.place);
  }

  rightChoice() {
    return this.choices.findIndex(({ given }) => this.question.judge(given).verdict === "right");
  }

  rightWords() {
    const { question, figure } = this;
    if (this.asking.answer === "place") {
      const names = question.rightCells().map(({ key, place }) => figure.cellName(key, place));
      return `It is ${names.join(" or ")}.`;
    }
    if (!this.choices.length) return `It is ${question.said()}.`;
    return `${this.choices[this.rightChoice()]?.label}.`;
  }

  // The true sum, and why.
  reasons() {
    const expansion = this.question.shown();
    const { at, why } = this.asking;
    return [...(expansion ? [sumLine(this.figure, expansion, at.key)] : []), ...(why ? [why] : [])];
  }

  /**
   * What a wrong answer is the answer to.
   * @param {Known} known
   */
  fact = (known) => {
    const { figure } = this;
    const { words, expansion } = factOf(known, (key, place) => figure.cellName(key, place));
    if (!expansion) return words;
    return element("span", {}, words, sumLine(figure, expansion, this.asking.at.key));
  };
}
