// For test_curves.py. Standard input is a figure's state and places on x; standard output what the
// JavaScript makes of each curve.

import { readFileSync } from "node:fs";
import { createCurve } from "../cnnmath/explorer/js/model/curve.js";

const { state, places } = JSON.parse(readFileSync(0, "utf-8"));
console.log(
  JSON.stringify(
    state.curves.map(({ name, arriving }, n) => {
      const curve = createCurve(name, state.formulas[2 * n], state.formulas[2 * n + 1], arriving);
      const numbers = state.numbers[name];
      const { value, slope } = curve.strokes(...state.span, numbers);
      return {
        points: places.map((x) => ({
          ...curve.at(x, numbers),
          measured: curve.measured(x, numbers),
        })),
        value,
        slope,
      };
    }),
  ),
);
