// Links of the text that name a cell of a figure: [the 5 in row 0](#x[0,2]), or, of a figure that has
// a name, (#network:x[0,2]); of a single number, (#b[]).

/** @import { Cell } from "./types.js" */

const LINK = /^#(?:([a-z][a-z0-9-]*):)?([A-Za-z_]\w*)\[(\d+(?:,\d+)*)?\]$/;

/**
 * The cell that a link names, and the name of its figure, or "" for the one above; null if it
 * names none.
 * @param {string} link
 * @returns {{ figure: string, cell: Cell } | null}
 */
export function readLink(link) {
  const found = LINK.exec(decoded(link));
  if (!found) return null;
  const [, figure = "", key, place] = found;
  return { figure, cell: { key, place: place ? place.split(",").map(Number) : [] } };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
