// The field for the number in a cell of a given array.

import { NumberField } from "./field.js";

/** @import { Cell } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

export class Editor {
  /** @param {Figure} figure */
  constructor(figure) {
    this.figure = figure;
    /**
     * The cell that is edited.
     * @type {Cell | null}
     */
    this.target = null;
    this.seen = 0; // as of which change of the model
    this.field = new NumberField({
      name: () => figure.cellName(this.cell.key, this.cell.place),
      value: () => this.grid.value(this.cell.place),
      set: (value) => figure.edit(this.cell.key, [this.cell.place], value),
      nudge: (direction) => figure.nudge(this.grid, direction, this.cell.place),
      leave: () => this.grid.focusable.focus({ preventScroll: true }),
      say: (sentence) => figure.say(sentence),
    });
    this.node = this.field.node;
    this.node.hidden = true;
  }

  get cell() {
    if (!this.target) throw new Error("no cell is edited");
    return this.target;
  }

  get grid() {
    return this.figure.gridOf(this.cell.key);
  }

  /** @param {Cell | null} target a cell of a given array */
  show(target) {
    const moved = !target || !(this.target && this.figure.isSame(target, this.target));
    const { changes } = this.figure.model;
    if (moved || changes !== this.seen) this.field.dirty = false; // it was changed otherwise
    this.seen = changes;
    this.target = target;
    this.node.hidden = !target;
    if (target) this.field.show();
  }

  /** @param {string | null} text */
  start(text) {
    this.field.start(text);
  }
}
