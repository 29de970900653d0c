// For sentences about the translator. Standard input is a layer and the sizes of input and kernel;
// standard output what it gives, and of each other dialect how it writes the same layer, and what
// the same words give there.

import { readFileSync } from "node:fs";
import { beside, outcome } from "../cnnmath/explorer/js/translator/describe.js";
import { DIALECTS, read } from "../cnnmath/explorer/js/translator/translate.js";

const { layer, size, kernel } = JSON.parse(readFileSync(0, "utf-8"));
const reading = read(layer, [kernel, kernel]);
const others = DIALECTS.filter((one) => one !== reading.dialect).map((one) => {
  const { same, found } = beside(reading, one, size);
  return [one.name, { same: same?.text, words: Array.isArray(found) ? found : null }];
});
console.log(JSON.stringify({ y: outcome(reading, size).y, ...Object.fromEntries(others) }));
