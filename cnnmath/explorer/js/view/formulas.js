// Formulas above a figure, in which symbols have their colours and can be pointed at.

import { written } from "../model/numbers.js";
import { element, inColour } from "./element.js";
import { attachDrag, Scrubber } from "./scrubber.js";

/** @import { Formula, Look } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

const SMALLEST = 0.72; // of its size, which a formula that is too wide is made at least; then it scrolls
const FEW = 3; // formulas that stand above the arrays, if there is room; else that of what is chosen

/**
 * The symbols of formulas that can be pointed at, each with the name of what it stands for.
 * @param {Element} formulas
 * @returns {{ symbol: HTMLElement, name: string }[]}
 */
export function symbolsOf(formulas) {
  /** @type {NodeListOf<HTMLElement>} */
  const symbols = formulas.querySelectorAll("[data-name]");
  return [...symbols].map((symbol) => ({ symbol, name: symbol.dataset.name ?? "" }));
}

/**
 * @param {Formula} formula
 * @param {Record<string, Look>} looks of all symbols but sizes
 */
export function typeset(formula, looks) {
  const line = element("div", { class: "cx-formula" });
  line.innerHTML = formula.typeset;
  for (const { symbol, name } of symbolsOf(line)) inColour(symbol, looks[name]?.colour);
  return line;
}

/**
 * A formula of a figure of arrays; a symbol that is pointed at lights its array.
 * @param {Figure} figure
 * @param {Formula} formula
 */
function bound(figure, formula) {
  const { looks } = figure.state;
  const line = typeset(formula, looks);
  for (const { symbol, name } of symbolsOf(line)) {
    if (!looks[name]) continue; // a size
    symbol.addEventListener("pointerenter", () => figure.nameSymbol(name));
    symbol.addEventListener("pointerleave", () => figure.nameSymbol(null));
  }
  for (const name of Object.keys(figure.model.ranges)) {
    if (!(name in formula.values)) continue; // here the letter is something else
    for (const letter of lettersOf(line, name)) {
      letter.setAttribute("title", `${figure.model.words[name]}: drag sideways`);
      attachDrag(letter, figure, name);
    }
  }
  return line;
}

/**
 * Where a letter stands that is no array or index, as MathML or as KaTeX has it.
 * @param {Element} line
 * @param {string} name
 * @returns {HTMLElement[]}
 */
function lettersOf(line, name) {
  /** @type {NodeListOf<HTMLElement>} */
  const letters = line.querySelectorAll(".katex-html .mathnormal, :not(.katex-mathml *) > mi");
  return [...letters].filter(
    (letter) => letter.textContent === name && !letter.closest("[data-name], [data-index]"),
  );
}

/**
 * All formulas of a figure of arrays.
 * @param {Figure} figure
 */
export function formulasOf(figure) {
  const { state, model } = figure;
  const lines = state.formulas.map((formula) => {
    const line = bound(figure, formula);
    if (model.versions(formula.result).length > 1) {
      line.prepend(element("span", { class: "cx-label" }, `${formula.label}:`));
    }
    return line;
  });
  const title = element("summary", {}, `The ${lines.length} formulas of this figure`);
  const all = lines.length > 1 ? [element("details", {}, title, ...lines)] : lines;
  return element("div", { class: "cx-formulas" }, ...all, sizesOf(figure));
}

/**
 * Where there is no room for all of them, the formulas of a figure are folded away, under a title.
 * @param {Element} formulas
 * @param {boolean} isTight
 * @returns {boolean} whether they are folded for that alone
 */
export function fold(formulas, isTight) {
  const all = formulas.querySelector("details");
  if (!all) return false;
  const many = all.children.length - 1 > FEW;
  all.open = !many && !isTight;
  all.classList.toggle("cx-unfolded", all.open);
  return isTight && !many;
}

/**
 * A formula with its indices at the values that they have in one element.
 * @param {Figure} figure
 * @param {Formula} formula
 * @param {Record<string, number>} values
 */
export function formulaAt(figure, formula, values) {
  const line = bound(figure, formula);
  /** @type {NodeListOf<HTMLElement>} */
  const indices = line.querySelectorAll("[data-index]");
  for (const node of indices) {
    const value = values[node.dataset.index ?? ""];
    if (value === undefined) continue;
    const inMathML = node.namespaceURI?.endsWith("MathML");
    const number = inMathML
      ? document.createElementNS(node.namespaceURI, "mn")
      : document.createElement("span");
    number.textContent = written(value);
    node.replaceChildren(number);
    node.classList.add("cx-value");
  }
  return line;
}

/**
 * "with l = 2, q = 2"; a size that moves is a number to be scrubbed.
 * @param {Figure} figure
 */
function sizesOf(figure) {
  const { model } = figure;
  const parts = Object.entries(model.sizes).flatMap(([name, value], n) => {
    /** @type {string | Node} */
    let shown = String(value);
    if (name in model.ranges) {
      const scrubber = new Scrubber(figure, name);
      figure.scrubbers.push(scrubber);
      shown = scrubber.node;
    }
    return [n ? ", " : "with ", element("span", { class: "cx-known" }, `${name} = `, shown)];
  });
  return parts.length ? element("div", { class: "cx-sizes" }, ...parts) : null;
}

/**
 * Makes the formulas that are too wide for their places smaller.
 * @param {HTMLElement[]} places
 */
export function fit(places) {
  /** @param {HTMLElement} place */
  const formulasIn = (place) => [
    .../** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll(".cx-formula")),
  ];
  const formulas = places.flatMap(formulasIn);
  for (const { style } of formulas) style.fontSize = "";
  const shares = formulas.map(({ clientWidth, scrollWidth }) => clientWidth / scrollWidth);
  formulas.forEach(({ style }, n) => {
    if (shares[n] < 1) style.fontSize = `${Math.max(SMALLEST, 0.99 * shares[n])}em`;
  });
}
