// Two versions of one formula, compared cell by cell.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertPythons, figure, inNumbers } from "./figures.mjs";

test("two versions are compared", async () => {
  const { model } = await figure("versions");
  await assertPythons("versions", model);
  assert.deepEqual(
    model.versions("a").map(({ key }) => key),
    ["a", "a (2)"],
  );
  const { terms, total } = model.expand("a (2)", [0, 0, 0]);
  assert.deepEqual(inNumbers(terms), ["1·1", "0·2", "2·0", "-1·1", "−1"]);
  assert.equal(total, -1);

  const { places, largest, of } = model.compared.a;
  assert.deepEqual([places.size, largest, of], [12, 2, 12]);
  assert.equal(model.differences("a (2)").size, 12);

  model.set("b", [[0]], 0);
  assert.deepEqual([...model.differences("a")], [6, 7, 8, 9, 10, 11]);
  assert.equal(model.compared.a.largest, 2);

  model.set("b", [[1]], 0);
  assert.equal(model.compared.a.places.size, 0);
  assert.equal(model.differences("x").size, 0);
});

test("small versions are compared at their own scale", async () => {
  const { model } = await figure("small versions");
  const { places, of } = model.compared.y;
  assert.deepEqual([places.size, of], [2, 2]);
});

test("of one version nothing is compared", async () => {
  const { model } = await figure("plain");
  assert.deepEqual(model.compared, {});
});
