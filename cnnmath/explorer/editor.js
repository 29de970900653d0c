// The field in which a number of a given array is typed, with + and − beside it.

class Editor {
  constructor(figure) {
    this.figure = figure;
    this.target = null; // { key, place } of the cell that is edited
    this.dirty = false; // whether something was typed that is not yet in the array
    this.label = element("label", { for: figure.nextId() });
    this.field = element("input", {
      id: this.label.htmlFor,
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      oninput: () => (this.dirty = true),
      onblur: () => this.commit(),
      onkeydown: (event) => {
        if (event.key === "Enter" && this.commit()) this.leave();
        if (event.key !== "Escape") return;
        event.stopPropagation(); // the pin stays, what was typed goes
        this.dirty = false;
        this.leave();
        this.show(this.target);
      },
    });
    this.node = element(
      "div",
      { class: "cx-editor", hidden: true },
      this.label,
      button("−", "Less", () => figure.nudge(this.grid, -1, this.target.place)),
      this.field,
      button("+", "More", () => figure.nudge(this.grid, 1, this.target.place)),
    );
  }

  get grid() {
    return this.figure.gridOf(this.target.key);
  }

  // target: a cell of a given array, or null
  show(target) {
    this.node.hidden = !target;
    const moved = target && !(this.target && this.figure.isSame(target, this.target));
    this.target = target;
    if (!target || (this.dirty && !moved)) return;
    this.dirty = false;
    this.label.textContent = `${this.figure.cellName(target.key, target.place)} =`;
    this.field.value = String(this.grid.value(target.place));
    this.field.removeAttribute("aria-invalid");
  }

  // Ready for typing, with a first character if one was typed already.
  start(text) {
    this.field.focus({ preventScroll: true });
    if (text === null) {
      this.field.select();
      return;
    }
    this.field.value = text;
    this.dirty = true;
  }

  // Puts what was typed into the array; false if that is no number.
  commit() {
    if (!this.dirty || !this.target) return true;
    const text = this.field.value;
    const value = readNumber(text);
    const { key, place } = this.target;
    if (value === null) {
      const name = this.figure.cellName(key, place);
      this.field.setAttribute("aria-invalid", "true");
      this.figure.say(
        `“${text}” is no number: ${name} stays ${written(this.grid.value(place), 6)}.`,
      );
      return false;
    }
    this.dirty = false;
    this.figure.edit(key, [place], value);
    return true;
  }

  leave() {
    this.grid.focusable.focus({ preventScroll: true });
  }
}
