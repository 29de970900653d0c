// The live figure of arrays: formulas, tools, grids and the sum, in one element of a page.
//
// What is shown comes from the model; here it is decided when what is drawn, and what a pointer, a
// key or a tool means.

import { createHidden } from "../model/hidden.js";
import { isDense, LEGIBLE, NARROW, planOf, smallestCell } from "../model/layout.js";
import { findLight } from "../model/light.js";
import { findMargins } from "../model/margins.js";
import { createModel } from "../model/model.js";
import { tidy, written } from "../model/numbers.js";
import { cellName, samePlace } from "../model/places.js";
import { scalesOf } from "../model/scales.js";
import { split } from "../model/singles.js";
import { Answer } from "./answer.js";
import { arrange, columnsOf } from "./arrange.js";
import { Beams } from "./beams.js";
import { drawGrid } from "./cells.js";
import { palette } from "./colour.js";
import { Desk } from "./desk.js";
import { element, onceAFrame, widthInside, withinReach } from "./element.js";
import { fit, fold, formulasOf, symbolsOf } from "./formulas.js";
import { Grid } from "./grid.js";
import { LaidKernel } from "./laid-kernel.js";
import { Navigator } from "./navigator.js";
import { Player } from "./player.js";
import { Stepper } from "./stepper.js";
import { isPageDark, watchTheme } from "./theme.js";
import { keysOf, toolsOf } from "./tools.js";

/** @import { Box, Plan } from "../model/layout.js" */
/** @import { Light } from "../model/light.js" */
/** @import { Scale } from "../model/scales.js" */
/** @import { Sizes } from "../model/sizes.js" */
/** @import { Asked, Telling } from "../model/hidden.js" */
/** @import { Arrays, ArraysState, Cell, Look, Place } from "../model/types.js" */
/** @import { Questions } from "./predictions.js" */
/** @import { Scrubber } from "./scrubber.js" */

// Pixels: no figure is higher, in a window of 1280 × 800 and on a phone.
const TALLEST = 794;
const TALLEST_NARROW = 1480;
const AIR = 8; // between the chosen cell and the answer
const STILL = 200; // milliseconds after the page was scrolled in which no pointer is listened to
const MANY = 5000; // cells; in a figure of more, what is far away is lit only once no number changes
const REST = 150; // milliseconds until then
const LANE_GAP = 12; // above and below the answer, as in figure.css

/**
 * How an array looks: `version` says which of two versions it is. What is no array of the figure
 * has a name only.
 * @typedef {Partial<Look> & { name: string, version: string, image: boolean }} ArrayLook
 */

export class Figure {
  /**
   * @param {HTMLElement} root
   * @param {ArraysState} state
   * @param {(changed: { arrays: Arrays, sizes: Sizes }) => void} onEdit
   */
  constructor(root, state, onEdit) {
    this.root = root;
    this.state = state;
    this.onEdit = onEdit;
    this.model = createModel(state);
    this.margins = findMargins(this.model);
    this.sizes = this.model.sizes; // those of which the grids are
    this.hidden = createHidden(this.model);
    /** @type {Questions | null} */
    this.questions = null;
    /**
     * What is done after each drawing.
     * @type {(() => void)[]}
     */
    this.watchers = [];
    /** @type {Cell | null} */
    this.hovered = null;
    /** @type {Cell | null} */
    this.focused = null;
    /** @type {Cell | null} */
    this.pinned = null;
    /** @type {string | null} */
    this.viewed = null; // the array that stands on the stage, if it is not that of the chosen cell
    /** @type {string | null} */
    this.pointedName = null; // of the symbol in a formula that is pointed at
    /**
     * The elements of the term that is pointed at, in all their arrays.
     * @type {Cell[]}
     */
    this.marked = [];
    /** @type {number | null} */
    this.brush = null; // the number that is painted, if pointing paints
    this.width = 0; // pixels, as laid out last
    this.isDark = false;
    this.scrolled = -STILL; // when
    this.resting = 0; // the timer of a drawing that leaves nothing out
    this.planesFor = ""; // the cell with which the reader has chosen which planes are seen
    this.uncovered = ""; // the chosen cell that was brought in sight last
    this.drawn = 0; // as of which change of the model
    /** @type {Map<Grid, number>} */
    this.columns = new Map(); // in which each array stands
    /** @type {Plan["mode"]} */
    this.mode = "pipeline";
    /** @type {(() => void)[]} */
    this.followers = []; // of the numbers
    this.redraw = onceAFrame(() => this.draw());

    /** @type {Scrubber[]} */
    this.scrubbers = [];
    this.formulas = formulasOf(this);
    this.desk = state.reading ? new Desk(this, state.reading) : null;
    this.keys = this.model.order.filter((key) => this.model.drawnAs(key) === key);
    /** @type {Grid[]} */
    this.grids = [];
    this.stage = element("div", { class: "cx-stage" });
    this.navigator = new Navigator(this);
    this.makeGrids();
    this.player = new Player(this);
    this.stepper = state.step ? new Stepper(this, state.step) : null;
    this.answer = new Answer(this);
    this.beams = new Beams(this);
    this.laidKernel = new LaidKernel(this);
    this.differences = element("div", { class: "cx-difference", role: "status" });
    /** @type {Scale[]} */
    this.scales = [];
    this.legend = element("div", { class: "cx-keys" });
    this.stage.append(this.answer.node);
    this.fill();
    this.colours = palette(root);
    this.stopWatching = this.watch();
    this.resize();
    this.isOffered = Boolean(state.at); // whether the chosen cell is the author's choice
    if (state.at) {
      const { key, place } = state.at;
      this.hold(key, place);
      if (!this.model.isGiven(key)) this.player.follow(key, place);
      this.uncovered = `${state.at.key} ${state.at.place}`; // a page does not scroll by itself
    }
  }

  destroy() {
    this.player.pause();
    window.clearTimeout(this.resting);
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
    return cellName(this.lookOf(key).plain ?? key, place);
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
    const drawn = this.model.drawnAs(key);
    return this.grids.some((grid) => grid.key === drawn);
  }

  /** @param {string} key */
  gridOf(key) {
    const drawn = this.model.drawnAs(key);
    const found = this.grids.find((grid) => grid.key === drawn);
    if (!found) throw new Error(`the figure has no array ${key}`);
    return found;
  }

  // ---- building ----

  makeGrids() {
    this.sizes = this.model.sizes;
    this.margins = findMargins(this.model);
    this.grids = this.keys.map((key) => new Grid(this, key));
    this.stage.replaceChildren(...this.grids.map(({ node }) => node));
    this.navigator.fill(this.grids);
  }

  // When sizes have moved. Where the keyboard was, it stays, and so does the pin, if their cells do.
  remakeGrids() {
    const old = this.grids;
    /** @param {Grid} grid */
    const stops = ({ focusable, scrubbers }) => [focusable, ...scrubbers.map((one) => one.number)];
    const active = old.flatMap(stops).findIndex((stop) => stop.matches(":focus"));
    this.makeGrids();
    for (const [n, grid] of this.grids.entries()) {
      if (this.model.hasCell(old[n])) grid.place = old[n].place;
    }
    if (this.pinned && !this.model.hasCell(this.pinned)) this.pinned = null;
    this.hovered = null;
    this.focused = null;
    this.player.follow(
      this.player.key,
      this.pinned?.key === this.player.key ? this.pinned.place : null,
    );
    this.resize({ anyway: true });
    this.grids.flatMap(stops)[active]?.focus({ preventScroll: true });
  }

  fill() {
    const { state, root } = this;
    root.classList.add("cx");
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", `Live figure: ${state.caption}`);
    root.classList.toggle("cx-with-desk", Boolean(this.desk));
    root.replaceChildren(
      ...(this.desk ? [this.desk.node] : []),
      this.formulas,
      toolsOf(this),
      ...(this.stepper ? [this.stepper.outcome] : []),
      this.navigator.node,
      this.stage,
      this.differences,
      this.legend,
      element("p", { class: "cx-caption" }, state.caption),
      this.answer.live,
    );
  }

  // ---- the page around ----

  watch() {
    const restyle = onceAFrame(() => this.restyle());
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
    if (width === this.width && !anyway) {
      // The page may have grown dark while the figure was out of sight.
      if (isPageDark() !== this.isDark) this.restyle();
      return;
    }
    if (!(width > 0)) return;
    this.width = width;
    this.recolour();
    this.layout(width);
    this.redraw();
  }

  // In other colours, with everything where it was.
  restyle() {
    if (!(widthInside(this.root) > 0)) return; // while JupyterLab changes its theme
    this.recolour();
    this.scaleArrays();
    this.redraw();
  }

  recolour() {
    this.isDark = isPageDark();
    this.root.classList.toggle("cx-dark", this.isDark);
    this.colours = palette(this.root);
    this.drawn = -1;
  }

  /** @param {number} width */
  layout(width) {
    this.root.classList.toggle("cx-narrow", width < NARROW);
    this.desk?.layout(width);
    this.answer.reserve();
    this.columns = columnsOf(this.grids, this.model);
    this.scaleArrays(); // the key of colours takes room
    this.navigator.show(null); // and the strip, if there will be one, is not there yet
    this.root.classList.toggle("cx-dense", isDense(new Set(this.columns.values()).size));
    const boxes = this.grids.map((grid) => ({ ...grid.box, ...this.columnOf(grid) }));
    const plan = this.plan(boxes, width);
    this.mode = plan.mode;
    for (const grid of this.grids) {
      grid.layout(plan);
      grid.describe();
    }
    this.rearrange();
    fit([this.formulas]);
    withinReach(this.formulas.querySelectorAll(".cx-formula"));
  }

  /**
   * Formulas make way for the numbers of the arrays: that of what is chosen is shown anyway.
   * @param {Box[]} boxes
   * @param {number} width
   */
  plan(boxes, width) {
    fold(this.formulas, false);
    const plan = planOf(boxes, width, this.roomForArrays(width));
    const cell = smallestCell(boxes, plan);
    if (width < NARROW || cell >= LEGIBLE || !fold(this.formulas, true)) return plan;
    const roomier = planOf(boxes, width, this.roomForArrays(width));
    if (smallestCell(boxes, roomier) > cell) return roomier;
    fold(this.formulas, false);
    return plan;
  }

  /**
   * Where an array stands, and whether it is the one whose planes are chosen there.
   * @param {Grid} grid
   */
  columnOf(grid) {
    const column = this.columns.get(grid) ?? 0;
    const first = this.grids.find(
      (one) => this.columns.get(one) === column && one.planes === grid.planes,
    );
    return { column, chooses: first === grid };
  }

  /**
   * The height that arrays may take, so that the figure with all its parts fits into a window.
   * @param {number} width
   */
  roomForArrays(width) {
    if (width < NARROW) return TALLEST_NARROW - 600;
    /** @param {Element} node */
    const height = (node) => node.getBoundingClientRect().height;
    // Formulas to choose from are scrolled to, when the arrays have been looked at.
    let others = height(this.root) - height(this.stage);
    for (const choice of this.root.querySelectorAll(".cx-candidate")) others -= height(choice);
    return TALLEST - others - this.answer.height - 2 * LANE_GAP;
  }

  // Where nothing fits, only what is chosen stands there, with what it is made of.
  rearrange() {
    arrange(this.stage, this.columns, this.mode, this.answer.node, this.beams.node);
    const key = this.viewed ?? this.model.drawnAs(this.chosen?.key ?? this.player.key);
    this.navigator.show(this.mode === "stage" ? key : null);
    const needed = this.mode === "stage" ? new Set([key, ...this.neighbours(key)]) : null;
    for (const grid of this.grids) {
      grid.node.hidden = needed !== null && !needed.has(grid.key);
      grid.node.style.order = needed && grid.key === key ? "-1" : ""; // what is chosen, on top
    }
    this.showKeys();
  }

  /**
   * What a result is made of; of what is given, what it goes into.
   * @param {string} key
   */
  neighbours(key) {
    const { model } = this;
    const own = model.producing(key);
    const near = own
      ? own.formula.names
      : model.formulas.filter(({ formula }) => formula.names.includes(key)).map((one) => one.key);
    return near.map((name) => model.drawnAs(name)).filter((name) => this.hasGrid(name));
  }

  // ---- drawing ----

  draw() {
    if (!this.width) return; // not laid out yet
    const isBrief = this.drawn !== this.model.changes && this.cells > MANY;
    if (this.drawn !== this.model.changes) this.followArrays();
    this.drawn = this.model.changes;
    window.clearTimeout(this.resting);
    if (isBrief) this.resting = window.setTimeout(() => this.draw(), REST);
    const light = this.findLight({ isBrief });
    this.followPlanes(light.lit);
    this.laidKernel.follow(light.expansion);
    this.answer.write(this.shown, light);
    for (const grid of this.grids) {
      drawGrid(grid, [...(light.lit.get(grid.key)?.values() ?? [])]);
      this.letFingersEdit(grid);
    }
    if (this.focused) this.gridOf(this.focused.key).describe();
    this.beams.draw(this.shown, light);
    this.laidKernel.setOut();
    this.navigator.draw();
    this.lightName();
    this.uncover();
    for (const watcher of this.watchers) watcher();
  }

  /**
   * Numbers that are asked about are not shown.
   * @param {Asked[]} asked
   * @param {Telling[]} whole results that would tell an answer
   * @param {Cell[]} told what has been answered
   */
  hide(asked, whole, told) {
    this.hidden.set(asked, whole, told);
    this.drawn = -1;
    this.answer.sum.forget();
    this.redraw();
  }

  /** @param {() => void} follow does what is to be done whenever a number has changed */
  whenChanged(follow) {
    this.followers.push(follow);
  }

  // What is to be found out again only when a number has changed.
  followArrays() {
    if (this.sizes !== this.model.sizes) this.remakeGrids();
    for (const scrubber of this.scrubbers) scrubber.show();
    for (const follow of this.followers) follow();
    this.scaleArrays();
    for (const { node, key } of this.grids) {
      node.classList.toggle("cx-mistaken", this.model.mistake?.key === key);
    }
    const compared = Object.entries(this.model.compared);
    const seen = compared.filter(([name]) => !this.hidden.of(name).size);
    const texts = seen.map(([name, { places, largest, of }]) => {
      const { plain } = this.state.looks[name];
      if (!places.size)
        return `${plain}: the versions agree${of > 1 ? ` in all ${of} cells` : ""}.`;
      const where = of > 1 ? ` in ${places.size} of ${of} cells, by up to` : " by";
      return `${plain}: the versions differ${where} ${written(largest)}.`;
    });
    if (this.differences.textContent !== texts.join(" ")) {
      this.differences.textContent = texts.join(" ");
    }
  }

  scaleArrays() {
    const shown = this.grids.map(({ key, look }) => ({
      key,
      look,
      numbers: this.hidden.shown(key),
      image: look.image,
    }));
    this.scales = scalesOf(shown);
    for (const grid of this.grids) grid.follow(this.scales, this.colours);
    this.showKeys();
  }

  // Of the arrays that stand there.
  showKeys() {
    this.legend.replaceChildren(...keysOf(this, this.scales));
  }

  /**
   * Of an array of which one plane is large, that is one in which something is lit; arrays with as
   * many planes show the same one, if they can.
   * @param {Light["lit"]} lit
   */
  followPlanes(lit) {
    const shown = JSON.stringify(this.shown);
    if (this.planesFor === shown && !this.marked.length) return;
    this.planesFor = "";
    const grids = this.grids.filter((grid) => !grid.all);
    /** @type {Map<Grid, number[]>} */
    const needed = new Map();
    for (const grid of grids) {
      const marked = this.marked.filter(({ key }) => key === grid.key).map(({ place }) => place);
      const cells = [...(lit.get(grid.key)?.values() ?? [])];
      const places = ["strong", "near", "way", "far"].flatMap((kind) =>
        cells.filter((cell) => cell.kind === kind).map(({ place }) => place),
      );
      const planes = [...marked, ...places].map((place) => grid.split(place).plane);
      const inside = planes.filter((plane) => plane >= 0);
      if (marked.length || (inside.length && !inside.includes(grid.plane))) grid.show(inside[0]);
      if (inside.length) needed.set(grid, inside);
    }
    for (const [leader, [first]] of needed) {
      const plane = needed.get(leader)?.includes(leader.plane) ? leader.plane : first;
      for (const grid of grids.filter(({ planes }) => planes === leader.planes)) {
        if (needed.get(grid)?.includes(plane) ?? true) grid.show(plane);
      }
    }
  }

  /**
   * All arrays with as many planes show the same one.
   * @param {Grid} chosen
   * @param {number} plane
   */
  choosePlane(chosen, plane) {
    for (const grid of this.grids) if (grid.planes === chosen.planes) grid.show(plane);
    this.hovered = null;
    this.planesFor = JSON.stringify(this.shown);
    this.redraw();
  }

  // The cell that was chosen is brought in sight: the answer, which stays at the lower end of the
  // window, must not lie over it.
  uncover() {
    const { chosen } = this;
    const text = chosen ? `${chosen.key} ${chosen.place}` : "";
    if (text === this.uncovered) return;
    this.uncovered = text;
    if (!chosen || !this.hasGrid(chosen.key)) return;
    const grid = this.gridOf(chosen.key);
    const { plane, row } = grid.split(chosen.place);
    if (!grid.isVisible(plane) || grid.node.hidden) return;
    const start = grid.canvases[plane].getBoundingClientRect().top + grid.corner(row, 0)[1];
    const end = start + grid.cell;
    const { top, bottom, height } = this.answer.node.getBoundingClientRect();
    const below = this.mode === "pipeline" ? 0 : height;
    let way = 0;
    if (start < 0) way = start - AIR;
    else if (end > top && start < bottom) way = end - top + AIR;
    else if (end > window.innerHeight - below) way = end - window.innerHeight + below + AIR;
    if (!way) return;
    this.scrolled = performance.now();
    window.scrollBy(0, way);
  }

  /** @param {Grid} grid */
  letFingersEdit(grid) {
    const painted = grid.paintable && this.brush !== null;
    const grasped = grid.editable && this.pinned?.key === grid.key;
    const action = painted || grasped ? "none" : "manipulation";
    for (const canvas of grid.canvases) canvas.style.touchAction = action;
  }

  /** @param {{ isBrief?: boolean }} [options] */
  findLight(options) {
    return findLight(this.model, this.shown, this.hidden, options);
  }

  // How many numbers stand in the figure.
  get cells() {
    return this.grids.reduce((sum, { array }) => sum + array.data.length, 0);
  }

  get shown() {
    return this.hovered ?? this.chosen;
  }

  get chosen() {
    return this.focused ?? this.pinned;
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
    for (const { symbol, name: own } of symbolsOf(this.root)) {
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
    this.answer.editor.start(text);
  }

  /**
   * Does something that may fail; then the last good state stays, and a sentence says why.
   * @param {() => void} action
   */
  change(action) {
    const before = this.model.changes;
    this.attempt(() => {
      try {
        action();
      } finally {
        if (this.model.changes !== before) this.tell(); // some of it may have been done
      }
    });
  }

  tell() {
    const given = Object.entries(this.model.given).map(([name, { shape, data }]) => [
      name,
      { shape, data: Array.from(data) },
    ]);
    this.onEdit({ arrays: Object.fromEntries(given), sizes: this.model.sizes });
  }

  /**
   * From outside: Python knows. A slider that moved one size or number does not, nor whether that
   * is possible.
   * @param {Record<string, any>} traits arrays, sizes, and each size and number by itself
   * @param {string} changed which of them
   */
  follow(traits, changed) {
    const { size, number } = split(changed);
    if (size || number) {
      const value = traits[changed];
      const now = size ? this.model.sizes[size] : this.model.given[number].data[0];
      if (value === now) return;
      const { changes } = this.model;
      if (size) this.change(() => this.model.resize({ [size]: value }));
      else this.edit(number, [[]], value);
      if (this.model.changes === changes) this.tell(); // the slider goes back
    } else this.attempt(() => this.model.follow(traits.arrays, traits.sizes));
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

  redo() {
    this.change(() => this.model.redo());
  }

  /**
   * @param {string} sentence
   * @param {{ done?: boolean }} [options] whether something was done, and not refused
   */
  say(sentence, options) {
    this.answer.say(sentence, options);
  }

  // ---- pointing ----

  /**
   * @param {Grid} grid
   * @param {Place | null} place
   */
  hover(grid, place) {
    if (performance.now() - this.scrolled < STILL) return; // not the pointer moved, but the page
    const own = place && { key: grid.key, place };
    const target = this.answer.markTermsOf(own) ? null : own;
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
    this.viewed = null;
    this.hovered = null; // the pointer may lie still on another cell
    if (this.mode === "stage") this.rearrange();
    this.redraw();
  }

  /**
   * While the focus is in its sum, a cell stays shown.
   * @param {EventTarget | null} to
   */
  blur(to) {
    if (to instanceof Node && this.answer.node.contains(to)) return;
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
   * To an array that is not on the stage. The cell that is chosen stays, and lights it.
   * @param {Grid} grid
   */
  goTo(grid) {
    this.viewed = grid.key;
    this.rearrange();
    this.redraw();
  }

  /**
   * Of a result, the second time lets go; what is given stays, so that it can be edited.
   * @param {string} key
   * @param {Place} place
   */
  pin(key, place) {
    const target = { key, place };
    const same = this.pinned && this.isSame(target, this.pinned);
    const again = same && !this.isOffered && !this.model.isGiven(key);
    this.isOffered = false;
    this.player.pause();
    if (again) this.letGo();
    else this.hold(key, place);
    if (this.model.isGiven(key)) return;
    this.player.follow(key, place);
    this.laidKernel.isPinned = !again;
  }

  /**
   * To a cell that stands in the sum of another.
   * @param {string} key
   * @param {Place} place
   */
  visit(key, place) {
    this.focused = null;
    this.hovered = null;
    this.isOffered = false;
    this.hold(key, place);
    if (!this.model.isGiven(key)) this.player.follow(key, place);
  }

  /**
   * @param {string} key
   * @param {Place} place
   */
  hold(key, place) {
    this.pinned = { key, place };
    this.gridOf(key).place = place; // from where the keyboard goes on
    this.viewed = null;
    if (this.mode === "stage") this.rearrange();
    this.redraw();
  }

  /**
   * The same thing in the sum, in the formula and in the arrays.
   * @param {Cell[]} cells
   */
  mark(cells) {
    this.marked = cells.map(({ key, place }) => ({ key: this.model.drawnAs(key), place }));
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
