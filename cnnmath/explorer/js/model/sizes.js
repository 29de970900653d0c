// Sizes that move: what the formulas and the given arrays are at each choice of them.
//
// Which choices are possible, and what each comes to, Python has written into a table
// (moving_sizes.py); here it is only looked up.

import { flatIndex, placeOf, samePlace, sizeOf } from "./places.js";

/** @import { Arrays, ArraysState, Formula, Numbers, SizeTable, Values } from "./types.js" */

/** @typedef {Record<string, number>} Sizes */

/**
 * An array in another shape: what was there stays, as far as there is room, and the author's array
 * goes on from there, repeated from its start along each axis where it ends.
 * @param {Values} now
 * @param {Values} authors
 * @param {number[]} shape
 * @returns {Numbers}
 */
export function resized(now, authors, shape) {
  const data = Float64Array.from({ length: sizeOf(shape) }, (_, flat) => {
    const place = placeOf(shape, flat);
    if (place.every((p, axis) => p < now.shape[axis])) return now.data[flatIndex(now.shape, place)];
    const wrapped = place.map((p, axis) => p % authors.shape[axis]);
    return authors.data[flatIndex(authors.shape, wrapped)];
  });
  return { shape: shape.slice(), data };
}

/** @param {ArraysState} state */
export function createSizes({ sizing, sizes: start, arrays, formulas }) {
  const table = sizing ?? unmoved(arrays, formulas);
  const names = Object.keys(table.ranges);

  /**
   * All sizes, some of them chosen anew, or the same object if none is another one; an error says, as
   * Python does, why that is impossible.
   * @param {Sizes} now
   * @param {Sizes} wanted
   */
  function chosen(now, wanted) {
    for (const [name, value] of Object.entries(wanted)) {
      if (!(name in start)) {
        const known = Object.keys(start).join(", ");
        throw new Error(`the figure has no size ${name}: its sizes are ${known}`);
      }
      if (!Number.isInteger(value)) {
        throw new Error(`the size ${name} was given as ${value}: expected a whole number`);
      }
      const [first, last] = table.ranges[name] ?? [start[name], start[name]];
      if (value < first || value > last) {
        const to = name in table.ranges ? `moves from ${first} to ${last}` : `stays ${first}`;
        throw new Error(`${name} ${to} in this figure: it cannot be ${value}`);
      }
    }
    if (Object.entries(wanted).every(([name, value]) => now[name] === value)) return now;
    const found = { ...now, ...wanted };
    shapesAt(found);
    return found;
  }

  /**
   * What a choice comes to.
   * @param {Sizes} sizes all of them
   */
  function possible(sizes) {
    let at = 0;
    for (const name of names) {
      const [first, last] = table.ranges[name];
      at = at * (last - first + 1) + sizes[name] - first;
    }
    const found = table.choices[at];
    if (typeof found === "number") throw new Error(table.refusals[found]);
    return found;
  }

  /**
   * The shapes of the given arrays at a choice that is possible.
   * @param {Sizes} sizes
   */
  const shapesAt = (sizes) => table.shapes[possible(sizes)[0]];

  /**
   * The formulas as they are bound at a choice that is possible; equal ones are the same object.
   * @param {Sizes} sizes
   * @returns {Formula[]}
   */
  const formulasAt = (sizes) =>
    possible(sizes)
      .slice(1)
      .map((which, n) => boundAs(n, which));

  /** @type {Map<string, Formula>} */
  const bound = new Map();
  /**
   * @param {number} n of a formula
   * @param {number} which of its bindings
   */
  function boundAs(n, which) {
    const id = `${n} ${which}`;
    const found = bound.get(id) ?? { ...formulas[n], ...table.bindings[n][which] };
    bound.set(id, found);
    return found;
  }

  /**
   * The given arrays in the shapes that they have at a choice.
   * @param {Arrays} given
   * @param {Sizes} sizes
   * @returns {Arrays}
   */
  const fitted = (given, sizes) =>
    Object.fromEntries(
      Object.entries(given).map(([name, array]) => {
        const shape = shapesAt(sizes)[name];
        const fits = !shape || samePlace(shape, array.shape);
        return [name, fits ? array : resized(array, arrays[name], shape)];
      }),
    );

  /**
   * The sizes at which an array has a shape: as few as can be differ from those of now.
   * @param {string} name
   * @param {number[]} shape
   * @param {Sizes} now
   */
  function forShape(name, shape, now) {
    if (samePlace(shapesAt(now)[name], shape)) return now;
    /** @type {Sizes[]} */
    let fewest = [];
    for (const [at, choice] of table.choices.entries()) {
      if (typeof choice === "number") continue;
      if (!samePlace(table.shapes[choice[0]][name], shape)) continue;
      const entries = Object.entries(choiceAt(at)).filter(([one, value]) => value !== now[one]);
      const changed = Object.fromEntries(entries);
      const [most, few] = [Object.keys(fewest[0] ?? {}).length, entries.length];
      if (!fewest.length || few < most) fewest = [changed];
      else if (few === most) fewest.push(changed);
    }
    const has = `${name} has the shape ${shapesAt(now)[name].join(" × ")}`;
    if (!fewest.length) throw new Error(`${has}, not ${shape.join(" × ")}`);
    if (fewest.length > 1) {
      const each = fewest.map(described).join(" or ");
      throw new Error(`${has}; ${shape.join(" × ")} may mean ${each}: choose sizes first`);
    }
    return { ...now, ...fewest[0] };
  }

  /** @param {number} at of a choice in the table */
  function choiceAt(at) {
    /** @type {Sizes} */
    const found = {};
    let rest = at;
    for (const name of names.toReversed()) {
      const [first, last] = table.ranges[name];
      found[name] = first + (rest % (last - first + 1));
      rest = Math.floor(rest / (last - first + 1));
    }
    return found;
  }

  return {
    start,
    ranges: table.ranges,
    words: table.words,
    axes: table.axes,
    chosen,
    shapesAt,
    formulasAt,
    fitted,
    forShape,
  };
}

/** @param {Sizes} sizes */
const described = (sizes) =>
  Object.entries(sizes)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");

/**
 * The table of a figure in which no size moves.
 * @param {Arrays} arrays
 * @param {Formula[]} formulas
 * @returns {SizeTable}
 */
const unmoved = (arrays, formulas) => ({
  ranges: {},
  words: {},
  axes: {},
  shapes: [Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, shape]))],
  bindings: formulas.map((formula) => [formula]),
  refusals: [],
  choices: [[0, ...formulas.map(() => 0)]],
});
