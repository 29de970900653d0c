// A function and its slope over x. That the numbers are NumPy's, test_curves.py finds out.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createCurve } from "../../cnnmath/explorer/js/model/curve.js";
import { curvesState } from "./figures.mjs";

const { curves, formulas } = await curvesState("curves");
const [relu, elu] = curves.map(({ name, arriving }, n) =>
  createCurve(name, formulas[2 * n], formulas[2 * n + 1], arriving),
);

test("at a kink the slopes to the left and to the right are told apart", () => {
  const { left, right, kink } = relu.measured(0, {});
  assert.deepEqual([left, right, kink], [0, 1, true]);
  assert.deepEqual(relu.at(0, {}), { value: 0, slope: 0 }); // by convention
  const beside = relu.measured(1, {});
  assert.equal(beside.kink, false);
  assert.ok(Math.abs(beside.slope - 1) < 1e-9);
});

test("a curve that leaves the numbers that can be drawn is refused", () => {
  assert.throws(() => elu.strokes(-6, 6, { alpha: 1e308 }), {
    message: "the curve would leave the numbers that can be drawn",
  });
  assert.equal(elu.strokes(-6, 6, { alpha: 1.5 }).value.length, 1);
});
