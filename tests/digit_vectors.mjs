// For test_drawing.py. Standard input is a list of strokes a digit; standard output the picture that
// the JavaScript makes of each.

import { readFileSync } from "node:fs";
import { asDigit } from "../cnnmath/explorer/js/model/digit.js";

const pictures = JSON.parse(readFileSync(0, "utf-8")).map((strokes) =>
  Array.from(asDigit(strokes)),
);

console.log(JSON.stringify(pictures));
