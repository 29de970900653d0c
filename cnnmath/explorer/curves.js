// Live curves: a function and its slope over x, and a point that the reader moves along them.
//
// `mountCurves(root, state, onEdit)` fills an element of a page. The mathematics is in curve.js, the
// drawing in plot.js.

const SHARES = [0.4, 0.24]; // heights of the two panels, of the width
const LOWEST = [150, 96]; // pixels
const HIGHEST = [270, 160];
const EDGES = { left: 44, right: 12, top: 28, between: 34, bottom: 28 };
const TANGENT = 80; // pixels to either side
const NOTHING = "nothing";

class Curves {
  constructor(root, state, onEdit) {
    this.host = root;
    this.state = state;
    this.onEdit = onEdit;
    this.curves = state.curves.map(({ name, arriving }, n) =>
      createCurve(name, state.formulas[2 * n], state.formulas[2 * n + 1], arriving),
    );
    const [low, high] = state.span;
    this.unit = 10 ** Math.floor(Math.log10((high - low) / 50)); // of a key or a button
    const { x, shown, numbers } = state;
    this.now = this.checked({ x, shown, numbers });
    this.beside = null; // the curve that the one shown is compared with
    this.redraw = onceAFrame(() => this.draw());
    this.build();
    this.watch();
    this.resize();
  }

  get curve() {
    return this.curveOf(this.now.shown);
  }

  curveOf(name) {
    return this.curves.find((curve) => curve.name === name);
  }

  // ---- where the reader is ----

  // A state with its curves, or an error if they cannot be shown.
  checked({ x, shown, numbers }) {
    const [low, high] = this.state.span;
    if (!(x >= low && x <= high)) {
      throw new Error(`x = ${written(x, 6)} is outside: it goes from ${written(low)} to ${written(high)} here`);
    }
    if (this.now?.numbers === numbers) return { ...this.now, x, shown };
    const strokes = {};
    for (const curve of this.curves) {
      strokes[curve.name] = curve.strokes(low, high, numbers[curve.name]);
    }
    return { x, shown, numbers, strokes };
  }

  // Moves the figure, if it can; else the last good state stays, and a sentence says why.
  follow(changed) {
    try {
      this.now = this.checked({ ...this.now, ...changed });
      this.say("");
    } catch (error) {
      this.say(`${error.message}.`);
      return false;
    } finally {
      this.redraw();
    }
    return true;
  }

  change(changed) {
    if (this.follow(changed)) this.onEdit(changed);
  }

  move(x) {
    const [low, high] = this.state.span;
    this.change({ x: Math.min(high, Math.max(low, tidy(x))) });
  }

  setNumber(symbol, value) {
    const { shown, numbers } = this.now;
    this.change({ numbers: { ...numbers, [shown]: { ...numbers[shown], [symbol]: value } } });
  }

  // ---- building ----

  build() {
    const { state, host } = this;
    host.classList.add("cx", "cx-curves");
    host.setAttribute("role", "group");
    host.setAttribute("aria-label", `Live figure: ${state.caption}`);
    this.typeset = this.curves.map((curve) => {
      const parts = curve.formulas.map((formula) => {
        const line = element("div", { class: "cx-formula" });
        line.innerHTML = formula.typeset;
        for (const symbol of line.querySelectorAll("[data-name]")) {
          inColour(symbol, state.looks[symbol.dataset.name].colour);
        }
        return line;
      });
      return element("div", { class: "cx-pair" }, ...parts);
    });
    this.message = element("div", { class: "cx-message", role: "alert" });
    this.sum = element("div", { class: "cx-sum", id: nextId() });
    this.plot = drawn("svg", { role: "slider", tabindex: 0, "aria-label": "x" });
    host.replaceChildren(
      element("div", { class: "cx-formulas cx-pile" }, ...this.typeset),
      ...this.tools(),
      this.plot,
      this.sum,
      this.message,
      element("p", { class: "cx-caption" }, state.caption),
    );
    attachSlider(this);
  }

  tools() {
    const names = this.curves.map(({ name }) => name);
    this.menu = this.choice("Function", names, (shown) => this.change({ shown }));
    const others = this.choice("compare with", [NOTHING, ...names], (name) => {
      this.beside = this.curveOf(name) ?? null;
      this.redraw();
    });
    this.fields = [this.fieldFor("x", () => this.now.x, (x) => this.change({ x }), this.unit)];
    this.own = new Map(this.curves.map(({ name }) => [name, []]));
    for (const [name, own] of Object.entries(this.now.numbers)) {
      for (const symbol of Object.keys(own)) {
        const number = () => this.now.numbers[name][symbol];
        const field = this.fieldFor(symbol, number, (value) => this.setNumber(symbol, value), 0.1);
        this.own.get(name).push(field);
        this.fields.push(field);
      }
    }
    const menus = [this.menu, others].map((menu) => menu.parentNode);
    return [menus, this.fields.map(({ node }) => node)].map((nodes) =>
      element("div", { class: "cx-tools" }, ...nodes),
    );
  }

  choice(label, names, onchange) {
    const menu = element("select", { onchange: () => onchange(menu.value) });
    menu.append(...names.map((name) => element("option", { value: name }, name)));
    element("label", { class: "cx-choice" }, `${label} `, menu);
    return menu;
  }

  fieldFor(name, value, set, unit) {
    const plain = this.state.looks[name].plain;
    return new NumberField({
      name: () => plain,
      value,
      set,
      nudge: (direction) =>
        name === "x" ? this.move(value() + direction * unit) : set(tidy(value() + direction * unit)),
      leave: () => this.plot.focus({ preventScroll: true }),
      say: (sentence) => this.say(sentence),
    });
  }

  say(sentence) {
    this.message.textContent = sentence;
  }

  // ---- the page around ----

  watch() {
    const resizing = new ResizeObserver(() => this.resize());
    resizing.observe(this.host);
    const stopWatching = watchTheme(() => this.followTheme());
    this.destroy = () => {
      resizing.disconnect();
      stopWatching();
    };
  }

  followTheme() {
    this.host.classList.toggle("cx-dark", isPageDark());
  }

  resize() {
    this.followTheme();
    const { paddingLeft, paddingRight } = getComputedStyle(this.host);
    const width = this.host.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    if (!(width > 0) || width === this.width) return; // in no page it is no number
    this.width = width;
    withinReach(this.host.querySelectorAll(".cx-formula"));
    this.redraw();
  }

  // ---- drawing ----

  draw() {
    if (!this.width) return; // not laid out yet
    const { curve, now } = this;
    const here = curve.at(now.x, now.numbers[now.shown]);
    this.menu.value = now.shown;
    this.typeset.forEach((pair, n) => pair.classList.toggle("cx-away", this.curves[n] !== curve));
    for (const field of this.fields) field.show();
    for (const [name, fields] of this.own) {
      for (const { node } of fields) node.hidden = name !== now.shown;
    }
    this.drawPlot(here);
    this.write(here);
  }

  drawPlot(here) {
    const { curve, now, width, plot } = this;
    const { left, right, top, between, bottom } = EDGES;
    const heights = SHARES.map((share, n) =>
      Math.round(Math.min(HIGHEST[n], Math.max(LOWEST[n], share * width))),
    );
    const whole = top + heights[0] + between + heights[1] + bottom;
    plot.setAttribute("width", width);
    plot.setAttribute("height", whole);
    const panels = ["value", "slope"].map((which, n) => {
      const box = {
        left,
        top: n ? top + heights[0] + between : top,
        width: width - left - right,
        height: heights[n],
      };
      const shown = [curve, ...(this.beside ? [this.beside] : [])];
      const strokes = shown.map(({ name }) => now.strokes[name][which]);
      const panel = new Panel(box, this.state.span, reachOf(strokes.flat(2)));
      const name = curve.formulas[n].result;
      panel.line(panel.across(now.x), 0, panel.across(now.x), heights[n], "cx-here");
      if (this.beside) panel.curve(strokes[1], "cx-beside");
      inColour(panel.curve(strokes[0], `cx-${which}`), this.state.looks[name].colour);
      const title = n ? `slope of ${now.shown}` : now.shown;
      const label = panel.write(left, box.top - 9, title, "start", "cx-name");
      inColour(label, this.state.looks[name].colour);
      return panel;
    });
    const tangent = panels[0].tangent(now.x, here.value, here.slope, TANGENT);
    const colours = curve.formulas.map(({ result }) => this.state.looks[result].colour);
    inColour(tangent, colours[1]);
    inColour(panels[0].point(now.x, here.value, "cx-grip"), colours[0]);
    inColour(panels[1].point(now.x, here.slope, ""), colours[1]);
    panels[1].numberAcross(this.state.span);
    plot.replaceChildren(...panels.map(({ node }) => node));
    this.across = panels[0]; // for the pointer
    const [low, high] = this.state.span;
    plot.setAttribute("aria-valuemin", low);
    plot.setAttribute("aria-valuemax", high);
    plot.setAttribute("aria-valuenow", now.x);
    const value = `${now.shown} is ${written(here.value, 4)}, its slope ${written(here.slope, 4)}`;
    plot.setAttribute("aria-valuetext", `x = ${written(now.x, 6)}: ${value}`);
  }

  // What is written below: value, slope, and the slope as it is measured.
  write(here) {
    const { curve, now, state } = this;
    const numbers = now.numbers[now.shown];
    const coloured = (name, text) =>
      inColour(element("b", { class: "cx-number" }, text), state.looks[name].colour);
    const [h, g] = curve.formulas.map(({ result }) => result);
    const pair = ({ value, slope }) => [
      coloured(h, `${state.looks[h].plain} = ${written(value, 4)}`),
      ",  slope ",
      coloured(g, `${state.looks[g].plain} = ${written(slope, 4)}`),
    ];
    const { slope, left, right, kink } = curve.measured(now.x, numbers);
    const { plain } = state.looks[h];
    const arriving = state.looks[curve.arriving].plain;
    const measured = kink
      ? `Measured: ${written(left, 4)} to the left, ${written(right, 4)} to the right. This is a ` +
        `kink, and the formula takes ${written(here.slope, 4)} by convention.`
      : `Measured: (${plain}(${written(now.x + STEP, 6)}) − ${plain}(${written(now.x - STEP, 6)})) / ` +
        `${written(2 * STEP)} = ${written(slope, 4)}`;
    const lines = [
      [`${now.shown} at x = ${written(now.x, 6)}:  `, ...pair(here), `  (with ${arriving} = 1)`],
      [element("span", { class: "cx-hint" }, measured)],
    ];
    if (this.beside) {
      const there = this.beside.at(now.x, now.numbers[this.beside.name]);
      lines.push([`${this.beside.name} (dashed):  `, ...pair(there)]);
    }
    this.sum.replaceChildren(
      ...lines.map((parts) => element("div", { class: "cx-line" }, ...parts)),
    );
  }
}

// From the least to the largest height, 0 included, with some air.
function reachOf(points) {
  let [low, high] = [0, 0];
  for (const [, y] of points) {
    low = Math.min(low, y);
    high = Math.max(high, y);
  }
  const air = 0.08 * (high - low) || 1;
  return [low - air, high + air];
}

// Pointer, finger and keys move x.
function attachSlider(figure) {
  const { plot } = figure;
  const drag = (event) => {
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
  for (const end of ["pointerup", "pointercancel"]) {
    plot.addEventListener(end, () => (dragging = false));
  }
  plot.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [low, high] = figure.state.span;
    const { x } = figure.now;
    const step = event.shiftKey ? figure.unit / 10 : figure.unit;
    const wanted = {
      ArrowLeft: x - step,
      ArrowDown: x - step,
      ArrowRight: x + step,
      ArrowUp: x + step,
      PageDown: x - 10 * step,
      PageUp: x + 10 * step,
      Home: low,
      End: high,
    }[event.key];
    if (wanted !== undefined) figure.move(wanted);
    else if (/^[\d.,−-]$/.test(event.key)) figure.fields[0].start(event.key);
    else if (/^\p{L}$/u.test(event.key)) {
      figure.say(`“${event.key}” is no number: use the arrow keys, or type digits.`);
    } else return;
    event.preventDefault();
  });
}

function mountCurves(root, state, onEdit) {
  const figure = new Curves(root, state, onEdit);
  return { follow: (traits) => figure.follow(traits), destroy: figure.destroy };
}
