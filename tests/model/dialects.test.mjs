// The translator of conventions, held to what the libraries did: tests/dialects.jsonl, which
// tools/record_dialects.py has recorded.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compute } from "../../cnnmath/explorer/js/translator/layer.js";
import { attempt, Refusal } from "../../cnnmath/explorer/js/translator/refusal.js";
import {
  DIALECTS,
  read,
  translate,
  wordForWord,
} from "../../cnnmath/explorer/js/translator/translate.js";

/** @import { Pair } from "../../cnnmath/explorer/js/translator/arguments.js" */
/** @import { Numbers } from "../../cnnmath/explorer/js/translator/layer.js" */

/** @typedef {(number | string)[][] | { refused: string }} Outcome */
/** @typedef {{ text: string, size: Pair, w: Pair, y: Outcome, runtime?: Outcome }} Recorded */

const [head, ...lines] = readFileSync(new URL("../dialects.jsonl", import.meta.url), "utf-8")
  .trim()
  .split("\n");
/** @type {{ x: Numbers, w: Numbers }} */
const { x: X, w: W } = JSON.parse(head);
/** @type {Recorded[]} */
const RECORDED = lines.map((line) => JSON.parse(line));

/** @param {Numbers} array @param {Pair} size */
const cut = (array, [rows, columns]) => array.slice(0, rows).map((row) => row.slice(0, columns));

/** What the translator believes that a layer gives. @param {Recorded} recorded */
function believed({ text, size, w }) {
  return attempt(() => {
    const layer = read(text, w).at(size);
    const y = compute(layer, cut(X, size), cut(W, w));
    return y.map((row) => row.map((n) => (Number.isFinite(n) ? n : "-inf")));
  });
}

/** @param {ReturnType<typeof believed>} ours @param {Outcome} theirs */
function agree(ours, theirs) {
  if (ours instanceof Refusal) return "refused" in theirs;
  return JSON.stringify(ours) === JSON.stringify(theirs);
}

// What the standard leaves open, the translator refuses, whatever a runtime does with it.
const OPEN = /no rule that all runtimes share|the standard does not say/;

test("each layer gives what its library gave, or is refused where it was", () => {
  let [equal, refused, open] = [0, 0, 0];
  for (const recorded of RECORDED) {
    const ours = believed(recorded);
    // Two runtimes of ONNX were asked, and do not always agree.
    const theirs = [recorded.y, recorded.runtime ?? recorded.y];
    if (ours instanceof Refusal && OPEN.test(ours.message)) open += 1;
    else {
      assert.ok(
        theirs.some((one) => agree(ours, one)),
        `${recorded.text} of ${recorded.size}: ${JSON.stringify(ours)}, not ${JSON.stringify(theirs)}`,
      );
      if (ours instanceof Refusal) refused += 1;
      else equal += 1;
    }
  }
  assert.ok(
    equal > 350 && refused > 80 && open < 15,
    `${equal} equal, ${refused} refused, ${open}`,
  );
});

test("every dialect has every kind of layer in the record", () => {
  for (const { layers } of DIALECTS) {
    for (const name of Object.keys(layers).filter((one) => one !== "MaxPool2D")) {
      const own = RECORDED.filter(({ text }) => text.includes(`.${name}(`));
      assert.ok(own.length > 10, name);
      assert.ok(
        own.some(({ y }) => !("refused" in y)),
        name,
      );
    }
  }
});

test("a translation is read as the layer that it came from, in its own dialect too", () => {
  let translations = 0;
  for (const recorded of RECORDED.slice(0, 200)) {
    const ours = believed(recorded);
    if (ours instanceof Refusal) continue;
    const { text, size, w } = recorded;
    const reading = read(text, w);
    for (const dialect of DIALECTS) {
      const found = translate(reading, dialect, size);
      if (dialect === reading.dialect) assert.ok(found?.everywhere, text);
      if (!found) continue;
      assert.deepEqual(believed({ ...recorded, text: found.text }), ours, found.text);
      assert.equal(read(found.text, w).dialect, dialect);
      translations += 1;
    }
  }
  assert.ok(translations > 500);
});

/**
 * @param {string} text
 * @param {string} name of a dialect
 * @param {number} [size]
 */
function inDialect(text, name, size = 6) {
  const dialect = DIALECTS.find((one) => one.name === name);
  assert.ok(dialect);
  const reading = read(text, [3, 3]);
  return {
    same: translate(reading, dialect, [size, size]),
    words: wordForWord(reading, dialect, [size, size]),
  };
}

test("what a dialect can say plainly is said plainly", () => {
  for (const [text, name, wanted] of [
    [
      "nn.Conv2d(1, 1, 3, padding=1)",
      "ONNX",
      "op.Conv(x, w, kernel_shape=[3, 3], pads=[1, 1, 1, 1])",
    ],
    ["layers.Conv2D(1, 4, padding='same')", "PyTorch", 'nn.Conv2d(1, 1, 4, padding="same")'],
    ["nn.MaxPool2d(2, ceil_mode=True)", "Keras", 'layers.MaxPooling2D(2, padding="same")'],
    ["nn.MaxPool2d(3, 2)", "Keras", "layers.MaxPooling2D(3, strides=2)"],
    ["nn.Conv2d(16, 32, (3, 5))", "Keras", "layers.Conv2D(32, (3, 5))"],
    ["signal.correlate2d(x, w, mode='same')", "PyTorch", 'nn.Conv2d(1, 1, 3, padding="same")'],
  ]) {
    const { same } = inDialect(text, name);
    assert.deepEqual(same, { text: wanted, everywhere: true });
  }
});

test("where zeros depend on the size of the input, that is said", () => {
  const text = 'layers.Conv2D(1, 3, strides=2, padding="same")';
  assert.deepEqual(inDialect(text, "PyTorch").same, {
    text: "x = F.pad(x, (0, 1, 0, 1))\ny = nn.Conv2d(1, 1, 3, stride=2)(x)",
    everywhere: false,
  });
  const odd = { text: "nn.Conv2d(1, 1, 3, stride=2, padding=1)", everywhere: false };
  assert.deepEqual(inDialect(text, "PyTorch", 7).same, odd);
});

test("the same words are written down, whether the library takes them or not", () => {
  const { words } = inDialect('layers.Conv2D(1, 3, strides=2, padding="same")', "PyTorch");
  assert.equal(words, 'nn.Conv2d(1, 1, 3, stride=2, padding="same")');
  assert.throws(() => read(words ?? "", [3, 3]), /padding="same" with stride=1 alone/);
  assert.equal(inDialect("nn.MaxPool2d(2)", "ONNX").words, "op.MaxPool(x, kernel_shape=[2, 2])");
  assert.equal(inDialect("nn.MaxPool2d(2)", "SciPy").words, null);
});

test("what cannot be read is refused in a sentence", () => {
  for (const [text, said] of /** @type {[string, RegExp][]} */ ([
    ["", /expected a layer, by one of these names: Conv2d/],
    ["nn.Linear(3, 4)", /expected a layer/],
    ["nn.Conv2d(1, 1, 3", /expected “,” or “\)” where the line ends/],
    ["nn.Conv2d(1, 1, 3, stride=2 padding=1)", /expected “,” or “\)” where “padding” stands/],
    ["nn.Conv2d(1, 1, 3) & 4", /“& 4” is nothing that a call is written with/],
    ["nn.Conv2d(1, 1)", /Conv2d needs kernel_size/],
    ["nn.Conv2d(1, 1, 3, strides=2)", /Conv2d has no parameter strides/],
    ["nn.Conv2d(1, 1, 3, kernel_size=3)", /given kernel_size twice/],
    ["nn.Conv2d(1, 1, 3, stride=1.5)", /stride=1.5: expected one or two whole numbers, 1 or more/],
    ["nn.Conv2d(1, 1, 3, padding='SAME')", /padding="SAME": expected "valid" or "same"/],
    ["nn.Conv2d(1, 1, 3, groups=1)", /groups is not translated here: leave it out/],
    ["nn.Conv2d(1, 1, 3)\nnn.Conv2d(1, 1, 3)", /there are several layers/],
    ["x = F.pad(x, (1, 1, 1, 1))\ny = nn.MaxPool2d(2)(x)", /this has to be −∞, and not 0/],
    [
      "x = F.relu(x)\ny = nn.Conv2d(1, 1, 3)(x)",
      /beside a layer of PyTorch these are read: pad, flip/,
    ],
    ["lax.conv_general_dilated(x, w, padding='SAME')", /needs window_strides/],
    ["lax.conv_general_dilated(x, w, 2, 'SAME')", /window_strides=2: expected 2 whole numbers/],
    ["op.Conv(x, w, kernel_shape=[3, 3], pads=[1, 1])", /pads=\(1, 1\): expected 4 whole numbers/],
    ["op.Conv(x, w, [3, 3])", /attributes are given by name/],
  ])) {
    assert.throws(() => read(text, [3, 3]), said, text);
  }
  assert.throws(() => read("nn.Conv2d(1, 1, 7)", [3, 3]).at([6, 6]), /kernel is 7 wide.*padding 6/);
});
