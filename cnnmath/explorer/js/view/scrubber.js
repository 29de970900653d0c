// A size that moves: dragged sideways, stepped by keys, or typed.

import { button, element } from "./element.js";
import { answerHistoryKey } from "./history.js";

/** @import { Figure } from "./figure.js" */

const PIXELS_A_STEP = 10; // of a drag sideways
const FAR = 10; // steps of Page Up and Page Down

/** @type {Record<string, number>} */
const STEPS = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: FAR,
  PageDown: -FAR,
  Home: -Infinity,
  End: Infinity,
};

export class Scrubber {
  /**
   * @param {Figure} figure
   * @param {string} name of the size
   * @param {string} [where] it stands, if not below the formulas
   */
  constructor(figure, name, where = "") {
    this.figure = figure;
    this.name = name;
    this.typed = ""; // digits that have not been taken over yet
    const words = `${figure.model.words[name]}${where}`;
    const [first, last] = figure.model.ranges[name];
    this.number = element("span", {
      class: "cx-scrubbed",
      role: "spinbutton",
      tabindex: "0",
      title: `${words}: drag sideways, or type a number from ${first} to ${last}`,
      "aria-label": words,
      "aria-valuemin": first,
      "aria-valuemax": last,
      onkeydown: (event) => {
        if (this.answerKey(event)) event.preventDefault();
      },
      onblur: () => this.commit(),
    });
    attachDrag(this.number, figure, name);
    // For fingers, which have no keys: the style sheet shows them while this has the focus.
    const [less, more] = [-1, 1].map((direction) => {
      const label = `${direction < 0 ? "Less" : "More"}: ${words}`;
      const made = button(direction < 0 ? "−" : "+", label, () => scrub(figure, name, direction));
      made.tabIndex = -1;
      return made;
    });
    this.node = element("span", { class: "cx-scrubber" }, less, this.number, more);
    this.show();
  }

  // The size as it is now, unless another one is being typed.
  show() {
    const value = this.figure.model.sizes[this.name];
    this.number.setAttribute("aria-valuenow", String(value));
    this.number.textContent = this.typed || String(value);
  }

  /** @param {KeyboardEvent} event */
  answerKey(event) {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return answerHistoryKey(this.figure, event);
    if (key in STEPS) {
      this.typed = "";
      scrub(this.figure, this.name, STEPS[key]);
    } else if (/^\d$/.test(key)) this.type(key);
    else if (key === "Enter") this.commit();
    else return false;
    return true;
  }

  /**
   * Taken over as soon as no further digit can follow, else when this is left.
   * @param {string} digit
   */
  type(digit) {
    this.typed += digit;
    const [, last] = this.figure.model.ranges[this.name];
    if (Number(this.typed) * 10 > last || this.typed.startsWith("0")) this.commit();
    else this.show();
  }

  commit() {
    if (!this.typed) return;
    const value = Number(this.typed);
    this.typed = "";
    this.figure.change(() => this.figure.model.resize({ [this.name]: value }));
    this.show();
  }
}

/**
 * Steps as far as sizes go and formulas can run.
 * @param {Figure} figure
 * @param {string} name
 * @param {number} steps
 * @param {{ remember?: boolean }} [options]
 */
function scrub(figure, name, steps, options) {
  const [first, last] = figure.model.ranges[name];
  const wanted = Math.max(first, Math.min(last, figure.model.sizes[name] + steps));
  figure.change(() => figure.model.scrub(name, wanted, options));
}

/**
 * Lets an element be dragged sideways; one drag is one step of undo. It goes on when the figure is
 * made anew meanwhile, and the element with it.
 * @param {HTMLElement} node
 * @param {Figure} figure
 * @param {string} name
 */
export function attachDrag(node, figure, name) {
  node.classList.add("cx-drag");
  node.addEventListener("pointerdown", ({ button: which, clientX, pointerId }) => {
    if (which) return;
    const from = figure.model.sizes[name];
    let moved = false;
    const dragging = new AbortController();
    const { signal } = dragging;
    /** @param {PointerEvent} event */
    const move = (event) => {
      if (event.pointerId !== pointerId) return;
      const wanted = from + Math.round((event.clientX - clientX) / PIXELS_A_STEP);
      const steps = wanted - figure.model.sizes[name];
      if (!steps) return;
      const { changes } = figure.model;
      scrub(figure, name, steps, { remember: !moved });
      moved ||= figure.model.changes !== changes;
    };
    window.addEventListener("pointermove", move, { signal });
    for (const end of ["pointerup", "pointercancel"]) {
      window.addEventListener(end, () => dragging.abort(), { signal });
    }
  });
}
