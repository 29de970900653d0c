// The state of a figure in an address.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readState, writeState } from "../../cnnmath/explorer/js/model/address.js";

/** @param {number[]} shape @param {number[]} data */
const array = (shape, data) => ({ shape, data });
const START = { x: array([2, 2], [1, 2, 3, 4]), b: array([], [0]) };

test("what was changed and the pinned cell stand in an address, and are read from it", () => {
  const given = { ...START, x: array([2, 2], [1, -2.5, 3e21, 1e-7]) };
  const at = { key: "dE_dx", place: [0, 1] };
  const text = writeState("f0", START, given, at);
  assert.equal(text, "f0.array.x=2x2:1,-2.5,3e21,1e-7&f0.at=dE_dx:0,1");
  assert.deepEqual(readState("f0", `#${text}`), { arrays: { x: given.x }, at });
  assert.equal(encodeURI(text), text); // no character needs another spelling
});

test("a number has an address too", () => {
  const text = writeState("f0", START, { ...START, b: array([], [5]) }, { key: "b", place: [] });
  assert.equal(text, "f0.array.b=:5&f0.at=b:");
  assert.deepEqual(readState("f0", text), {
    arrays: { b: array([], [5]) },
    at: { key: "b", place: [] },
  });
});

test("of a figure as the author left it, the address holds the name alone", () => {
  assert.equal(writeState("network", START, START, null), "network");
  assert.deepEqual(readState("network", "#network"), { arrays: {}, at: null });
});

test("an address may speak of several figures, or of none", () => {
  const hash = "#f0.at=x:0,0&f1.array.x=2:1,2";
  assert.deepEqual(readState("f0", hash), { arrays: {}, at: { key: "x", place: [0, 0] } });
  assert.deepEqual(readState("f1", hash), { arrays: { x: array([2], [1, 2]) }, at: null });
  assert.equal(readState("f2", hash), null);
  assert.equal(readState("f1", "#f12.at=x:0"), null);
  assert.equal(readState("f0", "#a-heading"), null);
  assert.equal(readState("f0", ""), null);
});

test("keys of any spelling survive", () => {
  const at = { key: "a (2)", place: [1] };
  assert.deepEqual(readState("f0", writeState("f0", START, START, at))?.at, at);
});

test("what cannot be read is refused in words", () => {
  for (const [piece, message] of [
    ["array.x=2x2:1,2,3", "there are 3 numbers in place of 2 × 2"],
    ["array.x=2x2", "“2x2” is no array"],
    ["array.x=2x2:1,2,3,z", "“z” is no number"],
    ["array.x=2x2:1,2,3,", "“” is no number"],
    ["array.x=2x2:1,2,3,1e999", "“1e999” is no number"],
    ["array.x=2x-2:1", "“-2” is no whole number"],
    ["array.%E0%A4%A=1:1", "“%E0%A4%A” is no name"],
    ["at=a", "“a” is no cell"],
    ["at=a:0,1.5", "“1.5” is no whole number"],
    ["at", "“f0.at” is cut off"],
    ["shape=3:1", "“shape” is nothing that a figure has"],
  ]) {
    assert.throws(() => readState("f0", `#f0.${piece}`), { message });
  }
});
