// The keys of undo and redo.

/** @import { Figure } from "./figure.js" */

/**
 * Ctrl+Z or ⌘Z undoes; with Shift, or as Ctrl+Y, it redoes. Caps Lock does not matter. False if the
 * key is another one.
 * @param {Figure} figure
 * @param {KeyboardEvent} event
 */
export function answerHistoryKey(figure, { key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (altKey || !(ctrlKey || metaKey)) return false;
  const letter = key.toLowerCase();
  if (letter === "y" || (letter === "z" && shiftKey)) figure.redo();
  else if (letter === "z") figure.undo();
  else return false;
  return true;
}
