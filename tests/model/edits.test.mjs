// Numbers that change: what comes of it, what is refused, and the way back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { randomNumbers } from "../../cnnmath/explorer/js/model/numbers.js";
import { shuffled } from "../../cnnmath/explorer/js/model/shuffle.js";
import { assertPythons, figure, numbers, refusal, valueAt } from "./figures.mjs";

/** @import { Model } from "../../cnnmath/explorer/js/model/model.js" */

/** @param {number[]} shape @param {() => number} random */
const somewhere = (shape, random) => shape.map((length) => Math.floor(random() * length));

/** @param {Model} model */
const snapshot = (model) =>
  Object.fromEntries(Object.entries(model.arrays).map(([key, array]) => [key, numbers(array)]));

test("at the start all results are Python's", async () => {
  for (const name of ["plain", "gradient", "picture", "stride", "picked", "spread"]) {
    await assertPythons(name, (await figure(name)).model);
  }
});

test("an edit changes what reads it, and nothing else", async () => {
  const { model } = await figure("gradient");
  const before = snapshot(model);
  model.set("x", [[0, 1]], 7.5);
  assert.equal(valueAt(model, "x", [0, 1]), 7.5);
  assert.equal(model.arrays.a.data[1], before.a[1] + 5.5);
  assert.deepEqual(numbers(model.arrays.dE_dx), before.dE_dx); // it does not read x
  await assertPythons("gradient", model);
});

test("after random edits, undone and done, results are Python's", async () => {
  const random = randomNumbers(3);
  for (const name of ["gradient", "small network"]) {
    const { model } = await figure(name);
    const names = Object.keys(model.given);
    for (let n = 0; n < 40; n += 1) {
      const key = names[Math.floor(random() * names.length)];
      model.set(key, [somewhere(model.given[key].shape, random)], 20 * random() - 10);
      if (n % 5 === 4) model.undo();
      if (n % 10 === 9) await assertPythons(name, model);
    }
  }
});

test("a network in the shape of LeNet gives Python's results, after edits too", async () => {
  const { model } = await figure("lenet");
  await assertPythons("lenet", model);
  const random = randomNumbers(5);
  for (const key of ["x", "W", "W_2", "d"]) {
    model.set(key, [somewhere(model.given[key].shape, random)], 2 * random() - 1);
  }
  model.set("y", [[]], 3);
  await assertPythons("lenet", model);
});

test("many places take a number at once, as under a brush", async () => {
  const { model, state } = await figure("picture");
  const places = [1, 2, 3].map((column) => [8, column]);
  model.set("x", places, 1);
  for (const place of places) assert.equal(valueAt(model, "x", place), 1);
  await assertPythons("picture", model);
  model.undo();
  assert.deepEqual(numbers(model.arrays.x), state.arrays.x.data);
});

test("a size that only another formula declares is known to all", async () => {
  const { model } = await figure("unshared");
  await assertPythons("unshared", model);
  assert.ok(model.arrays.dE_dx.data.some((value) => value !== 0));
});

// ---- the way back ---------------------------------------------------------------------------------

test("a preset, Shuffle, Undo and Reset", async () => {
  const { model, state } = await figure("presets");
  const { x, W } = state.arrays;
  model.take(state.presets.W.ones);
  assert.deepEqual(numbers(model.arrays.W), Array(8).fill(1));
  await assertPythons("presets", model);
  model.shuffle([]);
  assert.notDeepEqual(numbers(model.arrays.x), x.data);
  await assertPythons("presets", model);
  model.undo();
  assert.deepEqual(numbers(model.arrays.x), x.data);
  assert.deepEqual(numbers(model.arrays.W), Array(8).fill(1));
  model.reset();
  assert.deepEqual(numbers(model.arrays.W), W.data);
  model.undo();
  assert.deepEqual(numbers(model.arrays.W), Array(8).fill(1));
  model.undo();
  assert.deepEqual(numbers(model.arrays.W), W.data);
  assert.equal(model.undo(), false); // there is nothing left: no error
  assert.deepEqual(numbers(model.arrays.W), W.data);
});

test("Shuffle fills all but pictures, alike for everyone", async () => {
  const { model, state } = await figure("picture");
  model.shuffle(state.images);
  assert.deepEqual(numbers(model.arrays.x), state.arrays.x.data);
  const kernels = numbers(model.arrays.W);
  model.shuffle(state.images);
  assert.notDeepEqual(numbers(model.arrays.W), kernels);
  const other = await figure("picture");
  other.model.shuffle(state.images);
  assert.deepEqual(numbers(other.model.arrays.W), kernels);
});

test("Shuffle draws numbers of the kind that stood there", () => {
  for (const [first, low, high, whole] of /** @type {[number[], number, number, boolean][]} */ ([
    [[0, 5, 2], 0, 5, true],
    [[-1, 0, 2], -1, 2, true],
    [[0, 0], 0, 3, true], // and not 0 again
    [[4], 4, 7, true],
    [[0.5, -0.25], -0.25, 0.5, false],
    [[0.5, 0.5], -0.5, 1.5, false],
  ])) {
    const array = { shape: [400], data: new Float64Array(400) };
    const random = randomNumbers(3);
    const { shape, data } = shuffled(array, { shape: [first.length], data: first }, random);
    assert.deepEqual(shape, [400]);
    const found = Array.from(data);
    assert.equal(found.every(Number.isInteger), whole);
    const near = whole ? 0 : 0.05;
    assert.ok(Math.abs(Math.min(...found) - low) <= near, `${first}: ${Math.min(...found)}`);
    assert.ok(Math.abs(Math.max(...found) - high) <= near, `${first}: ${Math.max(...found)}`);
    assert.ok(found.every((value) => String(value).length <= 5)); // −0.25 is as long as they get
  }
});

test("what is marked once, as a drag is, is one step of undo", async () => {
  const { model } = await figure("plain");
  model.set("x", [[0, 0]], 2);
  model.mark();
  for (const value of [3, 4, 5]) model.set("x", [[0, 0]], value, { remember: false });
  assert.equal(model.arrays.x.data[0], 5);
  assert.equal(model.undo(), true);
  assert.equal(model.arrays.x.data[0], 2);
  model.undo();
  assert.equal(model.arrays.x.data[0], 1);
});

test("what changes nothing is no step of undo", async () => {
  const { model } = await figure("plain");
  model.set("x", [[0, 0]], 2);
  const { changes } = model;
  model.set("x", [[0, 0]], 2);
  model.mark(); // a drag that comes back to where it began
  assert.equal(model.changes, changes);
  model.undo();
  assert.equal(model.arrays.x.data[0], 1);
});

test("two hundred steps can be undone", async () => {
  const { model } = await figure("plain");
  for (let n = 1; n <= 205; n += 1) model.set("b", [[0]], 100 + n);
  for (let n = 0; n < 200; n += 1) assert.equal(model.undo(), true);
  assert.equal(model.undo(), false);
  assert.equal(model.arrays.b.data[0], 105);
});

// ---- what is refused ------------------------------------------------------------------------------

test("what does not fit is refused in a sentence", async () => {
  const { model } = await figure("plain");
  const before = snapshot(model);
  for (const [bad, message] of /** @type {const} */ ([
    [{ x: { shape: [1, 2], data: [1, 2] } }, "x has the shape 3 × 4, not 1 × 2"],
    [{ b: { shape: [2], data: [] } }, "b lacks numbers"],
    [{ q: { shape: [1], data: [1] } }, "the figure has no array q"],
    [{ b: { shape: [2], data: [1, Number.NaN] } }, "b would hold NaN, which is no finite number"],
  ])) {
    // @ts-expect-error: of the shapes that are tried, each has its own type
    assert.throws(() => model.replace(bad), { message });
  }
  assert.throws(() => model.set("x", [[0, 0]], Infinity), {
    message: "x would hold Infinity, which is no finite number",
  });
  assert.deepEqual(snapshot(model), before);
  await assertPythons("plain", model);
  assert.equal(model.undo(), false); // nothing of it is remembered
});

test("a formula that fails keeps the last good state", async () => {
  const { model } = await figure("stride");
  model.set("s", [[]], 2);
  assert.deepEqual(numbers(model.arrays.y), [1, 3]);
  assert.throws(() => model.set("s", [[]], 0.5), /x is read at the index 0\.5, .* no whole number/);
  assert.deepEqual(numbers(model.arrays.y), [1, 3]);
  assert.equal(model.arrays.s.data[0], 2);
  assert.match(await refusal("stride", { s: { shape: [], data: [0.5] } }), /no whole number/);
});

test("an index that an array gives must name an element", async () => {
  const { model } = await figure("picked");
  assert.deepEqual(numbers(model.arrays.y), [9, 14]);
  const message = "x is read at 0 along axis 0, as k says, but its elements there are 1 to 3";
  assert.throws(() => model.set("k", [[0]], 0), { message });
  assert.deepEqual(numbers(model.arrays.y), [9, 14]);
});

test("a number with two values is refused, as by Python", async () => {
  const { model } = await figure("spread");
  assert.deepEqual(numbers(model.arrays.y), [0, 1, 0]);
  const g = { shape: [2], data: [2, 1] };
  assert.throws(() => model.replace({ g }), /the formula gives y\[1\] two values, 2 and 1/);
  assert.deepEqual(numbers(model.arrays.g), [1, 1]);
  assert.deepEqual(numbers(model.arrays.y), [0, 1, 0]);
  assert.match(await refusal("spread", { g }), /y\[1\] two values, 2 and 1/);
});
