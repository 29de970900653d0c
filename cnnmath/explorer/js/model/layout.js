// How large the arrays of a figure are drawn, so that the whole stands in one window: numbers where
// there is room for them, small pictures where there is none, and of many planes only the chosen one.

export const WRITTEN = 26; // pixels: in a narrower cell only short numbers are written
export const LEGIBLE = 22; // pixels of a cell, from which on its number is read without effort
export const SMALL = 14; // rows and columns up to which the cells have room for their numbers
const GAP = 18; // pixels between columns, as in figure.css
const DENSE_GAP = 8; // of many columns
const ROOMY = 9; // columns; where there are more, no sizes stand beside the symbols
const PLANE_GAP = 12; // pixels between planes, as in figure.css
const TITLE = 24; // pixels above an array
const INDEX = 18; // pixels above a plane
const LONE = 120; // pixels that a lone plane may have where others are smaller
const LEAST_ROW = 12; // pixels of a cell in a long row, which scrolls rather than vanish
export const THUMBNAIL = 24; // pixels of a plane that is not chosen
const THUMBNAIL_GAP = 4;
const MOST_THUMBNAILS = 32;
const ABREAST = [2, 3, 4]; // thumbnails side by side at least, below an array that is narrower
export const NARROW = 560; // pixels: a figure that is narrower is a phone's
const TOGETHER = 480; // pixels that a phone shows at once, with the answer below them
const COMFORTABLE = 32; // pixels of a cell, down to which more is won by seeing all at once

/** From the largest cells that are wanted to the smallest: pixels of a cell, and of a large array. */
// biome-ignore format: a table
const TRIES = [
  [40, 260], [36, 232], [34, 220], [32, 200], [30, 180], [28, 160], [26, 140],
  [24, 130], [22, 120], [18, 100], [16, 90], [14, 80], [12, 70], [10, 60], [8, 50], [6, 40], [5, 30],
];

/**
 * An array that is to be laid out.
 * @typedef {object} Box
 * @property {string} key
 * @property {number} rows
 * @property {number} columns
 * @property {number[]} leading the axes in front of the last two
 * @property {{ top: number, bottom: number, left: number, right: number }} margin
 * @property {number} title pixels of its heading
 * @property {number} column in which it stands
 * @property {boolean} chooses whether the planes of its column are chosen there
 * @property {boolean} back whether it is a gradient
 */

/**
 * @typedef {object} Plan
 * @property {"pipeline" | "flow" | "stage"} mode in one line; wrapped; or only what is chosen
 * @property {boolean} all whether all planes are large
 * @property {Map<string, { cell: number, thumbnails: number }>} sizes of the
 *   cells; and how many thumbnails stand side by side, 0 for none
 */

/**
 * @param {Box[]} boxes
 * @param {number} width pixels that there are
 * @param {number} height pixels that all arrays together may take
 * @returns {Plan}
 */
export function planOf(boxes, width, height) {
  const narrow = width < NARROW;
  for (const all of [true, false]) {
    for (const [cell, large] of TRIES) {
      if (cell < WRITTEN && (all || narrow)) break;
      for (const abreast of all ? [0] : ABREAST) {
        const plan = drawn(boxes, cell, large, all, "pipeline", abreast);
        if (fits(boxes, plan, width, height)) return plan;
      }
    }
    if (!narrow) continue;
    for (const [least, high] of [
      [COMFORTABLE, Math.min(TOGETHER, height)],
      [WRITTEN, height],
    ]) {
      for (const [cell, large] of TRIES) {
        if (cell < least) break;
        const plan = drawn(boxes, cell, Math.min(large, width), all, "flow");
        if (flows(boxes, plan, width, high)) return plan;
      }
    }
  }
  const wanted = TRIES.find(([cell]) =>
    boxes.every((box) => box.columns > SMALL || across(box) * cell <= width),
  );
  const [cell, large] = wanted ?? TRIES[TRIES.length - 1];
  return drawn(boxes, cell, Math.min(large, width), false, "stage");
}

/**
 * The smallest cell of the arrays that are so small that their numbers are to be read.
 * @param {Box[]} boxes
 * @param {Plan} plan
 */
export function smallestCell(boxes, { sizes }) {
  const read = boxes.filter(({ rows, columns }) => Math.max(rows, columns) <= SMALL);
  return Math.min(...read.map(({ key }) => sizes.get(key)?.cell ?? 0));
}

/** @param {number} columns */
export const isDense = (columns) => columns > ROOMY;

/** @param {Box} box */
const across = ({ columns, margin }) => margin.left + columns + margin.right;
/** @param {Box} box */
const down = ({ rows, margin }) => margin.top + rows + margin.bottom;
/** @param {number[]} leading */
const planesOf = (leading) => leading.reduce((product, length) => product * length, 1);

/**
 * @param {Box[]} boxes
 * @param {number} cell
 * @param {number} large
 * @param {boolean} all
 * @param {Plan["mode"]} mode
 * @param {number} [least] thumbnails side by side
 * @returns {Plan}
 */
function drawn(boxes, cell, large, all, mode, least = 4) {
  const hasLarge = boxes.some(({ rows, columns }) => Math.max(rows, columns) > SMALL);
  const dense = isDense(new Set(boxes.map(({ column }) => column)).size);
  const sizes = new Map(
    boxes.map((box) => {
      const longest = Math.max(across(box), down(box));
      // A lone plane has no thumbnails below it.
      const share = box.leading.length ? large : Math.max(large, Math.min(2 * large, LONE));
      const fitting = hasLarge ? Math.floor(share / longest) : cell;
      let size = Math.max(1, Math.min(cell, fitting));
      if (longest > SMALL) size = Math.min(size, WRITTEN - 1);
      if (!dense && box.rows === 1) size = Math.max(size, LEAST_ROW);
      const planes = planesOf(box.leading);
      const strip = !all && planes > 1 && planes <= MOST_THUMBNAILS && box.chooses;
      const room = Math.max(across(box) * size, box.title);
      const abreast = Math.max(least, Math.floor((room + 4) / (THUMBNAIL + THUMBNAIL_GAP)));
      const thumbnails = strip ? Math.min(planes, abreast) : 0;
      return [box.key, { cell: size, thumbnails }];
    }),
  );
  return { mode, all, sizes };
}

/**
 * The pixels of an array with all that stands around it.
 * @param {Box} box
 * @param {Plan} plan
 * @param {number} [width] within which planes wrap
 */
function extent(box, { all, sizes }, width = Infinity) {
  const size = sizes.get(box.key);
  if (!size) throw new Error(`there is no plan for ${box.key}`);
  const own = { width: across(box) * size.cell + 1, height: down(box) * size.cell + 1 };
  const planes = planesOf(box.leading);
  const inRow = all ? (box.leading.at(-1) ?? 1) : 1;
  const fitting = Math.max(1, Math.floor((width + PLANE_GAP) / (own.width + PLANE_GAP)));
  const abreast = Math.min(inRow, fitting);
  const rows = all ? (planes / inRow) * Math.ceil(inRow / abreast) : 1;
  const strip = size.thumbnails;
  const stripRows = strip ? Math.ceil(planes / strip) : 0;
  const index = planes > 1 ? INDEX : 0;
  return {
    width: Math.max(
      abreast * (own.width + PLANE_GAP) - PLANE_GAP,
      strip * (THUMBNAIL + THUMBNAIL_GAP),
      box.title,
    ),
    height: TITLE + rows * (own.height + index + 8) + stripRows * (THUMBNAIL + THUMBNAIL_GAP),
  };
}

/**
 * Whether everything stands side by side, gradients below.
 * @param {Box[]} boxes
 * @param {Plan} plan
 * @param {number} width
 * @param {number} height
 */
function fits(boxes, plan, width, height) {
  /** @type {Map<number, number>} */
  const columns = new Map();
  /** @type {Map<string, number>} */
  const stacks = new Map();
  for (const box of boxes) {
    const { width: wide, height: high } = extent(box, plan);
    columns.set(box.column, Math.max(columns.get(box.column) ?? 0, wide));
    const lane = `${box.back} ${box.column}`;
    stacks.set(lane, (stacks.get(lane) ?? 0) + high);
  }
  /** @param {string} lane */
  const highest = (lane) =>
    Math.max(0, ...[...stacks].filter(([name]) => name.startsWith(lane)).map(([, high]) => high));
  const gap = isDense(columns.size) ? DENSE_GAP : GAP;
  const total = [...columns.values()].reduce((sum, wide) => sum + wide + gap, -gap);
  return total <= width && highest("false") + highest("true") <= height;
}

/**
 * Whether everything stands there, one row below the other.
 * @param {Box[]} boxes
 * @param {Plan} plan
 * @param {number} width
 * @param {number} height
 */
function flows(boxes, plan, width, height) {
  let [x, top, row] = [0, 0, 0];
  for (const box of boxes) {
    const { width: wide, height: high } = extent(box, plan, width);
    if (wide > width && box.rows > 1) return false;
    if (x && x + wide > width) {
      [x, top, row] = [0, top + row + PLANE_GAP, 0];
    }
    x += wide + GAP;
    row = Math.max(row, high);
  }
  return top + row <= height;
}
