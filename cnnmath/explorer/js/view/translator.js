// The translator: a field in which a layer is written in one dialect, and beside it the others.

import shared from "../../../shared.json" with { type: "json" };
import {
  beside,
  differing,
  inputOf,
  kernelOf,
  outcome,
  sentences,
  sizeOf,
  times,
} from "../translator/describe.js";
import { attempt, Refusal } from "../translator/refusal.js";
import { DIALECTS, read } from "../translator/translate.js";
import { button, element, nextId, withinReach } from "./element.js";
import { NumberField } from "./field.js";
import { isPageDark, watchTheme } from "./theme.js";

/** @import { Beside } from "../translator/describe.js" */
/** @import { Numbers } from "../translator/layer.js" */
/** @import { Reading } from "../translator/translate.js" */

/** @typedef {{ layer: string, size: number, kernel: number }} Traits */
/** @typedef {Traits & { caption: string, examples: [name: string, layer: string][] }} State */

/** What of its state the reader moves, by the names of Python's traits. */
export const traitsOfTranslator = () => ["layer", "size", "kernel"];

const LARGEST_SHOWN = 14; // rows or columns

export class Translator {
  /**
   * @param {HTMLElement} root
   * @param {State} state
   * @param {(changed: Partial<Traits>) => void} onEdit
   */
  constructor(root, state, onEdit) {
    this.host = root;
    this.onEdit = onEdit;
    /** @type {Traits} */
    this.now = { layer: state.layer, size: state.size, kernel: state.kernel };
    this.field = element("textarea", {
      id: nextId(),
      class: "cx-code",
      spellcheck: "false",
      autocomplete: "off",
      rows: 1, // and as many more as it needs
      oninput: () => this.change({ layer: this.field.value }),
    });
    this.message = element("div", { class: "cx-message", id: nextId(), role: "alert" });
    this.field.setAttribute("aria-describedby", this.message.id);
    this.status = element("div", { class: "cx-hidden", role: "status" });
    this.source = element("div", { class: "cx-source" });
    this.others = element("div", { class: "cx-dialects" });
    this.fields = [
      this.numberField("input", "size", shared.translator.input),
      this.numberField("kernel of w", "kernel", shared.translator.kernel),
    ];
    const examples = state.examples.map(([name, layer]) =>
      element("option", { value: layer }, name),
    );
    const menu = element(
      "select",
      {
        onchange: () => {
          if (menu.value) this.show(menu.value);
          menu.value = "";
        },
      },
      element("option", { value: "" }, "choose"),
      ...examples,
    );
    root.classList.add("cx", "cx-translator");
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", `Translator: ${state.caption}`);
    root.replaceChildren(
      element(
        "div",
        { class: "cx-written" },
        element("label", { for: this.field.id }, "A layer"),
        this.field,
      ),
      element(
        "div",
        { class: "cx-tools" },
        element("label", { class: "cx-preset" }, "Examples", menu),
        ...this.fields.map(({ node }) => node),
      ),
      this.message,
      this.source,
      this.others,
      this.status,
      element("p", { class: "cx-caption" }, state.caption),
    );
    this.destroy = this.watch();
    this.draw();
  }

  /**
   * @param {string} name
   * @param {"size" | "kernel"} trait
   * @param {number[]} span from the least to the most
   */
  numberField(name, trait, [least, most]) {
    /** @param {number} value */
    const set = (value) => {
      if (Number.isInteger(value) && value >= least && value <= most)
        this.change({ [trait]: value });
      else this.say(`${name} = ${value}: expected a whole number from ${least} to ${most}.`);
    };
    return new NumberField({
      name: () => name,
      value: () => this.now[trait],
      set,
      nudge: (direction) => set(this.now[trait] + direction),
      leave: () => {}, // the keyboard stays, or Enter would end a line of the layer
      say: (sentence) => this.say(sentence),
    });
  }

  /** @param {Partial<Traits>} changed */
  change(changed) {
    this.follow(changed);
    this.onEdit(changed);
  }

  /** @param {Partial<Traits>} changed */
  follow(changed) {
    this.now = { ...this.now, ...changed };
    this.draw();
  }

  /** Puts a layer into the field. @param {string} layer */
  show(layer) {
    this.change({ layer });
    this.field.focus({ preventScroll: true });
  }

  /** @param {string} sentence */
  say(sentence) {
    this.message.textContent = sentence;
  }

  watch() {
    const follow = () => this.host.classList.toggle("cx-dark", isPageDark());
    const resizing = new ResizeObserver(() => this.fit());
    resizing.observe(this.host);
    follow();
    const stop = watchTheme(follow, follow);
    return () => {
      resizing.disconnect();
      stop();
    };
  }

  fit() {
    this.field.style.height = "auto";
    const border = this.field.offsetHeight - this.field.clientHeight;
    this.field.style.height = `${this.field.scrollHeight + border}px`;
    // What scrolls sideways is a stop for the keyboard.
    withinReach(this.host.querySelectorAll(".cx-plane, .cx-translator pre"));
  }

  // ---- drawing ----

  draw() {
    const { layer, size, kernel } = this.now;
    if (this.field.value !== layer) this.field.value = layer;
    for (const field of this.fields) field.show();
    this.fit();
    const reading = attempt(() => read(layer, [kernel, kernel]));
    const found = reading instanceof Refusal ? reading : attempt(() => outcome(reading, size));
    const refused = reading instanceof Refusal || found instanceof Refusal;
    this.field.toggleAttribute("aria-invalid", refused);
    // What was last right stays, so that half a word does not make all jump; but it is not the
    // translation of what stands in the field, and looks it.
    this.host.classList.toggle("cx-stale", refused);
    if (reading instanceof Refusal || found instanceof Refusal) {
      const { message, help } = /** @type {Refusal} */ (found);
      this.say(`${message}${help && `: ${help}`}.`);
      this.status.textContent = "";
      return;
    }
    this.say("");
    const y = found.y;
    const others = DIALECTS.filter((one) => one !== reading.dialect);
    const translated = others.map((one) => beside(reading, one, size));
    this.source.replaceChildren(
      ...this.drawSource(reading, y, sentences(reading.words, found.layer, size)),
    );
    this.others.replaceChildren(...translated.map((one) => this.drawBeside(one, y)));
    const differ = translated
      .filter((one) => verdict(one, y).differs)
      .map((one) => one.dialect.name);
    this.status.textContent =
      `Read as ${reading.dialect.name}: ${times(sizeOf(y))} comes out. ` +
      (differ.length
        ? `The same words are something else in ${differ.join(", ")}.`
        : "The same words are the same everywhere.");
    this.fit();
  }

  /**
   * @param {Reading} reading
   * @param {Numbers} y
   * @param {string[]} said
   */
  drawSource({ dialect, words }, y, said) {
    const [x, w] = dialect.layouts(words);
    const planes = [plane("x", inputOf(this.now.size))];
    if (words.kind !== "pooling") planes.push(plane("w", kernelOf(words.kernel)));
    planes.push(plane("y", y));
    return [
      element("div", { class: "cx-planes" }, ...planes),
      element(
        "ul",
        {},
        element(
          "li",
          {},
          "Read as ",
          element("b", {}, dialect.name),
          `: ${layouts(words.kind, x, w)}`,
        ),
        ...said.map((sentence) => element("li", {}, sentence)),
      ),
    ];
  }

  /**
   * @param {Beside} one
   * @param {Numbers} y
   */
  drawBeside(one, y) {
    const { dialect, same, words, found } = one;
    const { differs, said } = verdict(one, y);
    const head = element("div", { class: "cx-dialect" }, element("b", {}, dialect.name));
    /** @type {HTMLElement[]} */
    const parts = [head];
    if (same) {
      const take = button("Edit", `Edit this one, of ${dialect.name}`, () => this.show(same.text));
      head.append(take);
      parts.push(code(same.text));
      if (!same.everywhere) parts.push(hint("For an input of this size; others need other zeros."));
    } else parts.push(hint(words === null ? "Has no such layer." : "Has no call for it."));
    if (words === null) return element("section", { "aria-label": dialect.name }, ...parts);
    if (words === same?.text) parts.push(hint("These are the same words."));
    else {
      parts.push(element("div", { class: differs ? "cx-other" : "" }, "The same words ", said));
      parts.push(code(words));
    }
    if (differs && Array.isArray(found)) {
      parts.push(plane(`what ${dialect.name} makes of them`, found, differing(found, y)));
    }
    return element("section", { "aria-label": dialect.name }, ...parts);
  }
}

/**
 * What is to be said of the same words in another dialect.
 * @param {Beside} beside
 * @param {Numbers} y what they mean in their own
 */
function verdict({ found }, y) {
  if (found === null) return { differs: false, said: "" };
  if (found instanceof Refusal) return { differs: true, said: `are refused: ${found.message}.` };
  const count = differing(found, y).flat().filter(Boolean).length;
  const [here, there] = [sizeOf(y), sizeOf(found)].map(times);
  if (here !== there) return { differs: true, said: `give ${there} numbers in place of ${here}.` };
  if (!count) return { differs: false, said: "do as well." };
  return {
    differs: true,
    said: `give other numbers in ${count} of ${found.flat().length} places.`,
  };
}

/** @param {string} kind @param {string} x @param {string} w */
const layouts = (kind, x, w) => (kind === "pooling" ? `x lies ${x}.` : `x lies ${x}, w ${w}.`);

/** @param {string} text */
const code = (text) => element("pre", {}, element("code", {}, text));

/** @param {string} text */
const hint = (text) => element("div", { class: "cx-hint" }, text);

/**
 * @param {string} name
 * @param {Numbers} numbers
 * @param {boolean[][]} [marked]
 */
function plane(name, numbers, marked) {
  const size = sizeOf(numbers);
  if (Math.max(...size) > LARGEST_SHOWN) return hint(`${name}: ${times(size)}, too many to show.`);
  const rows = numbers.map((row, i) =>
    element(
      "tr",
      {},
      ...row.map((number, j) =>
        element("td", { class: marked?.[i][j] ? "cx-differs" : null }, writtenNumber(number)),
      ),
    ),
  );
  return element(
    "div",
    { class: "cx-plane", role: "group", "aria-label": `${name}, ${times(size)}` },
    element("div", { class: "cx-label", "aria-hidden": "true" }, name),
    element("table", {}, element("tbody", {}, ...rows)),
  );
}

/** @param {number} number */
const writtenNumber = (number) =>
  Number.isFinite(number) ? String(number).replace("-", "−") : "−∞";
