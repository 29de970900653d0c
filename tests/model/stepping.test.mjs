// Steps of learning: what a formula makes of an array takes its place.

import assert from "node:assert/strict";
import { test } from "node:test";
import { errorOfStep, stepped } from "../../cnnmath/explorer/js/model/stepping.js";
import { assertPythons, figure, numbers } from "./figures.mjs";

/** @param {number} rate */
async function learner(rate) {
  const { state, model } = await figure("stepping");
  const { step } = state;
  assert.ok(step);
  model.set("eta", [[]], rate);
  const errors = () => model.arrays.E.data[0];
  const take = (count = 1) => {
    for (let n = 0; n < count; n += 1) model.replace(stepped(model, step));
    return errors();
  };
  return { model, step, take, error: errors };
}

test("a step makes of an array what its formula says, and can be undone", async () => {
  const { model, step, take } = await learner(0.03);
  assert.deepEqual(step, { W: "W_hat" });
  assert.equal(errorOfStep(model, step), "E");
  const [before, next] = [numbers(model.given.W), numbers(model.arrays.W_hat)];
  take();
  assert.deepEqual(numbers(model.given.W), next);
  await assertPythons("stepping", model);
  model.undo();
  assert.deepEqual(numbers(model.given.W), before);
});

test("below the limit of the largest curvature the error falls with every step", async () => {
  const { take, error } = await learner(0.046); // the limit is 2/43.13 = 0.0464
  for (let last = error(), n = 0; n < 50; n += 1) {
    const now = take();
    assert.ok(now < last, `${now} after ${last}`);
    last = now;
  }
});

test("beyond it the error grows in the end, until what comes is no number", async () => {
  const { model, take, error } = await learner(0.047);
  const before = error();
  assert.ok(take(1) < before); // one good step proves nothing
  assert.ok(take(300) > before);
  assert.throws(() => take(100_000), /W would hold .*, which is no finite number/);
  assert.ok(model.given.W.data.every(Number.isFinite));
});
