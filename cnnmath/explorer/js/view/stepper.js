// A button that takes a step of learning, and what became of the error step after step.

import { written } from "../model/numbers.js";
import { errorOfStep, stepped } from "../model/stepping.js";
import { button, element } from "./element.js";

/** @import { Step } from "../model/types.js" */
/** @import { Figure } from "./figure.js" */

const SHOWN = 5; // errors before this one

export class Stepper {
  /**
   * @param {Figure} figure
   * @param {Step} step
   */
  constructor(figure, step) {
    this.figure = figure;
    this.step = step;
    this.error = errorOfStep(figure.model, step);
    /** @type {number[]} */
    this.errors = []; // before each step
    this.tookAt = -1; // as of which change of the model there was a step
    this.button = button("Take a step", `Take a step: ${this.said}`, () => this.take());
    this.outcome = element("div", { class: "cx-outcome", role: "status" });
    figure.whenChanged(() => this.show());
  }

  get said() {
    const { figure } = this;
    const parts = Object.entries(this.step).map(
      ([name, key]) => `${figure.cellName(name, [])} becomes ${figure.cellName(key, [])}`,
    );
    return parts.join(", ");
  }

  get errorNow() {
    return this.error === null ? NaN : this.figure.model.arrays[this.error].data[0];
  }

  // Before a number is known that is asked about, a step would tell it.
  get isAsked() {
    const { hidden, model } = this.figure;
    return model.order.some((key) => hidden.of(key).size);
  }

  take() {
    const { figure } = this;
    const { model } = figure;
    const errors = [...(this.tookAt === model.changes ? this.errors : []), this.errorNow];
    const before = model.changes;
    figure.change(() => model.replace(stepped(model, this.step)));
    if (model.changes === before) return; // it leads nowhere, or too far
    this.errors = errors;
    this.tookAt = model.changes;
    this.show();
  }

  show() {
    this.button.disabled = this.isAsked;
    const text = this.tookAt === this.figure.model.changes ? this.trail : `A step: ${this.said}.`;
    if (this.outcome.textContent !== text) this.outcome.textContent = text;
  }

  get trail() {
    const { length } = this.errors;
    const count = length === 1 ? "1 step" : `${length} steps`;
    if (this.error === null) return `${count}.`;
    const errors = [...this.errors.slice(-SHOWN), this.errorNow].map((one) => written(one));
    const name = this.figure.cellName(this.error, []);
    return `${count}, ${name}: ${length > SHOWN ? "… → " : ""}${errors.join(" → ")}.`;
  }
}
