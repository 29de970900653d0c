// The kernel over the window of a result, as it is in convolutions and in their gradients.

import assert from "node:assert/strict";
import { test } from "node:test";
import { laidOver } from "../../cnnmath/explorer/js/model/laid.js";
import { figure } from "./figures.mjs";

/** @param {string} name */
const isKernel = (name) => name === "W";

/**
 * @param {string} name of a figure
 * @param {string} key
 * @param {number[]} place
 */
async function laid(name, key, place) {
  const { model } = await figure(name);
  return laidOver(model.expand(key, place), isKernel);
}

test("a kernel lies over the window of a result as it is", async () => {
  const found = await laid("plain", "a", [1, 0, 2]);
  assert.deepEqual(found, {
    kernel: "W",
    window: "x",
    pairs: [
      { own: [1, 0, 0], over: [0, 2] },
      { own: [1, 0, 1], over: [0, 3] },
      { own: [1, 1, 0], over: [1, 2] },
      { own: [1, 1, 1], over: [1, 3] },
    ],
    turned: { rows: false, columns: false },
  });
});

test("over the gradient that arrives it is turned", async () => {
  const found = await laid("gradient", "dE_dx", [1, 1]);
  assert.equal(found?.kernel, "W");
  assert.deepEqual(found?.turned, { rows: true, columns: true });
});

test("what multiplies no kernel has none laid over it", async () => {
  assert.equal(await laid("small network", "dE_dW", [0, 0, 0]), null);
  assert.equal(await laid("small network", "p", [0, 0, 0]), null);
});
