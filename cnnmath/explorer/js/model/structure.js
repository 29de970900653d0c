// A long sum as its structure has it: per channel, per kernel row, and so on inwards.

/** @import { Expansion, Term } from "./types.js" */

export const MOST = 14; // terms or groups that are read at one glance

/**
 * Terms that go together: those in which the outer indices of the sum have certain values.
 * @typedef {{ label: string, terms: Term[], value: number }} Group
 */

/** @type {Record<string, (values: number[]) => number>} */
const TOTALS = {
  sum: (values) => values.reduce((a, b) => a + b, 0),
  prod: (values) => values.reduce((a, b) => a * b, 1),
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
};

/**
 * Terms as they can be shown: few as they are, many in groups.
 * @param {Term[]} terms
 * @param {Expansion["operation"]} operation
 * @returns {(Term | Group)[]}
 */
export function folded(terms, operation) {
  if (terms.length <= MOST) return terms;
  const name = outermost(terms);
  /** @type {(Term | Group)[]} */
  const found = [];
  for (const run of name ? runs(terms, name) : chunks(terms)) {
    found.push(run.length === 1 ? run[0] : groupOf(run, name, operation));
  }
  return found;
}

/** @param {Term | Group} part @returns {part is Group} */
export const isGroup = (part) => "terms" in part;

/**
 * The first index that tells terms apart.
 * @param {Term[]} terms
 */
function outermost(terms) {
  const names = Object.keys(terms.find(({ at }) => Object.keys(at).length)?.at ?? {});
  return names.find((name) => new Set(terms.map(({ at }) => at[name])).size > 1) ?? null;
}

/**
 * Neighbours in which an index has the same value; if there are too many of them, several values.
 * @param {Term[]} terms
 * @param {string} name
 */
function runs(terms, name) {
  /** @type {Term[][]} */
  const found = [];
  for (const term of terms) {
    const last = found[found.length - 1];
    if (last && last[0].at[name] === term.at[name]) last.push(term);
    else found.push([term]);
  }
  if (found.length <= MOST + 2) return found;
  const inside = found.filter(([{ at }]) => name in at);
  const outside = found.filter(([{ at }]) => !(name in at));
  return [...chunks(inside).map((groups) => groups.flat()), ...outside];
}

/**
 * @template Thing
 * @param {Thing[]} things
 */
function chunks(things) {
  const size = Math.ceil(Math.sqrt(things.length));
  return Array.from({ length: Math.ceil(things.length / size) }, (_, n) =>
    things.slice(n * size, (n + 1) * size),
  );
}

/**
 * @param {Term[]} terms
 * @param {string | null} name
 * @param {string} operation
 * @returns {Group}
 */
function groupOf(terms, name, operation) {
  const value = TOTALS[operation](terms.map((term) => term.value));
  if (!name) return { label: `${terms.length} terms`, terms, value };
  const [first, last] = [terms[0].at[name], terms[terms.length - 1].at[name]];
  const shown = name.replace(/~.*/, "");
  return {
    label: first === last ? `${shown} = ${first}` : `${shown} = ${first}…${last}`,
    terms,
    value,
  };
}
