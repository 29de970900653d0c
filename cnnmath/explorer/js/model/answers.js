// What a reader can answer to a prediction, and the words that are said of it.

import { written } from "./numbers.js";
import { readsOf } from "./ways.js";

/** @import { Given, Judgement, Known } from "./question.js" */
/** @import { Expansion, Place, Prediction } from "./types.js" */

/** @typedef {{ label: string, given: Given }} Choice */

/** @type {Record<string, Choice[]>} */
const CHOICES = {
  direction: [
    { label: "It grows", given: { sign: 1 } },
    { label: "It falls", given: { sign: -1 } },
    { label: "It stays", given: { sign: 0 } },
  ],
  "yes or no": [
    { label: "Yes", given: { yes: true } },
    { label: "No", given: { yes: false } },
  ],
};

const A = 65; // the first of the letters of formulas to choose from

const FACTS = {
  negative: "The sign is turned.",
  sum: "That is the sum of what is compared; only one of it goes on.",
  loser: "That number is compared as well, but another one wins.",
  tied: "It is as large, but of equal numbers the first one counts.",
  elsewhere: "That cell is not among those that are compared.",
  chance: "On the numbers that stand there it gives what is right. On others it does not.",
};

/**
 * What there is to choose from; nothing if a number is typed or a cell chosen.
 * @param {Prediction} prediction
 * @returns {Choice[]}
 */
export function choicesOf({ answer, mistakes }) {
  if (answer !== "formula") return CHOICES[answer] ?? [];
  return [...Array(mistakes.length + 1).keys()].map((candidate) => ({
    label: String.fromCharCode(A + candidate),
    given: { candidate },
  }));
}

/**
 * The first sentence that is said of an answer.
 * @param {Judgement["verdict"]} verdict
 * @param {string} answer as it is said; empty if it was a choice
 */
export function sentenceOf(verdict, answer) {
  if (verdict === "coarse") return `${answer} may be rounded from it: give one digit more.`;
  if (verdict === "right") return answer ? `✓ Yes, ${answer}.` : "✓ Right.";
  return answer ? `✗ Not ${answer}.` : "✗ That is not so.";
}

/** @param {string} text that was typed */
export const typed = (text) => text.trim().replaceAll("-", "−");

/**
 * What a wrong answer is the answer to; of a formula's number, the sum that gives it, if it can be read.
 * @param {Known} known
 * @param {(key: string, place: Place) => string} nameOf a cell
 * @returns {{ words: string, expansion?: Expansion }}
 */
export function factOf(known, nameOf) {
  if ("is" in known) return { words: FACTS[known.is] };
  if ("differs" in known) {
    const { differs, says, gives, right } = known;
    const at = nameOf(differs.key, differs.place);
    const numbers = `it gives ${written(gives, 4)}, where ${written(right, 4)} is right`;
    return { words: `${begun(says)}. At ${at} ${numbers}.` };
  }
  if ("neighbour" in known) {
    const near = nameOf(known.neighbour.key, known.neighbour.place);
    return { words: `That is ${near}, its neighbour: an index is off by one.` };
  }
  if ("without" in known) {
    const names = readsOf([known.without]).map(({ name, index }) => nameOf(name, index));
    return { words: `That is the sum without ${names.join(" · ")}.` };
  }
  const { words, expansion } = known;
  return expansion ? { words: `${begun(words)}: `, expansion } : { words: `${begun(words)}.` };
}

/** @param {string} words of a sentence, without its mark: as its beginning */
function begun(words) {
  const bare = words.replace(/[.:]$/, "");
  return `${bare[0].toUpperCase()}${bare.slice(1)}`;
}
