// A prediction: what is right, found by the formulas from the numbers as they are, and of a wrong
// answer what it would be the answer to.

import { bindFormula } from "./bind.js";
import { readNumber, written } from "./numbers.js";
import { flatIndex, placeOf, samePlace } from "./places.js";
import { readsOf } from "./ways.js";

/** @import { BoundFormula } from "./bind.js" */
/** @import { Model } from "./model.js" */
/** @import { Cell, Expansion, Factor, Part, Place, Prediction, Term } from "./types.js" */

const ROUNDING = 1e-12; // a smaller number is what is left where terms cancel: 0
const SAME = 1e-9; // relative difference of two numbers that are one
const COARSE = 0.02; // relative: what is rounded further has too few digits to tell
const FINE = 0.005; // relative: so much at most is rounded off a number of three digits
const SHOWN = [3, 4]; // significant digits of numbers in cells, and in sentences
const FEW = 60; // terms of a sum of which one may be looked for

/**
 * What a reader gave: a number with the digits that were typed, a sign, yes or no, which of the
 * formulas, or a cell.
 * @typedef {{ number: number, tolerance: number } | { sign: number } | { yes: boolean }
 *   | { candidate: number } | Cell} Given
 */

/**
 * What a wrong answer would be the answer to: a formula's number, written out if that can be read; a
 * sum without one of its terms; the number of a neighbour; where a formula gives what is not right, or
 * the same on these numbers alone; or one of what a sentence says.
 * @typedef {{ words: string, expansion?: Expansion }
 *   | { without: Term }
 *   | { neighbour: Cell }
 *   | { differs: Cell, says: string, gives: number, right: number }
 *   | { is: "negative" | "sum" | "loser" | "tied" | "elsewhere" | "chance" }} Known
 */

/** @typedef {{ verdict: "right" | "coarse" | "wrong", known: Known[] }} Judgement */

/** @typedef {ReturnType<typeof createQuestion>} Question */

/**
 * A typed number, or a fraction such as 1/3; a decimal stands for all that is rounded to it. Null
 * if it is none.
 * @param {string} text
 */
export function readAnswer(text) {
  const [above, below, ...more] = text.split("/").map(readNumber);
  if (above === null || below === null || more.length) return null;
  if (below !== undefined) {
    const number = above / below;
    return Number.isFinite(number) ? { number, tolerance: SAME * Math.abs(number) } : null;
  }
  const [digits, exponent] = text.toLowerCase().replace(",", ".").split("e");
  const decimals = (digits.split(".")[1]?.trim() ?? "").length - Number(exponent ?? 0);
  return { number: above, tolerance: 0.5 * 10 ** -decimals * (1 + SAME) };
}

/**
 * @param {Model} model
 * @param {Prediction} prediction
 */
export function createQuestion(model, prediction) {
  const { at } = prediction;
  const { key } = at;
  const decides = prediction.decides && bindFormula(prediction.decides);
  const mistakes = prediction.mistakes.map(({ formula, words }) => ({
    formula,
    words,
    bound: bindFormula(formula),
  }));
  const place = at.place ?? [];
  // The formulas to choose from.
  const { slot } = prediction;
  const candidates =
    prediction.decides && decides && slot !== undefined
      ? mistakes.toSpliced(slot, 0, { formula: prediction.decides, words: "", bound: decides })
      : [];

  /** @param {number} value */
  const tidied = (value) => (Math.abs(value) < ROUNDING ? 0 : value);
  /** @param {Cell} cell */
  const valueAt = (cell) => {
    const { shape, data } = model.arrays[cell.key];
    return tidied(data[flatIndex(shape, cell.place)]);
  };

  // What gives the number that decides.
  const rule = () => decides ?? model.producing(key);

  // The number that decides.
  const right = () =>
    decides ? tidied(decides.element(place, model.arrays)) : valueAt({ key, place });

  /** @returns {Expansion | null} */
  const expansion = () => {
    if (!at.place) return null;
    return decides ? decides.expand(place, model.arrays) : model.expand(key, place);
  };

  // What is written out below a right answer: of a choice only the sum that stands in the figure.
  const shown = () => {
    const own = decides && prediction.answer !== "number" ? null : expansion();
    return own && isReadable(own) ? own : null;
  };

  /**
   * The cells that are right; of a maximum its winner comes first.
   * @returns {Cell[]}
   */
  function rightCells() {
    if (at.place)
      return winning()
        .filter(({ wins }) => wins)
        .map(({ cell }) => cell);
    return largestCells(valueAt);
  }

  /**
   * @param {(cell: Cell) => number} numberIn each cell of the array that is asked about
   * @returns {Cell[]} those with the largest number
   */
  function largestCells(numberIn) {
    const { shape, data } = model.arrays[key];
    /** @type {Cell[]} */
    const cells = [...data.keys()].map((flat) => ({ key, place: placeOf(shape, flat) }));
    const values = cells.map(numberIn);
    const largest = values.reduce((most, value) => Math.max(most, value), -Infinity);
    return cells.filter((_, n) => values[n] === largest);
  }

  // What competes in a maximum, and whether it wins.
  function winning() {
    const { terms, winner, total } = model.expand(key, place);
    return terms.flatMap((term) =>
      readsOf([term])
        .filter(({ inside }) => inside)
        .map(({ name, index }) => ({
          cell: { key: name, place: index },
          wins: term === winner,
          ties: term.value === total,
        })),
    );
  }

  // The arrays in which a place may be chosen.
  const choices = () => (at.place ? [...new Set(winning().map(({ cell }) => cell.key))] : [key]);

  /**
   * Whether a number is what was answered.
   * @param {Given} given
   * @returns {(value: number) => boolean}
   */
  function meant(given) {
    if ("number" in given) return (value) => Math.abs(value - given.number) <= given.tolerance;
    if ("sign" in given) return (value) => Math.sign(tidied(value)) === given.sign;
    if ("yes" in given) return (value) => (tidied(value) !== 0) === given.yes;
    throw new Error("neither a place nor a formula is a number");
  }

  /**
   * @param {Given} given
   * @returns {Judgement}
   */
  function judge(given) {
    if ("key" in given) return judgeCell(given);
    if ("candidate" in given) return judgeFormula(candidates[given.candidate]);
    const isMeant = meant(given);
    const value = right();
    if (isMeant(value) && !isCoarse(given, value)) return { verdict: "right", known: [] };
    /** @param {(bound: BoundFormula) => boolean} gives */
    const mistake = (gives) => mistakes.find(({ bound }) => gives(bound));
    /** @param {BoundFormula} bound */
    const numberOf = (bound) => bound.element(place, model.arrays);
    // A number that a mistake gives as it was typed is no rounded one.
    let named = "number" in given && mistake((bound) => isSame(numberOf(bound), given.number));
    if (!named && isRounded(given, value)) return { verdict: "coarse", known: [] };
    named ||= mistake((bound) => isMeant(numberOf(bound)) && !isCoarse(given, numberOf(bound)));
    if (!named && follows(given, rule())) return { verdict: "right", known: [] };
    named ||= mistake((bound) => follows(given, bound));
    if (!named) return { verdict: "wrong", known: "number" in given ? derived(given) : [] };
    const { words, bound } = named;
    const written = "number" in given ? bound.expand(place, model.arrays) : null;
    const known = written && isReadable(written) ? { words, expansion: written } : { words };
    return { verdict: "wrong", known: [known] };
  }

  /**
   * @param {Given} given
   * @param {number} value that it stands for
   */
  const isCoarse = (given, value) =>
    "number" in given && Math.abs(given.number - value) > COARSE * Math.abs(value);

  /**
   * Whether a number is what was typed, which leaves it a digit at least.
   * @param {Given} given
   * @param {number} value
   */
  const isRounded = (given, value) =>
    "number" in given && meant(given)(value) && Math.abs(value) >= 1.9 * given.tolerance;

  /**
   * Whether what was typed comes of a formula and of numbers as they are written in the figure.
   * @param {Given} given
   * @param {BoundFormula | undefined} bound
   */
  function follows(given, bound) {
    if (!("number" in given) || !bound) return false;
    const value = bound.element(place, model.arrays);
    const found = SHOWN.map((digits) => bound.element(place, model.roundedTo(digits)));
    const near = found.filter((one) => Math.abs(one - value) <= COARSE * Math.abs(value));
    const { number, tolerance } = given;
    return (
      number + tolerance >= Math.min(value, ...near) &&
      number - tolerance <= Math.max(value, ...near) &&
      !isCoarse(given, value)
    );
  }

  /**
   * @param {Cell} chosen
   * @returns {Judgement}
   */
  function judgeCell(chosen) {
    /** @param {Cell} cell */
    const isChosen = (cell) => cell.key === chosen.key && samePlace(cell.place, chosen.place);
    if (rightCells().some(isChosen)) return { verdict: "right", known: [] };
    if (!at.place) {
      const named = mistakes.find(({ bound }) =>
        largestCells((cell) => bound.element(cell.place, model.arrays)).some(isChosen),
      );
      return { verdict: "wrong", known: named ? [{ words: named.words }] : [] };
    }
    const competing = winning().find(({ cell }) => isChosen(cell));
    const is = competing ? (competing.ties ? "tied" : "loser") : "elsewhere";
    return { verdict: "wrong", known: [{ is }] };
  }

  /**
   * @param {typeof candidates[number]} chosen
   * @returns {Judgement}
   */
  function judgeFormula({ words, bound }) {
    if (!decides || bound === decides) return { verdict: "right", known: [] };
    const { shape, data } = model.arrays[key];
    for (const flat of data.keys()) {
      const at = placeOf(shape, flat);
      const [gives, right] = [bound, decides].map((one) => tidied(one.element(at, model.arrays)));
      if (Math.abs(gives - right) > SAME * Math.abs(right))
        return {
          verdict: "wrong",
          known: [{ differs: { key, place: at }, says: words, gives, right }],
        };
    }
    return { verdict: "wrong", known: [{ is: "chance" }] };
  }

  /**
   * The mistake that needs no formula of its own: it is found in the sum itself. Of several that give
   * the number at most one was made: the likeliest is told.
   * @param {{ number: number, tolerance: number }} given
   * @returns {Known[]}
   */
  function derived({ number, tolerance }) {
    const isFine = tolerance <= FINE * Math.abs(number);
    /** @param {number} value */
    const isMeant = (value) =>
      isSame(value, number) || (isFine && Math.abs(value - number) <= tolerance);
    const own = expansion();
    /** @type {Known[]} */
    const known = [];
    if (!own) return known;
    const { operation, terms, total } = own;
    const sum = terms.reduce((soFar, { value }) => soFar + value, 0);
    if (operation === "sum" && terms.length > 1 && terms.length <= FEW) {
      const without = terms.filter(({ value }) => isMeant(total - value));
      // Of a term without a name it could not be said which one is missing.
      if (without.length === 1 && readsOf(without).length) known.push({ without: without[0] });
    }
    if (operation === "max" || operation === "min") {
      if (terms.some(({ value }) => isMeant(value))) known.push({ is: "loser" });
      else if (isMeant(sum)) known.push({ is: "sum" });
    }
    if (!decides) {
      const near = neighbours().find((cell) => isMeant(valueAt(cell)));
      if (near) known.push({ neighbour: near });
    }
    const turned = { number: -number, tolerance };
    if (isMeant(-total) || (isFine && follows(turned, rule()))) known.push({ is: "negative" });
    return known.slice(0, 1);
  }

  // The cells one index further or back.
  function neighbours() {
    const { shape } = model.arrays[key];
    return shape.flatMap((length, axis) =>
      [-1, 1].flatMap((step) => {
        const moved = place[axis] + step;
        if (moved < 0 || moved >= length) return [];
        return [{ key, place: /** @type {Place} */ (place.with(axis, moved)) }];
      }),
    );
  }

  return {
    judge,
    right,
    rightCells,
    shown,
    choices,
    candidates,
    said: () => written(right(), 6),
  };
}

/**
 * @param {number} a
 * @param {number} b
 */
const isSame = (a, b) => Math.abs(a - b) <= SAME * Math.abs(a);

/**
 * Whether a sum that is written out says more than its words do. It does not if it is a single number
 * or only counts, nor if its factors are calculated from several elements, or from one times nothing.
 * @param {Expansion} expansion
 */
function isReadable({ operation, terms }) {
  const competes = operation === "max" || operation === "min";
  /** @param {Factor} factor */
  const isPlain = ({ name, reads, parts }) =>
    name || (!parts.some(isNothing) && (!reads.length || (reads.length === 1 && !competes)));
  return (
    (terms.length > 1 || (terms.length === 1 && terms[0].factors.length > 1)) &&
    terms.every(({ factors }) => factors.every(isPlain) && !factors.some(isNothingTimes)) &&
    terms.some(({ factors }) => factors.some(({ parts }) => parts[0] !== "1" || parts.length > 1))
  );
}

/**
 * @param {Part} part
 * @param {number} n
 * @param {Part[]} parts
 */
const isNothing = (part, n, parts) =>
  part === "0" && [parts[n - 1], parts[n + 1]].some((one) => one === " · ");

/**
 * @param {Factor} factor
 * @param {number} _
 * @param {Factor[]} factors
 */
const isNothingTimes = ({ parts }, _, factors) => parts[0] === "0" && factors.length > 1;
