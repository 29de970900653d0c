// The desk of a figure that reads drawings: the pad, what is read, what it should have been, and
// learning.

import { asDigit, SIZE } from "../model/digit.js";
import { NARROW } from "../model/layout.js";
import { learnt, numberRight, parametersOf } from "../model/learning.js";
import { written } from "../model/numbers.js";
import { button, element, inColour } from "./element.js";
import { Pad } from "./pad.js";

/** @import { Point } from "../model/digit.js" */
/** @import { Learnt } from "../model/learning.js" */
/** @import { Arrays, Numbers, Reading } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

const PAD = 146; // pixels
const PAD_NARROW = 170;
const WIDE = 1100; // pixels from which on formulas and tools stand beside the pad
const SHOWN = 5; // errors before this one
const RATES = [0.001, 0.01, 0.1];
const RIGHT = -1; // in the place of the number of a mistake
const SPOKEN_LATER = 500; // milliseconds without a stroke

export class Desk {
  /**
   * @param {Figure} figure
   * @param {Reading} reading
   */
  constructor(figure, reading) {
    this.figure = figure;
    this.reading = reading;
    /**
     * What each picture was drawn with.
     * @type {WeakMap<Numbers, Point[][]>}
     */
    this.drawings = new WeakMap();
    this.isTold = false; // whether the reader has said what it should have been
    this.best = largestAt(figure.model.arrays[reading.probabilities].data); // the class that is read
    /** @type {number[]} */
    this.errors = []; // before each step of learning
    this.learntAt = -1; // as of which change of the model there was a step of learning
    this.waiting = 0; // the timer of what a screen reader will be told
    /** @type {string} */
    this.spoken = "";
    this.pad = new Pad({
      begin: () => this.begin(),
      draw: () => this.draw(),
      clear: () => this.clear(),
      colour: () => figure.colourOf(reading.picture),
    });
    this.sentence = element("div", { class: "cx-reads" });
    this.live = element("div", { class: "cx-hidden", role: "status" });
    this.bars = this.barsOf();
    this.label = element(
      "select",
      {
        "aria-label": "It should have been",
        onchange: () => {
          this.isTold = true;
          this.give({ [reading.label]: numberOf(Number(this.label.value)) });
        },
      },
      ...this.classes.map((one) => element("option", { value: String(one) }, String(one))),
    );
    this.error = element("span", { class: "cx-error" });
    this.rate = element(
      "select",
      { "aria-label": "Rate of learning" },
      ...RATES.map((rate) => element("option", { value: String(rate) }, `rate ${rate}`)),
    );
    this.outcome = element("div", { class: "cx-outcome", role: "status" });
    this.mistakes = this.mistakesOf();
    this.samples = this.samplesOf();
    this.node = this.fill();
    figure.whenChanged(() => this.show());
  }

  get classes() {
    return Array.from(this.figure.model.arrays[this.reading.probabilities].data, (_, n) => n);
  }

  fill() {
    const clear = button("Clear", "Clear the pad", () => this.clear());
    const title = "Learn this: every weight one step against its gradient";
    const learn = button("Learn this", title, () => this.learn());
    const should = element("label", {}, "It should have been ", this.label);
    return element(
      "div",
      { class: "cx-desk", role: "group", "aria-label": "Draw a digit" },
      this.pad.node,
      element(
        "div",
        { class: "cx-read" },
        this.sentence,
        element("div", { class: "cx-row" }, clear, this.samples),
      ),
      this.bars,
      element(
        "div",
        { class: "cx-lesson" },
        element("div", { class: "cx-row" }, should, this.error),
        element("div", { class: "cx-row" }, learn, this.rate, this.mistakes),
      ),
      this.outcome,
      this.live,
    );
  }

  // A bar for each class; it chooses the probability.
  barsOf() {
    const { figure, reading } = this;
    const bars = this.classes.map((one) =>
      element(
        "button",
        {
          type: "button",
          class: "cx-class",
          onclick: () => figure.pin(reading.probabilities, [one]),
        },
        element("span", { class: "cx-share" }),
        element("span", {}, String(one)),
      ),
    );
    const about = { class: "cx-classes", role: "group", "aria-label": "Probabilities" };
    return inColour(element("div", about, ...bars), figure.lookOf(reading.probabilities).colour);
  }

  samplesOf() {
    const { others } = this.reading;
    const menu = element(
      "select",
      {
        "aria-label": "Take a digit that somebody else has drawn",
        onchange: () => {
          const { label, picture } = others[Number(menu.value)];
          menu.value = "";
          this.isTold = false;
          this.give({ [this.reading.picture]: picture, [this.reading.label]: numberOf(label) });
        },
      },
      element("option", { value: "", disabled: true, selected: true }, "Take a digit"),
      ...others.map(({ label }, n) => element("option", { value: String(n) }, `a ${label}`)),
    );
    return menu;
  }

  mistakesOf() {
    const { figure, reading } = this;
    if (!reading.mistakes.length) return null;
    const menu = element(
      "select",
      {
        "aria-label": "Gradients",
        onchange: () =>
          figure.change(() => figure.model.err(reading.mistakes[Number(menu.value)] ?? null)),
      },
      element("option", { value: String(RIGHT) }, "gradients: right"),
      ...reading.mistakes.map(({ label }, n) =>
        element("option", { value: String(n) }, `✗ ${label}`),
      ),
    );
    return menu;
  }

  // ---- what the reader does ----

  begin() {
    const { model } = this.figure;
    this.pad.picture = null;
    this.pad.strokes = this.drawings.get(model.given[this.reading.picture]) ?? [];
    model.mark();
  }

  draw() {
    const { strokes } = this.pad;
    this.give({ [this.reading.picture]: pictureOf(strokes) }, { remember: false });
    this.keep(strokes);
  }

  /** @param {Point[][]} strokes with which the picture was drawn that stands there now */
  keep(strokes) {
    this.drawings.set(this.figure.model.given[this.reading.picture], strokes);
  }

  clear() {
    this.isTold = false;
    this.give({ [this.reading.picture]: pictureOf([]) });
    this.keep([]);
  }

  /**
   * Changes some arrays. Unless the reader says what it should have been, it is as it was read.
   * @param {Arrays} arrays
   * @param {{ remember?: boolean }} [options]
   */
  give(arrays, options) {
    const { figure, reading } = this;
    const { model } = figure;
    figure.change(() => {
      model.replace(arrays, options);
      if (reading.label in arrays || this.isTold) return;
      const read = largestAt(model.arrays[reading.probabilities].data);
      model.replace({ [reading.label]: numberOf(read) }, { remember: false });
    });
  }

  learn() {
    const { figure, reading } = this;
    const { model } = figure;
    const names = parametersOf(model, reading);
    const right = numberRight(model, reading);
    const isNext = this.learntAt === model.changes;
    this.errors = [...(isNext ? this.errors : []), this.errorNow()];
    const step = learnt(model, names, Number(this.rate.value));
    figure.change(() => model.replace(step.arrays));
    this.tell(step, right);
  }

  /**
   * @param {Learnt} step
   * @param {number} before how many of the others were read right
   */
  tell({ most }, before) {
    const { figure, reading } = this;
    const right = numberRight(figure.model, reading);
    const errors = [...this.errors.slice(-SHOWN), this.errorNow()].map((one) => written(one));
    const error = `E: ${this.errors.length > SHOWN ? "… → " : ""}${errors.join(" → ")}. `;
    const { key, place, by } = most;
    const name = figure.cellName(key, place);
    const moved = button(name, `Look at the weight ${name}`, () => figure.pin(key, place));
    moved.classList.add("cx-more");
    const of = reading.others.length;
    const others = of
      ? ` Of ${of} other digits it reads ${right} right` +
        (right === before ? ", as before." : `; before, ${before}.`)
      : "";
    this.learntAt = figure.model.changes;
    this.outcome.replaceChildren(error, moved, ` moved most, by ${written(by)}.`, others);
  }

  errorNow() {
    return this.figure.model.arrays[this.reading.error].data[0];
  }

  // ---- what is shown ----

  /** @param {number} width pixels of the figure */
  layout(width) {
    this.figure.root.classList.toggle("cx-desk-wide", width >= WIDE);
    this.pad.layout(width < NARROW ? PAD_NARROW : PAD);
  }

  // After every change of a number.
  show() {
    const { figure, reading, pad } = this;
    const { arrays, given, mistake } = figure.model;
    const drawn = this.drawings.get(given[reading.picture]);
    pad.strokes = drawn ?? [];
    pad.picture = drawn ? null : given[reading.picture].data;
    pad.show();
    const { data } = arrays[reading.probabilities];
    const best = largestAt(data);
    this.followClass(best);
    const isEmpty = given[reading.picture].data.every((value) => !value);
    const share = percent(data[best]);
    this.sentence.replaceChildren(
      ...(isEmpty
        ? ["Draw a digit on the pad."]
        : ["I read ", article(best), " ", element("b", {}, String(best)), `, ${share}.`]),
    );
    inColour(this.sentence, figure.lookOf(reading.probabilities).colour);
    [...this.bars.children].forEach((bar, n) => {
      const text = percent(data[n]);
      bar.setAttribute("aria-label", `${n}: ${text}`);
      bar.setAttribute("title", `${n}: ${text}`);
      bar.classList.toggle("cx-best", n === best && !isEmpty);
      const [inner] = bar.children;
      if (inner instanceof HTMLElement) inner.style.setProperty("--cx-part", `${100 * data[n]}%`);
    });
    this.label.value = String(given[reading.label].data[0]);
    this.error.textContent = `error E = ${written(this.errorNow())}`;
    if (this.mistakes) {
      this.mistakes.value = String(mistake ? reading.mistakes.indexOf(mistake) : RIGHT);
    }
    if (this.learntAt !== figure.model.changes) this.outcome.replaceChildren();
    this.speak(this.sentence.textContent ?? "");
  }

  /**
   * Who asks why it is the class that is read, asks that of the next one too.
   * @param {number} best
   */
  followClass(best) {
    const { pinned, model } = this.figure;
    const count = model.arrays[this.reading.probabilities].data.length;
    const { shape = [] } = pinned ? model.arrays[pinned.key] : {};
    const asks = pinned && !model.isGiven(pinned.key) && shape.length === 1 && shape[0] === count;
    if (asks && pinned.place[0] === this.best) {
      this.figure.pinned = { ...pinned, place: [best] };
      this.figure.uncovered = `${pinned.key} ${best}`; // the page does not move under the pen
    }
    this.best = best;
  }

  /** @param {string} text */
  speak(text) {
    window.clearTimeout(this.waiting);
    if (text === this.spoken) return;
    this.waiting = window.setTimeout(() => {
      this.spoken = text;
      this.live.textContent = text;
    }, SPOKEN_LATER);
  }
}

/** @param {ArrayLike<number>} data */
function largestAt(data) {
  let best = 0;
  for (let n = 1; n < data.length; n += 1) if (data[n] > data[best]) best = n;
  return best;
}

/** @param {number} share */
function percent(share) {
  const hundredths = 100 * share;
  if (hundredths > 99.95 && share < 1) return "over 99.9 %";
  if (hundredths < 0.05 && share > 0) return "under 0.1 %";
  return `${Number(hundredths.toFixed(1))} %`;
}

/** @param {number} digit */
const article = (digit) => (digit === 8 ? "an" : "a");

/** @param {number} value */
const numberOf = (value) => ({ shape: [], data: Float64Array.of(value) });

/** @param {Point[][]} strokes */
const pictureOf = (strokes) => ({ shape: [SIZE, SIZE], data: asDigit(strokes) });
