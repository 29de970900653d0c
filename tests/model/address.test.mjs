// The state of a figure in an address.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readState, writeState } from "../../cnnmath/explorer/js/model/address.js";

/** @param {number[]} shape @param {number[]} data */
const array = (shape, data) => ({ shape, data });
const START = { x: array([2, 2], [1, 2, 3, 4]), b: array([], [0]) };
const UNTOUCHED = { arrays: START, sizes: { M: 2, q: 1 } };
const NONE = { arrays: {}, sizes: {}, preset: null, at: null };
/** @param {Record<string, { shape: number[], data: number[] }>} arrays */
const now = (arrays) => ({ ...UNTOUCHED, arrays: { ...START, ...arrays } });

test("what was changed and the pinned cell stand in an address, and are read from it", () => {
  const x = array([2, 2], [1, -2.5, 3e21, 1e-7]);
  const at = { key: "dE_dx", place: [0, 1] };
  const text = writeState("f0", UNTOUCHED, now({ x }), at);
  assert.equal(text, "f0.array.x=2x2:1,-2.5,3e21,1e-7&f0.at=dE_dx:0,1");
  assert.deepEqual(readState("f0", `#${text}`), { ...NONE, arrays: { x }, at });
  assert.equal(encodeURI(text), text); // no character needs another spelling
});

test("a number has an address too", () => {
  const text = writeState("f0", UNTOUCHED, now({ b: array([], [5]) }), { key: "b", place: [] });
  assert.equal(text, "f0.array.b=:5&f0.at=b:");
  assert.deepEqual(readState("f0", text), {
    ...NONE,
    arrays: { b: array([], [5]) },
    at: { key: "b", place: [] },
  });
});

test("sizes that were moved stand in an address, before the arrays", () => {
  const x = array([3, 1], [1, 2, 3]);
  const moved = { arrays: { ...START, x }, sizes: { M: 3, q: 1 } };
  const text = writeState("size", UNTOUCHED, moved, null);
  assert.equal(text, "size.size.M=3&size.array.x=3x1:1,2,3");
  assert.deepEqual(readState("size", text), { ...NONE, arrays: { x }, sizes: { M: 3 } });
});

test("a text may lead to a preset", () => {
  const hash = "#size.preset=no%20padding&size.size.q=2";
  assert.deepEqual(readState("size", hash), { ...NONE, preset: "no padding", sizes: { q: 2 } });
});

test("of a figure as the author left it, the address holds the name alone", () => {
  assert.equal(writeState("network", UNTOUCHED, UNTOUCHED, null), "network");
  assert.deepEqual(readState("network", "#network"), NONE);
});

test("an address may speak of several figures, or of none", () => {
  const hash = "#f0.at=x:0,0&f1.array.x=2:1,2";
  assert.deepEqual(readState("f0", hash), { ...NONE, at: { key: "x", place: [0, 0] } });
  assert.deepEqual(readState("f1", hash), { ...NONE, arrays: { x: array([2], [1, 2]) } });
  assert.equal(readState("f2", hash), null);
  assert.equal(readState("f1", "#f12.at=x:0"), null);
  assert.equal(readState("f0", "#a-heading"), null);
  assert.equal(readState("f0", ""), null);
});

test("keys of any spelling survive", () => {
  const at = { key: "a (2)", place: [1] };
  assert.deepEqual(readState("f0", writeState("f0", UNTOUCHED, UNTOUCHED, at))?.at, at);
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
    ["size.M=2.5", "“2.5” is no whole number"],
    ["size=2", "“size” is nothing that a figure has"],
    ["at=a", "“a” is no cell"],
    ["at=a:0,1.5", "“1.5” is no whole number"],
    ["at", "“f0.at” is cut off"],
    ["shape=3:1", "“shape” is nothing that a figure has"],
  ]) {
    assert.throws(() => readState("f0", `#f0.${piece}`), { message });
  }
});
