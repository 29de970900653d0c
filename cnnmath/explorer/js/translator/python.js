// As much of Python as a layer is written in: assignments of calls and slices.

import { refuse } from "./refusal.js";

/** @typedef {{ kind: "number", value: number }} NumberNode */
/** @typedef {{ kind: "text", value: string }} TextNode */
/** @typedef {{ kind: "name", name: string }} NameNode `lax.max` is one name, and so is `-np.inf` */
/** @typedef {{ kind: "list", items: Node[] }} ListNode a list or a tuple */
/**
 * `name` is the last part of what is called, `Conv2d` of `nn.Conv2d`.
 * @typedef {{
 *   kind: "call", of: Node, name: string, positional: Node[], named: Map<string, Node>
 * }} CallNode
 */
/** @typedef {[start: number | null, stop: number | null, step: number | null]} Slice */
/** @typedef {{ kind: "slices", of: Node, slices: Slice[] }} SlicesNode */
/** @typedef {NumberNode | TextNode | NameNode | ListNode | CallNode | SlicesNode} Node */
/** @typedef {{ target: string, value: Node }} Statement `target` is "" where nothing is assigned */

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?)|(?<text>"[^"\n]*"|'[^'\n]*')|(?<name>[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*)|(?<sign>[-()[\],:=]))/uy;

/**
 * The statements of a text, one a line; a line goes on while a bracket is open.
 * @param {string} text
 * @returns {Statement[]}
 */
export function readPython(text) {
  return lines(text).map((line) => new Reader(line).statement());
}

/** @param {string} text */
function lines(text) {
  const found = [];
  let line = "";
  for (const piece of text.split(/\n|;/)) {
    line = `${line} ${piece.replace(/#.*/, "")}`.trim();
    const open = line.replace(/[^([]/g, "").length - line.replace(/[^)\]]/g, "").length;
    if (open > 0) continue;
    if (line) found.push(line);
    line = "";
  }
  if (line) found.push(line);
  return found;
}

/**
 * @param {Node} node
 * @returns {string}
 */
export function spelt(node) {
  switch (node.kind) {
    case "number":
      return String(node.value);
    case "text":
      return JSON.stringify(node.value);
    case "name":
      return node.name;
    case "list":
      return `(${node.items.map(spelt).join(", ")})`;
    default:
      return "an expression";
  }
}

class Reader {
  /** @param {string} line */
  constructor(line) {
    this.line = line;
    this.at = 0;
    this.token = this.next();
  }

  /** The next token, or "" at the end. */
  next() {
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.line);
    if (!found) {
      const rest = this.line.slice(this.at).trim();
      if (rest) refuse(`“${rest.slice(0, 12)}” is nothing that a call is written with`);
      return { text: "", groups: /** @type {Record<string, string | undefined>} */ ({}) };
    }
    this.at = TOKEN.lastIndex;
    return { text: found[0].trim(), groups: found.groups ?? {} };
  }

  /** @param {string} wanted */
  take(wanted) {
    if (this.token.text !== wanted) this.expected(`“${wanted}”`);
    this.token = this.next();
  }

  /**
   * @param {string} what
   * @returns {never}
   */
  expected(what) {
    const found = this.token.text ? `“${this.token.text}”` : "the line ends";
    refuse(`“${this.line}”: expected ${what} where ${found}${this.token.text ? " stands" : ""}`);
  }

  /** @returns {Statement} */
  statement() {
    let value = this.expression();
    let target = "";
    if (this.token.text === "=") {
      if (value.kind !== "name") this.expected("the end");
      target = value.name;
      this.take("=");
      value = this.expression();
    }
    if (this.token.text) this.expected("the end of the line");
    return { target, value };
  }

  /** @returns {Node} */
  expression() {
    let node = this.atom();
    for (;;) {
      if (this.token.text === "(") node = this.call(node);
      else if (this.token.text === "[") node = this.slices(node);
      else return node;
    }
  }

  /** @returns {Node} */
  atom() {
    const { text, groups } = this.token;
    if (text === "-") {
      this.take("-");
      const node = this.expression();
      if (node.kind === "number") return { kind: "number", value: -node.value };
      if (node.kind === "name") return { kind: "name", name: `-${node.name}` };
      this.expected("a number");
    }
    if (text === "(" || text === "[") return this.list(text === "(" ? ")" : "]");
    if (groups.number) {
      this.token = this.next();
      return { kind: "number", value: Number(text) };
    }
    if (groups.text) {
      this.token = this.next();
      return { kind: "text", value: text.slice(1, -1) };
    }
    if (groups.name) {
      this.token = this.next();
      return { kind: "name", name: text };
    }
    this.expected("a value");
  }

  /**
   * @param {string} end
   * @returns {Node}
   */
  list(end) {
    this.token = this.next();
    /** @type {Node[]} */
    const items = [];
    let comma = false;
    while (this.token.text !== end) {
      items.push(this.expression());
      comma = this.token.text === ",";
      if (comma) this.take(",");
      else if (this.token.text !== end) this.expected(`“,” or “${end}”`);
    }
    this.take(end);
    // (3) is a number in brackets, (3,) a tuple.
    return end === ")" && items.length === 1 && !comma ? items[0] : { kind: "list", items };
  }

  /**
   * @param {Node} of
   * @returns {CallNode}
   */
  call(of) {
    this.take("(");
    /** @type {Node[]} */
    const positional = [];
    /** @type {Map<string, Node>} */
    const named = new Map();
    while (this.token.text !== ")") {
      const value = this.expression();
      if (this.token.text === "=" && value.kind === "name") {
        this.take("=");
        if (named.has(value.name)) refuse(`${value.name} is given twice`);
        named.set(value.name, this.expression());
      } else {
        if (named.size) refuse(`${spelt(value)} has no name, but stands behind one that has`);
        positional.push(value);
      }
      if (this.token.text === ",") this.take(",");
      else if (this.token.text !== ")") this.expected("“,” or “)”");
    }
    this.take(")");
    const name = of.kind === "name" ? (of.name.split(".").at(-1) ?? "") : "";
    return { kind: "call", of, name, positional, named };
  }

  /**
   * @param {Node} of
   * @returns {SlicesNode}
   */
  slices(of) {
    this.take("[");
    /** @type {Slice[]} */
    const slices = [];
    while (this.token.text !== "]") {
      slices.push(this.slice());
      if (this.token.text === ",") this.take(",");
      else if (this.token.text !== "]") this.expected("“,” or “]”");
    }
    this.take("]");
    return { kind: "slices", of, slices };
  }

  /** @returns {Slice} */
  slice() {
    /** @type {Slice} */
    const found = [null, null, null];
    for (let part = 0; part < 3; part += 1) {
      if (this.token.groups.number || this.token.text === "-") {
        const node = this.atom();
        if (node.kind !== "number") this.expected("a number");
        found[part] = node.value;
      }
      if (this.token.text !== ":" || part === 2) break;
      this.take(":");
    }
    return found;
  }
}
