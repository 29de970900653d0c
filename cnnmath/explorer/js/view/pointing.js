// Links of the text light the cell that they name, while they are pointed at or have the focus, and
// pin it when they are followed.

import { readLink } from "../model/pointing.js";

/** @import { Cell } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

/**
 * A figure of the page, which may not be alive yet; `figure` wakes it, and gives null if it is none
 * of arrays.
 * @typedef {{ root: HTMLElement, figure: () => Figure | null }} Sleeping
 */

/** @param {Sleeping[]} sleeping in the order of the page */
export function attachLinks(sleeping) {
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const links = document.querySelectorAll("a[href^='#']");
  for (const link of links) {
    const named = readLink(link.getAttribute("href") ?? "");
    const target = named && figureOf(link, named.figure, sleeping);
    if (target) attach(link, named.cell, target);
  }
}

/**
 * The figure of that name, or else the nearest one above.
 * @param {Element} link
 * @param {string} name
 * @param {Sleeping[]} sleeping
 */
function figureOf(link, name, sleeping) {
  if (name) return sleeping.find(({ root }) => root.id === `figure-${name}`);
  const after = Node.DOCUMENT_POSITION_FOLLOWING;
  return sleeping.findLast(({ root }) => root.compareDocumentPosition(link) & after);
}

/**
 * @param {HTMLAnchorElement} link
 * @param {Cell} cell
 * @param {Sleeping} target
 */
function attach(link, cell, target) {
  /** @param {Cell | null} shown */
  const point = (shown) => {
    const figure = target.figure();
    if (figure?.hasGrid(cell.key)) figure.hover(figure.gridOf(cell.key), shown?.place ?? null);
  };
  for (const event of ["pointerenter", "focus"]) link.addEventListener(event, () => point(cell));
  for (const event of ["pointerleave", "blur"]) link.addEventListener(event, () => point(null));
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    target.figure()?.hold(cell.key, cell.place);
    target.root.scrollIntoView({ block: "nearest" });
  });
}
