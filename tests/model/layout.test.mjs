import assert from "node:assert/strict";
import test from "node:test";
import { planOf } from "../../cnnmath/explorer/js/model/layout.js";

const NO_MARGIN = { top: 0, bottom: 0, left: 0, right: 0 };

/** @import { Box, Plan } from "../../cnnmath/explorer/js/model/layout.js" */

/**
 * @param {string} key
 * @param {number} column
 * @param {number[]} shape
 * @param {Partial<Box>} [more]
 * @returns {Box}
 */
function box(key, column, shape, more = {}) {
  const [rows, columns] = [1, 1, ...shape].slice(-2);
  const leading = shape.slice(0, -2);
  const common = { margin: NO_MARGIN, title: 20, chooses: true, back: false };
  return { key, column, rows, columns, leading, ...common, ...more };
}

/** @param {Plan} plan @param {string} key */
function size(plan, key) {
  const found = plan.sizes.get(key);
  if (!found) throw new Error(`nothing is planned for ${key}`);
  return found;
}

/** @type {[string, number[]][]} */
const SHAPES = [
  ["x", [28, 28]],
  ["W", [8, 5, 5]],
  ["a", [8, 24, 24]],
  ["h", [8, 24, 24]],
  ["p", [8, 12, 12]],
  ["V", [16, 8, 5, 5]],
  ["c", [16, 8, 8]],
  ["g", [16, 8, 8]],
  ["r", [16, 4, 4]],
  ["U", [10, 16, 4, 4]],
  ["z", [10]],
  ["y", [10]],
];
const LENET = SHAPES.flatMap(([key, shape], column) => [
  box(key, column, shape),
  box(`d${key}`, column, shape, { back: true, chooses: false }),
]);

test("a network in the shape of LeNet stands in one window", () => {
  const plan = planOf(LENET, 1238, 440);
  assert.equal(plan.mode, "pipeline");
  assert.equal(plan.all, false);
  for (const { cell } of plan.sizes.values()) assert.ok(cell >= 1);
  assert.equal(size(plan, "V").thumbnails, 0); // 128 planes are too many
  assert.ok(size(plan, "c").thumbnails >= 2);
  assert.equal(size(plan, "dc").thumbnails, 0); // those above choose for both
});

test("where a network does not fit, what is chosen stands there", () => {
  assert.equal(planOf(LENET, 375, 880).mode, "stage");
});

test("all planes are large where there is room, else one", () => {
  const boxes = [box("x", 0, [6, 6]), box("W", 1, [3, 3, 3]), box("a", 2, [3, 4, 4])];
  const roomy = planOf(boxes, 1200, 500);
  assert.deepEqual([roomy.mode, roomy.all], ["pipeline", true]);
  const tight = planOf(boxes, 600, 500);
  assert.deepEqual([tight.mode, tight.all], ["pipeline", false]);
  assert.ok(size(tight, "a").cell >= 26); // with numbers
  assert.equal(planOf(boxes, 343, 900).mode, "flow");
});

test("on a phone arrays are made smaller where all are then seen at once, and only there", () => {
  const boxes = [
    box("x", 0, [28, 28]),
    box("W", 1, [3, 3]),
    box("b", 1, []),
    box("a", 2, [26, 26]),
  ];
  const plan = planOf(boxes, 327, 900);
  assert.deepEqual([size(plan, "x").cell, size(plan, "W").cell], [7, 32]);
  const high = ["x", "y", "z"].map((key, n) => box(key, n, [7, 7]));
  assert.equal(size(planOf(high, 327, 900), "x").cell, 36);
});

test("cells are as large as the window lets them be", () => {
  const boxes = [box("x", 0, [8, 8]), box("dx", 0, [8, 8], { back: true })];
  const cells = [800, 600, 500].map((height) => size(planOf(boxes, 800, height), "x").cell);
  assert.deepEqual(
    cells,
    [...cells].sort((a, b) => b - a),
  );
  assert.ok(cells[0] > cells[2]);
});

test("a long row keeps cells that can be touched", () => {
  const plan = planOf([box("x", 0, [100]), box("y", 1, [100])], 320, 600);
  assert.equal(size(plan, "x").cell, 12);
});
