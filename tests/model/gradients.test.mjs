// Gradients beside the slopes that are measured: by finite differences, through all layers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { verdictOn } from "../../cnnmath/explorer/js/model/difference.js";
import { placeOf } from "../../cnnmath/explorer/js/model/places.js";
import { figure, valueAt } from "./figures.mjs";

/** @import { Model } from "../../cnnmath/explorer/js/model/model.js" */
/** @import { Place } from "../../cnnmath/explorer/js/model/types.js" */

const EQUAL = "✓ equal";
const DIFFERS = "✗ differs";
const KINK = "(no judge: the formula has a kink here)";
const ROUNDING = "not known: rounding, or a kink nearby, hides it";

/**
 * What the figure says of an element of dE_dx, or of another gradient.
 * @param {Model} model
 * @param {Place} place
 */
function verdict(model, place, key = "dE_dx") {
  const measured = model.finiteDifference(key, place);
  assert.ok(measured);
  return verdictOn(valueAt(model, key, place), measured);
}

test("a gradient is measured by the forward formula", async () => {
  const { model } = await figure("gradient");
  for (const place of [
    [0, 0],
    [1, 2],
    [2, 3],
  ]) {
    const measured = model.finiteDifference("dE_dx", place);
    assert.ok(measured);
    assert.ok(Math.abs(measured.slope - valueAt(model, "dE_dx", place)) < 1e-6);
    assert.deepEqual(measured.through, ["a"]);
    assert.equal(verdict(model, place), EQUAL);
  }
  assert.equal(model.finiteDifference("a", [0, 0, 0]), null); // it is no gradient
});

test("it is measured anew after an edit", async () => {
  const { model } = await figure("gradient");
  const before = model.finiteDifference("dE_dx", [0, 0])?.slope ?? 0;
  model.set("W", [[0, 0, 0]], 3); // from 1, and ∂E/∂a is 1 there
  const after = model.finiteDifference("dE_dx", [0, 0])?.slope ?? 0;
  assert.ok(Math.abs(after - before - 2) < 1e-6);
  assert.equal(verdict(model, [0, 0]), EQUAL);
});

test("a wrong gradient is found out", async () => {
  const { model } = await figure("unturned");
  assert.equal(verdict(model, [1, 1]), DIFFERS);
});

/**
 * What is said of the first element.
 * @param {...string} names of figures
 */
async function verdicts(...names) {
  const found = [];
  for (const name of names) found.push(verdict((await figure(name)).model, [0, 0]));
  return found;
}

test("a small gradient is found out as a large one is", async () => {
  assert.deepEqual(await verdicts("small", "small, doubled"), [EQUAL, DIFFERS]);
});

test("beside a huge number nothing is known", async () => {
  assert.deepEqual(await verdicts("beside 0", "beside 0, doubled"), [EQUAL, DIFFERS]);
  const huge = await verdicts("beside a huge number", "beside a huge number, doubled");
  assert.deepEqual(huge, [ROUNDING, ROUNDING]);
});

test("at a kink the slopes of the two sides are possible, and what lies between", async () => {
  const found = await verdicts("kink, middle", "kink, right", "kink, beyond");
  assert.deepEqual(found, [KINK, KINK, DIFFERS]);
});

test("kinks on the way that cancel in the error are told from a mistake", async () => {
  const { model } = await figure("cancelling kinks");
  const found = [0, 1, 2].map((column) => verdict(model, [0, column]));
  assert.deepEqual(found, [EQUAL, "not known: there is a kink on the way", EQUAL]);
});

test("at a kink nothing is wrong, and beside it all is known", async () => {
  const { model } = await figure("rectifier");
  assert.equal(verdict(model, [0, 2]), EQUAL);
  assert.equal(verdict(model, [0, 1]), KINK);
});

test("beside an infinite result, and across a pole, nothing is called equal", async () => {
  const { model } = await figure("pole");
  for (const place of [
    [0, 1],
    [0, 2],
  ])
    assert.notEqual(verdict(model, place), EQUAL);
});

// ---- through layers -------------------------------------------------------------------------------

test("a gradient is measured through all layers", async () => {
  const { model } = await figure("small network");
  for (const [key, place] of /** @type {[string, Place][]} */ ([
    ["dE_dx", [4, 3]],
    ["dE_dW", [0, 1, 2]],
    ["dE_db", [0]],
  ])) {
    assert.deepEqual(model.finiteDifference(key, place)?.through, ["a", "h", "p"]);
    assert.equal(verdict(model, place, key), EQUAL);
    assert.notEqual(valueAt(model, key, place), 0);
  }
  assert.deepEqual(model.finiteDifference("dE_da", [0, 1, 3])?.through, ["h", "p"]);
  assert.deepEqual(model.finiteDifference("dE_dh", [0, 1, 3])?.through, ["p"]);
  for (const key of ["a", "omega", "dE_dp"]) {
    assert.equal(
      model.finiteDifference(
        key,
        model.arrays[key].shape.map(() => 0),
      ),
      null,
    );
  }
});

test("every gradient of the small network is what is measured, or stands at a kink", async () => {
  const { model } = await figure("small network");
  for (const key of ["dE_dx", "dE_dW", "dE_db", "dE_da", "dE_dh", "delta"]) {
    const { shape, data } = model.arrays[key];
    const found = Array.from(data, (_, flat) => verdict(model, placeOf(shape, flat), key));
    assert.ok(found.includes(EQUAL), key);
    assert.ok(!found.includes(DIFFERS), key);
  }
});

test("a mistake in a layer is found out before it", async () => {
  const { model } = await figure("mistaken layer");
  assert.ok(model.arrays.a.data.some((value) => value < 0));
  const { shape, data } = model.arrays.x;
  const places = Array.from(data, (_, flat) => placeOf(shape, flat));
  for (const place of places) {
    assert.deepEqual(model.finiteDifference("dE_dx", place)?.through, ["a", "h"]);
  }
  const found = new Set(places.map((place) => verdict(model, place)));
  assert.ok(found.has(DIFFERS) && found.has(EQUAL)); // where the layer lets all through
});

test("each gradient is of the array beside which it stands", async () => {
  const { model } = await figure("small network");
  const targets = Object.fromEntries(
    model.order.map((key) => [key, model.targetOf(key)]).filter(([, target]) => target),
  );
  assert.deepEqual(targets, {
    dE_dp: "p",
    dE_dh: "h",
    dE_da: "a",
    delta: "a",
    dE_dW: "W",
    dE_db: "b",
    dE_dx: "x",
  });
});
