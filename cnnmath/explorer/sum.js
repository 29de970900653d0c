// What is written below the arrays: the sum that a result is made of, or where an input goes.

const FOLD = 12; // terms that are shown before a sum folds
const LISTED = 12; // results that are listed of all that an input goes into
const JOINTS = { sum: " + ", prod: " · ", max: ", ", min: ", " };
const HINT = "Point at a cell, tap it, or reach it with Tab and the arrow keys.";

class Sum {
  constructor(figure) {
    this.figure = figure;
    this.unfolded = false;
    this.node = element("div", { class: "cx-sum" });
    this.live = element("div", { class: "cx-hidden", "aria-live": "polite" });
  }

  // shown: { key, place } or null; expansion: of a result; reach: of what is given
  write(shown, expansion, reach) {
    const lines = [element("span", { class: "cx-hint" }, HINT)];
    if (shown) {
      lines.splice(0, 1, expansion ? this.written(shown, expansion) : this.going(shown, reach));
      const check = expansion && this.check(shown, expansion.total);
      if (check) lines.push(check);
    }
    this.node.replaceChildren(...lines);
    this.keepHeight();
    this.announce(shown);
  }

  // The page below must not jump while the pointer moves: the panel grows, but does not shrink.
  keepHeight() {
    const height = Math.ceil(this.node.getBoundingClientRect().height);
    if (height > (this.height ?? 0)) this.node.style.minHeight = `${(this.height = height)}px`;
  }

  forgetHeight() {
    this.height = 0;
    this.node.style.minHeight = "";
  }

  announce(shown) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.live.textContent = shown ? this.node.innerText.replace(/\s+/g, " ").slice(0, 400) : "";
    }, 250);
  }

  // ---- a result ----

  written(shown, { operation, terms, total }) {
    const line = element("div", { class: "cx-line" }, this.nameOf(shown), " = ");
    const enclosed = operation === "max" || operation === "min";
    if (enclosed) line.append(`${operation}(`);
    const folds = terms.length > FOLD + 2 && !this.unfolded;
    terms.slice(0, folds ? FOLD : terms.length).forEach((term, n) => {
      const subtracted = term.negative && operation === "sum" && n > 0;
      if (n) line.append(subtracted ? " − " : JOINTS[operation]);
      line.append(this.term(term, term.negative && !subtracted));
    });
    if (folds) line.append(JOINTS[operation], this.fold(terms.length - FOLD));
    if (!terms.length) line.append(operation === "prod" ? "1" : enclosed ? "" : "0");
    if (enclosed) line.append(")");
    const value = this.number(total, shown.key);
    value.classList.add("cx-total");
    line.append(" = ", value);
    return line;
  }

  fold(hidden) {
    const unfold = () => {
      this.unfolded = true;
      this.figure.redraw();
    };
    return element(
      "button",
      { type: "button", class: "cx-more", onclick: unfold },
      `… ${hidden} more`,
    );
  }

  term({ factors }, negative) {
    const parts = element("span", { class: "cx-term" }, negative ? "−" : null);
    factors.forEach((factor, n) => {
      if (n) parts.append("·");
      this.spell(parts, factor.parts);
    });
    if (!factors.length) parts.append("1");
    return parts;
  }

  spell(line, parts) {
    for (const part of parts) {
      if (typeof part === "string") line.append(part);
      else if (part.raised) {
        const above = element("sup");
        this.spell(above, part.raised);
        line.append(above);
      } else line.append(this.number(part.value, part.name, part.index));
    }
  }

  // A number in the colour of its symbol.
  number(value, key, place) {
    const text = written(value, 5);
    const shown = element("span", { class: "cx-number" }, value < 0 && place ? `(${text})` : text);
    if (place) shown.title = this.figure.cellName(key, place);
    const { colour } = this.figure.lookOf(key);
    return colour ? inColour(shown, colour) : shown;
  }

  nameOf({ key, place }) {
    const name = element("span", { class: "cx-number" }, this.figure.cellName(key, place));
    return inColour(name, this.figure.lookOf(key).colour);
  }

  check(shown, total) {
    const found = this.figure.model.finiteDifference(shown.key, shown.place);
    if (!found) return null;
    const near = Math.abs(found.slope - total) <= 1e-5 * Math.max(1, Math.abs(total));
    const verdict = near
      ? "✓ equal"
      : found.kink
        ? "differs: the formula has a kink here"
        : "✗ differs";
    const text = `finite difference of the forward formula: ${written(found.slope, 6)} ${verdict}`;
    return element("div", { class: "cx-difference" }, text);
  }

  // ---- what is given ----

  going(shown, reach) {
    const { model } = this.figure;
    const value =
      model.arrays[shown.key].data[flatIndex(model.arrays[shown.key].shape, shown.place)];
    const line = element(
      "div",
      { class: "cx-line" },
      this.nameOf(shown),
      ` = ${written(value, 6)}`,
    );
    const listed = reach.slice(0, this.unfolded ? reach.length : LISTED);
    listed.forEach((target, n) => {
      line.append(n ? ", " : " goes into ", this.nameOf(target));
      const coefficient = this.coefficient(target, shown);
      if (!coefficient) return;
      line.append(
        " times ",
        this.number(coefficient.value, coefficient.name, coefficient.index ?? []),
      );
    });
    if (listed.length < reach.length) line.append(", ", this.fold(reach.length - listed.length));
    return line;
  }

  // By what an input is multiplied in a result: the other factors of the terms in which it is a
  // factor of its own. Null if it is none, as inside a function.
  coefficient({ key, place }, shown) {
    const { name } = this.figure.lookOf(shown.key);
    const others = [];
    for (const term of this.figure.model.expand(key, place).terms) {
      const own = term.factors.find((f) => f.name === name && samePlace(f.index, shown.place));
      if (own) others.push({ ...term, factors: term.factors.filter((factor) => factor !== own) });
    }
    if (!others.length) return null;
    const [{ factors, negative }] = others;
    if (others.length === 1 && factors.length === 1 && !negative) return factors[0];
    const product = (term) =>
      term.factors.reduce((so_far, factor) => so_far * factor.value, term.negative ? -1 : 1);
    return { value: others.reduce((sum, term) => sum + product(term), 0), name: "" };
  }
}
