// What is written below the arrays: the sum that a result is made of, or where an input goes.

const FOLD = 12; // terms that are shown before a sum folds
const LISTED = 12; // results that are listed of all that an input goes into
const JOINTS = { sum: " + ", prod: " · ", max: ", ", min: ", " };
const HINT = "Point at a cell, tap it, or reach it with Tab and the arrow keys.";

class Sum {
  constructor(figure) {
    this.figure = figure;
    this.unfolded = null; // the cell whose sum is written in full
    this.wrote = ""; // what is written now
    this.node = element("div", {
      class: "cx-sum",
      onfocusout: (event) => figure.blur(event.relatedTarget),
    });
    this.live = element("div", { class: "cx-hidden", "aria-live": "polite" });
  }

  // shown: { key, place } or null; expansion: of a result; reach: of what is given
  write(shown, expansion, reach) {
    // Written anew without need, a button would be gone before the pointer that pressed it is up.
    const text = JSON.stringify([shown, this.unfolded, this.figure.drawn]);
    if (this.wrote === text) return;
    this.wrote = text;
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
    this.wrote = "";
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

  isUnfolded(shown) {
    return this.unfolded && this.figure.isSame(this.unfolded, shown);
  }

  written(shown, { operation, terms, winner, total }) {
    const line = element("div", { class: "cx-line" }, this.nameOf(shown), " = ");
    const enclosed = operation === "max" || operation === "min";
    if (enclosed) line.append(`${operation}(`);
    const folds = terms.length > FOLD + 2 && !this.isUnfolded(shown);
    const listed = folds ? terms.slice(0, FOLD) : terms;
    const [only] = terms.length === 1 ? terms : [];
    listed.forEach((term, n) => {
      const subtracted = term.negative && operation === "sum" && n > 0;
      if (n) line.append(subtracted ? " − " : JOINTS[operation]);
      const copied = term === only && !enclosed && this.copied(term);
      line.append(copied || this.term(term, term.negative && !subtracted, term === winner));
    });
    if (folds) {
      const late = winner && !listed.includes(winner); // it is shown all the same
      const more = this.fold(shown, terms.length - FOLD - (late ? 1 : 0));
      line.append(JOINTS[operation], more);
      if (late) line.append(JOINTS[operation], this.term(winner, false, true));
    }
    if (enclosed) line.append(")");
    const value = this.number(total, shown.key);
    value.classList.add("cx-total");
    line.append(terms.length || enclosed ? " = " : "", value);
    return line;
  }

  // What is only taken over from elsewhere is named: its number is the total.
  copied({ factors: [{ name, index }, ...others], negative }) {
    const is = name && !others.length && !negative && this.figure.gridOf(name);
    return is ? this.nameOf({ key: name, place: index }) : null;
  }

  fold(shown, hidden) {
    const unfold = () => {
      this.unfolded = shown;
      this.figure.unfolded(shown);
    };
    return element(
      "button",
      { type: "button", class: "cx-more", onclick: unfold },
      `… ${hidden} more`,
    );
  }

  term({ factors }, negative, wins) {
    const look = wins ? "cx-term cx-winner" : "cx-term";
    const parts = element("span", { class: look }, negative ? "−" : null);
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
    const { through, slope } = found;
    const names = through.map((key) => this.figure.cellName(key, [])).join(" → ");
    const way = through.length > 1 ? `through ${names}` : "of the forward formula";
    const text = `finite difference ${way}: ${written(slope, 6)} ${verdict}`;
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
    const listed = reach.slice(0, this.isUnfolded(shown) ? reach.length : LISTED);
    listed.forEach((target, n) => {
      line.append(n ? ", " : " goes into ", this.nameOf(target), ...this.part(target, shown));
    });
    const hidden = reach.length - listed.length;
    if (hidden) line.append(", ", this.fold(shown, hidden));
    const [gradient] = model.gradientsOf(shown.key);
    if (gradient) line.append(...this.gradientOf({ key: gradient, place: shown.place }));
    return line;
  }

  // Which part an input has in a result: it wins a maximum or not, or is multiplied by a number.
  part(target, shown) {
    const expansion = this.figure.model.expand(target.key, target.place);
    const { name } = this.figure.lookOf(shown.key);
    const isOwn = (factor) => factor.name === name && samePlace(factor.index, shown.place);
    if (expansion.winner) {
      const wins = readsOf([expansion.winner]).some(isOwn);
      return [wins ? element("b", {}, " (wins)") : " (loses)"];
    }
    const coefficient = this.coefficient(expansion, isOwn);
    if (!coefficient) return [];
    const { value, name: of, index = [] } = coefficient;
    return [" times ", this.number(value, of, index)];
  }

  gradientOf(cell) {
    const value = this.figure.gridOf(cell.key).value(cell.place);
    return [". Its gradient: ", this.nameOf(cell), " = ", this.number(value, cell.key)];
  }

  // By what an input is multiplied in a result: the other factors of the terms in which it is a
  // factor of its own. Null if it is none, as inside a function.
  coefficient({ terms }, isOwn) {
    const others = [];
    for (const term of terms) {
      const own = term.factors.find(isOwn);
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
