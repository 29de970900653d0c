// A figure that reads digits: what it would give for other numbers, learning, mistaken gradients.

import assert from "node:assert/strict";
import { test } from "node:test";
import { learnt, numberRight, parametersOf } from "../../cnnmath/explorer/js/model/learning.js";
import { assertClose, figure, numbers } from "./figures.mjs";

/** @import { Model } from "../../cnnmath/explorer/js/model/model.js" */
/** @import { Reading } from "../../cnnmath/explorer/js/model/types.js" */

/** @param {number} value */
const numberOf = (value) => ({ shape: [], data: Float64Array.of(value) });

async function reader() {
  const { state, model } = await figure("digits");
  assert.ok(state.reading);
  return { model, reading: state.reading };
}

/** @param {Model} model */
const errorOf = (model) => model.arrays.E.data[0];

/**
 * @param {Model} model
 * @param {Reading} reading
 * @param {number} rate
 */
function learn(model, reading, rate) {
  const step = learnt(model, parametersOf(model, reading), rate);
  model.replace(step.arrays);
  return step;
}

test("what would be is what is, once it is so", async () => {
  const { model } = await reader();
  const moved = { x: { shape: [28, 28], data: model.given.x.data.map((value) => 1 - value) } };
  const before = numbers(model.arrays.y_hat);
  const [found, error] = ["y_hat", "E"].map((key) => numbers(model.supposing(key, moved)));
  assert.deepEqual(numbers(model.arrays.y_hat), before);
  assert.notDeepEqual(found, before);
  model.replace(moved);
  assert.deepEqual(numbers(model.arrays.y_hat), found);
  assert.deepEqual(numbers(model.arrays.E), error);
});

test("weights and biases learn, the picture and the label do not", async () => {
  const { model, reading } = await reader();
  assert.deepEqual(parametersOf(model, reading).toSorted(), ["V", "W", "W_2", "b", "b_2", "d"]);
});

test("a step goes against the gradients, and E falls by what they say", async () => {
  const { model, reading } = await reader();
  model.replace({ y: numberOf(7) }); // it reads a 1
  const names = parametersOf(model, reading);
  const before = { error: errorOf(model), given: { ...model.given }, arrays: { ...model.arrays } };
  const rate = 1e-6;
  const { most } = learn(model, reading, rate);
  let squares = 0;
  for (const name of names) {
    const slopes = numbers(before.arrays[`dE_d${name}`]);
    slopes.forEach((slope, n) => {
      squares += slope * slope;
      assertClose(model.given[name].data[n], before.given[name].data[n] - rate * slope, name);
      assert.ok(rate * Math.abs(slope) <= Math.abs(most.by));
    });
  }
  const fallen = before.error - errorOf(model);
  assert.ok(Math.abs(fallen / (rate * squares) - 1) < 0.01, `${fallen} ${rate * squares}`);
  model.undo(); // one step
  assert.deepEqual(numbers(model.given.V), numbers(before.given.V));
});

test("it learns what it is told, at the cost of others", async () => {
  const { model, reading } = await reader();
  const first = numberRight(model, reading);
  assert.ok(first >= 9);
  model.replace({ y: numberOf(7) });
  const errors = [errorOf(model)];
  for (let n = 0; n < 5; n += 1) {
    learn(model, reading, 0.01);
    errors.push(errorOf(model));
  }
  assert.ok(errors.every((error, n) => !n || error < errors[n - 1]));
  assert.ok(errors[5] < 0.1);
  for (let n = 0; n < 30; n += 1) learn(model, reading, 0.1);
  assert.ok(numberRight(model, reading) < first); // it reads sevens everywhere
});

test("a mistaken formula takes the place of the right one, and goes again", async () => {
  const { model, reading } = await reader();
  model.replace({ y: numberOf(7) });
  const right = numbers(model.arrays.dE_dW);
  for (const wrong of reading.mistakes) {
    model.err(wrong);
    assert.equal(model.mistake, wrong);
    assert.equal(model.producing(wrong.key)?.formula.label, wrong.label);
    const place = model.arrays[wrong.key].shape.map(() => 2);
    assert.deepEqual(model.finiteDifference(wrong.key, place)?.through.at(-1), "E");
    if (wrong.label !== "ties to all") assert.notDeepEqual(numbers(model.arrays.dE_dW), right);
    model.undo();
    assert.equal(model.mistake, null);
    assert.deepEqual(numbers(model.arrays.dE_dW), right);
  }
  model.err(reading.mistakes[0]);
  model.reset();
  assert.equal(model.mistake, null);
});

test("with each mistaken gradient it learns all the same", async () => {
  for (const n of [0, 1, 2]) {
    const { model, reading } = await reader();
    model.replace({ y: numberOf(7) });
    model.err(reading.mistakes[n]);
    for (let step = 0; step < 5; step += 1) learn(model, reading, 0.01);
    assert.ok(errorOf(model) < 0.5, reading.mistakes[n].label);
  }
});
