// Elements of a page.

/** @import { Colour } from "../model/types.js" */

/**
 * A listener; which event it hears depends on the name under which it is given.
 * @typedef {(event: any) => void} Listener
 */

/** @typedef {Record<string, string | number | boolean | null | undefined | Listener>} Attributes */

/**
 * element("button", { title: "Undo", onclick: undo }, "Undo"): attributes, listeners, children. An
 * attribute that is false or absent is left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {...(Node | string | null | undefined)} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice("on".length), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

/**
 * @param {string} text
 * @param {string} title
 * @param {Listener} onclick
 */
export function button(text, title, onclick) {
  return element("button", { type: "button", title, "aria-label": title, onclick }, text);
}

/**
 * Gives an element the two colours of a symbol, if it has any; the style sheet takes the one of
 * the theme.
 * @template {HTMLElement | SVGElement} Made
 * @param {Made} made
 * @param {Colour | undefined} colour
 */
export function inColour(made, colour) {
  if (colour) {
    made.style.setProperty("--cx-colour-light", colour.light);
    made.style.setProperty("--cx-colour-dark", colour.dark);
  }
  return made;
}

/**
 * Elements that scroll are put within reach of the keyboard, and those that do not are no stop.
 * @param {Iterable<Element>} elements
 */
export function withinReach(elements) {
  for (const one of elements) {
    const scrolls =
      one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
    if (scrolls) one.setAttribute("tabindex", "0");
    else one.removeAttribute("tabindex");
  }
}

/**
 * The width of what stands inside an element; 0 out of sight, and no number outside the page.
 * @param {Element} node
 */
export function widthInside(node) {
  const { paddingLeft, paddingRight } = getComputedStyle(node);
  return node.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
}

/**
 * A function that works in the next frame, once, however often it is called before.
 * @param {() => void} work
 */
export function onceAFrame(work) {
  let queued = false;
  return () => {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => {
      queued = false;
      work();
    });
  };
}

/**
 * What must be there.
 * @template Thing
 * @param {Thing | null | undefined} thing
 */
export function present(thing) {
  if (thing == null) throw new Error("a part of the figure is missing");
  return thing;
}

/**
 * A canvas as many device pixels large as it takes up on the screen.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width in pixels of the page
 * @param {number} height
 * @param {number} ratio of device pixels to these
 */
export function sizeCanvas(canvas, width, height, ratio) {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

/**
 * Once the page has been read.
 * @param {() => void} follow
 */
export function whenRead(follow) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", follow);
  else follow();
}

/**
 * What stands as JSON in an element of the page.
 * @param {Element} root
 */
export const stateIn = (root) =>
  JSON.parse(root.querySelector("script[type='application/json']")?.textContent ?? "");

// A page may have several scripts, each of which counts by itself, and so has every widget of a
// notebook: their labels would name each other's fields.
const own = Math.random().toString(36).slice(2, 10);
let ids = 0;

export function nextId() {
  ids += 1;
  return `cx-${own}-${ids}`;
}
