// Brings a figure to life in an element of a page, of whichever kind its state is.

import { singlesOf, singleValues } from "../model/singles.js";
import { Curves } from "./curves.js";
import { Figure } from "./figure.js";
import { askAbout } from "./predictions.js";
import { areScriptsFlat } from "./scripts.js";

/** @import { ArraysState, CurvesState } from "../model/types.js" */

/** @typedef {ArraysState | CurvesState} State */

/**
 * What the reader moves of a figure, by the names of Python's traits.
 * @typedef {Record<string, any>} Traits
 */

/**
 * `follow` moves the figure to where Python, or a slider, wants it: one of the traits has changed.
 * `destroy` ends it.
 * @typedef {{ follow: (traits: any, changed: string) => void, destroy: () => void }} Mounted
 */

/**
 * Whoever is told what the reader moved.
 * @typedef {(root: HTMLElement, state: State, onEdit: (changed: Traits) => void) => Mounted} Mount
 */

/** @type {Mount} */
export const mount = (root, state, onEdit) => {
  root.classList.toggle("cx-flat", areScriptsFlat());
  if ("curves" in state) return new Curves(root, state, onEdit);
  const singles = singlesOf(state);
  const figure = new Figure(root, state, (changed) =>
    onEdit({ ...changed, ...singleValues(singles, changed) }),
  );
  askAbout(figure);
  return figure;
};

/**
 * The traits that the reader moves: what is no part of the state that never changes.
 * @param {State} state
 */
export const traitsOf = (state) =>
  "curves" in state ? ["x", "shown", "numbers"] : ["arrays", "sizes", ...singlesOf(state)];
