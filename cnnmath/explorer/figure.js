// The live figure: formulas, tools, arrays and the sum, in one element of a page.
//
// `mountFigure(root, state, onEdit)` fills the element and returns { setArrays, destroy }: widget.js
// calls it in JupyterLab, page.js on a page. What is shown comes from model.js.

const FURTHEST = 6; // cells around an array for what is read outside it

class Figure {
  constructor(root, state, onEdit) {
    this.root = root;
    this.state = state;
    this.onEdit = onEdit;
    this.model = createModel(state);
    this.margins = findMargins(this.model);
    this.hovered = null;
    this.focused = null;
    this.pinned = null;
    this.brush = this.startingBrush();
    this.redraw = onceAFrame(() => this.draw());
    this.build();
    this.watch();
    this.resize();
    if (state.at) this.pin(state.at.key, state.at.place);
  }

  // ---- looks ----

  lookOf(key) {
    const formula = this.model.producing(key)?.formula;
    const name = formula?.result ?? key;
    const version = formula && this.model.versions(name).length > 1 ? `${formula.label}, ` : "";
    return { ...this.state.looks[name], name, version, image: this.state.images.includes(name) };
  }

  colourOf(key) {
    return this.lookOf(key).colour[this.isDark ? "dark" : "light"];
  }

  cellName(key, place) {
    return `${this.lookOf(key).plain ?? key}${place.length ? `[${place.join(", ")}]` : ""}`;
  }

  isSame(a, b) {
    return a.key === b.key && samePlace(a.place, b.place);
  }

  gridOf(key) {
    return this.grids.find((grid) => grid.key === key);
  }

  // With a mouse, one paints at once; a finger has to scroll as well.
  startingBrush() {
    const paintable = this.state.images.some((name) => this.model.isGiven(name));
    return paintable && window.matchMedia("(pointer: fine)").matches ? 1 : null;
  }

  // ---- building ----

  build() {
    const { state, model, root } = this;
    root.classList.add("cx");
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", `Live figure: ${state.caption}`);
    this.formulas = element("div", { class: "cx-formulas" });
    for (const formula of state.formulas) this.formulas.append(this.typeset(formula));
    const sizes = Object.entries(state.sizes).map(([name, value]) => `${name} = ${value}`);
    if (sizes.length) {
      this.formulas.append(element("div", { class: "cx-sizes" }, `with ${sizes.join(", ")}`));
    }
    this.grids = model.order.map((key) => new Grid(this, key));
    const band = element("div", { class: "cx-band" }, ...this.grids.map((grid) => grid.node));
    this.arrays = element("div", { class: "cx-arrays" }, band);
    this.sum = new Sum(this);
    this.editor = new Editor(this);
    this.player = new Player(this);
    this.message = element("div", { class: "cx-message", role: "alert" });
    this.differences = element("div", { class: "cx-difference", role: "status" });
    root.replaceChildren(
      this.formulas,
      this.tools(),
      this.arrays,
      this.sum.node,
      this.editor.node,
      this.message,
      this.differences,
      this.keys(),
      element("p", { class: "cx-caption" }, state.caption),
      this.sum.live,
    );
  }

  typeset(formula) {
    const line = element("div", { class: "cx-formula" });
    line.innerHTML = formula.typeset;
    if (this.model.versions(formula.result).length > 1) {
      line.prepend(element("span", { class: "cx-label" }, `${formula.label}:`));
    }
    for (const symbol of line.querySelectorAll("[data-name]")) {
      const { name } = symbol.dataset;
      if (!this.state.looks[name]) continue; // a size
      inColour(symbol, this.state.looks[name].colour);
      symbol.addEventListener("pointerenter", () => this.nameSymbol(name));
      symbol.addEventListener("pointerleave", () => this.nameSymbol(null));
    }
    return line;
  }

  tools() {
    const { model, state } = this;
    const menus = Object.entries(state.presets).map(([name, presets]) => this.menu(name, presets));
    const brush = model.order.some((key) => this.gridOf(key).paintable) ? this.brushes() : null;
    const tools = [
      button("Shuffle", "Shuffle: fill the arrays with random whole numbers", () =>
        this.change(() => model.shuffle(state.images)),
      ),
      button("Undo", "Undo the last change", () => this.undo()),
      button("Reset", "Reset: back to the numbers at the start", () =>
        this.change(() => model.reset()),
      ),
      button("Copy", "Copy the arrays as NumPy code", () => this.copy()),
    ];
    const about = { class: "cx-tools", role: "group", "aria-label": "Tools of the figure" };
    return element("div", about, ...menus, ...tools, brush, this.player.node);
  }

  menu(name, presets) {
    const menu = element(
      "select",
      {
        "aria-label": `Presets for ${this.state.looks[name].words}`,
        onchange: () => {
          this.change(() => this.model.replace({ [name]: presets[menu.value] }));
          menu.value = "";
        },
      },
      element("option", { value: "" }, `${this.state.looks[name].plain} …`),
      ...Object.keys(presets).map((label) => element("option", { value: label }, label)),
    );
    return menu;
  }

  brushes() {
    const choices = { "no brush": null, "white brush": 1, "black brush": 0 };
    const menu = element(
      "select",
      {
        "aria-label": "Brush for painting on pictures",
        onchange: () => {
          this.brush = choices[menu.value];
          this.redraw();
        },
      },
      ...Object.entries(choices).map(([label, value]) =>
        element("option", { value: label, selected: value === this.brush }, label),
      ),
    );
    return menu;
  }

  // The keys of the colour scales that occur.
  keys() {
    const bar = (kind) => element("div", { class: `cx-bar ${kind}`, "aria-hidden": "true" });
    this.low = element("span");
    this.high = element("span");
    const keys = [];
    if (!this.grids.every((grid) => grid.look.image)) {
      keys.push(element("div", { class: "cx-key" }, this.low, bar("cx-diverging"), this.high));
    }
    if (this.grids.some((grid) => grid.look.image)) {
      keys.push(element("div", { class: "cx-key" }, "0", bar("cx-grey"), "1"));
    }
    return element("div", { class: "cx-keys" }, ...keys);
  }

  // ---- the page around ----

  watch() {
    // While JupyterLab changes its theme, the figure has no width.
    const restyle = () => requestAnimationFrame(() => this.resize({ anyway: true }));
    const resizing = new ResizeObserver(() => this.resize());
    resizing.observe(this.root);
    const stopWatching = watchTheme(restyle);
    this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.letGo());
    this.destroy = () => {
      this.player.pause();
      resizing.disconnect();
      stopWatching();
    };
  }

  resize({ anyway = false } = {}) {
    const { paddingLeft, paddingRight } = getComputedStyle(this.root);
    const width = this.root.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    const dark = isPageDark(); // may have changed while the figure was out of sight
    // Out of sight the width is 0, and outside the page no number.
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
    if (!this.colours) return; // not laid out yet
    if (this.drawn !== this.model.changes) this.followArrays();
    this.drawn = this.model.changes;
    const { expansion, reach, lit } = this.findLit();
    for (const grid of this.grids) {
      grid.draw([...lit.get(grid.key).values()]);
      this.letFingersEdit(grid);
    }
    if (this.focused) this.gridOf(this.focused.key).describe();
    this.lightName();
    this.sum.write(this.shown, expansion, reach);
    this.editor.show(this.pinned && this.model.isGiven(this.pinned.key) ? this.pinned : null);
  }

  // What is to be found out again only when a number has changed.
  followArrays() {
    this.scale = this.findScale();
    this.low.textContent = written(-this.scale);
    this.high.textContent = written(this.scale);
    const texts = Object.entries(this.model.compared).map(([name, { places, largest, of }]) => {
      const plain = this.state.looks[name].plain;
      if (!places.size) return `${plain}: the versions agree in all ${of} cells.`;
      const much = `in ${places.size} of ${of} cells, by up to ${written(largest)}`;
      return `${plain}: the versions differ ${much}.`;
    });
    if (this.differences.textContent !== texts.join(" ")) {
      this.differences.textContent = texts.join(" ");
    }
  }

  // One colour scale for all, from the largest magnitude of what is no picture.
  findScale() {
    let largest = 0;
    for (const grid of this.grids) {
      if (grid.look.image) continue;
      for (const value of grid.array.data) {
        const size = Math.abs(value);
        if (size > largest && size < Infinity) largest = size;
      }
    }
    return largest || 1;
  }

  letFingersEdit(grid) {
    const painted = grid.paintable && this.brush !== null;
    const grasped = grid.editable && this.pinned?.key === grid.key;
    const action = painted || grasped ? "none" : "manipulation";
    for (const canvas of grid.canvases) canvas.style.touchAction = action;
  }

  get shown() {
    return this.hovered ?? this.focused ?? this.pinned;
  }

  // What lights up: for a cell of a result all that it is made of, for a given cell all it touches,
  // and, fainter, what lies beyond the next formula. For each array, by place,
  // { place, kind }: strong, near, far or outside; and `text`, what is read outside.
  findLit() {
    const { shown, model } = this;
    const lit = new Map(this.grids.map((grid) => [grid.key, new Map()]));
    const light = (key, place, kind, text = "0") => {
      const cells = lit.get(key);
      if (cells && !cells.has(`${place}`)) cells.set(`${place}`, { place, kind, text });
    };
    if (!shown) return { expansion: null, reach: [], lit };
    light(shown.key, shown.place, "strong");
    if (model.isGiven(shown.key)) {
      const touched = model.touched(shown.key, [shown.place]);
      const reach = touched.flatMap(({ key, places }) => places.map((place) => ({ key, place })));
      for (const { key, place } of reach) light(key, place, "near");
      for (const key of model.gradientsOf(shown.key)) light(key, shown.place, "near");
      for (const { key, places } of model.touchedBeyond(shown.key, touched)) {
        for (const place of places) light(key, place, "far");
      }
      return { expansion: null, reach, lit };
    }
    const expansion = model.expand(shown.key, shown.place);
    const { operation, terms, winner } = expansion;
    for (const { name, index } of readsOf(winner ? [winner] : [])) light(name, index, "strong");
    for (const { name, index, inside } of readsOf(terms)) {
      light(name, index, inside ? "near" : "outside");
    }
    if (operation !== "sum" && operation !== "prod") {
      const text = operation.endsWith("max") ? "−∞" : "∞";
      for (const [name, index] of model.beyond(shown.key, shown.place)) {
        light(name, index, "outside", text);
      }
    }
    for (const { key, place } of model.madeOf(shown.key, expansion)) light(key, place, "far");
    return { expansion, reach: [], lit };
  }

  nameSymbol(name) {
    this.pointedName = name;
    this.lightName();
  }

  // The symbol that is pointed at, or that of the cell that is shown.
  lightName() {
    const name = this.pointedName ?? (this.shown ? this.lookOf(this.shown.key).name : null);
    for (const grid of this.grids) grid.node.classList.toggle("cx-named", grid.look.name === name);
    for (const symbol of this.formulas.querySelectorAll("[data-name]")) {
      symbol.classList.toggle("cx-named", symbol.dataset.name === name);
    }
  }

  // ---- changing numbers ----

  edit(key, places, value, options) {
    this.change(() => this.model.set(key, places, value, options));
  }

  nudge(grid, direction, place = grid.place) {
    this.edit(grid.key, [place], tidy(grid.value(place) + direction * grid.unit));
  }

  type(grid, text) {
    this.hold(grid.key, grid.place);
    this.draw();
    this.editor.start(text);
  }

  // Does something that may fail; then the last good state stays, and a sentence says why.
  change(action) {
    const before = this.model.changes;
    try {
      action();
      this.say("");
      if (this.model.changes !== before) this.onEdit(this.model.given);
    } catch (error) {
      this.say(`${error.message}.`);
    }
    this.redraw();
  }

  // From outside: nobody needs to be told.
  setArrays(arrays) {
    try {
      this.model.replace(arrays);
      this.say("");
    } catch (error) {
      this.say(`${error.message}.`);
    }
    this.redraw();
  }

  undo() {
    this.change(() => this.model.undo());
  }

  say(sentence) {
    this.message.textContent = sentence;
  }

  async copy() {
    const text = asNumPy(this.model.given, this.state.sizes);
    try {
      await navigator.clipboard.writeText(text);
      this.say("Copied as NumPy code.");
    } catch {
      const about = { class: "cx-code", rows: 6, "aria-label": "The arrays as NumPy code" };
      const area = element("textarea", about);
      area.value = text;
      this.message.replaceChildren("Copy this:", area);
      area.select();
    }
  }

  // ---- pointing ----

  hover(grid, place) {
    const target = grid && place ? { key: grid.key, place } : null;
    if (target ? this.hovered && this.isSame(target, this.hovered) : !this.hovered) return;
    this.hovered = target;
    this.redraw();
  }

  focus(grid, place) {
    this.focused = { key: grid.key, place };
    this.hovered = null; // the pointer may lie still on another cell
    this.redraw();
  }

  // While the focus is in its sum, a cell stays shown.
  blur(to) {
    if (this.sum.node.contains(to)) return;
    this.focused = null;
    this.redraw();
  }

  // The button that unfolded the sum is gone, so the focus goes back to the cell.
  unfolded({ key, place }) {
    const grid = this.gridOf(key);
    grid.place = place;
    grid.focusable.focus({ preventScroll: true });
    this.redraw();
  }

  // Of a result, the second time lets go; what is given stays, so that it can be edited.
  pin(key, place) {
    const target = { key, place };
    const again = this.pinned && this.isSame(target, this.pinned) && !this.model.isGiven(key);
    this.player.pause();
    if (again) this.letGo();
    else this.hold(key, place);
    if (!this.model.isGiven(key)) this.player.follow(key, place);
  }

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

// How far outside an array its formulas read, seen from the corners and the middle of the results.
function findMargins(model) {
  const margins = {};
  for (const { formula, beyond } of model.formulas) {
    for (const place of corners(formula.shape)) {
      for (const [name, index] of beyond(place, model.arrays)) {
        const margin = (margins[name] ??= { top: 0, bottom: 0, left: 0, right: 0 });
        const grow = (side, cells) => {
          margin[side] = Math.max(margin[side], Math.min(FURTHEST, cells));
        };
        const [row, column] = [0, 0, ...index].slice(-2);
        const [rows, columns] = [1, 1, ...model.arrays[name].shape].slice(-2);
        grow("top", -row);
        grow("bottom", row - rows + 1);
        grow("left", -column);
        grow("right", column - columns + 1);
      }
    }
  }
  return margins;
}

function corners(shape) {
  let places = [[]];
  for (const length of shape) {
    const ends = [...new Set([0, Math.floor(length / 2), length - 1])];
    places = places.flatMap((place) => ends.map((end) => [...place, end]));
  }
  return places;
}

function mountFigure(root, state, onEdit = () => {}) {
  const figure = new Figure(root, state, onEdit);
  return { setArrays: (arrays) => figure.setArrays(arrays), destroy: figure.destroy };
}
