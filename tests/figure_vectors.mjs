// For test_figure_vectors.py. Standard input is a list of [formula, arrays, places]; standard output
// what the JavaScript makes of it, numbers that JSON does not know as strings; or why it refuses.

import { readFileSync } from "node:fs";
import { bindFormula } from "../cnnmath/explorer/js/model/bind.js";

const textOf = (parts, bare) =>
  parts
    .map((part) => {
      if (typeof part === "string") return part;
      if (part.raised) return `^${textOf(part.raised, bare)}`;
      return part.index.length && !bare ? `${part.name}[${part.index.join(", ")}]` : part.name;
    })
    .join("");

const answer = ([formula, arrays, places]) => {
  const bound = bindFormula(formula);
  const bare = formula.free.includes("axis 0"); // applies to each element
  const result = bound.all(arrays);
  return {
    shape: result.shape,
    data: Array.from(result.data),
    elements: places.map((place) => bound.element(place, arrays)),
    expansions: places.map((place) => {
      const { operation, terms, total } = bound.expand(place, arrays);
      return {
        operation,
        total,
        terms: terms.map(({ factors, negative, value }) => ({
          negative,
          value,
          factors: factors.map((factor) => ({ ...factor, parts: textOf(factor.parts, bare) })),
        })),
      };
    }),
    beyond: places.map((place) => bound.beyond(place, arrays)),
    touched: Object.fromEntries(
      Object.entries(arrays).map(([name, { shape }]) => {
        const last = shape.map((length) => length - 1);
        return [name, formula.names.includes(name) ? bound.touched(name, [last], arrays) : []];
      }),
    ),
  };
};

const answers = JSON.parse(readFileSync(0, "utf-8")).map((question) => {
  try {
    return answer(question);
  } catch (error) {
    return { refused: error.message };
  }
});

console.log(
  JSON.stringify(answers, (_, value) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  ),
);
