// The arguments of a call, by the names of its parameters, and what each may be.

import { spelt } from "./python.js";
import { refuse } from "./refusal.js";

/** @import { CallNode, Node } from "./python.js" */

/** @typedef {[number, number]} Pair of rows and of columns */
/** @typedef {[before: number, behind: number]} Ends */
/** @typedef {[Ends, Ends]} Pads of rows and of columns */

/**
 * What a call takes: names in their order; `unread` are those which the library knows as well, but
 * which have no counterpart here.
 * @typedef {{ order: string[], unread?: string[] }} Signature
 */

/** What was given to a call. */
export class Given {
  /**
   * @param {CallNode} call
   * @param {Signature} signature
   */
  constructor(call, { order, unread = [] }) {
    this.name = call.name;
    /** @type {Map<string, Node>} */
    this.nodes = new Map();
    if (call.positional.length > order.length) {
      refuse(`${call.name} takes at most ${order.length} arguments without a name`);
    }
    for (const [n, node] of call.positional.entries()) this.nodes.set(order[n], node);
    for (const [name, node] of call.named) {
      if (this.nodes.has(name)) refuse(`${call.name} is given ${name} twice`);
      if (unread.includes(name)) refuse(`${name} is not translated here: leave it out`);
      if (!order.includes(name)) {
        refuse(`${call.name} has no parameter ${name}`, `it has ${order.join(", ")}`);
      }
      this.nodes.set(name, node);
    }
  }

  /** @param {string} name */
  has(name) {
    const node = this.nodes.get(name);
    return node !== undefined && !(node.kind === "name" && node.name === "None");
  }

  /** @param {string} name */
  node(name) {
    const node = this.nodes.get(name);
    if (node === undefined) refuse(`${this.name} needs ${name}`);
    return node;
  }

  /**
   * @param {string} name
   * @param {string} wanted
   * @returns {never}
   */
  wrong(name, wanted) {
    refuse(`${name}=${spelt(this.node(name))}: expected ${wanted}`);
  }

  /**
   * @param {string} name
   * @param {number} least
   */
  number(name, least) {
    const node = this.node(name);
    if (!isWhole(node, least)) this.wrong(name, `a whole number, ${least} or more`);
    return node.value;
  }

  /**
   * One number for both axes, or two.
   * @param {string} name
   * @param {number} least
   * @returns {Pair}
   */
  pair(name, least) {
    const node = this.node(name);
    const nodes = node.kind === "list" ? node.items : [node, node];
    const [rows, columns] = nodes;
    if (nodes.length !== 2 || !isWhole(rows, least) || !isWhole(columns, least)) {
      this.wrong(name, `one or two whole numbers, ${least} or more`);
    }
    return [rows.value, columns.value];
  }

  /**
   * `pair`, or null if it was not given.
   * @param {string} name
   * @param {number} least
   */
  maybe(name, least) {
    return this.has(name) ? this.pair(name, least) : null;
  }

  /**
   * A list of so many whole numbers.
   * @param {string} name
   * @param {number} count
   * @param {number} [least]
   */
  numbers(name, count, least = Number.NEGATIVE_INFINITY) {
    const node = this.node(name);
    const items = node.kind === "list" ? node.items : [];
    const values = items.flatMap((one) => (isWhole(one, least) ? [one.value] : []));
    if (values.length !== count || items.length !== count) {
      this.wrong(name, `${count} whole numbers${least >= 0 ? `, ${least} or more` : ""}`);
    }
    return values;
  }

  /**
   * Two pairs, ((before, behind), (before, behind)).
   * @param {string} name
   * @returns {Pads}
   */
  pads(name) {
    const node = this.node(name);
    const items = node.kind === "list" ? node.items : [];
    const found = items.map((one) =>
      one.kind === "list" ? one.items.flatMap((n) => (isWhole(n) ? [n.value] : [])) : [],
    );
    if (found.length !== 2 || found.some((one) => one.length !== 2)) {
      this.wrong(name, "two pairs, ((before, behind), (before, behind))");
    }
    return /** @type {Pads} */ (found);
  }

  /**
   * One of some words.
   * @param {string} name
   * @param {string[]} known
   * @param {boolean} [anyCase] whether capitals are the same
   */
  word(name, known, anyCase = false) {
    const node = this.node(name);
    const text = node.kind === "text" ? node.value : "";
    const value = anyCase ? text.toLowerCase() : text;
    if (!known.includes(value)) {
      this.wrong(name, known.map((one) => JSON.stringify(one)).join(" or "));
    }
    return value;
  }

  /** @param {string} name */
  isWord(name) {
    return this.has(name) && this.node(name).kind === "text";
  }

  /** @param {string} name */
  flag(name) {
    if (!this.has(name)) return false;
    const node = this.node(name);
    if (node.kind === "name" && (node.name === "True" || node.name === "False")) {
      return node.name === "True";
    }
    if (node.kind === "number" && (node.value === 0 || node.value === 1)) return node.value === 1;
    this.wrong(name, "True or False");
  }
}

/**
 * @param {Node | undefined} node
 * @param {number} [least]
 * @returns {node is { kind: "number", value: number }}
 */
export function isWhole(node, least = Number.NEGATIVE_INFINITY) {
  return node?.kind === "number" && Number.isInteger(node.value) && node.value >= least;
}
