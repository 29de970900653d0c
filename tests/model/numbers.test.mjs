// Numbers as a reader types and reads them, and as NumPy code.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import {
  brief,
  readNumber,
  tidy,
  whyNoNumber,
  written,
} from "../../cnnmath/explorer/js/model/numbers.js";
import { asNumPy } from "../../cnnmath/explorer/js/model/numpy.js";
import { figure, numbers } from "./figures.mjs";

test("what a reader types is a number, or it is not", () => {
  for (const [text, value] of /** @type {[string, number][]} */ ([
    ["3", 3],
    ["7.5", 7.5],
    ["-0,25", -0.25],
    ["−2", -2],
    ["+.5", 0.5],
    ["4.", 4],
    [" 1e-3 ", 0.001],
    ["2E2", 200],
  ])) {
    assert.equal(readNumber(text), value, text);
  }
  for (const text of ["abc", "", "1e999", "--1", "Infinity", "NaN", "1 2", "0x10", ".", "1e"]) {
    assert.equal(readNumber(text), null, text);
  }
});

test("a comma in front of three digits is asked about", () => {
  for (const [text, why] of [
    ["1,234", "“1,234” could be 1.234 or 1234"],
    [" −12,500 ", "“−12,500” could be −12.500 or −12500"],
    ["one", "“one” is no number"],
  ]) {
    assert.equal(readNumber(text), null, text);
    assert.equal(whyNoNumber(text), why);
  }
  for (const [text, value] of /** @type {[string, number][]} */ ([
    ["0,234", 0.234],
    ["1,23", 1.23],
    ["1,2345", 1.2345],
    ["1234,567", 1234.567],
  ])) {
    assert.equal(readNumber(text), value, text);
  }
});

test("a number is written with few digits and a true minus", () => {
  for (const [value, digits, text] of /** @type {[number, number, string][]} */ ([
    [-3, 3, "−3"],
    [2 / 3, 3, "0.667"],
    [2 / 3, 5, "0.66667"],
    [123456, 3, "123456"], // a whole number is not rounded
    [1234567, 3, "1230000"],
    [-1.5e-7, 3, "−1.5e−7"],
    [1e21, 3, "1e21"],
    [Infinity, 3, "∞"],
    [-Infinity, 3, "−∞"],
    [Number.NaN, 3, "NaN"],
  ])) {
    assert.equal(written(value, digits), text);
  }
  assert.equal(tidy(0.1 + 0.2), 0.3);
});

const RUN = `
import json, sys
found = []
for code in json.load(sys.stdin):
    names = {}
    exec(code, names)
    arrays = {name: one for name, one in names.items() if type(one).__name__ == "ndarray"}
    found.append({
        "arrays": {name: [list(one.shape), one.ravel().tolist()] for name, one in arrays.items()},
        "kinds": sorted({one.dtype.name for one in arrays.values()}),
        "sizes": {name: one for name, one in names.items() if type(one) is int},
    })
print(json.dumps(found))
`;

test("the NumPy code of a figure gives its arrays and sizes", async () => {
  const codes = [];
  const expected = [];
  for (const name of ["plain", "unshared", "beside a huge number"]) {
    const { model, state } = await figure(name);
    model.set("x", [[0, 0]], -0.1);
    codes.push(asNumPy(model.given, model.sizes));
    const arrays = Object.entries(model.given).map(([key, array]) => [
      key,
      [array.shape, numbers(array)],
    ]);
    const { sizes } = state;
    expected.push({ arrays: Object.fromEntries(arrays), kinds: ["float64"], sizes });
  }
  const sent = { input: JSON.stringify(codes), encoding: /** @type {const} */ ("utf-8") };
  const { stdout, stderr } = spawnSync("python", ["-c", RUN], sent);
  assert.equal(stderr, "");
  assert.deepEqual(JSON.parse(stdout), expected);
});

test("in a narrow cell a number takes few signs, and stays the number that it is", () => {
  const said = { 0.003: ".003", "-0.05": "−.05", 0.000004: "4e−6", "-0.00002": "−2e−5" };
  for (const [value, text] of Object.entries(said)) assert.equal(brief(Number(value)), text);
  assert.deepEqual([0, 123456, -1.5, 0.5].map(brief), ["0", "123456", "−2", ".5"]);
});
