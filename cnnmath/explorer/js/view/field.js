// A field in which a number is typed, with − and + beside it.

import { readNumber, whyNoNumber, written } from "../model/numbers.js";
import { button, element, nextId } from "./element.js";

/**
 * What a field belongs to.
 * @typedef {object} Owner
 * @property {() => string} name
 * @property {() => number} value
 * @property {(value: number) => void} set
 * @property {(direction: number) => void} nudge
 * @property {() => void} leave
 * @property {(sentence: string) => void} say
 */

export class NumberField {
  /** @param {Owner} owner */
  constructor(owner) {
    this.owner = owner;
    this.dirty = false; // whether something was typed that has not been taken over yet
    this.label = element("label", { for: nextId() });
    this.input = element("input", {
      id: this.label.htmlFor,
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      oninput: () => {
        this.dirty = true;
      },
      onblur: () => this.commit(),
      onkeydown: (event) => {
        if (event.key === "Enter" && this.commit()) owner.leave();
        if (event.key !== "Escape") return;
        event.stopPropagation(); // a pin stays, what was typed goes
        this.dirty = false;
        owner.leave();
        this.show();
      },
    });
    this.less = button("−", "Less", () => owner.nudge(-1));
    this.more = button("+", "More", () => owner.nudge(1));
    const parts = [this.label, this.less, this.input, this.more];
    this.node = element("div", { class: "cx-editor" }, ...parts);
  }

  // The number as it is now, unless another one is being typed.
  show() {
    if (this.dirty) return;
    const name = this.owner.name();
    this.label.textContent = `${name} =`;
    this.less.setAttribute("aria-label", `Less: ${name}`);
    this.more.setAttribute("aria-label", `More: ${name}`);
    this.input.value = String(this.owner.value());
    this.input.removeAttribute("aria-invalid");
  }

  /**
   * Ready for typing, with a first character if one was typed already.
   * @param {string | null} text
   */
  start(text) {
    this.input.focus({ preventScroll: true });
    if (text === null) {
      this.input.select();
      return;
    }
    this.input.value = text;
    this.dirty = true;
  }

  // Hands over what was typed; false if that is no number.
  commit() {
    if (!this.dirty) return true;
    const { owner } = this;
    const text = this.input.value;
    const value = readNumber(text);
    if (value === null) {
      this.input.setAttribute("aria-invalid", "true");
      const why = text.trim() ? whyNoNumber(text) : "Nothing is typed";
      owner.say(`${why}: ${owner.name()} stays ${written(owner.value(), 12)}.`);
      return false;
    }
    this.dirty = false;
    owner.set(value);
    return true;
  }
}
