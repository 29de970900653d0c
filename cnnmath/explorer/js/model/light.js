// What lights up in a figure when a cell is shown.

import { createHidden } from "./hidden.js";
import { readsOf } from "./ways.js";

/** @import { Hidden } from "./hidden.js" */
/** @import { Model } from "./model.js" */
/** @import { Cell, Expansion, Place } from "./types.js" */

/** @typedef {"strong" | "near" | "way" | "far" | "outside"} Kind */

/**
 * A cell that is lit; `text` is what is read outside an array.
 * @typedef {{ place: Place, kind: Kind, text: string }} Lit
 */

/**
 * @typedef {object} Light
 * @property {Expansion | null} expansion of a cell of a result
 * @property {Cell[]} reach of a given cell: the results that read it
 * @property {Map<string, Map<string, Lit>>} lit for each array, by place
 */

/**
 * What is to be written of a cell: of a result its terms, of what is given the results that read it.
 * @param {Model} model
 * @param {Cell} cell
 * @returns {Pick<Light, "expansion" | "reach">}
 */
export function findAnswer(model, { key, place }) {
  if (!model.isGiven(key)) return { expansion: model.expand(key, place), reach: [] };
  const touched = model.touched(key, [place]);
  return { expansion: null, reach: touched.flatMap(cellsOf) };
}

/**
 * @param {{ key: string, places: Place[] }} reached
 * @returns {Cell[]}
 */
const cellsOf = ({ key, places }) => places.map((place) => ({ key, place }));

/**
 * For a cell of a result all that it is made of, for a given cell all it touches, and, fainter,
 * what lies beyond the next formula; with both, the gradient of the cell. Of a number that is
 * hidden, nothing or all that it might be made of: what wins would tell, and so would where its
 * gradient goes.
 * @param {Model} model
 * @param {Cell | null} shown
 * @param {Hidden} [hidden] nothing, unless it is said
 * @param {{ isBrief?: boolean }} [options] whether what is far away is left out, which takes long
 * @returns {Light}
 */
export function findLight(model, shown, hidden = createHidden(model), { isBrief = false } = {}) {
  /** @type {Light["lit"]} */
  const lit = new Map(model.order.map((key) => [key, new Map()]));
  /**
   * @param {string} key
   * @param {Place} place
   * @param {Kind} kind
   */
  const light = (key, place, kind, text = "0") => {
    const cells = lit.get(model.drawnAs(key));
    if (cells && !cells.has(`${place}`)) cells.set(`${place}`, { place, kind, text });
  };
  if (!shown) return { expansion: null, reach: [], lit };
  light(shown.key, shown.place, "strong");
  if (model.isGiven(shown.key)) {
    const touched = model.touched(shown.key, [shown.place]);
    const reach = touched.flatMap(cellsOf);
    for (const { key, place } of reach) light(key, place, "near");
    for (const key of model.gradientsOf(shown.key)) light(key, shown.place, "near");
    const beyond = isBrief ? [] : model.touchedBeyond(shown.key, touched).flatMap(cellsOf);
    for (const { key, place } of beyond) light(key, place, "far");
    return { expansion: null, reach, lit };
  }
  if (hidden.isClosed(shown)) return { expansion: null, reach: [], lit };
  const expansion = model.expand(shown.key, shown.place);
  if (hidden.has(shown)) expansion.winner = undefined;
  const { operation, terms, winner } = expansion;
  for (const { name, index } of readsOf(winner ? [winner] : [])) light(name, index, "strong");
  for (const { name, index, inside } of readsOf(terms)) {
    light(name, index, inside ? "near" : "outside");
  }
  if (operation !== "sum" && operation !== "prod") {
    const text = operation.endsWith("max") ? "−∞" : "∞";
    for (const [name, index] of model.beyond(shown.key, shown.place)) {
      light(name, index, "outside", text);
    }
  }
  if (isBrief) return { expansion, reach: [], lit };
  // Through what wins as a way of its own, and fainter all that it might have been made of.
  if (winner) {
    for (const { key, place } of model.madeOf(shown.key, expansion)) light(key, place, "way");
  }
  const all = model.madeOf(shown.key, expansion, { losers: true });
  for (const { key, place } of all) light(key, place, "far");
  if (!hidden.has(shown)) lightGradient(model, shown, light);
  return { expansion, reach: [], lit };
}

/**
 * Below a result its gradient, and where that goes.
 * @param {Model} model
 * @param {Cell} shown
 * @param {(key: string, place: Place, kind: Kind) => void} light
 */
function lightGradient(model, { key: shown, place }, light) {
  for (const gradient of model.gradientsOf(shown)) {
    light(gradient, place, "near");
    const touched = model.touched(gradient, [place]);
    const reached = [...touched, ...model.touchedBeyond(gradient, touched)].flatMap(cellsOf);
    for (const cell of reached) light(cell.key, cell.place, "far");
  }
}
