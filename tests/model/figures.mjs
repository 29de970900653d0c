// The figures of tests/figures.py, as a page would get them, with what Python makes of them.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { createModel } from "../../cnnmath/explorer/js/model/model.js";
import { flatIndex } from "../../cnnmath/explorer/js/model/places.js";

/** @import { Model } from "../../cnnmath/explorer/js/model/model.js" */
/** @import { Arrays, ArraysState, CurvesState, Place, Term, Values } from "../../cnnmath/explorer/js/model/types.js" */

/**
 * The state of a figure of arrays, and Python's results; or why Python refuses.
 * @typedef {{ state: ArraysState, results: Record<string, { shape: number[], data: string[] }> }} Answer
 */

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** @type {ReturnType<typeof start> | undefined} */
let asked; // one process answers all questions of a run, since Python takes a while to start
after(() => asked?.python.stdin.end());

function start() {
  const python = spawn("python", [`${ROOT}tests/figures.py`], {
    env: { ...process.env, PYTHONPATH: ROOT },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  return { python, lines };
}

/**
 * @param {string} name of a figure
 * @param {Arrays} arrays that take the place of its own
 * @param {Record<string, number>} sizes some that move
 */
async function ask(name, arrays, sizes = {}) {
  const plain = Object.entries(arrays).map(([key, { shape, data }]) => [
    key,
    { shape, data: Array.from(data) },
  ]);
  asked ??= start();
  asked.python.stdin.write(`${JSON.stringify([name, Object.fromEntries(plain), sizes])}\n`);
  const { value } = await asked.lines.next();
  if (value === undefined) throw new Error(`Python gave no answer about ${name}`);
  return JSON.parse(value);
}

/**
 * A figure at its start: its state as a page gets it, and its model.
 * @param {string} name
 */
export async function figure(name) {
  /** @type {Answer} */
  const { state } = await ask(name, {});
  return { state, model: createModel(state) };
}

/**
 * The state of a figure of curves.
 * @param {string} name
 * @returns {Promise<CurvesState>}
 */
export const curvesState = async (name) => (await ask(name, {})).state;

/**
 * Why Python refuses these arrays; undefined if it does not.
 * @param {string} name
 * @param {Arrays} arrays
 * @param {Record<string, number>} [sizes]
 * @returns {Promise<string>}
 */
export const refusal = async (name, arrays, sizes) => (await ask(name, arrays, sizes)).refused;

/**
 * What Python makes of its own arrays at other sizes.
 * @param {string} name
 * @param {Record<string, number>} sizes
 * @returns {Promise<Answer>}
 */
export const resizedByPython = (name, sizes) => ask(name, {}, sizes);

/**
 * The results of a model are Python's for the arrays and sizes that it has now.
 * @param {string} name of the figure
 * @param {Model} model
 */
export async function assertPythons(name, model) {
  /** @type {Answer} */
  const { results } = await ask(name, model.given, model.sizes);
  assertResults(model, results);
}

/**
 * @param {Model} model
 * @param {Answer["results"]} results Python's
 */
export function assertResults(model, results) {
  assert.deepEqual(
    Object.keys(results),
    model.formulas.map(({ key }) => key),
  );
  for (const [key, { shape, data }] of Object.entries(results)) {
    assert.deepEqual(model.arrays[key].shape, shape, key);
    data.forEach((text, n) => {
      assertClose(
        model.arrays[key].data[n],
        Number(text.replace("inf", "Infinity")),
        `${key} ${n}`,
      );
    });
  }
}

/**
 * Equal to 1e-9 relative, or to 1e-12 where terms cancel.
 * @param {number} found
 * @param {number} expected
 * @param {string} what
 */
export function assertClose(found, expected, what) {
  if (Object.is(found, expected)) return;
  const gap = Math.abs(found - expected);
  assert.ok(gap <= 1e-9 * Math.abs(expected) + 1e-12, `${what}: ${found}, expected ${expected}`);
}

/** @param {Values} array */
export const numbers = ({ data }) => Array.from(data);

/**
 * @param {Model} model
 * @param {string} key
 * @param {Place} place
 */
export function valueAt({ arrays }, key, place) {
  const { shape, data } = arrays[key];
  return data[flatIndex(shape, place)];
}

/**
 * Terms with their numbers, such as −2·3.
 * @param {Term[]} terms
 */
export const inNumbers = (terms) =>
  terms.map(
    ({ negative, factors }) =>
      `${negative ? "−" : ""}${factors.map(({ value }) => value).join("·")}`,
  );
