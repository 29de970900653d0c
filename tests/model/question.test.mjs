// Predictions: what is hidden, what is right, and what a wrong answer is the answer to.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createHidden } from "../../cnnmath/explorer/js/model/hidden.js";
import { findLight } from "../../cnnmath/explorer/js/model/light.js";
import { createQuestion, readAnswer } from "../../cnnmath/explorer/js/model/question.js";
import { figure, inNumbers } from "./figures.mjs";

/** @import { Given } from "../../cnnmath/explorer/js/model/question.js" */
/** @import { ArraysState, Cell } from "../../cnnmath/explorer/js/model/types.js" */

/** @param {ArraysState} state */
function first({ predictions }) {
  assert.ok(predictions);
  return predictions[0];
}

/** @param {string} name */
async function asked(name) {
  const { state, model } = await figure(name);
  return { model, question: createQuestion(model, first(state)) };
}

/** @param {string} text @returns {Given} */
function typed(text) {
  const answer = readAnswer(text);
  assert.ok(answer, text);
  return answer;
}

test("what is typed is a number with its digits, or a fraction", () => {
  for (const [text, number, tolerance] of /** @type {const} */ ([
    ["3", 3, 0.5],
    ["−0.33", -0.33, 0.005],
    ["1.50", 1.5, 0.005],
    ["2e3", 2000, 500],
    [" 1.5e-2 ", 0.015, 0.0005],
    ["1/3", 1 / 3, 0],
  ])) {
    const found = typed(text);
    assert.ok("number" in found);
    assert.equal(found.number, number);
    assert.ok(Math.abs(found.tolerance - tolerance) < 1e-6 * Math.max(1, tolerance), text);
  }
  for (const text of ["", "three", "1/0", "1/2/3", "1/"]) assert.equal(readAnswer(text), null);
});

test("a number is right as far as it is written out, but not with too few digits", async () => {
  const { question } = await asked("asked, rectified");
  assert.ok(Math.abs(question.right() - 1 / 3) < 1e-15); // the formula that decides, not the cell
  for (const [text, verdict] of [
    ["0.33", "right"],
    ["0.3333", "right"],
    ["1/3", "right"],
    ["0.3", "coarse"],
    ["0", "wrong"], // which leaves no digit of it
    ["0.34", "wrong"],
    ["0.3334", "wrong"],
    ["−0.33", "wrong"],
    ["1", "wrong"],
  ]) {
    assert.equal(question.judge(typed(text)).verdict, verdict, text);
  }
});

test("what comes of the numbers as they are written is right, and so is a slip with them", async () => {
  const { model, question } = await asked("asked");
  model.set("delta", [[0, 1, 1]], 1.5108); // which is written 1.51, and in sentences 1.511
  assert.ok(Math.abs(question.right() - 0.5108) < 1e-12); // 1.5108·1 − 1·1
  for (const [text, verdict] of [
    ["0.51", "right"],
    ["0.511", "right"],
    ["0.5110", "right"],
    ["0.5109", "right"],
    ["0.5115", "wrong"],
    ["0.5095", "wrong"],
  ]) {
    assert.equal(question.judge(typed(text)).verdict, verdict, text);
  }
  for (const text of ["−0.511", "-0.5110"])
    assert.deepEqual(question.judge(typed(text)).known, [{ is: "negative" }], text);
  assert.deepEqual(question.judge(typed("10.577")).known.length, 1); // sevenfold 1.511
  assert.deepEqual(question.judge(typed("10.59")).known, []);
});

test("what a mistake gives as it was typed is not taken for a rounded number", async () => {
  const { state, model } = await figure("asked, rectified");
  model.set("b", [[0]], -0.7);
  const [{ formula }] = model.formulas; // which gives 0.3, where 1/3 is right
  const mistakes = [{ formula, words: "that is the cell's own" }];
  const question = createQuestion(model, { ...first(state), mistakes });
  const { verdict, known } = question.judge(typed("0.3"));
  assert.equal(verdict, "wrong");
  assert.ok("words" in known[0]);
});

test("0 is right where terms cancel, and what is right follows the numbers", async () => {
  const { model, question } = await asked("asked");
  assert.deepEqual(question.judge(typed("0")), { verdict: "right", known: [] });
  assert.equal(question.judge(typed("0.001")).verdict, "wrong");
  model.set("delta", [[0, 1, 1]], 5);
  assert.equal(question.judge(typed("0")).verdict, "wrong");
  assert.equal(question.judge(typed("4")).verdict, "right");
});

test("a mistake that gives the number is named, with its own sum", async () => {
  const { question } = await asked("asked");
  const { verdict, known } = question.judge(typed("7"));
  assert.equal(verdict, "wrong");
  const [first, ...others] = known;
  assert.deepEqual(others, []);
  assert.ok("words" in first);
  assert.equal(first.words, "that is seven times what arrives there");
  assert.deepEqual(inNumbers(first.expansion?.terms ?? []), ["7·1"]);
  assert.equal(first.expansion?.total, 7);
});

test("a sum is written out if it can be read, and words say the rest", async () => {
  for (const [name, is] of /** @type {[string, boolean][]} */ ([
    ["asked", true], // 1·1 + 0·2 + 2·0 + (−1)·1
    ["told, one times nothing", false], // 2 + 0·1
    ["told, a count", false], // 1 + 1 + 1 + 1
    ["told, one number", false], // 2
    ["told, places counted", false], // 1/(0·1 + 1·1)·1 + …
    ["told, a nest", false], // (1 + 2)·2
  ])) {
    const { question } = await asked(name);
    assert.equal(question.shown() !== null, is, name);
  }
  const { question } = await asked("told, a direction of another number");
  assert.equal(question.shown(), null);
});

test("what is often taken for the formula is named without being listed", async () => {
  const { model, question } = await asked("asked");
  model.set("delta", [[0, 0, 0]], 3);
  // Unturned it is W₁₁ δ₁₁ + W₁₀ δ₁₀ + W₀₁ δ₀₁ + W₀₀ δ₀₀.
  const { known } = question.judge(typed("6"));
  assert.ok("words" in known[0]);
  assert.equal(known[0].words, "that is the sum with the kernel unturned");
  assert.equal(known[0].expansion?.total, -1 * 1 + 2 * 2 + 0 * 0 + 1 * 3);
});

test("a missing term, a neighbour and another sign are found in the sum itself", async () => {
  const { model, question } = await asked("asked");
  const [without] = question.judge(typed("-1")).known;
  assert.ok("without" in without);
  assert.equal(without.without.value, 1);
  assert.deepEqual(question.judge(typed("-2")).known, [
    { neighbour: { key: "dE_dx", place: [1, 2] } },
  ]);
  model.set("delta", [[0, 1, 1]], 12);
  assert.deepEqual(question.judge(typed("-11")).known, [{ is: "negative" }]);
});

test("of a missing term that has no name it could not be said which one it is", async () => {
  const { question } = await asked("told, a sum with a number");
  assert.deepEqual(question.judge(typed(String(question.right() - 9))).known, []);
  assert.equal(question.judge(typed("9")).known.length, 1);
});

test("a mistake is not told of a number that is its number only when rounded", async () => {
  const { model, question } = await asked("asked");
  model.set("delta", [[0, 1, 1]], 1.07); // sevenfold it is 7.49
  assert.deepEqual(question.judge(typed("7")), { verdict: "wrong", known: [] });
  assert.equal(question.judge(typed("7.5")).known.length, 1);
  model.set("x", [[0, 0]], 0);
  model.set("delta", [[0, 0, 1]], 0.1); // without a term it is −1.07, by rounding −1
  assert.deepEqual(question.judge(typed("-1")).known, []);
});

test("of two mistakes in the sum itself that give the number, one is told", async () => {
  const { model, question } = await asked("asked");
  model.set("delta", [[0, 1, 1]], 2); // 1 is right: −1 is another sign, and a term that is missing
  const { known } = question.judge(typed("-1"));
  assert.deepEqual(
    known.map((one) => Object.keys(one)),
    [["without"]],
  );
});

test("of a number that nothing explains, nothing is said", async () => {
  const { question } = await asked("asked");
  assert.deepEqual(question.judge(typed("3")), { verdict: "wrong", known: [] });
});

test("a direction is a sign, and yes is what is not 0", async () => {
  const direction = (await asked("asked, direction")).question;
  assert.equal(direction.judge({ sign: 0 }).verdict, "right");
  assert.equal(direction.judge({ sign: -1 }).verdict, "wrong");
  const { known } = direction.judge({ sign: 1 });
  assert.ok("words" in known[0]);
  assert.equal(known[0].words, "that gives every cell of a window its whole gradient");
  const { model, question } = await asked("asked, yes or no");
  assert.equal(question.judge({ yes: false }).verdict, "right");
  model.set("x", [[1, 2]], 9);
  model.set("dE_da", [[0, 1]], -4);
  assert.equal(question.judge({ yes: true }).verdict, "right");
  assert.equal(question.judge({ yes: false }).verdict, "wrong");
});

test("of a maximum the place is its winner, and of equals the first", async () => {
  const { model, question } = await asked("asked, winner");
  /** @param {number[]} place @returns {Cell} */
  const cell = (...place) => ({ key: "x", place });
  assert.deepEqual(question.choices(), ["x"]);
  assert.equal(question.judge(cell(0, 1)).verdict, "right");
  assert.deepEqual(question.judge(cell(0, 0)), { verdict: "wrong", known: [{ is: "loser" }] });
  assert.deepEqual(question.judge(cell(0, 2)).known, [{ is: "elsewhere" }]);
  model.set("x", [[1, 1]], 2);
  assert.deepEqual(question.judge(cell(1, 1)), { verdict: "wrong", known: [{ is: "tied" }] });
});

test("of a whole array the place is any of its largest numbers", async () => {
  const { model, question } = await asked("asked, largest");
  assert.deepEqual(question.choices(), ["a"]);
  assert.equal(question.judge({ key: "a", place: [1, 2] }).verdict, "right");
  assert.deepEqual(question.judge({ key: "a", place: [0, 0] }), {
    verdict: "wrong",
    known: [{ words: "that is the smallest" }],
  });
  assert.deepEqual(question.judge({ key: "dE_da", place: [0, 0] }).known, []);
  model.set("x", [[0, 0]], 9);
  assert.deepEqual(question.rightCells(), [{ key: "a", place: [0, 0] }]);
});

test("of a maximum, the others that compete and their sum are known", async () => {
  const { state, model } = await figure("asked, winner");
  const question = createQuestion(model, { ...first(state), answer: "number" });
  assert.deepEqual(question.judge(typed("1")).known, [{ is: "loser" }]);
  model.set("x", [[1, 1]], 2);
  assert.deepEqual(question.judge(typed("5")).known, [{ is: "sum" }]);
});

// ---- what is hidden -------------------------------------------------------------------------------

test("what is asked is hidden, and what is calculated from it, till it is answered", async () => {
  const { model } = await figure("asked, rectified");
  const hidden = createHidden(model);
  const place = [0, 0, 1];
  assert.equal(hidden.has({ key: "a", place }), false);
  hidden.set([{ key: "a", place, text: "?", open: false, by: 0 }], []);
  assert.deepEqual([...hidden.of("a")], [[1, "?"]]);
  assert.deepEqual([...hidden.of("h")], [[1, ""]]);
  assert.deepEqual([...hidden.of("x")], []);
  assert.equal(hidden.shown("a").length, model.arrays.a.data.length - 1);
  assert.equal(hidden.shown("x"), model.arrays.x.data);
  hidden.set([], []);
  assert.deepEqual([...hidden.of("h")], []);
});

test("what depends on a hidden number is found anew when the numbers change", async () => {
  const { model } = await figure("small network");
  const hidden = createHidden(model);
  hidden.set([{ key: "dE_dh", place: [0, 1, 1], text: "?", open: false, by: 0 }], []);
  model.set("b", [[0]], 1000);
  assert.equal(hidden.of("dE_da").size, 1);
  assert.ok(hidden.of("dE_dx").size > 0);
  model.set("b", [[0]], -1000); // the ReLU stops the gradient
  assert.equal(hidden.of("dE_da").size, 0);
  assert.equal(hidden.of("dE_dx").size, 0);
});

test("in both versions of a formula a number is hidden", async () => {
  const { model } = await figure("versions");
  const hidden = createHidden(model);
  hidden.set([{ key: "a", place: [0, 0, 1], text: "?", open: false, by: 0 }], []);
  assert.deepEqual([...hidden.of("a (2)").keys()], [1]);
});

test("a whole array can be hidden, and further ones", async () => {
  const { model } = await figure("pooling");
  const hidden = createHidden(model);
  hidden.set(
    [{ key: "a", place: null, text: "?", open: false, by: 0 }],
    [{ name: "omega", by: 1 }],
  );
  assert.equal(hidden.of("a").size, 6);
  assert.equal(hidden.of("omega").size, 6);
  assert.equal(hidden.askerOf({ key: "omega", place: [0, 0] }), 1);
  assert.equal(hidden.askerOf({ key: "a", place: [0, 0] }), 0);
  assert.ok(hidden.of("dE_dx").size > 0); // which reads the winners
});

test("a place that is asked looks like those beside it, whatever else is asked", async () => {
  const { model } = await figure("asked, rectified");
  const hidden = createHidden(model);
  const number = { key: "a", place: [0, 0, 1], text: "?", open: false, by: 0 };
  hidden.set([number, { key: "h", place: null, text: "?", open: false, by: 0 }], []);
  assert.deepEqual([...new Set(hidden.of("h").values())], ["?"]);
});

test("what has been answered is seen, and does not hide what is made of it", async () => {
  const { model } = await figure("pooling");
  const hidden = createHidden(model);
  const [first, second] = [
    { key: "dE_dx", place: [0, 1] },
    { key: "dE_dx", place: [1, 1] },
  ];
  hidden.set([{ ...second, text: "?", open: false, by: 0 }], [{ name: "dE_dx", by: 0 }], [first]);
  assert.equal(hidden.has(first), false);
  assert.equal(hidden.has(second), true);
  assert.equal(hidden.of("dE_dx").size, 12 - 1);
  const place = [0, 0, 1];
  const made = (await figure("small network")).model;
  const deeper = createHidden(made);
  deeper.set([{ key: "a", place, text: "?", open: false, by: 0 }], [], [{ key: "a", place }]);
  assert.equal(deeper.of("h").size, 0);
});

test("a hidden number lights nothing but itself, and later its window, but not what wins", async () => {
  const { model } = await figure("pooling");
  const hidden = createHidden(model);
  const cell = { key: "a", place: [0, 0] };
  const asking = { ...cell, text: "?", open: false, by: 0 };
  const kinds = () => {
    const { expansion, lit } = findLight(model, cell, hidden);
    const cells = [...(lit.get("x")?.values() ?? [])].map(({ kind }) => kind);
    return { written: expansion !== null, cells };
  };
  assert.ok(kinds().cells.includes("strong"));
  hidden.set([asking], []);
  assert.deepEqual(kinds(), { written: false, cells: [] });
  hidden.set([{ ...asking, open: true, by: 0 }], []);
  assert.deepEqual(kinds().cells, ["near", "near", "near", "near"]);
});
