// The questions of a figure, one after the other.

import { element } from "./element.js";
import { memoryOf } from "./memory.js";
import { Prediction } from "./prediction.js";

/** @import { Cell } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

/**
 * What the figure asks of its questions: which one a hidden cell waits for, in words, and which one
 * takes a cell that is chosen for its answer.
 * @typedef {object} Questions
 * @property {(cell: Cell) => string} asking
 * @property {(cell: Cell) => Prediction | undefined} taking
 */

const BEGINNING = /^(?:\S+\s+){5}\S+(?=\s)/;

/**
 * Puts the questions below the arrays of a figure; the numbers that they ask for are hidden.
 * @param {Figure} figure
 */
export function askAbout(figure) {
  /** @type {Prediction[]} */
  const all = [];
  const settle = () => {
    const open = all.filter((one) => !one.isAnswered);
    figure.hide(
      open.filter((one) => one.asking.answer !== "formula").map((one) => one.asked),
      open.flatMap(({ asking, number }) => asking.hide.map((name) => ({ name, by: number }))),
      all.flatMap((one) => one.toldCells(open)),
    );
    all.forEach((one, n) => {
      const isLater = n > 0 && !all[n - 1].isAnswered;
      if (one.node.hidden && !isLater) one.seen = figure.pinned; // it was chosen for no answer
      one.node.hidden = isLater;
    });
  };
  for (const asking of figure.state.predictions ?? []) {
    const { ask, at } = asking;
    const memory = memoryOf(`${ask} ${at.key} ${at.place}`);
    all.push(new Prediction(figure, asking, all.length, memory, settle));
  }
  if (!all.length) return;
  figure.questions = {
    asking: (cell) => {
      const { asking, node } = all[figure.hidden.askerOf(cell) ?? 0];
      if (node.hidden) return "a later question asks for it.";
      const begun = BEGINNING.exec(asking.ask);
      return `“${begun ? `${begun[0]} …` : asking.ask}” asks for it.`;
    },
    taking: (cell) => all.find((one) => one.takes(cell)),
  };
  settle();
  for (const one of all) one.recall();
  figure.legend.before(element("div", { class: "cx-predictions" }, ...all.map(({ node }) => node)));
  figure.resize({ anyway: true }); // there is less room now
  figure.watchers.push(() => {
    for (const one of all) one.follow();
  });
}
