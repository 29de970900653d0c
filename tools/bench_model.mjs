// How long figures take from an edit to all results, without a page, for bench.py. Standard input is a
// list of states; standard output a list of the milliseconds of every edit.

import { readFileSync } from "node:fs";
import { createModel } from "../cnnmath/explorer/js/model/model.js";
import { placeOf } from "../cnnmath/explorer/js/model/places.js";

const [warmUp, times] = process.argv.slice(2).map(Number);

/**
 * Of each given array in turn one number after the other is made smaller by 1, and put back. What a
 * figure refuses is not timed.
 * @param {Parameters<typeof createModel>[0]} state
 */
function edits(state) {
  const model = createModel(state);
  const names = Object.keys(model.given);
  /** @type {number[]} */
  const found = [];
  for (let pair = 0; found.length < warmUp + times; pair += 1) {
    const name = names[pair % names.length];
    const { shape, data } = model.given[name];
    const flat = pair % data.length;
    for (const value of [data[flat] - 1, data[flat]]) {
      const start = performance.now();
      try {
        model.set(name, [placeOf(shape, flat)], value);
      } catch {
        break;
      }
      found.push(performance.now() - start);
    }
  }
  return found.slice(warmUp);
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf-8")).map(edits)));
