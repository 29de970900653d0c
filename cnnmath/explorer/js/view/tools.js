// The tools above the arrays of a figure, and the keys of its colours below them.

import { written } from "../model/numbers.js";
import { asNumPy } from "../model/numpy.js";
import { offerText } from "./clipboard.js";
import { button, element, inColour, nextId } from "./element.js";

/** @import { Scale } from "../model/scales.js" */
/** @import { Preset } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

/**
 * What pointing at a picture does.
 * @type {[label: string, title: string, brush: number | null][]}
 */
const MODES = [
  ["Point", "Point: look at numbers", null],
  ["Draw", "Draw on the picture", 1],
  ["Erase", "Erase what is drawn", 0],
];

/** @param {Figure} figure */
export function toolsOf(figure) {
  const { model, state, player, stepper } = figure;
  const menus = Object.entries(state.presets).map(([name, presets]) =>
    presetsOf(figure, name, presets),
  );
  const paintable = figure.grids.some((grid) => grid.paintable);
  const undo = button("↶", "Undo the last change", () => figure.undo());
  const redo = button("↷", "Redo what was taken back", () => figure.redo());
  const reset = button("Reset", "Reset: back to the numbers and sizes at the start", () =>
    figure.change(() => model.reset()),
  );
  figure.whenChanged(() => {
    undo.disabled = !model.canUndo;
    redo.disabled = !model.canRedo;
  });
  const rest = element(
    "details",
    { class: "cx-rest" },
    element("summary", { title: "More tools", "aria-label": "More tools" }, "⋯"),
    element(
      "div",
      {},
      button("Shuffle", "Shuffle: random numbers, of the kind that stood there at the start", () =>
        figure.change(() => model.shuffle(state.images)),
      ),
      button("Copy", "Copy the arrays as NumPy code", () => copy(figure)),
      player.rest,
    ),
  );
  rest.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !rest.open) return;
    event.stopPropagation();
    rest.open = false;
    rest.querySelector("summary")?.focus();
  });
  figure.root.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !rest.contains(target)) rest.open = false;
  });
  const about = { class: "cx-tools", role: "group", "aria-label": "Tools of the figure" };
  const modes = paintable && !figure.desk ? modesOf(figure) : null;
  const space = element("span", { class: "cx-space" });
  const history = element("span", { class: "cx-history" }, undo, redo);
  const step = stepper?.button;
  return element("div", about, player.node, step, modes, ...menus, space, history, reset, rest);
}

/**
 * @param {Figure} figure
 * @param {string} name of an array, or what the author calls the menu
 * @param {Record<string, Preset>} presets
 */
function presetsOf(figure, name, presets) {
  const { words, plain } = figure.state.looks[name] ?? { words: name, plain: name };
  const menu = element(
    "select",
    {
      "aria-label": `Presets for ${words}`,
      onchange: () => figure.change(() => figure.model.take(presets[menu.value])),
    },
    element("option", { value: "", disabled: true }, "…"),
    ...Object.keys(presets).map((label) => element("option", { value: label }, label)),
  );
  // It shows which one stands there, as long as it does.
  figure.whenChanged(() => {
    const found = Object.entries(presets).find(([, preset]) => figure.model.isTaken(preset));
    menu.value = found ? found[0] : "";
  });
  return element(
    "span",
    { class: "cx-preset" },
    element("span", { "aria-hidden": "true" }, plain),
    menu,
  );
}

/** @param {Figure} figure */
function modesOf(figure) {
  const name = nextId();
  const choices = MODES.map(([label, title, brush]) =>
    element(
      "label",
      { title },
      element("input", {
        type: "radio",
        name,
        checked: brush === figure.brush,
        onchange: () => {
          figure.brush = brush;
          figure.redraw();
        },
      }),
      element("span", {}, label),
    ),
  );
  const about = { class: "cx-modes", role: "radiogroup", "aria-label": "What pointing does" };
  return element("div", about, ...choices);
}

/** @param {Figure} figure */
function copy(figure) {
  const text = asNumPy(figure.model.given, figure.model.sizes);
  return offerText(figure, text, "Copied as NumPy code.", "The arrays as NumPy code");
}

/**
 * The keys of the colour scales: who shares it, and the number that is strongest.
 * @param {Figure} figure
 * @param {Scale[]} scales
 */
export function keysOf({ grids }, scales) {
  return scales.flatMap(({ largest, keys }) => {
    const alike = grids.filter((grid) => !grid.node.hidden && keys.includes(grid.key));
    if (!alike.length) return [];
    const signed = alike.some(({ array }) => array.data.some((value) => value < 0));
    const names = [...new Set(alike.map(({ look }) => look.plain))].join(", ");
    const look = signed ? "cx-bar cx-signed" : "cx-bar";
    const bar = element("span", { class: look, "aria-hidden": "true" });
    const low = signed ? written(-largest) : "0";
    const key = element("div", { class: "cx-key" }, `${names}: `, low, bar, written(largest));
    return inColour(key, alike[0]?.look.colour);
  });
}
