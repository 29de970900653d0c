// What a reader has answered, kept on this device alone. A browser that keeps nothing, as in a
// private window, forgets it with the page.

/** @import { Cell } from "../model/types.js" */

/**
 * What was typed, the number of a choice, or a cell; null for who wanted to be told.
 * @typedef {{ answer: string | number | Cell | null }} Kept
 */

/**
 * @typedef {{ keep: (kept: Kept) => void, recall: () => Kept | null, forget: () => void }} Memory
 */

/**
 * @template Result
 * @param {() => Result} use
 */
function attempt(use) {
  try {
    return use();
  } catch {
    return null;
  }
}

/**
 * @param {string} question
 * @returns {Memory}
 */
export function memoryOf(question) {
  const key = `cnnmath ${window.location.pathname} ${question}`;
  return {
    keep: (kept) => attempt(() => window.localStorage.setItem(key, JSON.stringify(kept))),
    recall: () => attempt(() => readable(JSON.parse(window.localStorage.getItem(key) ?? "null"))),
    forget: () => attempt(() => window.localStorage.removeItem(key)),
  };
}

/** @param {any} kept */
const readable = (kept) => (kept && "answer" in kept ? /** @type {Kept} */ (kept) : null);
