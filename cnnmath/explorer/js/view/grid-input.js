// What pointer, touch and keyboard do to a grid.

import { tidy } from "../model/numbers.js";
import { samePlace } from "../model/places.js";
import { answerHistoryKey } from "./history.js";

/** @import { Place } from "../model/types.js" */
/** @import { Grid } from "./grid.js" */

const PIXELS_A_STEP = 12; // of a drag up or down
const SLIP = 4; // pixels that a click may move

/** @param {Grid} grid */
export function attachInput(grid) {
  for (const [plane, canvas] of grid.canvases.entries()) attachPointer(grid, canvas, plane);
  grid.focusable.addEventListener("keydown", (event) => {
    if (answerKey(grid, event)) event.preventDefault();
  });
  grid.focusable.addEventListener("focus", () => grid.figure.focus(grid, grid.place));
  grid.focusable.addEventListener("blur", (event) => grid.figure.blur(event.relatedTarget));
}

// ---- pointer and touch --------------------------------------------------------------------------

/**
 * From where a pointer went down: the cell, its number, and what moving on means.
 * @typedef {object} Drag
 * @property {Place} place
 * @property {number} y
 * @property {Spot} last where the pointer was
 * @property {number} from
 * @property {boolean} paints
 * @property {boolean} turns
 * @property {boolean} moved
 */

/** @typedef {{ clientX: number, clientY: number }} Spot */

/**
 * On the way from one place of the pointer to the next, so close that no cell is left out.
 * @param {Spot} from
 * @param {Spot} to
 * @param {number} step pixels
 * @returns {Spot[]}
 */
function between(from, to, step) {
  const [right, down] = [to.clientX - from.clientX, to.clientY - from.clientY];
  const count = Math.max(1, Math.ceil(Math.hypot(right, down) / step));
  return Array.from({ length: count + 1 }, (_, n) => ({
    clientX: from.clientX + (right * n) / count,
    clientY: from.clientY + (down * n) / count,
  }));
}

/**
 * @param {Grid} grid
 * @param {HTMLCanvasElement} canvas
 * @param {number} plane
 */
function attachPointer(grid, canvas, plane) {
  const { figure } = grid;
  /** @type {Drag | null} */
  let drag = null;

  canvas.addEventListener("pointerdown", (event) => {
    const place = grid.placeAt(event, plane);
    if (!place || event.button) return;
    // Or a mouse that there is not would press, later, on what stands there by then.
    if (event.pointerType !== "mouse") event.preventDefault();
    // A finger scrolls the page, unless the cell's array was tapped before.
    const grasped = event.pointerType === "mouse" || figure.pinned?.key === grid.key;
    const paints = grid.paintable && figure.brush !== null;
    const turns = grid.editable && !paints && grasped;
    grid.place = place; // before the focus, which follows
    const from = grid.value(place);
    drag = { place, y: event.clientY, last: event, from, paints, turns, moved: false };
    if (paints || turns) canvas.setPointerCapture(event.pointerId);
    if (paints) paint(event, drag);
  });

  canvas.addEventListener("pointermove", (event) => {
    if (drag?.paints) paint(event, drag);
    else if (drag?.turns) turn(event, drag);
    else if (event.pointerType === "mouse") figure.hover(grid, grid.placeAt(event, plane));
  });

  canvas.addEventListener("pointerup", (event) => {
    const done = drag;
    drag = null;
    if (!done || done.moved) return;
    const place = grid.placeAt(event, plane);
    if (!place || !samePlace(place, done.place)) return;
    grid.focusable.focus({ preventScroll: true });
    figure.focus(grid, place);
    figure.pin(grid.key, place);
  });

  canvas.addEventListener("pointerleave", () => {
    if (!drag) figure.hover(grid, null);
  });
  canvas.addEventListener("pointercancel", () => {
    drag = null;
  });

  /**
   * One drag is one step of undo.
   * @param {Drag} own
   */
  function begin(own) {
    if (!own.moved) figure.model.mark();
    own.moved = true;
  }

  /**
   * @param {PointerEvent} event
   * @param {Drag} own
   */
  function paint(event, own) {
    const places = between(own.last, event, grid.cell / 2).map((one) => grid.placeAt(one, plane));
    const inside = places.filter((place) => place !== null);
    own.last = event;
    if (!inside.length || figure.brush === null) return;
    begin(own);
    figure.edit(grid.key, inside, figure.brush, { remember: false });
  }

  /**
   * @param {PointerEvent} event
   * @param {Drag} own
   */
  function turn(event, own) {
    const way = own.y - event.clientY;
    if (!own.moved && Math.abs(way) <= SLIP) return;
    begin(own);
    const unit = event.shiftKey ? grid.unit / 10 : grid.unit;
    const value = tidy(own.from + Math.round(way / PIXELS_A_STEP) * unit);
    figure.edit(grid.key, [own.place], value, { remember: false });
  }
}

// ---- keyboard -----------------------------------------------------------------------------------

/** @type {Record<string, [down: number, right: number]>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * Whether a key meant something to the grid.
 * @param {Grid} grid
 * @param {KeyboardEvent} event
 */
function answerKey(grid, event) {
  const { figure } = grid;
  const { key } = event;
  if (event.altKey) return false;
  if (event.ctrlKey || event.metaKey) return answerHistoryKey(figure, event);
  if (key in ARROWS || ["PageUp", "PageDown", "Home", "End"].includes(key)) {
    walk(grid, key);
    return true;
  }
  if (key === "Enter" || key === " ") figure.pin(grid.key, grid.place);
  else if (!grid.editable) return false;
  else if (key === "+" || key === "=") figure.nudge(grid, 1);
  else if (key === "-" || key === "_" || key === "−") figure.nudge(grid, -1);
  else if (/^[\d.,]$/.test(key)) figure.type(grid, key);
  else if (key === "F2") figure.type(grid, null);
  else if (/^\p{L}$/u.test(key)) figure.say(`“${key}” is no number: type digits, + or −.`);
  else return false;
  return true;
}

/**
 * To a neighbouring cell; at the left and right edge on to the next plane.
 * @param {Grid} grid
 * @param {string} key
 */
function walk(grid, key) {
  const { row, column, plane } = grid.split(grid.place);
  const [down, right] = ARROWS[key] ?? [0, 0];
  /** @type {Record<string, [plane: number, row: number, column: number]>} */
  const jumps = {
    PageUp: [plane - 1, row, column],
    PageDown: [plane + 1, row, column],
    Home: [plane, row, 0],
    End: [plane, row, grid.columns - 1],
  };
  const wanted = jumps[key] ?? [plane, row + down, column + right];
  const place =
    grid.placeOfCell(...wanted) ??
    (right ? grid.placeOfCell(plane + right, row, right > 0 ? 0 : grid.columns - 1) : null);
  if (!place) return;
  grid.place = place;
  const { figure } = grid;
  if (figure.pinned?.key === grid.key) figure.pinned = { key: grid.key, place };
  figure.focus(grid, place);
}
