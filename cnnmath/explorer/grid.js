// One array of a figure: its symbol, and a grid of cells for each index in front of the last two.

const WRITTEN = 26; // pixels: in a narrower cell no number is written
const SMALL = 14; // rows and columns up to which the cells have room for their numbers
const PICTURE = 232; // pixels of a larger array
const FEW = 3; // planes that may be as large as they like
const PLANE_GAP = 12; // pixels between planes, as in explorer.css
const COMPACT = 32; // pixels of a cell of a small picture, or of a figure of many arrays
const MANY = 6; // arrays; of more, the figure is one of many
const LEGIBLE = 9; // pixels of the smallest digits
const SLIM = 14; // pixels: narrower cells that are lit are outlined together

class Grid {
  constructor(figure, key) {
    this.figure = figure;
    this.key = key;
    this.look = figure.lookOf(key);
    this.shape = figure.model.arrays[key].shape;
    this.rows = this.shape.length > 1 ? this.shape.at(-2) : 1;
    this.columns = this.shape.length ? this.shape.at(-1) : 1;
    this.leading = this.shape.slice(0, -2);
    this.planes = sizeOf(this.leading);
    this.editable = figure.model.isGiven(key);
    this.paintable = this.editable && this.look.image;
    this.unit = this.look.image || !this.array.data.every(Number.isInteger) ? 0.1 : 1;
    this.margin = figure.margins[key] ?? { top: 0, bottom: 0, left: 0, right: 0 };
    this.place = placeOf(this.shape, 0); // where the keyboard is
    this.drawn = {}; // what was drawn last
    this.lit = []; // for each plane, whether something is lit
    this.build();
  }

  get array() {
    return this.figure.model.arrays[this.key];
  }

  // The flat places in which the versions of a result differ.
  get different() {
    return this.figure.model.differences(this.key);
  }

  value(place) {
    return this.array.data[flatIndex(this.shape, place)];
  }

  // ---- elements ----

  build() {
    const size = this.shape.join(" × ") || "a number";
    const back = this.figure.model.targetOf(this.key); // flows against the other arrays
    const symbol = element("span", { class: "cx-symbol" });
    symbol.innerHTML = this.look.symbol;
    this.canvases = [];
    this.focusable = element(
      "div",
      {
        class: "cx-grid",
        role: "grid",
        tabindex: "0",
        "aria-label": `${this.look.words}, ${size}${this.editable ? ", can be edited" : ""}`,
        "aria-rowcount": this.planes * this.rows,
        "aria-colcount": this.columns,
        "aria-readonly": String(!this.editable),
      },
      ...this.rowsOfPlanes(),
    );
    this.reader = element("div", { class: "cx-hidden", role: "row" });
    this.focusable.append(this.reader);
    this.node = element(
      "section",
      { class: `cx-array${this.editable ? "" : back ? " cx-back" : " cx-result"}` },
      element(
        "div",
        { class: "cx-title" },
        symbol,
        element("span", { class: "cx-size" }, ` ${this.look.version}${size}`),
      ),
      this.focusable,
    );
    inColour(this.node, this.look.colour);
    attachHands(this);
  }

  // Planes side by side; of an array with four axes, a row for each first index.
  rowsOfPlanes() {
    const across = this.leading.at(-1) ?? 1;
    const rows = [];
    for (let plane = 0; plane < this.planes; plane += 1) {
      const canvas = element("canvas", { "aria-hidden": "true" });
      this.canvases.push(canvas);
      const index = this.leading.length ? `(${placeOf(this.leading, plane).join(", ")})` : null;
      if (plane % across === 0) rows.push(element("div", { class: "cx-planes" }));
      rows
        .at(-1)
        .append(element("div", {}, index && element("div", { class: "cx-index" }, index), canvas));
    }
    return rows;
  }

  // ---- sizes ----

  layout(width) {
    const { top, bottom, left, right } = this.margin;
    const columns = left + this.columns + right;
    const small = this.columns <= SMALL && this.rows <= SMALL;
    const planes = this.leading.at(-1) ?? 1;
    const across = small && planes <= FEW ? 1 : Math.min(planes, width > 560 ? 4 : 2);
    const fair = Math.floor((width - 14 * across) / (across * columns));
    const wanted = small ? this.roomForText() : Math.floor(PICTURE / this.columns);
    // A long row scrolls rather than vanish.
    const least = this.rows === 1 ? 12 : 3;
    this.cellWidth = Math.max(least, Math.min(wanted, fair));
    this.cellHeight = small ? Math.max(18, Math.min(34, this.cellWidth)) : this.cellWidth;
    this.ratio = window.devicePixelRatio || 1;
    const w = columns * this.cellWidth + 1;
    const h = (top + this.rows + bottom) * this.cellHeight + 1;
    for (const canvas of this.canvases) {
      canvas.width = Math.round(w * this.ratio);
      canvas.height = Math.round(h * this.ratio);
      canvas.style.width = `${w}px`;
      canvas.style.height = `${h}px`;
    }
    // Planes side by side, as many as fit; of a few cells, the heading is wider.
    const fitting = Math.floor((width + PLANE_GAP) / (w + PLANE_GAP));
    const abreast = Math.max(1, Math.min(planes, fitting));
    this.width = Math.max(abreast * (w + PLANE_GAP) - PLANE_GAP, this.headingWidth());
  }

  headingWidth() {
    return this.focusable.previousSibling.offsetWidth;
  }

  roomForText() {
    if (this.look.image || this.figure.grids.length > MANY) return COMPACT;
    const longest = Math.max(...Array.from(this.array.data, (value) => written(value).length));
    return Math.max(36, 9 * Math.min(longest, 5) + 8);
  }

  corner(row, column) {
    return [
      (column + this.margin.left) * this.cellWidth,
      (row + this.margin.top) * this.cellHeight,
    ];
  }

  // Row, column and plane of a place, which may lie outside the array; plane −1 is on none.
  split(place) {
    const [row, column] = [0, 0, ...place].slice(-2);
    const leading = place.slice(0, -2);
    const shown = leading.every((p, axis) => p >= 0 && p < this.leading[axis]);
    return {
      row: place.length > 1 ? row : 0,
      column,
      plane: shown ? flatIndex(this.leading, leading) : -1,
    };
  }

  placeAt({ clientX, clientY }, plane) {
    const box = this.canvases[plane].getBoundingClientRect();
    const column = Math.floor((clientX - box.left) / this.cellWidth) - this.margin.left;
    const row = Math.floor((clientY - box.top) / this.cellHeight) - this.margin.top;
    return this.placeOfCell(plane, row, column);
  }

  placeOfCell(plane, row, column) {
    const inside = (at, length) => at >= 0 && at < length;
    if (!inside(plane, this.planes) || !inside(row, this.rows) || !inside(column, this.columns)) {
      return null;
    }
    return placeOf(this.shape, (plane * this.rows + row) * this.columns + column);
  }

  // ---- drawing ----

  // lit: [{ place, kind, text }], as Figure.findLit gives them
  draw(lit) {
    const { scale, colours } = this.figure;
    const now = { array: this.array, scale, colours, different: this.different };
    const fresh = Object.entries(now).every(([part, value]) => this.drawn[part] === value);
    this.drawn = now;
    const cells = lit.map((cell) => ({ ...cell, ...this.split(cell.place) }));
    this.canvases.forEach((canvas, plane) => {
      const here = cells.filter((cell) => cell.plane === plane);
      if (fresh && !here.length && !this.lit[plane]) return;
      this.lit[plane] = here.length > 0;
      const pen = canvas.getContext("2d");
      pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      pen.clearRect(0, 0, canvas.width, canvas.height);
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      if (this.cellWidth >= WRITTEN) this.drawCells(pen, plane);
      else this.drawPixels(pen, plane);
      this.drawMargin(pen);
      this.drawFrame(pen);
      this.drawLit(pen, here);
    });
  }

  colourAt(flat) {
    const { colours, scale } = this.figure;
    const value = this.array.data[flat];
    return this.look.image ? colours.grey(value) : colours.diverging(value / scale);
  }

  eachCell(plane, visit) {
    let flat = plane * this.rows * this.columns;
    for (let row = 0; row < this.rows; row += 1) {
      for (let column = 0; column < this.columns; column += 1, flat += 1) visit(flat, row, column);
    }
  }

  drawCells(pen, plane) {
    const { data } = this.array;
    const { different } = this;
    pen.lineWidth = 1;
    this.eachCell(plane, (flat, row, column) => {
      const [x, y] = this.corner(row, column);
      const colour = this.colourAt(flat);
      pen.fillStyle = `rgb(${colour})`;
      pen.fillRect(x, y, this.cellWidth, this.cellHeight);
      pen.strokeStyle = this.figure.colours.line;
      pen.strokeRect(x + 0.5, y + 0.5, this.cellWidth, this.cellHeight);
      this.write(pen, this.fitting(data[flat]), x, y, inkOn(colour));
      if (different.has(flat)) this.drawDifference(pen, row, column, inkOn(colour));
    });
  }

  // Cells without numbers: a picture with a pixel for each of them, enlarged.
  drawPixels(pen, plane) {
    this.picture ??= new OffscreenCanvas(this.columns, this.rows);
    const small = this.picture.getContext("2d");
    const pixels = small.createImageData(this.columns, this.rows);
    const start = plane * this.rows * this.columns;
    this.eachCell(plane, (flat) =>
      pixels.data.set([...this.colourAt(flat), 255], 4 * (flat - start)),
    );
    small.putImageData(pixels, 0, 0);
    const [x, y] = this.corner(0, 0);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(this.picture, x, y, this.columns * this.cellWidth, this.rows * this.cellHeight);
    const { different } = this;
    if (!different.size) return;
    this.eachCell(plane, (flat, row, column) => {
      if (different.has(flat)) this.drawDifference(pen, row, column, inkOn(this.colourAt(flat)));
    });
  }

  // A number with as many digits as can be read in a cell.
  fitting(value) {
    const texts = (this.look.image ? [2, 1] : [3, 2, 1]).map((digits) => written(value, digits));
    return texts.find((text) => this.textSize(text) >= LEGIBLE) ?? texts.at(-1);
  }

  textSize(text) {
    return Math.min(15, 0.4 * this.cellWidth, (this.cellWidth - 4) / (0.58 * text.length));
  }

  write(pen, text, x, y, ink) {
    pen.fillStyle = ink;
    pen.font = `${this.textSize(text)}px system-ui, sans-serif`;
    pen.fillText(text, x + this.cellWidth / 2, y + this.cellHeight / 2 + 1);
  }

  drawDifference(pen, row, column, ink) {
    const wide = this.cellWidth >= SLIM;
    pen.strokeStyle = ink;
    pen.lineWidth = wide ? 2 : 1;
    pen.setLineDash(wide ? [4, 3] : [2, 2]);
    this.strokeCell(pen, { row, column }, wide ? 3.5 : 0.5);
    pen.setLineDash([]);
    pen.lineWidth = 1;
  }

  // The room around an array that its formulas read, where nothing is.
  drawMargin(pen) {
    const { top, bottom, left, right } = this.margin;
    if (!top && !bottom && !left && !right) return;
    pen.strokeStyle = this.figure.colours.line;
    pen.lineWidth = 1;
    pen.setLineDash([3, 3]);
    pen.strokeRect(
      0.5,
      0.5,
      (left + this.columns + right) * this.cellWidth,
      (top + this.rows + bottom) * this.cellHeight,
    );
    pen.setLineDash([]);
  }

  drawFrame(pen) {
    const [x, y] = this.corner(0, 0);
    pen.strokeStyle = this.figure.colourOf(this.key);
    pen.lineWidth = 1.5;
    pen.strokeRect(x + 0.5, y + 0.5, this.columns * this.cellWidth, this.rows * this.cellHeight);
  }

  drawLit(pen, cells) {
    const { colours } = this.figure;
    const ink = this.look.image ? colours.pointer : this.figure.colourOf(this.key);
    const slim = this.cellWidth < SLIM;
    const widths = { far: slim ? 1 : 1.5, near: slim ? 2 : 2.5, strong: slim ? 3 : 4 };
    for (const cell of cells) if (cell.kind === "outside") this.drawGhost(pen, cell);
    for (const [kind, width] of Object.entries(widths)) {
      const alike = cells.filter((cell) => cell.kind === kind);
      for (const cell of alike) {
        if (kind !== "strong" && (slim || kind === "far")) {
          pen.strokeStyle = ink;
          pen.lineWidth = width;
          this.strokeEdges(pen, cell, alike);
          continue;
        }
        if (!slim) {
          // Lined with the colour of the page, or it would not be seen on a cell of like colour.
          pen.lineWidth = 2;
          pen.strokeStyle = colours.panel;
          this.strokeCell(pen, cell, width / 2 + 2);
        }
        pen.lineWidth = width;
        pen.strokeStyle = ink;
        this.strokeCell(pen, cell, slim ? 0 : width / 2);
      }
    }
  }

  strokeCell(pen, { row, column }, inset) {
    const [x, y] = this.corner(row, column);
    pen.strokeRect(x + inset, y + inset, this.cellWidth - 2 * inset, this.cellHeight - 2 * inset);
  }

  // Those edges of a cell beyond which no other cell is lit.
  strokeEdges(pen, { row, column }, cells) {
    const [x, y] = this.corner(row, column);
    const [w, h] = [this.cellWidth, this.cellHeight];
    const lit = (r, c) => cells.some((cell) => cell.row === r && cell.column === c);
    pen.beginPath();
    const line = (x1, y1, x2, y2) => {
      pen.moveTo(x1, y1);
      pen.lineTo(x2, y2);
    };
    if (!lit(row - 1, column)) line(x, y, x + w, y);
    if (!lit(row + 1, column)) line(x, y + h, x + w, y + h);
    if (!lit(row, column - 1)) line(x, y, x, y + h);
    if (!lit(row, column + 1)) line(x + w, y, x + w, y + h);
    pen.stroke();
  }

  // A cell outside the array, where everything reads as 0, or loses every maximum.
  drawGhost(pen, { row, column, text }) {
    const { colours } = this.figure;
    const [x, y] = this.corner(row, column);
    if (this.cellWidth >= SLIM) this.write(pen, text, x, y, colours.ghost);
    pen.strokeStyle = colours.ghost;
    pen.lineWidth = this.cellWidth >= SLIM ? 1.5 : 1;
    pen.setLineDash([3, 3]);
    this.strokeCell(pen, { row, column }, this.cellWidth >= SLIM ? 1.5 : 0.5);
    pen.setLineDash([]);
  }

  // The cell where the keyboard is, for a screen reader: each time an element of its own, since the
  // reader speaks when the active one changes.
  describe() {
    const { row, column, plane } = this.split(this.place);
    const flat = flatIndex(this.shape, this.place);
    const value = written(this.array.data[flat], 6);
    const differs = this.different.has(flat) ? ", differs" : "";
    const cell = element(
      "div",
      { role: "gridcell", id: nextId(), "aria-colindex": column + 1 },
      `${this.figure.cellName(this.key, this.place)} = ${value}${differs}`,
    );
    this.reader.setAttribute("aria-rowindex", plane * this.rows + row + 1);
    this.reader.replaceChildren(cell);
    this.focusable.setAttribute("aria-activedescendant", cell.id);
  }
}
