// Formulas above a figure, in which symbols have their colours and can be pointed at.

import { element, inColour } from "./element.js";

/** @import { Formula, Look } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

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
 * All formulas of a figure of arrays; a symbol that is pointed at lights its array.
 * @param {Figure} figure
 */
export function formulasOf(figure) {
  const { state, model } = figure;
  const lines = state.formulas.map((formula) => {
    const line = typeset(formula, state.looks);
    for (const { symbol, name } of symbolsOf(line)) {
      if (!state.looks[name]) continue; // a size
      symbol.addEventListener("pointerenter", () => figure.nameSymbol(name));
      symbol.addEventListener("pointerleave", () => figure.nameSymbol(null));
    }
    if (model.versions(formula.result).length > 1) {
      line.prepend(element("span", { class: "cx-label" }, `${formula.label}:`));
    }
    return line;
  });
  const sizes = Object.entries(state.sizes).map(([name, value]) => `${name} = ${value}`);
  const known = sizes.length
    ? element("div", { class: "cx-sizes" }, `with ${sizes.join(", ")}`)
    : null;
  return element("div", { class: "cx-formulas" }, ...lines, known);
}
