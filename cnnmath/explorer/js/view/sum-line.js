// The sum of a cell in a line of its own: 1·2 + 0·0 = 2.

import { JOINTS } from "../model/spell.js";
import { element } from "./element.js";

/** @import { Expansion } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

const FOLD = 12; // terms that are written

/**
 * @param {Figure} figure
 * @param {Expansion} expansion
 * @param {string} key of the array, whose colour the total has
 */
export function sumLine({ answer: { sum } }, { operation, terms, winner, total }, key) {
  const enclosed = operation === "max" || operation === "min";
  const line = element("span", { class: "cx-line" }, enclosed ? `${operation}(` : "");
  sum.string(line, terms.slice(0, FOLD), operation, (term, negative) =>
    sum.term(term, negative, term === winner),
  );
  if (terms.length > FOLD) line.append(`${JOINTS[operation]}… ${terms.length - FOLD} more`);
  const value = sum.number(total, key);
  value.classList.add("cx-total");
  line.append(enclosed ? ")" : "", terms.length ? " = " : "", value);
  return line;
}
