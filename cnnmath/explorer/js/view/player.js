// Goes through the cells of a result: play, pause, one step, a slider for the position.

import { flatIndex, placeOf, sizeOf } from "../model/places.js";
import { button, element } from "./element.js";
import { isCalm } from "./theme.js";

/** @import { Place } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

/**
 * Milliseconds for a cell.
 * @type {[label: string, pace: number][]}
 */
const TEMPI = [
  ["slow", 2000],
  ["steady", 700],
  ["fast", 120],
];
const LARGE = 100; // cells; a result that has more is gone through fast

export class Player {
  /** @param {Figure} figure */
  constructor(figure) {
    this.figure = figure;
    /**
     * The timer, while it plays.
     * @type {number | null}
     */
    this.playing = null;
    this.key = figure.model.formulas[figure.model.formulas.length - 1].key;
    this.started = false;
    this.choseTempo = false; // whether the reader did: then it stays
    this.slider = element("input", {
      type: "range",
      min: 0,
      oninput: () => {
        this.pause();
        this.show(this.position);
      },
    });
    this.toggle = button("", "", () => (this.playing === null ? this.play() : this.pause()));
    const step = button("Step", "Step: one cell further", () => {
      this.pause();
      this.advance();
    });
    this.toggle.classList.add("cx-primary");
    this.tempo = element(
      "select",
      {
        "aria-label": "Tempo",
        onchange: () => {
          this.choseTempo = true;
          if (this.playing !== null) this.play();
        },
      },
      ...TEMPI.map(([label, pace]) => element("option", { value: pace }, label)),
    );
    this.node = element("span", { class: "cx-player" }, this.toggle, this.tempo);
    this.rest = element("span", { class: "cx-position" }, step, this.slider);
    this.follow(this.key, null);
    this.pause();
  }

  get shape() {
    return this.figure.model.arrays[this.key].shape;
  }

  get count() {
    return sizeOf(this.shape);
  }

  get position() {
    return Number(this.slider.value);
  }

  /**
   * The result that is gone through is the one whose cell was pinned last.
   * @param {string} key
   * @param {Place | null} place
   */
  follow(key, place) {
    this.key = key;
    this.started = place !== null;
    this.slider.max = String(this.count - 1);
    this.slider.value = String(place ? flatIndex(this.shape, place) : 0);
    this.slider.setAttribute("aria-label", `Position in ${this.figure.lookOf(key).words}`);
    if (!this.choseTempo) {
      this.tempo.value = String(TEMPI[isCalm() ? 0 : this.count > LARGE ? 2 : 1][1]);
    }
    this.nameValue();
  }

  nameValue() {
    const place = placeOf(this.shape, this.position);
    this.slider.setAttribute("aria-valuetext", this.figure.cellName(this.key, place));
  }

  /** @param {number} flat */
  show(flat) {
    this.started = true;
    this.slider.value = String(flat);
    this.nameValue();
    this.figure.hold(this.key, placeOf(this.shape, flat));
  }

  /**
   * While a result is being built, what comes later is not shown yet.
   * @param {string} key
   * @returns {number} the flat place from which on nothing is shown
   */
  hides(key) {
    return this.playing !== null && key === this.key ? this.position + 1 : Infinity;
  }

  advance() {
    this.show(this.started ? (this.position + 1) % this.count : this.position);
  }

  play() {
    this.pause();
    this.label("❚❚ Pause", "Pause");
    this.playing = window.setInterval(() => this.advance(), Number(this.tempo.value));
    this.advance();
  }

  pause() {
    if (this.playing !== null) {
      window.clearInterval(this.playing);
      this.figure.redraw(); // what was still to come is shown again
    }
    this.playing = null;
    this.label("▶ Play", "Play: go through the cells of the result");
  }

  /**
   * @param {string} text
   * @param {string} title
   */
  label(text, title) {
    this.toggle.textContent = text;
    this.toggle.title = title;
    this.toggle.setAttribute("aria-label", title);
  }
}
