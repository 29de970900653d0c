// The live figure: draws arrays as grids, and answers to pointer, touch and keyboard.
//
// `mountFigure(root, state, onEdit)` fills an element of the page and returns { setArrays }. In
// JupyterLab a widget calls it; in the built page every element of class `cnnmath-figure` holds its
// state as JSON and is brought to life when it comes into view. What is shown comes from model.js.

const FOLD = 12; // terms of a sum that are shown before it folds
const WRITTEN = 26; // pixels: in a smaller cell no number is written
const SVG = "http://www.w3.org/2000/svg";

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

// ---- colours -----------------------------------------------------------------------------------------

function rgb(text) {
  const hex = text.trim().replace("#", "");
  return [0, 2, 4].map((n) => parseInt(hex.slice(n, n + 2), 16));
}

const mix = (a, b, share) => a.map((value, n) => Math.round(value + (b[n] - value) * share));

// The colours of the page as it is now, light or dark.
function palette(root) {
  const style = getComputedStyle(root);
  const colour = (name) => rgb(style.getPropertyValue(`--cx-${name}`));
  return {
    low: colour("low"),
    middle: colour("middle"),
    high: colour("high"),
    line: style.getPropertyValue("--cx-line"),
    differs: style.getPropertyValue("--cx-differs"),
    ghost: style.getPropertyValue("--cx-ghost"),
  };
}

const luminance = ([r, g, b]) => {
  const linear = [r, g, b].map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
};
const inkOn = (colour) => (luminance(colour) > 0.18 ? "#000000" : "#ffffff");

// ---- one array: a heading and a grid for each index in front of the last two ---------------------------

class ArrayView {
  constructor(figure, key) {
    this.figure = figure;
    this.key = key;
    this.look = figure.lookOf(key);
    this.shape = figure.model.arrays[key].shape;
    this.rows = this.shape.length > 1 ? this.shape.at(-2) : 1;
    this.columns = this.shape.length ? this.shape.at(-1) : 1;
    this.planes = sizeOf(this.shape.slice(0, -2)) || 1;
    this.editable = figure.model.isGiven(key);
    this.margin = figure.marginOf(key);
    this.active = 0; // the plane that the keyboard is in
    this.place = placeOf(this.shape, 0);
    this.node = this.build();
  }

  get name() {
    return this.look.name;
  }

  build() {
    const size = this.shape.length ? this.shape.join(" × ") : "a number";
    const title = element("div", { class: "cx-title" });
    title.innerHTML = this.look.symbol;
    title.append(element("span", { class: "cx-size" }, ` ${this.look.version}${size}`));
    this.canvases = [];
    const grids = element("div", { class: "cx-planes" });
    for (let plane = 0; plane < this.planes; plane += 1) {
      const canvas = element("canvas", { "aria-hidden": "true" });
      this.canvases.push(canvas);
      const index = this.shape.length > 2 ? placeOf(this.shape.slice(0, -2), plane).join(",") : "";
      grids.append(
        element(
          "div",
          { class: "cx-plane" },
          index ? element("div", { class: "cx-index" }, `(${index})`) : null,
          canvas,
        ),
      );
      this.listen(canvas, plane);
    }
    this.cell = element("div", { role: "gridcell", id: `${this.figure.id}-${this.key}`.replace(/\W+/g, "-") });
    this.focusable = element(
      "div",
      {
        class: "cx-grid",
        role: "grid",
        tabindex: "0",
        "aria-label": `${this.look.words}, ${size}${this.editable ? ", can be edited" : ""}`,
        "aria-activedescendant": this.cell.id,
        "aria-rowcount": this.rows,
        "aria-colcount": this.columns,
        onkeydown: (event) => this.key_(event),
        onfocus: () => this.figure.point({ key: this.key, place: this.place }, "focus"),
        onblur: () => this.figure.leave("focus"),
      },
      grids,
      element("div", { class: "cx-hidden", role: "row" }, this.cell),
    );
    const node = element("section", { class: "cx-array", "data-name": this.name }, title, this.focusable);
    node.style.setProperty("--cx-colour-light", this.look.colour.light);
    node.style.setProperty("--cx-colour-dark", this.look.colour.dark);
    return node;
  }

  // ---- size and drawing ----

  layout(width) {
    const columns = this.columns + 2 * this.margin.columns;
    const longest = Math.max(...this.texts().map((text) => text.length), 1);
    const room = Math.max(36, 9 * Math.min(longest, 6) + 8);
    const small = this.columns <= 14 && this.rows <= 14;
    const across = small ? 1 : Math.min(this.planes, width > 560 ? 4 : 2);
    const fair = Math.floor((width - 12 * across) / (across * columns));
    const limit = small ? room : Math.max(4, Math.floor(250 / this.columns));
    this.cellWidth = Math.max(3, Math.min(limit, fair));
    this.cellHeight = small ? Math.max(Math.min(34, this.cellWidth), 18) : this.cellWidth;
    for (const canvas of this.canvases) {
      const [w, h] = [columns * this.cellWidth + 1, (this.rows + 2 * this.margin.rows) * this.cellHeight + 1];
      const ratio = window.devicePixelRatio || 1;
      canvas.width = Math.round(w * ratio);
      canvas.height = Math.round(h * ratio);
      canvas.style.width = `${w}px`;
      canvas.style.height = `${h}px`;
    }
  }

  texts() {
    const { data } = this.figure.model.arrays[this.key];
    return data.length > 400 ? [] : Array.from(data, (value) => written(value));
  }

  draw() {
    const { model, colours, scale } = this.figure;
    const array = model.arrays[this.key];
    const image = this.look.image;
    const lit = this.figure.litIn(this.key);
    for (let plane = 0; plane < this.planes; plane += 1) {
      const canvas = this.canvases[plane];
      const pen = canvas.getContext("2d");
      const ratio = window.devicePixelRatio || 1;
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, canvas.width, canvas.height);
      const start = plane * this.rows * this.columns;
      for (let row = 0; row < this.rows; row += 1) {
        for (let column = 0; column < this.columns; column += 1) {
          const flat = start + row * this.columns + column;
          this.drawCell(pen, row, column, array.data[flat], flat, { image, scale, colours });
        }
      }
      this.frame(pen);
      this.drawLit(pen, plane, lit, colours);
    }
    this.describe();
  }

  corner(row, column) {
    return [(column + this.margin.columns) * this.cellWidth, (row + this.margin.rows) * this.cellHeight];
  }

  drawCell(pen, row, column, value, flat, { image, scale, colours }) {
    const [x, y] = this.corner(row, column);
    const share = image ? Math.min(1, Math.max(0, value)) : Math.max(-1, Math.min(1, value / scale));
    const colour = image
      ? [share, share, share].map((s) => Math.round(255 * s))
      : mix(colours.middle, share < 0 ? colours.low : colours.high, Math.abs(share) || 0);
    pen.fillStyle = `rgb(${colour})`;
    pen.fillRect(x, y, this.cellWidth, this.cellHeight);
    if (this.cellWidth >= WRITTEN) {
      pen.strokeStyle = colours.line;
      pen.lineWidth = 1;
      pen.strokeRect(x + 0.5, y + 0.5, this.cellWidth, this.cellHeight);
      pen.fillStyle = inkOn(colour);
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      const text = written(value);
      const size = Math.min(15, (this.cellWidth - 4) / (0.58 * Math.max(text.length, 1)));
      pen.font = `${size}px system-ui, sans-serif`;
      pen.fillText(text, x + this.cellWidth / 2, y + this.cellHeight / 2 + 1);
    }
    if (this.figure.model.differs(this.key, flat)) {
      pen.strokeStyle = colours.differs;
      pen.lineWidth = 2;
      pen.setLineDash([4, 3]);
      pen.strokeRect(x + 2, y + 2, this.cellWidth - 4, this.cellHeight - 4);
      pen.setLineDash([]);
    }
  }

  frame(pen) {
    const [x, y] = this.corner(0, 0);
    pen.strokeStyle = this.figure.colourOf(this.key);
    pen.lineWidth = 1.5;
    pen.strokeRect(x + 0.5, y + 0.5, this.columns * this.cellWidth, this.rows * this.cellHeight);
  }

  drawLit(pen, plane, lit, colours) {
    for (const { place, strong, inside } of lit) {
      const { row, column, plane: at } = this.split(place);
      if (at !== plane) continue;
      const [x, y] = this.corner(row, column);
      pen.lineWidth = strong ? 3 : 2;
      pen.strokeStyle = inside ? this.figure.inkOf(this.key) : colours.ghost;
      if (!inside) {
        pen.setLineDash([3, 3]);
        if (this.cellWidth >= 14) {
          pen.fillStyle = colours.ghost;
          pen.textAlign = "center";
          pen.textBaseline = "middle";
          pen.font = "13px system-ui, sans-serif";
          pen.fillText("0", x + this.cellWidth / 2, y + this.cellHeight / 2 + 1);
        }
      }
      const inset = this.cellWidth >= 10 ? 1.5 : 0;
      pen.strokeRect(x + inset, y + inset, this.cellWidth - 2 * inset, this.cellHeight - 2 * inset);
      pen.setLineDash([]);
    }
  }

  split(place) {
    const full = [0, 0, ...place].slice(-2);
    const [row, column] = place.length > 1 ? full : [0, place.length ? place[0] : 0];
    const leading = place.slice(0, -2);
    const shape = this.shape.slice(0, -2);
    const inside = leading.every((p, axis) => p >= 0 && p < shape[axis]);
    return { row, column, plane: inside ? flatIndex(shape, leading) : -1 };
  }

  describe() {
    const { row, column } = this.split(this.place);
    const value = this.figure.model.arrays[this.key].data[flatIndex(this.shape, this.place)];
    const index = this.shape.length > 2 ? `, index ${this.place.slice(0, -2).join(" ")}` : "";
    this.cell.setAttribute("aria-rowindex", row + 1);
    this.cell.setAttribute("aria-colindex", column + 1);
    this.cell.textContent = `row ${row}, column ${column}${index}: ${written(value, 6)}`;
  }

  // ---- pointer and keyboard ----

  placeAt(event, plane) {
    const box = this.canvases[plane].getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / this.cellWidth) - this.margin.columns;
    const row = Math.floor((event.clientY - box.top) / this.cellHeight) - this.margin.rows;
    if (row < 0 || row >= this.rows || column < 0 || column >= this.columns) return null;
    return placeOf(this.shape, (plane * this.rows + row) * this.columns + column);
  }

  listen(canvas, plane) {
    let drag = null;
    canvas.addEventListener("pointermove", (event) => {
      const place = this.placeAt(event, plane);
      if (drag) {
        this.dragged(drag, event, place);
        return;
      }
      if (event.pointerType === "mouse") {
        if (place) this.figure.point({ key: this.key, place }, "hover");
        else this.figure.leave("hover");
      }
    });
    canvas.addEventListener("pointerleave", () => this.figure.leave("hover"));
    canvas.addEventListener("pointerdown", (event) => {
      const place = this.placeAt(event, plane);
      if (!place || event.button) return;
      this.place = place;
      const paints = this.editable && this.look.image && this.figure.painting;
      const turns = this.editable && !this.look.image && event.pointerType === "mouse";
      drag = { place, y: event.clientY, from: this.value(place), paints, turns, moved: false, marked: false };
      if (paints || turns) canvas.setPointerCapture(event.pointerId);
      if (paints) this.dragged(drag, event, place);
    });
    canvas.addEventListener("pointerup", (event) => {
      const done = drag;
      drag = null;
      if (!done || done.moved) return;
      const place = this.placeAt(event, plane);
      if (place && samePlace(place, done.place)) {
        this.focusable.focus({ preventScroll: true });
        this.figure.pin({ key: this.key, place });
      }
    });
    canvas.addEventListener("pointercancel", () => (drag = null));
  }

  value(place) {
    return this.figure.model.arrays[this.key].data[flatIndex(this.shape, place)];
  }

  dragged(drag, event, place) {
    if (drag.paints) {
      if (!place) return;
      drag.moved = true;
      this.remember(drag);
      this.figure.edit(this.key, place, this.figure.brush, { remember: false });
    } else if (drag.turns && Math.abs(event.clientY - drag.y) > 4) {
      drag.moved = true;
      this.remember(drag);
      const unit = event.shiftKey ? 0.1 : this.figure.unitOf(this.key);
      const steps = Math.round((drag.y - event.clientY) / 12);
      const value = Number((drag.from + steps * unit).toPrecision(12));
      this.figure.edit(this.key, drag.place, value, { remember: false });
    }
  }

  // One drag is one step of undo.
  remember(drag) {
    if (!drag.marked) this.figure.model.mark();
    drag.marked = true;
  }

  key_(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key === "z") this.figure.undo();
      else return;
      event.preventDefault();
      return;
    }
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const { row, column, plane } = this.split(this.place);
    let target = null;
    if (moves[event.key]) {
      const [down, right] = moves[event.key];
      target = [plane, row + down, column + right];
    } else if (event.key === "PageDown") target = [plane + 1, row, column];
    else if (event.key === "PageUp") target = [plane - 1, row, column];
    else if (event.key === "Home") target = [plane, row, 0];
    else if (event.key === "End") target = [plane, row, this.columns - 1];
    else if (event.key === "Enter") this.figure.pin({ key: this.key, place: this.place });
    else if (event.key === "Escape") this.figure.unpin();
    else if (this.editable && (event.key === "+" || event.key === "=")) this.nudge(1);
    else if (this.editable && event.key === "_") this.nudge(-1);
    else if (this.editable && event.key === "-") this.nudge(-1);
    else if (this.editable && /^[\d.]$/.test(event.key)) this.figure.type(this.key, this.place, event.key);
    else if (this.editable && event.key === "F2") this.figure.type(this.key, this.place, "");
    else if (/^[a-z]$/i.test(event.key) && this.editable) {
      this.figure.say(`"${event.key}" is no number: type digits, or use + and −.`);
    } else return;
    event.preventDefault();
    if (target) {
      const [p, r, c] = target;
      if (p >= 0 && p < this.planes && r >= 0 && r < this.rows && c >= 0 && c < this.columns) {
        this.place = placeOf(this.shape, (p * this.rows + r) * this.columns + c);
        this.figure.point({ key: this.key, place: this.place }, "focus");
      }
    }
  }

  nudge(direction) {
    const value = this.value(this.place) + direction * this.figure.unitOf(this.key);
    this.figure.edit(this.key, this.place, Number(value.toPrecision(12)));
  }
}

// ---- the figure ------------------------------------------------------------------------------------------

let figures = 0;

class Figure {
  constructor(root, state, onEdit) {
    figures += 1;
    this.id = `cx${figures}`;
    this.root = root;
    this.state = state;
    this.onEdit = onEdit;
    this.model = createModel(state);
    this.margins = this.findMargins();
    this.hovered = null;
    this.focused = null;
    this.pinned = null;
    this.painting = state.images.length > 0;
    this.brush = 1;
    this.unfolded = false;
    this.queued = false;
    this.build();
    this.resize();
    if (state.at) this.pin(state.at);
  }

  // ---- looks ----

  lookOf(key) {
    const name = this.model.producing(key)?.formula.result ?? key;
    const many = this.model.versions(name).length > 1;
    const label = many ? this.model.producing(key)?.formula.label : "";
    const version = label ? `${label}, ` : "";
    return { ...this.state.looks[name], name, version, image: this.state.images.includes(name) };
  }

  get dark() {
    const theme = document.documentElement.dataset.theme;
    if (theme) return theme === "dark";
    if (document.body.dataset.jpThemeLight) return document.body.dataset.jpThemeLight === "false";
    return window.matchMedia("(prefers-color-scheme: dark)").matches;
  }

  colourOf(key) {
    const { colour } = this.lookOf(key);
    return this.dark ? colour.dark : colour.light;
  }

  // Of the outline of a cell that is lit: the colour of the array, on pictures one that stands out.
  inkOf(key) {
    return this.lookOf(key).image ? "#ff9e1b" : this.colourOf(key);
  }

  unitOf(key) {
    return this.lookOf(key).image ? 0.1 : 1;
  }

  // How far outside an array its formulas read: room for ghost cells.
  findMargins() {
    const margins = {};
    for (const one of this.model.formulas) {
      for (const place of corners(one.formula.shape)) {
        for (const term of one.expand(place, this.model.arrays).terms) {
          for (const read of term.factors.flatMap((f) => (f.reads.length ? f.reads : [f]))) {
            if (read.inside || read.index.length < 1) continue;
            const shape = this.model.arrays[read.name].shape;
            const beyond = read.index.map((p, axis) => Math.max(-p, p - shape[axis] + 1, 0));
            const margin = (margins[read.name] ??= { rows: 0, columns: 0 });
            margin.columns = Math.max(margin.columns, beyond.at(-1));
            if (beyond.length > 1) margin.rows = Math.max(margin.rows, beyond.at(-2));
          }
        }
      }
    }
    return margins;
  }

  marginOf(key) {
    return this.margins[key] ?? { rows: 0, columns: 0 };
  }

  // ---- building ----

  build() {
    const { state, model } = this;
    this.root.classList.add("cx");
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", `Live figure: ${state.caption}`);
    this.formulas = element("div", { class: "cx-formulas" });
    for (const formula of state.formulas) {
      const line = element("div", { class: "cx-formula" });
      line.innerHTML = formula.mathml;
      if (model.versions(formula.result).length > 1) {
        line.prepend(element("span", { class: "cx-label" }, `${formula.label}:`));
      }
      this.formulas.append(line);
    }
    for (const symbol of this.formulas.querySelectorAll("[data-name]")) {
      const { name } = symbol.dataset;
      const colour = state.looks[name]?.colour;
      if (!colour) continue;
      symbol.style.setProperty("--cx-colour-light", colour.light);
      symbol.style.setProperty("--cx-colour-dark", colour.dark);
      symbol.addEventListener("pointerenter", () => this.lightName(name));
      symbol.addEventListener("pointerleave", () => this.lightName(null));
    }
    this.views = model.order.map((key) => new ArrayView(this, key));
    this.sum = element("div", { class: "cx-sum" });
    this.message = element("div", { class: "cx-message", role: "alert" });
    this.live = element("div", { class: "cx-hidden", "aria-live": "polite" });
    this.root.replaceChildren(
      this.formulas,
      this.tools(),
      element("div", { class: "cx-arrays" }, ...this.views.map((view) => view.node)),
      this.sum,
      this.message,
      this.key(),
      element("p", { class: "cx-caption" }, state.caption),
      this.live,
    );
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.unpin();
    });
    new ResizeObserver(() => this.resize()).observe(this.root);
    const repaint = () => this.redraw();
    new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    new MutationObserver(repaint).observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  }

  tools() {
    const { state, model } = this;
    const bar = element("div", { class: "cx-tools", role: "toolbar", "aria-label": "Tools of the figure" });
    for (const [name, presets] of Object.entries(state.presets)) {
      const menu = element("select", {
        "aria-label": `Choose ${state.looks[name].words}`,
        onchange: () => {
          const array = presets[menu.value];
          if (array) this.change(() => model.replace({ [name]: array }));
          menu.value = "";
        },
      });
      menu.append(element("option", { value: "" }, `${name} …`));
      for (const label of Object.keys(presets)) menu.append(element("option", { value: label }, label));
      bar.append(menu);
    }
    const button = (text, title, onclick) =>
      element("button", { type: "button", title, "aria-label": title, onclick }, text);
    bar.append(
      button("Shuffle", "Fill the arrays with random whole numbers", () =>
        this.change(() => model.shuffle(state.images)),
      ),
      button("Undo", "Undo the last change", () => this.undo()),
      button("Reset", "Back to the numbers at the start", () => this.change(() => model.reset())),
      button("Copy", "Copy the arrays as NumPy code", () => this.copy()),
    );
    if (state.images.length) {
      this.brushButton = button("Brush: white", "Colour of the brush for painting on pictures", () => {
        this.brush = 1 - this.brush;
        this.brushButton.textContent = this.brush ? "Brush: white" : "Brush: black";
      });
      bar.append(this.brushButton);
    }
    bar.append(this.player());
    return bar;
  }

  player() {
    const last = this.model.formulas.at(-1);
    const count = sizeOf(last.formula.shape);
    this.slider = element("input", {
      type: "range",
      min: 0,
      max: count - 1,
      value: 0,
      "aria-label": `Position in ${this.lookOf(last.key).words}`,
      oninput: () => this.show(Number(this.slider.value)),
    });
    this.playButton = element(
      "button",
      { type: "button", "aria-label": "Play", title: "Play: go through the cells of the result", onclick: () => this.play() },
      "▶ Play",
    );
    const step = element(
      "button",
      {
        type: "button",
        title: "One cell further",
        "aria-label": "Step",
        onclick: () => {
          this.pause();
          this.show((Number(this.slider.value) + (this.pinned ? 1 : 0)) % count);
        },
      },
      "Step",
    );
    return element("span", { class: "cx-player" }, this.playButton, step, this.slider);
  }

  key() {
    const bar = element("div", { class: "cx-bar", "aria-hidden": "true" });
    this.keyLow = element("span");
    this.keyHigh = element("span");
    return element("div", { class: "cx-key" }, this.keyLow, bar, this.keyHigh);
  }

  resize() {
    const width = this.root.clientWidth - 4;
    if (width <= 0 || width === this.width) return;
    this.width = width;
    for (const view of this.views) view.layout(width);
    this.redraw();
  }

  // ---- drawing, once for each frame ----

  redraw() {
    if (this.queued) return;
    this.queued = true;
    requestAnimationFrame(() => {
      this.queued = false;
      this.draw();
    });
  }

  draw() {
    this.root.classList.toggle("cx-dark", this.dark);
    this.colours = palette(this.root);
    this.scale = this.findScale();
    this.lit = this.findLit();
    for (const view of this.views) view.draw();
    this.writeSum();
    this.keyLow.textContent = written(-this.scale);
    this.keyHigh.textContent = written(this.scale);
  }

  // One colour scale for all, from the largest magnitude of what is no picture.
  findScale() {
    let largest = 0;
    for (const view of this.views) {
      if (view.look.image) continue;
      for (const value of this.model.arrays[view.key].data) {
        if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest || 1;
  }

  get shown() {
    return this.hovered ?? this.pinned ?? this.focused;
  }

  // What lights up: for a cell of a result all that it is made of, for a given cell all it touches.
  findLit() {
    const lit = new Map(this.views.map((view) => [view.key, []]));
    this.expansion = null;
    this.reach = null;
    const { shown } = this;
    if (!shown) return lit;
    lit.get(shown.key).push({ place: shown.place, strong: true, inside: true });
    if (this.model.producing(shown.key)) {
      this.expansion = this.model.expand(shown.key, shown.place);
      const seen = new Set();
      for (const term of this.expansion.terms) {
        for (const read of term.factors.flatMap((f) => (f.reads.length ? f.reads : [f]))) {
          const known = `${read.name} ${read.index}`;
          if (!lit.has(read.name) || seen.has(known) || !read.index.length) continue;
          seen.add(known);
          lit.get(read.name).push({ place: read.index, strong: false, inside: read.inside });
        }
      }
    }
    const name = this.lookOf(shown.key).name;
    this.reach = this.model.touched(name, shown.place);
    if (!this.expansion) {
      for (const { key, place } of this.reach) lit.get(key)?.push({ place, strong: false, inside: true });
    }
    return lit;
  }

  litIn(key) {
    return this.lit.get(key) ?? [];
  }

  lightName(name) {
    for (const view of this.views) view.node.classList.toggle("cx-named", view.name === name);
    for (const symbol of this.formulas.querySelectorAll("[data-name]")) {
      symbol.classList.toggle("cx-named", symbol.dataset.name === name);
    }
  }

  // ---- the sum ----

  cellName(key, place) {
    const look = this.lookOf(key);
    return `${look.plain}${place.length ? `[${place.join(", ")}]` : ""}`;
  }

  number(value, key, place) {
    const known = this.views.some((view) => view.key === key);
    const text = written(value, 5);
    const shown = element("span", { class: "cx-number" }, value < 0 ? `(${text})` : text);
    if (known) {
      const { colour } = this.lookOf(key);
      shown.style.setProperty("--cx-colour-light", colour.light);
      shown.style.setProperty("--cx-colour-dark", colour.dark);
      shown.title = this.cellName(key, place);
    }
    return shown;
  }

  writeSum() {
    const { shown, expansion } = this;
    this.sum.replaceChildren();
    this.lightName(shown ? this.lookOf(shown.key).name : null);
    if (!shown) {
      this.sum.append(
        element("span", { class: "cx-hint" }, "Point at a cell, tap it, or reach it with Tab and the arrow keys."),
      );
      return;
    }
    if (expansion) this.writeExpansion(shown, expansion);
    else this.writeReach(shown);
    if (this.pinned && this.model.isGiven(shown.key)) this.sum.append(this.editor(shown));
    this.announce();
  }

  writeExpansion(shown, { operation, terms, total }) {
    const line = element("div", { class: "cx-line" });
    line.append(this.number(total, shown.key, shown.place).cloneNode(false));
    line.firstChild.textContent = this.cellName(shown.key, shown.place);
    line.append(" = ");
    if (operation === "max" || operation === "min") line.append(`${operation}( `);
    const many = terms.length > FOLD + 2 && !this.unfolded;
    terms.slice(0, many ? FOLD : terms.length).forEach((term, n) => {
      const joint = operation === "sum" ? (term.negative ? " − " : " + ") : operation === "prod" ? " · " : ", ";
      if (n) line.append(joint);
      else if (term.negative) line.append("−");
      const parts = element("span", { class: "cx-term" });
      term.factors.forEach((factor, f) => {
        if (f) parts.append("·");
        parts.append(this.number(factor.value, factor.name, factor.index));
      });
      if (!term.factors.length) parts.append("1");
      line.append(parts);
    });
    if (many) {
      line.append(
        " + ",
        element(
          "button",
          { type: "button", class: "cx-more", onclick: () => { this.unfolded = true; this.redraw(); } },
          `… ${terms.length - FOLD} more`,
        ),
      );
    }
    if (!terms.length) line.append("0");
    if (operation === "max" || operation === "min") line.append(" )");
    const result = this.number(total, shown.key, shown.place);
    result.classList.add("cx-total");
    line.append(" = ", result);
    this.sum.append(line);
    const slope = this.model.finiteDifference(shown.key, shown.place);
    if (slope !== null) {
      const close = Math.abs(slope - total) <= 1e-5 * Math.max(1, Math.abs(total));
      this.sum.append(
        element(
          "div",
          { class: "cx-line cx-difference" },
          `finite difference of the forward formula: ${written(slope, 6)} ${close ? "✓ equal" : "✗ different"}`,
        ),
      );
    }
  }

  writeReach(shown) {
    const value = this.model.arrays[shown.key].data[flatIndex(this.model.arrays[shown.key].shape, shown.place)];
    const line = element("div", { class: "cx-line" });
    line.append(this.number(value, shown.key, shown.place).cloneNode(false));
    line.firstChild.textContent = this.cellName(shown.key, shown.place);
    line.append(` = ${written(value, 6)}`);
    const listed = this.reach.slice(0, this.unfolded ? undefined : FOLD);
    if (this.reach.length) line.append(" goes into ");
    listed.forEach(({ key, place }, n) => {
      if (n) line.append(", ");
      const coefficient = this.coefficient(key, place, shown);
      const target = this.number(0, key, place);
      target.textContent = this.cellName(key, place);
      line.append(target);
      if (coefficient !== null) line.append(" with ", this.number(coefficient.value, coefficient.name, coefficient.index));
    });
    if (listed.length < this.reach.length) line.append(` … and ${this.reach.length - listed.length} more`);
    this.sum.append(line);
  }

  // By what an input is multiplied in one term of a result, where it is a factor of its own.
  coefficient(key, place, shown) {
    const name = this.lookOf(shown.key).name;
    const { terms } = this.model.expand(key, place);
    for (const term of terms) {
      const own = term.factors.find((f) => f.name === name && samePlace(f.index, shown.place));
      if (!own) continue;
      const others = term.factors.filter((factor) => factor !== own);
      if (others.length === 1 && !term.negative) return others[0];
      const value = others.reduce((product, factor) => product * factor.value, term.negative ? -1 : 1);
      return { value, name: "", index: [] };
    }
    return null;
  }

  announce() {
    clearTimeout(this.announcing);
    this.announcing = setTimeout(() => {
      this.live.textContent = this.sum.innerText.replace(/\s+/g, " ").slice(0, 400);
    }, 250);
  }

  // ---- editing ----

  editor(shown) {
    const { shape, data } = this.model.arrays[shown.key];
    const value = data[flatIndex(shape, shown.place)];
    const unit = this.unitOf(shown.key);
    const field = element("input", {
      type: "text",
      inputmode: "decimal",
      value: String(value),
      "aria-label": `New value of ${this.cellName(shown.key, shown.place)}`,
      onkeydown: (event) => {
        event.stopPropagation();
        if (event.key === "Enter") this.typed(shown, field.value);
        if (event.key === "Escape") this.back(shown);
      },
      onchange: () => this.typed(shown, field.value),
    });
    const step = (sign, text, label) =>
      element("button", {
        type: "button", "aria-label": label,
        onclick: () => this.edit(shown.key, shown.place, Number((value + sign * unit).toPrecision(12))),
      }, text);
    return element("span", { class: "cx-editor" }, step(-1, "−", "Less"), field, step(1, "+", "More"));
  }

  back(shown) {
    this.views.find((view) => view.key === shown.key)?.focusable.focus({ preventScroll: true });
  }

  type(key, place, text) {
    this.pin({ key, place });
    this.draw();
    const field = this.sum.querySelector("input");
    if (!field) return;
    field.focus({ preventScroll: true });
    field.value = text;
  }

  typed(shown, text) {
    const value = readNumber(text);
    if (value === null) {
      this.say(`"${text}" is no number: the figure keeps ${this.cellName(shown.key, shown.place)} as it is.`);
      return;
    }
    this.edit(shown.key, shown.place, value);
    this.back(shown);
  }

  edit(key, place, value, options) {
    this.change(() => this.model.set(key, place, value, options));
  }

  change(action) {
    try {
      action();
      this.say("");
      this.onEdit(this.model.given);
    } catch (error) {
      this.say(`${error.message}.`);
    }
    this.redraw();
  }

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
    const text = asNumPy(this.model.given);
    try {
      await navigator.clipboard.writeText(text);
      this.say("Copied as NumPy code.");
    } catch {
      const area = element("textarea", { class: "cx-code", rows: 6, "aria-label": "The arrays as NumPy code" });
      area.value = text;
      this.message.replaceChildren("Copy this: ", area);
      area.select();
    }
  }

  // ---- pointing ----

  point(target, how) {
    this[how === "hover" ? "hovered" : "focused"] = target;
    if (how === "hover" || !this.pinned) this.unfolded = false;
    if (how === "focus" && this.pinned) this.pinned = target;
    this.redraw();
  }

  leave(how) {
    this[how === "hover" ? "hovered" : "focused"] = null;
    this.redraw();
  }

  pin(target) {
    const same = this.pinned && this.pinned.key === target.key && samePlace(this.pinned.place, target.place);
    this.pinned = same && !this.model.isGiven(target.key) ? null : target;
    this.unfolded = false;
    const last = this.model.formulas.at(-1);
    if (target.key === last.key) this.slider.value = flatIndex(last.formula.shape, target.place);
    this.redraw();
  }

  unpin() {
    this.pause();
    this.pinned = null;
    this.hovered = null;
    this.redraw();
  }

  // ---- playing ----

  show(flat) {
    const last = this.model.formulas.at(-1);
    this.slider.value = flat;
    this.pinned = { key: last.key, place: placeOf(last.formula.shape, flat) };
    this.redraw();
  }

  play() {
    if (this.playing) {
      this.pause();
      return;
    }
    const count = sizeOf(this.model.formulas.at(-1).formula.shape);
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.playButton.textContent = "❚❚ Pause";
    this.playButton.setAttribute("aria-label", "Pause");
    this.show(Number(this.slider.value));
    this.playing = setInterval(
      () => this.show((Number(this.slider.value) + 1) % count),
      calm ? 2000 : count > 100 ? 120 : 700,
    );
  }

  pause() {
    clearInterval(this.playing);
    this.playing = null;
    this.playButton.textContent = "▶ Play";
    this.playButton.setAttribute("aria-label", "Play");
  }
}

// The corners of an array, and its middle: where reads reach furthest out.
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
  return { setArrays: (arrays) => figure.setArrays(arrays) };
}

// In the built page: every figure comes to life when it is first seen.
function bringToLife() {
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        mountFigure(target, JSON.parse(target.querySelector("script[type='application/json']").textContent));
      }
    },
    { rootMargin: "200px" },
  );
  for (const root of document.querySelectorAll(".cnnmath-figure")) seen.observe(root);
}
