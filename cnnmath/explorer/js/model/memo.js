// Sums and extremes that do not depend on all indices around them, each found once a round.
//
// In Σ_ij δ_ij [(u − iq)·l + v − jq = arg max_st x_{(iq+s)(jq+t)}] the winner depends on i and j
// alone, but is asked for by every u and v.

import { childrenOf } from "./nodes.js";

/** @import { Node, ReduceNode } from "./types.js" */
/** @import { Evaluate, Run } from "./run.js" */

const MOST = 1_000_000; // values that are kept

/**
 * The sums and extremes in a tree that do not depend on all indices around them.
 * @param {Node} node
 * @param {string[]} around the indices around it
 * @returns {ReduceNode[]}
 */
export function repeatedIn(node, around) {
  if (node.op !== "reduce") return childrenOf(node).flatMap((child) => repeatedIn(child, around));
  const within = [...around, ...node.binders.map(({ name }) => name)];
  const found = childrenOf(node).flatMap((child) => repeatedIn(child, within));
  const own = indicesOf(node);
  return around.every((name) => own.has(name)) ? found : [node, ...found];
}

/**
 * The indices that a node depends on.
 * @param {Node} node
 * @returns {Set<string>}
 */
function indicesOf(node) {
  if (node.op === "index") return new Set([node.name]);
  const binders = node.op === "reduce" ? node.binders : [];
  const parts = [...childrenOf(node), ...binders.flatMap(({ low, high }) => [low, high])];
  const found = new Set(parts.flatMap((part) => [...indicesOf(part)]));
  for (const { name } of binders) found.delete(name);
  return found;
}

/**
 * Each value of a node is found once a round.
 * @param {Run} run
 * @param {ReduceNode} node
 * @param {Evaluate} evaluate
 * @returns {Evaluate}
 */
export function remembered(run, node, evaluate) {
  const { at } = run;
  const slots = [...indicesOf(node)].map((name) => run.slot(name));
  /** @type {number[]} */
  let lows = [];
  /** @type {number[]} */
  let lengths = [];
  let values = new Float64Array(0);
  let known = new Uint8Array(0);
  let round = -1;
  let isKept = false;
  function start() {
    round = run.round;
    lows = slots.map((slot) => run.ranges[slot][0]);
    lengths = slots.map((slot) => run.ranges[slot][1] - run.ranges[slot][0] + 1);
    const size = lengths.reduce((product, length) => product * length, 1);
    isKept = size <= MOST;
    if (!isKept) return;
    if (values.length !== size) [values, known] = [new Float64Array(size), new Uint8Array(size)];
    known.fill(0);
  }
  return () => {
    // What is read is told anew by each element that reads it.
    if (run.watched || run.beyond) return evaluate();
    if (round !== run.round) start();
    if (!isKept) return evaluate();
    let flat = 0;
    for (let n = 0; n < slots.length; n += 1) {
      flat = flat * lengths[n] + at[slots[n]] - lows[n];
    }
    if (!known[flat]) {
      values[flat] = evaluate();
      known[flat] = 1;
    }
    return values[flat];
  };
}
