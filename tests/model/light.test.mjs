// What a cell that is shown is made of, or goes into; and what lights up with it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { coefficientOf } from "../../cnnmath/explorer/js/model/coefficient.js";
import { createHidden } from "../../cnnmath/explorer/js/model/hidden.js";
import { findLight } from "../../cnnmath/explorer/js/model/light.js";
import { findMargins } from "../../cnnmath/explorer/js/model/margins.js";
import { samePlace } from "../../cnnmath/explorer/js/model/places.js";
import { figure, inNumbers, valueAt } from "./figures.mjs";

/** @import { Model } from "../../cnnmath/explorer/js/model/model.js" */
/** @import { Cell, Place } from "../../cnnmath/explorer/js/model/types.js" */

/**
 * By array the places that are lit, and of each why: strong, near, far or outside.
 * @param {Model} model
 * @param {string} key
 * @param {Place} place
 */
function litBy(model, key, place) {
  const { lit } = findLight(model, { key, place });
  const found = [...lit].filter(([, cells]) => cells.size);
  return Object.fromEntries(
    found.map(([name, cells]) => [
      name,
      Object.fromEntries([...cells.values()].map((cell) => [`${cell.place}`, cell.kind])),
    ]),
  );
}

/**
 * Where it is lit, whatever for.
 * @param {Model} model
 * @param {string} key
 * @param {Place} place
 */
const placesLit = (model, key, place) =>
  Object.fromEntries(
    Object.entries(litBy(model, key, place)).map(([name, cells]) => [
      name,
      new Set(Object.keys(cells)),
    ]),
  );

/**
 * The places with these numbers on each axis.
 * @param {...number[]} axes
 */
const block = (...axes) =>
  new Set(
    axes
      .reduce(
        (places, numbers) => places.flatMap((place) => numbers.map((n) => [...place, n])),
        /** @type {Place[]} */ ([[]]),
      )
      .map(String),
  );

/**
 * By what an element is multiplied in a result.
 * @param {Model} model
 * @param {string} key
 * @param {Place} place
 * @param {string} name
 * @param {Place} index
 */
const coefficient = (model, key, place, name, index) =>
  coefficientOf(
    model.expand(key, place),
    (read) => read.name === name && samePlace(read.index, index),
  );

/** @param {Cell[]} cells */
const named = (cells) => cells.map(({ key, place }) => `${key} ${place}`);

test("a result lights all that it is made of", async () => {
  const { model } = await figure("plain");
  const { expansion } = findLight(model, { key: "a", place: [0, 0, 1] });
  assert.ok(expansion);
  assert.deepEqual(inNumbers(expansion.terms), ["1·2", "0·0", "2·1", "-1·3", "1"]);
  assert.equal(expansion.operation, "sum");
  assert.equal(expansion.total, 2);
  assert.deepEqual(litBy(model, "a", [0, 0, 1]), {
    a: { "0,0,1": "strong" },
    x: { "0,1": "near", "0,2": "near", "1,1": "near", "1,2": "near" },
    W: { "0,0,0": "near", "0,0,1": "near", "0,1,0": "near", "0,1,1": "near" },
    b: { 0: "near" },
  });
});

test("nothing is lit while nothing is shown", async () => {
  const { model } = await figure("plain");
  const { expansion, reach, lit } = findLight(model, null);
  assert.equal(expansion, null);
  assert.deepEqual(reach, []);
  assert.deepEqual([...lit.keys()], ["x", "W", "b", "a"]);
  assert.ok([...lit.values()].every((cells) => cells.size === 0));
});

test("an input lights all that it goes into, and is multiplied by its weights there", async () => {
  const { model } = await figure("plain");
  const { reach } = findLight(model, { key: "x", place: [1, 1] });
  assert.deepEqual(placesLit(model, "x", [1, 1]), {
    x: new Set(["1,1"]),
    a: block([0, 1], [0, 1], [0, 1]),
  });
  assert.deepEqual(
    named(reach),
    [...block([0, 1], [0, 1], [0, 1])].map((place) => `a ${place}`),
  );
  const times = reach.map(({ key, place }) => coefficient(model, key, place, "x", [1, 1]));
  // The kernels, turned by half a turn.
  assert.deepEqual(
    times.map((one) => one?.value),
    [-1, 2, 0, 1, 1, 1, 1, 0],
  );
  assert.ok(times.every((one) => one?.name === "W"));
  assert.equal(Object.keys(litBy(model, "b", [1]).a).length, 6);
});

test("what is subtracted is multiplied by a negative number", async () => {
  const { model } = await figure("far outside");
  assert.equal(coefficient(model, "y", [0], "x", [2])?.value, -2);
  const versions = await figure("versions");
  assert.equal(coefficient(versions.model, "a (2)", [0, 0, 0], "b", [0])?.value, -1);
  assert.equal(coefficient(versions.model, "a", [0, 0, 0], "b", [0])?.value, 1);
  assert.equal(coefficient(versions.model, "a", [0, 0, 0], "x", [2, 3]), null);
});

test("what is read outside is a ghost beside its array, and a 0 in the sum", async () => {
  const { model } = await figure("gradient");
  const { delta } = litBy(model, "dE_dx", [0, 0]);
  assert.equal(delta["0,0,0"], "near");
  assert.equal(delta["0,-1,0"], "outside");
  assert.equal(delta["0,0,-1"], "outside");
  const { terms } = model.expand("dE_dx", [0, 0]);
  assert.ok(inNumbers(terms).includes("-1·0"));
  const ghosts = [...(findLight(model, { key: "dE_dx", place: [0, 0] }).lit.get("delta") ?? [])]
    .map(([, cell]) => cell)
    .filter(({ kind }) => kind === "outside");
  assert.ok(ghosts.every(({ text }) => text === "0"));
  assert.deepEqual(findMargins(model), { delta: { top: 1, left: 1, bottom: 1, right: 1 } });
});

test("what is pointed at is followed through all layers", async () => {
  const { model } = await figure("small network");
  const made = placesLit(model, "p", [0, 0, 1]); // its winner is made of nine pixels
  const winner = valueAt(model, "omega", [0, 0, 1]);
  const [u, v] = [Math.floor(winner / 2), 2 + (winner % 2)];
  const window = [
    [u, u + 1, u + 2],
    [v, v + 1, v + 2],
  ];
  assert.deepEqual(made.h, block([0], [0, 1], [2, 3]));
  assert.deepEqual(made.b, new Set(["0"]));
  const { lit } = findLight(model, { key: "p", place: [0, 0, 1] });
  /** @param {string} key */
  const way = (key) => {
    const cells = [...(lit.get(key)?.values() ?? [])].filter(({ kind }) => kind === "way");
    return new Set(cells.map(({ place }) => `${place}`));
  };
  assert.deepEqual(way("a"), new Set([`0,${u},${v}`]));
  assert.deepEqual(way("x"), block(...window));
  // And all that it might have been made of: what each number of its window is.
  assert.deepEqual(made.a, block([0], [0, 1], [2, 3]));
  assert.deepEqual(made.x, block([0, 1, 2, 3], [2, 3, 4, 5]));
  // Its gradient, and where that goes: to what wins, and to what that is made of.
  assert.deepEqual(made.dE_dp, new Set(["0,0,1"]));
  assert.deepEqual(made.dE_dh, new Set([`0,${u},${v}`]));
  assert.deepEqual(made.dE_dx, block(...window));

  const touched = placesLit(model, "x", [0, 0]);
  for (const key of ["a", "h", "p"]) assert.deepEqual(touched[key], new Set(["0,0,0"]));
  assert.deepEqual(touched.dE_dx, new Set(["0,0"]));

  // Back to the winner, and on to all that it is made of.
  const back = placesLit(model, "dE_dp", [0, 0, 1]);
  assert.deepEqual(back.dE_dh, new Set([`0,${u},${v}`]));
  assert.deepEqual(back.dE_dx, block(...window));
  assert.ok(!("h" in back));
});

test("values are followed to values, and gradients to gradients", async () => {
  const { model } = await figure("pole");
  assert.deepEqual(litBy(model, "dE_dx", [0, 2]), {
    y: { "0,2": "near" }, // but not on to x
    delta: { "0,2": "near" },
    dE_dx: { "0,2": "strong" },
  });
  const training = await figure("training");
  assert.deepEqual(litBy(training.model, "x", [0]), {
    x: { 0: "strong" },
    y: { 0: "near" },
    dE_dw: { 0: "near" }, // but not on to the new w
  });
  assert.deepEqual(litBy(training.model, "w", [1]), {
    w: { 1: "strong" },
    y: { 1: "near" },
    dE_dw: { 1: "near" },
    "w (new)": { 1: "near" },
  });
});

test("around an array there is room for what is read outside, but for six cells at most", async () => {
  const { model } = await figure("far outside");
  assert.deepEqual(findMargins(model), { x: { top: 0, left: 6, bottom: 0, right: 2 } });
});

test("what a result is made of is followed as long as it is few elements", async () => {
  const { model } = await figure("sums of squares");
  const few = litBy(model, "t", [0]); // of ten numbers
  assert.equal(
    Object.values(few.y).every((kind) => kind === "near"),
    true,
  );
  assert.deepEqual(Object.keys(few.x), Object.keys(few.y));
  assert.ok(Object.values(few.x).every((kind) => kind === "far"));
  const many = litBy(model, "T", []); // of 110
  assert.equal(Object.keys(many.y).length, 110);
  assert.ok(!("x" in many));
});

// ---- maxima ---------------------------------------------------------------------------------------

test("a maximum shows its winner", async () => {
  const { model } = await figure("pooling");
  const expansion = model.expand("a", [0, 1]);
  assert.equal(expansion.operation, "max");
  assert.deepEqual(inNumbers(expansion.terms), ["2", "0", "1", "3"]);
  assert.equal(expansion.total, 3);
  assert.equal(expansion.winner, expansion.terms[3]);
  assert.deepEqual(litBy(model, "a", [0, 1]).x, {
    "1,2": "strong",
    "0,1": "near",
    "0,2": "near",
    "1,1": "near",
  });
  const { reach } = findLight(model, { key: "x", place: [1, 2] });
  assert.deepEqual(named(reach).slice(0, 3), ["a 0,1", "a 0,2", "a 1,1"]);
  assert.equal(litBy(model, "x", [1, 2]).dE_dx["1,2"], "near");
  assert.deepEqual(model.gradientsOf("x"), ["dE_dx"]);
  assert.equal(valueAt(model, "dE_dx", [1, 2]), 0);
  // Of what is only taken over there is one term, the element itself.
  const { terms, total } = model.expand("dE_dx", [0, 1]);
  assert.deepEqual(
    terms.map(({ factors }) => factors.map(({ name, index }) => `${name} ${index}`)),
    [["dE_da 0,0"]],
  );
  assert.equal(total, 1);
});

test("of equals the first wins", async () => {
  const { model } = await figure("pooling");
  for (const place of [
    [0, 1],
    [0, 2],
    [1, 1],
    [1, 2],
  ])
    model.set("x", [place], 4);
  const { terms, winner } = model.expand("a", [0, 1]);
  assert.equal(winner, terms[0]);
});

test("outside a maximum there is minus infinity", async () => {
  const { model } = await figure("padded pooling");
  const { terms, operation, total } = model.expand("a", [0, 0]);
  assert.equal(operation, "max");
  assert.deepEqual(inNumbers(terms), ["1"]);
  assert.equal(total, 1);
  assert.deepEqual(litBy(model, "a", [0, 0]).x, {
    "0,0": "strong",
    "-1,-1": "outside",
    "-1,0": "outside",
    "0,-1": "outside",
  });
  const { lit } = findLight(model, { key: "a", place: [0, 0] });
  const texts = [...(lit.get("x")?.values() ?? [])].map(({ text }) => text);
  assert.equal(texts.filter((text) => text === "−∞").length, 3);
});

test("a number that is asked about does not light where its gradient goes", async () => {
  const { model } = await figure("small network");
  const cell = { key: "p", place: [0, 0, 1] };
  const hidden = createHidden(model);
  assert.ok(findLight(model, cell, hidden).lit.get("dE_dh")?.size);
  hidden.set([{ ...cell, text: "?", open: true, by: 0 }], []);
  assert.equal(findLight(model, cell, hidden).lit.get("dE_dh")?.size, 0); // it would tell the winner
  assert.equal(findLight(model, cell, hidden).lit.get("dE_dp")?.size, 0);
});
