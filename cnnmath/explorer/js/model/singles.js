// A size and a number by itself, as traits of a widget that a slider is linked to: `size_q`, and
// `number_eta` of a given array that is no more than a number.

/** @import { Arrays } from "./types.js" */
/** @import { Sizes } from "./sizes.js" */

const SIZE = "size_";
const NUMBER = "number_";

/**
 * Their names.
 * @param {{ sizing: { ranges: Record<string, unknown> } | null, arrays: Arrays }} state
 */
export const singlesOf = ({ sizing, arrays }) => [
  ...Object.keys(sizing?.ranges ?? {}).map((name) => SIZE + name),
  ...Object.keys(arrays)
    .filter((name) => !arrays[name].shape.length)
    .map((name) => NUMBER + name),
];

/**
 * What they are.
 * @param {string[]} singles
 * @param {{ arrays: Arrays, sizes: Sizes }} known
 */
export const singleValues = (singles, { arrays, sizes }) =>
  Object.fromEntries(
    singles.map((single) => {
      const { size, number } = split(single);
      return [single, size ? sizes[size] : arrays[number].data[0]];
    }),
  );

/**
 * The size that one of them is, or the number; neither, if it is another trait.
 * @param {string} single
 */
export const split = (single) => ({
  size: single.startsWith(SIZE) ? single.slice(SIZE.length) : "",
  number: single.startsWith(NUMBER) ? single.slice(NUMBER.length) : "",
});
