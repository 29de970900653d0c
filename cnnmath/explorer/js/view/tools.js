// The tools above the arrays of a figure, and the keys of its colours below them.

import { asNumPy } from "../model/numpy.js";
import { button, element } from "./element.js";

/** @import { Model } from "../model/model.js" */
/** @import { Arrays, ArraysState } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

/** @type {Record<string, number | null>} */
const BRUSHES = { "no brush": null, "white brush": 1, "black brush": 0 };

/**
 * With a mouse, one paints at once; a finger has to scroll as well.
 * @param {ArraysState} state
 * @param {Model} model
 */
export function startingBrush(state, model) {
  const paintable = state.images.some((name) => model.isGiven(name));
  return paintable && window.matchMedia("(pointer: fine)").matches ? 1 : null;
}

/** @param {Figure} figure */
export function toolsOf(figure) {
  const { model, state } = figure;
  const menus = Object.entries(state.presets).map(([name, presets]) =>
    presetsOf(figure, name, presets),
  );
  const brush = figure.grids.some((grid) => grid.paintable) ? brushesOf(figure) : null;
  const tools = [
    button("Shuffle", "Shuffle: fill the arrays with random whole numbers", () =>
      figure.change(() => model.shuffle(state.images)),
    ),
    button("Undo", "Undo the last change", () => figure.undo()),
    button("Reset", "Reset: back to the numbers at the start", () =>
      figure.change(() => model.reset()),
    ),
    button("Copy", "Copy the arrays as NumPy code", () => copy(figure)),
  ];
  const about = { class: "cx-tools", role: "group", "aria-label": "Tools of the figure" };
  return element("div", about, ...menus, ...tools, brush, figure.player.node);
}

/**
 * @param {Figure} figure
 * @param {string} name
 * @param {Arrays} presets
 */
function presetsOf(figure, name, presets) {
  const { words, plain } = figure.state.looks[name];
  const menu = element(
    "select",
    {
      "aria-label": `Presets for ${words}`,
      onchange: () => {
        figure.change(() => figure.model.replace({ [name]: presets[menu.value] }));
        menu.value = "";
      },
    },
    element("option", { value: "" }, `${plain} …`),
    ...Object.keys(presets).map((label) => element("option", { value: label }, label)),
  );
  return menu;
}

/** @param {Figure} figure */
function brushesOf(figure) {
  const menu = element(
    "select",
    {
      "aria-label": "Brush for painting on pictures",
      onchange: () => {
        figure.brush = BRUSHES[menu.value];
        figure.redraw();
      },
    },
    ...Object.entries(BRUSHES).map(([label, value]) =>
      element("option", { value: label, selected: value === figure.brush }, label),
    ),
  );
  return menu;
}

/** @param {Figure} figure */
async function copy(figure) {
  const text = asNumPy(figure.model.given, figure.state.sizes);
  try {
    await navigator.clipboard.writeText(text);
    figure.say("Copied as NumPy code.");
  } catch {
    const about = { class: "cx-code", rows: 6, "aria-label": "The arrays as NumPy code" };
    const area = element("textarea", about);
    area.value = text;
    figure.message.replaceChildren("Copy this:", area);
    area.select();
  }
}

/**
 * The keys of the colour scales that occur.
 * @param {Figure} figure
 */
export function keysOf({ grids, low, high }) {
  /** @param {string} kind */
  const bar = (kind) => element("div", { class: `cx-bar ${kind}`, "aria-hidden": "true" });
  const keys = [];
  if (!grids.every((grid) => grid.look.image)) {
    keys.push(element("div", { class: "cx-key" }, low, bar("cx-diverging"), high));
  }
  if (grids.some((grid) => grid.look.image)) {
    keys.push(element("div", { class: "cx-key" }, "0", bar("cx-grey"), "1"));
  }
  return element("div", { class: "cx-keys" }, ...keys);
}
