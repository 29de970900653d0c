// The pad on which a digit is drawn, with mouse, finger or keys.

import { SIZE } from "../model/digit.js";
import { element, present, sizeCanvas } from "./element.js";

/** @import { Point } from "../model/digit.js" */

const PEN = 2.5 / 28; // its width, as a share of the pad
const STEP = 1 / 28; // of a key, as a share of the pad
const DIGITS = 1e4; // of a place on the pad this share is kept

/** @type {Record<string, Point>} */
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/**
 * What a pad belongs to.
 * @typedef {object} Owner
 * @property {() => void} begin a stroke begins
 * @property {() => void} draw something was added to the strokes
 * @property {() => void} clear
 * @property {() => string} colour of the ink
 */

export class Pad {
  /** @param {Owner} owner */
  constructor(owner) {
    this.owner = owner;
    /**
     * Of each its points, from 0 to 1.
     * @type {Point[][]}
     */
    this.strokes = [];
    /**
     * What stands there instead, if nothing was drawn.
     * @type {ArrayLike<number> | null}
     */
    this.picture = null;
    /** @type {Point} */
    this.pen = [0.5, 0.5]; // where that of the keyboard is
    this.isDown = false; // that of the keyboard
    this.isWithKeys = false; // whether it was moved last
    /** @type {number | null} */
    this.pointer = null; // which one draws
    this.canvas = element("canvas", { "aria-hidden": "true" });
    this.node = element(
      "div",
      {
        class: "cx-pad",
        role: "application",
        tabindex: "0",
        "aria-label":
          "Drawing pad. Arrow keys move the pen, Space puts it down and lifts it, Delete clears.",
        onkeydown: (event) => {
          if (event.key === "Escape") event.stopPropagation(); // what is chosen stays
          if (this.answerKey(event)) event.preventDefault();
        },
        onfocus: () => {
          this.isWithKeys = this.pointer === null && this.node.matches(":focus-visible");
          this.show();
        },
        onblur: () => {
          this.isDown = false;
          this.show();
        },
      },
      this.canvas,
    );
    this.listen();
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button || this.pointer !== null) return;
      event.preventDefault(); // no text is chosen, no page scrolled
      this.pointer = event.pointerId;
      this.isWithKeys = false;
      this.node.focus({ preventScroll: true });
      canvas.setPointerCapture(event.pointerId);
      this.begin(this.placeOf(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== this.pointer) return;
      const passed = event.getCoalescedEvents?.() ?? [];
      for (const one of passed.length ? passed : [event]) this.add(this.placeOf(one));
      this.owner.draw();
    });
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
      canvas.addEventListener(end, (event) => {
        if (event.pointerId === this.pointer) this.pointer = null;
      });
    }
  }

  /**
   * @param {PointerEvent} event
   * @returns {Point}
   */
  placeOf(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height];
  }

  /** @param {Point} place */
  begin(place) {
    this.owner.begin();
    this.strokes = [...this.strokes, []];
    this.add(place);
    this.owner.draw();
  }

  /** @param {Point} place */
  add([x, y]) {
    const [right, down] = [x, y].map((n) => Math.round(n * DIGITS) / DIGITS);
    const stroke = present(this.strokes.at(-1));
    const last = stroke.at(-1);
    if (last && last[0] === right && last[1] === down) return;
    // Strokes never change, for they are kept to be come back to.
    this.strokes = [...this.strokes.slice(0, -1), [...stroke, [right, down]]];
  }

  /** @param {KeyboardEvent} event */
  answerKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const way = ARROWS[event.key];
    if (way) this.move(way, event.shiftKey ? 4 : 1);
    else if (event.key === " ") this.put(!this.isDown);
    else if (event.key === "Delete" || event.key === "Backspace") this.owner.clear();
    else return false;
    this.isWithKeys = true;
    this.show();
    return true;
  }

  /** @param {Point} way @param {number} steps */
  move(way, steps) {
    const [x, y] = this.pen.map((at, axis) => {
      const wanted = at + steps * STEP * way[axis];
      return Math.min(1, Math.max(0, wanted));
    });
    this.pen = [x, y];
    if (!this.isDown) return;
    this.add(this.pen);
    this.owner.draw();
  }

  /** @param {boolean} down */
  put(down) {
    this.isDown = down;
    if (down) this.begin(this.pen);
  }

  // ---- drawing ----

  /** @param {number} size pixels */
  layout(size) {
    this.ratio = window.devicePixelRatio || 1;
    this.size = size;
    sizeCanvas(this.canvas, size, size, this.ratio);
    this.show();
  }

  show() {
    const { size, ratio = 1 } = this;
    this.node.classList.toggle("cx-by-hand", !this.isWithKeys);
    if (!size) return;
    const context = present(this.canvas.getContext("2d"));
    context.setTransform(ratio * size, 0, 0, ratio * size, 0, 0);
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = this.owner.colour();
    context.strokeStyle = this.owner.colour();
    context.lineWidth = PEN;
    context.lineCap = "round";
    context.lineJoin = "round";
    if (this.picture) this.showPicture(context, this.picture);
    for (const stroke of this.strokes) {
      context.beginPath();
      context.moveTo(...stroke[0]);
      for (const point of stroke.length > 1 ? stroke.slice(1) : stroke) context.lineTo(...point);
      context.stroke();
    }
    if (!this.isWithKeys || !this.node.matches(":focus")) return;
    context.beginPath();
    context.arc(...this.pen, PEN, 0, 2 * Math.PI);
    context.lineWidth = PEN / 4;
    if (this.isDown) context.fill();
    context.stroke();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {ArrayLike<number>} picture
   */
  showPicture(context, picture) {
    for (let flat = 0; flat < SIZE * SIZE; flat += 1) {
      if (!picture[flat]) continue;
      context.globalAlpha = Math.min(1, Math.max(0, picture[flat]));
      context.fillRect((flat % SIZE) / SIZE, Math.floor(flat / SIZE) / SIZE, 1 / SIZE, 1 / SIZE);
    }
    context.globalAlpha = 1;
  }
}
