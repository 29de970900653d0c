// A node as it is written with the numbers of one element, as expand.py spells it.

import shared from "../../../shared.json" with { type: "json" };
import { written } from "./numbers.js";

/** @import { Node, Part } from "./types.js" */
/** @import { Reader } from "./elements.js" */
/** @import { Evaluator } from "./evaluate.js" */

/**
 * What stands between the terms of an operation.
 * @type {Record<string, string>}
 */
export const JOINTS = { sum: " + ", prod: " · ", max: ", ", min: ", " };
/** @type {Record<string, string>} */
const EMPTY = { sum: "0", prod: "1" }; // of nothing

/**
 * @param {Evaluator} evaluator
 * @param {Reader} reader
 */
export function createSpeller({ value, loopOf }, { read }) {
  /**
   * @param {Node} node
   * @returns {Part[]}
   */
  function spell(node) {
    /**
     * In brackets, if it is of one of these kinds and has none yet.
     * @param {Node} one
     * @param {Node["op"][]} wrap
     */
    const within = (one, wrap) => {
      const parts = spell(one);
      const bracketed = typeof parts[0] === "string" && parts[0].startsWith("(");
      return wrap.includes(one.op) && !bracketed ? ["(", ...parts, ")"] : parts;
    };
    switch (node.op) {
      case "padded":
        return spell(node.body);
      case "element":
        return [read(node)];
      case "read":
        return [{ name: node.name, index: [], value: value(node), inside: true }];
      case "add":
        return [
          "(",
          ...node.terms.flatMap((one, n) => {
            if (!n) return spell(one);
            return one.op === "negative"
              ? [" − ", ...within(one.body, ["add"])]
              : [" + ", ...spell(one)];
          }),
          ")",
        ];
      case "negative":
        return ["−", ...spell(node.body)];
      case "multiply":
        return joined(node.factors.map(spell), " · ");
      case "divide": {
        /** @type {Node["op"][]} */
        const wrap = ["multiply", "divide", "reduce"];
        return [...within(node.above, wrap), "/", ...within(node.below, wrap)];
      }
      case "power":
        return [
          ...within(node.base, ["multiply", "divide", "power", "reduce", "negative"]),
          { raised: within(node.exponent, ["multiply", "divide"]) },
        ];
      case "call":
        return called(node.function, node.arguments.map(spell));
      case "apply":
        return called(node.name, node.arguments.map(spell));
      case "reduce": {
        /** @type {Part[][]} */
        const lists = [];
        let count = 0;
        loopOf(node).each(() => {
          count += 1;
          if (count <= shared.spelled_terms) lists.push(spell(node.body));
        });
        if (count > shared.spelled_terms) lists.push(["…"]);
        const empty = EMPTY[node.operation];
        if (empty === undefined) return called(node.operation, lists);
        return ["(", ...(count ? joined(lists, JOINTS[node.operation]) : [empty]), ")"];
      }
      default:
        return [written(value(node), 6)];
    }
  }

  return spell;
}

/**
 * @param {Part[][]} lists
 * @param {string} joint
 */
const joined = (lists, joint) => lists.flatMap((parts, n) => (n ? [joint, ...parts] : parts));

/**
 * @param {string} name
 * @param {Part[][]} lists
 * @returns {Part[]}
 */
const called = (name, lists) => [`${name}(`, ...joined(lists, ", "), ")"];
