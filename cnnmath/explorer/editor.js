// The field for the number in a cell of a given array.

class Editor {
  constructor(figure) {
    this.figure = figure;
    this.target = null; // { key, place } of the cell that is edited
    this.field = new NumberField({
      name: () => figure.cellName(this.target.key, this.target.place),
      value: () => this.grid.value(this.target.place),
      set: (value) => figure.edit(this.target.key, [this.target.place], value),
      nudge: (direction) => figure.nudge(this.grid, direction, this.target.place),
      leave: () => this.grid.focusable.focus({ preventScroll: true }),
      say: (sentence) => figure.say(sentence),
    });
    this.node = this.field.node;
    this.node.hidden = true;
  }

  get grid() {
    return this.figure.gridOf(this.target.key);
  }

  // target: a cell of a given array, or null
  show(target) {
    const moved = !target || !(this.target && this.figure.isSame(target, this.target));
    if (moved) this.field.dirty = false;
    this.target = target;
    this.node.hidden = !target;
    if (target) this.field.show();
  }

  start(text) {
    this.field.start(text);
  }
}
