// The questions of a figure, one after the other.

import { element } from "./element.js";
import { memoryOf } from "./memory.js";
import { Prediction } from "./prediction.js";

/** @import { Figure } from "./figure.js" */

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
      open.flatMap((one) => one.asking.hide),
      all.flatMap((one) => one.toldCells(open)),
    );
    all.forEach((one, n) => {
      one.node.hidden = n > 0 && !all[n - 1].isAnswered;
    });
  };
  for (const asking of figure.state.predictions ?? []) {
    const { ask, at } = asking;
    const memory = memoryOf(`${ask} ${at.key} ${at.place}`);
    all.push(new Prediction(figure, asking, memory, settle));
  }
  if (!all.length) return;
  settle();
  for (const one of all) one.recall();
  figure.legend.before(element("div", { class: "cx-predictions" }, ...all.map(({ node }) => node)));
  figure.resize({ anyway: true }); // there is less room now
  figure.watchers.push(() => {
    for (const one of all) one.follow();
  });
}
