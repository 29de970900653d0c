// Links that name cells.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readLink } from "../../cnnmath/explorer/js/model/pointing.js";

test("a link names a cell, and perhaps a figure", () => {
  for (const [link, figure, key, place] of /** @type {const} */ ([
    ["#x[0,2]", "", "x", [0, 2]],
    ["#x%5B0,2%5D", "", "x", [0, 2]],
    ["#the-network:dE_dx[1,0,12]", "the-network", "dE_dx", [1, 0, 12]],
    ["#b[]", "", "b", []],
  ])) {
    assert.deepEqual(readLink(link), { figure, cell: { key, place } });
  }
});

test("other links name none", () => {
  for (const link of ["#x", "#x[0", "#x[a]", "#x[-1]", "page.html#x[0]", "#a-heading", "#%E0%"]) {
    assert.equal(readLink(link), null);
  }
});
