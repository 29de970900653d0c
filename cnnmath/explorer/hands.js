// What pointer, touch and keyboard do to a grid.

const PIXELS_A_STEP = 12; // of a drag up or down
const SLIP = 4; // pixels that a click may move

function attachHands(grid) {
  grid.canvases.forEach((canvas, plane) => attachPointer(grid, canvas, plane));
  grid.focusable.addEventListener("keydown", (event) => {
    if (answerKey(grid, event)) event.preventDefault();
  });
  grid.focusable.addEventListener("focus", () => grid.figure.focus(grid, grid.place));
  grid.focusable.addEventListener("blur", (event) => grid.figure.blur(event.relatedTarget));
}

// ---- pointer and touch --------------------------------------------------------------------------

function attachPointer(grid, canvas, plane) {
  const { figure } = grid;
  let drag = null;

  canvas.addEventListener("pointerdown", (event) => {
    const place = grid.placeAt(event, plane);
    if (!place || event.button) return;
    // A finger scrolls the page, unless the cell's array was tapped before.
    const grasped = event.pointerType === "mouse" || figure.pinned?.key === grid.key;
    const paints = grid.paintable && figure.brush !== null;
    const turns = grid.editable && !paints && grasped;
    grid.place = place; // before the focus, which follows
    drag = { place, y: event.clientY, from: grid.value(place), paints, turns, moved: false };
    if (paints || turns) canvas.setPointerCapture(event.pointerId);
    if (paints) paint(event);
  });

  canvas.addEventListener("pointermove", (event) => {
    if (drag?.paints) paint(event);
    else if (drag?.turns) turn(event);
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

  canvas.addEventListener("pointerleave", () => drag || figure.hover(null));
  canvas.addEventListener("pointercancel", () => {
    drag = null;
  });

  // One drag is one step of undo.
  function begin() {
    if (!drag.moved) figure.model.mark();
    drag.moved = true;
  }

  function paint(event) {
    const events = event.getCoalescedEvents?.() ?? [];
    const places = [event, ...events].map((one) => grid.placeAt(one, plane)).filter(Boolean);
    if (!places.length) return;
    begin();
    figure.edit(grid.key, places, figure.brush, { remember: false });
  }

  function turn(event) {
    const way = drag.y - event.clientY;
    if (!drag.moved && Math.abs(way) <= SLIP) return;
    begin();
    const unit = event.shiftKey ? grid.unit / 10 : grid.unit;
    const value = tidy(drag.from + Math.round(way / PIXELS_A_STEP) * unit);
    figure.edit(grid.key, [drag.place], value, { remember: false });
  }
}

// ---- keyboard -----------------------------------------------------------------------------------

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// Whether a key meant something to the grid.
function answerKey(grid, event) {
  const { figure } = grid;
  const { key } = event;
  if (event.altKey) return false;
  if (event.ctrlKey || event.metaKey) {
    if (key !== "z") return false;
    figure.undo();
    return true;
  }
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

// To a neighbouring cell; at the left and right edge on to the next plane.
function walk(grid, key) {
  const { row, column, plane } = grid.split(grid.place);
  const [down, right] = ARROWS[key] ?? [0, 0];
  const wanted = {
    PageUp: [plane - 1, row, column],
    PageDown: [plane + 1, row, column],
    Home: [plane, row, 0],
    End: [plane, row, grid.columns - 1],
  }[key] ?? [plane, row + down, column + right];
  const place =
    grid.placeOfCell(...wanted) ??
    (right ? grid.placeOfCell(plane + right, row, right > 0 ? 0 : grid.columns - 1) : null);
  if (!place) return;
  grid.place = place;
  grid.figure.focus(grid, place);
}
