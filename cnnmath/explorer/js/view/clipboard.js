// Text for the reader to take along.

import { element } from "./element.js";

/** @import { Figure } from "./figure.js" */

/**
 * Copies a text; where the browser does not allow that, the text stands there to be copied.
 * @param {Figure} figure
 * @param {string} text
 * @param {string} done what is said then
 * @param {string} name of the text
 */
export async function offerText(figure, text, done, name) {
  try {
    await navigator.clipboard.writeText(text);
    figure.say(done, { done: true });
  } catch {
    const area = element("textarea", { class: "cx-code", rows: 6, "aria-label": name });
    area.value = text;
    figure.answer.message.replaceChildren("Copy this:", area);
    area.select();
  }
}
