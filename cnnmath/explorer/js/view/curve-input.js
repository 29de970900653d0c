// Pointer, finger and keys move the point of a figure of curves along x.

/** @import { Curves } from "./curves.js" */

/** @param {Curves} figure */
export function attachInput(figure) {
  attachPointer(figure);
  figure.plot.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (answerKey(figure, event)) event.preventDefault();
  });
}

/** @param {Curves} figure */
function attachPointer(figure) {
  const { plot } = figure;
  /** @param {PointerEvent} event */
  const drag = (event) => {
    if (!figure.across) return; // nothing is drawn yet
    const { left } = plot.getBoundingClientRect();
    const { box } = figure.across;
    const [low, high] = figure.state.span;
    const x = low + ((event.clientX - left - box.left) / box.width) * (high - low);
    const grain = figure.unit / 2;
    figure.move(Math.round(x / grain) * grain);
  };
  let dragging = false;
  plot.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    dragging = true;
    plot.setPointerCapture(event.pointerId);
    plot.focus({ preventScroll: true });
    drag(event);
  });
  plot.addEventListener("pointermove", (event) => dragging && drag(event));
  plot.addEventListener("pointerup", () => {
    dragging = false;
  });
  plot.addEventListener("pointercancel", () => {
    dragging = false;
  });
}

/**
 * Whether a key meant something.
 * @param {Curves} figure
 * @param {KeyboardEvent} event
 */
function answerKey(figure, { key, shiftKey }) {
  const [low, high] = figure.state.span;
  const { x } = figure.now;
  const step = shiftKey ? figure.unit / 10 : figure.unit;
  /** @type {Record<string, number>} */
  const moves = {
    ArrowLeft: x - step,
    ArrowDown: x - step,
    ArrowRight: x + step,
    ArrowUp: x + step,
    PageDown: x - 10 * step,
    PageUp: x + 10 * step,
    Home: low,
    End: high,
  };
  const wanted = moves[key];
  if (wanted !== undefined) figure.move(wanted);
  else if (/^[\d.,−-]$/.test(key)) figure.fields[0].start(key);
  else if (/^\p{L}$/u.test(key)) {
    figure.say(`“${key}” is no number: use the arrow keys, or type digits.`);
  } else return false;
  return true;
}
