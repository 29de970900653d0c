import assert from "node:assert/strict";
import test from "node:test";
import { folded, isGroup } from "../../cnnmath/explorer/js/model/structure.js";

/** @import { Group } from "../../cnnmath/explorer/js/model/structure.js" */
/** @import { Term } from "../../cnnmath/explorer/js/model/types.js" */

/** @param {number} value @param {Record<string, number>} at @returns {Term} */
const term = (value, at) => ({ factors: [], negative: false, value, at });

/**
 * Terms with two indices, and one beside the sum.
 * @param {number} rows
 * @param {number} columns
 */
const products = (rows, columns) => [
  ...Array.from({ length: rows * columns }, (_, n) =>
    term(n, { s: Math.floor(n / columns), t: n % columns }),
  ),
  term(100, {}),
];

/** @param {(Term | Group)[]} parts */
const groups = (parts) => parts.filter(isGroup);

test("a short sum stays as it is", () => {
  const terms = products(3, 3);
  assert.equal(folded(terms, "sum"), terms);
});

test("a long sum folds by its outermost index, and a group by the next", () => {
  const parts = folded(products(4, 20), "sum");
  assert.deepEqual(
    parts.map((part) => (isGroup(part) ? part.label : part.value)),
    ["s = 0", "s = 1", "s = 2", "s = 3", 100],
  );
  assert.equal(parts[1].value, 20 * 20 + 190);
  const inside = folded(groups(parts)[1].terms, "sum");
  assert.deepEqual(
    groups(inside).map(({ label }) => label),
    ["t = 0…4", "t = 5…9", "t = 10…14", "t = 15…19"],
  );
});

test("along one index neighbours go together, and nothing is lost", () => {
  const terms = Array.from({ length: 100 }, (_, i) => term(i, { i }));
  const parts = folded(terms, "sum");
  assert.deepEqual(
    groups(parts).flatMap((part) => part.terms),
    terms,
  );
  assert.equal(parts.length, 10);
});

test("a group of a maximum is worth its largest term", () => {
  const parts = folded(products(5, 5).slice(0, 25), "max");
  assert.deepEqual(
    parts.map(({ value }) => value),
    [4, 9, 14, 19, 24],
  );
  assert.deepEqual(
    folded(products(5, 5).slice(0, 25), "min").map(({ value }) => value),
    [0, 5, 10, 15, 20],
  );
});
