// Links of the text light the cell that they name, while they are pointed at or have the focus, and
// pin it when they are followed, in the built page and in JupyterLab.

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
  /** @param {boolean} isPointed */
  const point = (isPointed) => pointAt(target.figure(), cell, isPointed);
  for (const event of ["pointerenter", "focus"]) link.addEventListener(event, () => point(true));
  for (const event of ["pointerleave", "blur"]) link.addEventListener(event, () => point(false));
  link.addEventListener("click", (event) => follow(event, target.figure(), cell, target.root));
}

/**
 * The same in a notebook of JupyterLab, where text is made anew as it comes into view: so the
 * document listens. Another notebook may have a figure of that name.
 * @param {string} name
 * @param {Figure} figure
 * @returns {() => void} ends it
 */
export function listenToLinks(name, figure) {
  const listening = new AbortController();
  /**
   * @param {"pointerover" | "focusin" | "pointerout" | "focusout" | "click"} kind
   * @param {(cell: Cell, event: Event) => void} act
   */
  const listen = (kind, act) => {
    const heard = (/** @type {Event} */ event) => {
      const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
      const named = link && readLink(link.getAttribute("href") ?? "");
      if (named?.figure === name && notebookOf(link) === notebookOf(figure.root)) {
        act(named.cell, event);
      }
    };
    document.addEventListener(kind, heard, { signal: listening.signal });
  };
  listen("pointerover", (cell) => pointAt(figure, cell, true));
  listen("focusin", (cell) => pointAt(figure, cell, true));
  listen("pointerout", (cell) => pointAt(figure, cell, false));
  listen("focusout", (cell) => pointAt(figure, cell, false));
  listen("click", (cell, event) => {
    if (event instanceof MouseEvent) follow(event, figure, cell, figure.root);
  });
  return () => listening.abort();
}

/** @param {Element | null} element */
const notebookOf = (element) => element?.closest(".jp-Notebook");

/**
 * @param {Figure | null} figure
 * @param {Cell} cell
 * @param {boolean} isPointed
 */
function pointAt(figure, { key, place }, isPointed) {
  if (figure?.hasGrid(key)) figure.hover(figure.gridOf(key), isPointed ? place : null);
}

/**
 * @param {MouseEvent} event
 * @param {Figure | null} figure
 * @param {Cell} cell
 * @param {Element} root
 */
function follow(event, figure, { key, place }, root) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  figure?.hold(key, place);
  root.scrollIntoView({ block: "nearest" });
}
