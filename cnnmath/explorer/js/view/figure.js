// The live figure of arrays: formulas, tools, grids and the sum, in one element of a page.
//
// What is shown comes from the model; here it is decided when what is drawn, and what a pointer, a
// key or a tool means.

import { findLight } from "../model/light.js";
import { findMargins } from "../model/margins.js";
import { createModel } from "../model/model.js";
import { tidy, written } from "../model/numbers.js";
import { samePlace } from "../model/places.js";
import { arrange } from "./arrange.js";
import { drawGrid } from "./cells.js";
import { palette, scaleOf } from "./colour.js";
import { Editor } from "./editor.js";
import { element, onceAFrame, widthInside, withinReach } from "./element.js";
import { formulasOf, symbolsOf } from "./formulas.js";
import { Grid } from "./grid.js";
import { Player } from "./player.js";
import { isPageDark, watchTheme } from "./theme.js";
import { keysOf, startingBrush, toolsOf } from "./tools.js";
import { Sum } from "./written-sum.js";

/** @import { Arrays, ArraysState, Cell, Look, Place } from "../model/types.js" */

/**
 * How an array looks: `version` says which of two versions it is. What is no array of the figure
 * has a name only.
 * @typedef {Partial<Look> & { name: string, version: string, image: boolean }} ArrayLook
 */

export class Figure {
  /**
   * @param {HTMLElement} root
   * @param {ArraysState} state
   * @param {(changed: { arrays: Arrays }) => void} onEdit
   */
  constructor(root, state, onEdit) {
    this.root = root;
    this.state = state;
    this.onEdit = onEdit;
    this.model = createModel(state);
    this.margins = findMargins(this.model);
    /** @type {Cell | null} */
    this.hovered = null;
    /** @type {Cell | null} */
    this.focused = null;
    /** @type {Cell | null} */
    this.pinned = null;
    /** @type {string | null} */
    this.pointedName = null; // of the symbol in a formula that is pointed at
    this.brush = startingBrush(state, this.model);
    this.width = 0; // pixels, as laid out last
    this.isDark = false;
    this.drawn = 0; // as of which change of the model
    this.scale = 0; // the number that has the strongest colour
    this.redraw = onceAFrame(() => this.draw());

    this.formulas = formulasOf(this);
    /** @type {Grid[]} */
    this.grids = [];
    for (const key of this.model.order) this.grids.push(new Grid(this, key));
    const band = element("div", { class: "cx-band" }, ...this.grids.map((grid) => grid.node));
    this.arrays = element("div", { class: "cx-arrays" }, band);
    this.sum = new Sum(this);
    this.editor = new Editor(this);
    this.player = new Player(this);
    this.message = element("div", { class: "cx-message", role: "alert" });
    this.differences = element("div", { class: "cx-difference", role: "status" });
    this.low = element("span");
    this.high = element("span");
    this.fill();
    this.colours = palette(root);
    this.stopWatching = this.watch();
    this.resize();
    if (state.at) this.pin(state.at.key, state.at.place);
  }

  destroy() {
    this.player.pause();
    this.stopWatching();
  }

  // ---- looks ----

  /**
   * @param {string} key
   * @returns {ArrayLook}
   */
  lookOf(key) {
    const formula = this.model.producing(key)?.formula;
    const name = this.model.nameOf(key);
    const version = formula && this.model.versions(name).length > 1 ? `${formula.label}, ` : "";
    return { ...this.state.looks[name], name, version, image: this.state.images.includes(name) };
  }

  /** @param {string} key */
  colourOf(key) {
    return this.lookOf(key).colour?.[this.isDark ? "dark" : "light"] ?? this.colours.line;
  }

  /**
   * @param {string} key
   * @param {Place} place
   */
  cellName(key, place) {
    return `${this.lookOf(key).plain ?? key}${place.length ? `[${place.join(", ")}]` : ""}`;
  }

  /**
   * @param {Cell} a
   * @param {Cell} b
   */
  isSame(a, b) {
    return a.key === b.key && samePlace(a.place, b.place);
  }

  /** @param {string} key */
  hasGrid(key) {
    return this.grids.some((grid) => grid.key === key);
  }

  /** @param {string} key */
  gridOf(key) {
    const found = this.grids.find((grid) => grid.key === key);
    if (!found) throw new Error(`the figure has no array ${key}`);
    return found;
  }

  // ---- building ----

  fill() {
    const { state, root } = this;
    root.classList.add("cx");
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", `Live figure: ${state.caption}`);
    root.replaceChildren(
      this.formulas,
      toolsOf(this),
      this.arrays,
      this.sum.node,
      this.editor.node,
      this.message,
      this.differences,
      keysOf(this),
      element("p", { class: "cx-caption" }, state.caption),
      this.sum.live,
    );
  }

  // ---- the page around ----

  watch() {
    // While JupyterLab changes its theme, the figure has no width.
    const restyle = () => requestAnimationFrame(() => this.resize({ anyway: true }));
    const resizing = new ResizeObserver(() => this.resize());
    resizing.observe(this.root);
    const stopWatching = watchTheme(restyle, () => {
      this.resize();
      this.draw();
    });
    this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.letGo());
    return () => {
      resizing.disconnect();
      stopWatching();
    };
  }

  resize({ anyway = false } = {}) {
    const width = widthInside(this.root);
    const dark = isPageDark(); // may have changed while the figure was out of sight
    if (!(width > 0) || (width === this.width && dark === this.isDark && !anyway)) return;
    this.width = width;
    this.isDark = dark;
    this.root.classList.toggle("cx-dark", this.isDark);
    this.colours = palette(this.root);
    for (const grid of this.grids) {
      grid.layout(width);
      grid.describe();
    }
    arrange(this.arrays, this.grids, this.model, width);
    withinReach(this.formulas.children);
    this.sum.forgetHeight();
    this.redraw();
  }

  // ---- drawing ----

  draw() {
    if (!this.width) return; // not laid out yet
    if (this.drawn !== this.model.changes) this.followArrays();
    this.drawn = this.model.changes;
    const { expansion, reach, lit } = this.findLight();
    for (const grid of this.grids) {
      drawGrid(grid, [...(lit.get(grid.key)?.values() ?? [])]);
      this.letFingersEdit(grid);
    }
    if (this.focused) this.gridOf(this.focused.key).describe();
    this.lightName();
    this.sum.write(this.shown, expansion, reach);
    this.editor.show(this.pinned && this.model.isGiven(this.pinned.key) ? this.pinned : null);
  }

  // What is to be found out again only when a number has changed.
  followArrays() {
    const coloured = this.grids.filter((grid) => !grid.look.image);
    this.scale = scaleOf(coloured.map((grid) => grid.array.data));
    this.low.textContent = written(-this.scale);
    this.high.textContent = written(this.scale);
    const texts = Object.entries(this.model.compared).map(([name, { places, largest, of }]) => {
      const { plain } = this.state.looks[name];
      if (!places.size) return `${plain}: the versions agree in all ${of} cells.`;
      const much = `in ${places.size} of ${of} cells, by up to ${written(largest)}`;
      return `${plain}: the versions differ ${much}.`;
    });
    if (this.differences.textContent !== texts.join(" ")) {
      this.differences.textContent = texts.join(" ");
    }
  }

  /** @param {Grid} grid */
  letFingersEdit(grid) {
    const painted = grid.paintable && this.brush !== null;
    const grasped = grid.editable && this.pinned?.key === grid.key;
    const action = painted || grasped ? "none" : "manipulation";
    for (const canvas of grid.canvases) canvas.style.touchAction = action;
  }

  get shown() {
    return this.hovered ?? this.focused ?? this.pinned;
  }

  findLight() {
    return findLight(this.model, this.shown);
  }

  /** @param {string | null} name */
  nameSymbol(name) {
    this.pointedName = name;
    this.lightName();
  }

  // The symbol that is pointed at, or that of the cell that is shown.
  lightName() {
    const name = this.pointedName ?? (this.shown ? this.lookOf(this.shown.key).name : null);
    for (const grid of this.grids) grid.node.classList.toggle("cx-named", grid.look.name === name);
    for (const { symbol, name: own } of symbolsOf(this.formulas)) {
      symbol.classList.toggle("cx-named", own === name);
    }
  }

  // ---- changing numbers ----

  /**
   * @param {string} key
   * @param {Place[]} places
   * @param {number} value
   * @param {{ remember?: boolean }} [options]
   */
  edit(key, places, value, options) {
    this.change(() => this.model.set(key, places, value, options));
  }

  /**
   * @param {Grid} grid
   * @param {number} direction
   */
  nudge(grid, direction, place = grid.place) {
    this.edit(grid.key, [place], tidy(grid.value(place) + direction * grid.unit));
  }

  /**
   * @param {Grid} grid
   * @param {string | null} text
   */
  type(grid, text) {
    this.hold(grid.key, grid.place);
    this.draw();
    this.editor.start(text);
  }

  /**
   * Does something that may fail; then the last good state stays, and a sentence says why.
   * @param {() => void} action
   */
  change(action) {
    const before = this.model.changes;
    this.attempt(() => {
      action();
      if (this.model.changes === before) return;
      const given = Object.entries(this.model.given).map(([name, { shape, data }]) => [
        name,
        { shape, data: Array.from(data) },
      ]);
      this.onEdit({ arrays: Object.fromEntries(given) });
    });
  }

  /**
   * From outside: nobody needs to be told.
   * @param {{ arrays: Arrays }} traits
   */
  follow({ arrays }) {
    this.attempt(() => this.model.replace(arrays));
  }

  /** @param {() => void} action */
  attempt(action) {
    try {
      action();
      this.say("");
    } catch (error) {
      this.say(`${error instanceof Error ? error.message : error}.`);
    }
    this.redraw();
  }

  undo() {
    this.change(() => this.model.undo());
  }

  /** @param {string} sentence */
  say(sentence) {
    this.message.textContent = sentence;
  }

  // ---- pointing ----

  /**
   * @param {Grid} grid
   * @param {Place | null} place
   */
  hover(grid, place) {
    const target = place && { key: grid.key, place };
    if (target ? this.hovered && this.isSame(target, this.hovered) : !this.hovered) return;
    this.hovered = target;
    this.redraw();
  }

  /**
   * @param {Grid} grid
   * @param {Place} place
   */
  focus(grid, place) {
    this.focused = { key: grid.key, place };
    this.hovered = null; // the pointer may lie still on another cell
    this.redraw();
  }

  /**
   * While the focus is in its sum, a cell stays shown.
   * @param {EventTarget | null} to
   */
  blur(to) {
    if (to instanceof Node && this.sum.node.contains(to)) return;
    this.focused = null;
    this.redraw();
  }

  /**
   * The button that unfolded the sum is gone, so the focus goes back to the cell.
   * @param {Cell} cell
   */
  unfolded({ key, place }) {
    const grid = this.gridOf(key);
    grid.place = place;
    grid.focusable.focus({ preventScroll: true });
    this.redraw();
  }

  /**
   * Of a result, the second time lets go; what is given stays, so that it can be edited.
   * @param {string} key
   * @param {Place} place
   */
  pin(key, place) {
    const target = { key, place };
    const again = this.pinned && this.isSame(target, this.pinned) && !this.model.isGiven(key);
    this.player.pause();
    if (again) this.letGo();
    else this.hold(key, place);
    if (!this.model.isGiven(key)) this.player.follow(key, place);
  }

  /**
   * @param {string} key
   * @param {Place} place
   */
  hold(key, place) {
    this.pinned = { key, place };
    this.redraw();
  }

  letGo() {
    this.player.pause();
    this.pinned = null;
    this.hovered = null;
    this.focused = null;
    this.redraw();
  }
}
