// Sizes that move: what follows them, what is impossible, and the way back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { randomNumbers } from "../../cnnmath/explorer/js/model/numbers.js";
import { resized } from "../../cnnmath/explorer/js/model/sizes.js";
import {
  assertPythons,
  assertResults,
  figure,
  numbers,
  refusal,
  resizedByPython,
} from "./figures.mjs";

/** @import { Model } from "../../cnnmath/explorer/js/model/model.js" */

/** @param {() => number} random @param {[number, number]} range */
const between = (random, [first, last]) => first + Math.floor(random() * (last - first + 1));

/** @param {Model} model */
const state = ({ sizes, arrays }) => ({
  sizes: { ...sizes },
  arrays: Object.entries(arrays).map(([key, { shape, data }]) => [key, shape, Array.from(data)]),
});

test("every choice of sizes is Python's: arrays, results, or why it is impossible", async () => {
  const { model } = await figure("moving");
  let [possible, impossible] = [0, 0];
  for (const m of [1, 3, 4, 5]) {
    for (const n of [1, 3]) {
      for (const q of [1, 2, 3]) {
        for (const P of [0, 2]) {
          model.reset();
          const sizes = { m, n, q, P };
          const python = /** @type {any} */ (await resizedByPython("moving", sizes));
          if (python.refused) {
            const before = state(model);
            assert.throws(() => model.resize(sizes), { message: python.refused });
            assert.deepEqual(state(model), before);
            impossible += 1;
            continue;
          }
          model.resize(sizes);
          assert.deepEqual(model.sizes, sizes);
          for (const [name, { shape, data }] of Object.entries(python.state.arrays)) {
            assert.deepEqual([name, model.given[name].shape], [name, shape]);
            assert.deepEqual([name, numbers(model.given[name])], [name, data]);
          }
          assertResults(model, python.results);
          possible += 1;
        }
      }
    }
  }
  assert.ok(possible > 20 && impossible > 8, `${possible} ${impossible}`);
});

test("after random edits and sizes, undone and done again, results are Python's", async () => {
  for (const name of ["moving", "moving network"]) {
    const { model } = await figure(name);
    const random = randomNumbers(5);
    let refused = 0;
    for (let n = 0; n < 60; n += 1) {
      const chance = random();
      if (chance < 0.5) {
        const names = Object.keys(model.ranges);
        const size = names[Math.floor(random() * names.length)];
        try {
          model.resize({ [size]: between(random, model.ranges[size]) });
        } catch {
          refused += 1;
        }
      } else if (chance < 0.75) {
        const names = Object.keys(model.given);
        const key = names[Math.floor(random() * names.length)];
        const place = model.given[key].shape.map((length) => Math.floor(random() * length));
        model.set(key, [place], Math.round(20 * random() - 10));
      } else if (chance < 0.9) model.undo();
      else model.redo();
      if (n % 6 === 5) await assertPythons(name, model);
    }
    if (name === "moving") assert.ok(refused > 0);
  }
});

test("an array is cropped, or continued by the author's numbers, and edits stay", async () => {
  const { model } = await figure("moving");
  assert.deepEqual(numbers(model.given.W), [1, 0, 2, -1]);
  model.set("W", [[1, 1]], 9);
  model.resize({ m: 3, n: 3 });
  assert.deepEqual(model.given.W.shape, [3, 3]);
  assert.deepEqual(numbers(model.given.W), [1, 0, 1, 2, 9, 2, 1, 0, 1]);
  model.resize({ m: 1 });
  assert.deepEqual(numbers(model.given.W), [1, 0, 1]);
  model.resize({ m: 2, n: 2 });
  assert.deepEqual(numbers(model.given.W), [1, 0, 2, -1]); // the 9 was cut off
});

test("a number is an array without axes, and stays one", () => {
  const one = { shape: [], data: [3] };
  assert.deepEqual(resized({ shape: [], data: [4] }, one, []), {
    shape: [],
    data: Float64Array.of(4),
  });
});

test("sizes go back and forth together with numbers", async () => {
  const { model } = await figure("moving");
  const states = [state(model)];
  const actions = [
    () => model.resize({ m: 3 }),
    () => model.set("W", [[2, 0]], 7),
    () => model.resize({ q: 2, P: 1 }),
    () => model.reset(),
  ];
  for (const act of actions) {
    act();
    states.push(state(model));
  }
  assert.deepEqual(states[4], states[0]);
  for (const expected of states.slice(0, -1).toReversed()) {
    assert.equal(model.undo(), true);
    assert.deepEqual(state(model), expected);
  }
  assert.equal(model.undo(), false);
  for (const expected of states.slice(1)) {
    assert.equal(model.redo(), true);
    assert.deepEqual(state(model), expected);
  }
  assert.equal(model.redo(), false);
});

test("what is done after an undo leaves nothing to redo", async () => {
  const { model } = await figure("moving");
  model.resize({ q: 2 });
  model.set("x", [[0, 0]], 5);
  model.undo();
  model.set("x", [[0, 0]], 1); // as it is: no edit
  assert.equal(model.redo(), true);
  model.undo();
  model.set("x", [[0, 0]], 6, { remember: false }); // one of a drag
  assert.equal(model.redo(), false);
  assert.equal(model.arrays.x.data[0], 6);
});

test("a size that is dragged too far stops at the last good value and says why", async () => {
  const { model } = await figure("moving");
  const why = await refusal("moving", {}, { m: 4 });
  assert.match(why, /^a would have no elements: .* = \(0, 3\)$/);
  assert.throws(() => model.scrub("m", 5), { message: why });
  assert.equal(model.sizes.m, 3);
  await assertPythons("moving", model);
  model.undo(); // one step
  assert.equal(model.sizes.m, 2);
  model.scrub("m", 1);
  assert.equal(model.sizes.m, 1);
});

test("a size that is none, or goes too far, is refused", async () => {
  const { model } = await figure("moving");
  for (const [wanted, message] of /** @type {const} */ ([
    [{ q: 4 }, "q moves from 1 to 3 in this figure: it cannot be 4"],
    [{ q: 1.5 }, "the size q was given as 1.5: expected a whole number"],
    [{ z: 1 }, "the figure has no size z: its sizes are q, P, m, n"],
  ])) {
    assert.throws(() => model.resize(/** @type {any} */ (wanted)), { message });
    assert.equal(await refusal("moving", {}, /** @type {any} */ (wanted)), message);
  }
  const pooling = (await figure("pooling")).model;
  assert.throws(() => pooling.resize({ q: 2 }), {
    message: "q stays 1 in this figure: it cannot be 2",
  });
  assert.equal(await refusal("pooling", {}, { q: 2 }), "q stays 1 in this figure: it cannot be 2");
});

test("an array of another shape brings its sizes along", async () => {
  const { model, state: first } = await figure("moving");
  model.resize({ m: 3, n: 3, q: 2 });
  model.take(first.presets.W.ones);
  assert.deepEqual(model.sizes, { q: 2, P: 0, m: 2, n: 2 });
  assert.deepEqual(numbers(model.given.W), [1, 1, 1, 1]);
  await assertPythons("moving", model);
  model.take(first.presets.W["sum of three"]);
  assert.deepEqual(model.sizes, { q: 2, P: 0, m: 3, n: 1 });
  await assertPythons("moving", model);
  model.undo();
  model.undo();
  assert.deepEqual(model.given.W.shape, [3, 3]);
  assert.throws(() => model.replace({ W: { shape: [9, 1], data: Array(9).fill(0) } }), {
    message: "W has the shape 3 × 3, not 9 × 1",
  });
});

test("what Python makes of a figure is followed, in whatever order it is told", async () => {
  const { model } = await figure("moving");
  const sizes = { ...model.sizes, m: 3 };
  model.follow(model.given, sizes); // its arrays have not come yet
  assert.deepEqual(numbers(model.given.W), [1, 0, 2, -1, 1, 0]);
  const W = { shape: [3, 2], data: [1, 2, 3, 4, 5, 6] };
  model.follow({ ...model.given, W }, sizes);
  assert.deepEqual(numbers(model.given.W), W.data);
  await assertPythons("moving", model);
});
