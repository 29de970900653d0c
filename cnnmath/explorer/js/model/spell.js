// A node as it is written with the numbers of one element, as expand.py spells it.

import shared from "../../../shared.json" with { type: "json" };
import { written } from "./numbers.js";

/** @import { Node, Part, Place } from "./types.js" */
/** @import { Reader } from "./elements.js" */
/** @import { Evaluator } from "./evaluate.js" */

/**
 * @param {Evaluator} evaluator
 * @param {Reader} reader
 */
export function createSpeller({ value, loopOf }, { elementOf, read }) {
  /**
   * @param {Node} node
   * @param {Place} place of the result
   * @returns {Part[]}
   */
  function spell(node, place) {
    /** @param {Node} one */
    const plain = (one) => spell(one, place);
    /**
     * In brackets, if it is of one of these kinds and has none yet.
     * @param {Node} one
     * @param {Node["op"][]} wrap
     */
    const within = (one, wrap) => {
      const parts = plain(one);
      const bracketed = typeof parts[0] === "string" && parts[0].startsWith("(");
      return wrap.includes(one.op) && !bracketed ? ["(", ...parts, ")"] : parts;
    };
    switch (node.op) {
      case "padded":
        return plain(node.body);
      case "element":
      case "read":
        return [
          elementOf(node)
            ? read(node, place)
            : { name: node.name, index: [], value: value(node), inside: true },
        ];
      case "add":
        return [
          "(",
          ...node.terms.flatMap((one, n) => {
            if (!n) return plain(one);
            return one.op === "negative"
              ? [" − ", ...within(one.body, ["add"])]
              : [" + ", ...plain(one)];
          }),
          ")",
        ];
      case "negative":
        return ["−", ...plain(node.body)];
      case "multiply":
        return joined(node.factors.map(plain), " · ");
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
        return called(node.function, node.arguments.map(plain));
      case "apply":
        return called(node.name, node.arguments.map(plain));
      case "reduce": {
        /** @type {Part[][]} */
        const lists = [];
        let count = 0;
        loopOf(node).each(() => {
          count += 1;
          if (count <= shared.spelled_terms) lists.push(plain(node.body));
        });
        if (count > shared.spelled_terms) lists.push(["…"]);
        if (node.operation !== "sum") return called(node.operation, lists);
        return ["(", ...(count ? joined(lists, " + ") : ["0"]), ")"];
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
