// What a reader draws, as the digits of MNIST are: 20 pixels long, and centred by their mass. The
// same as cnnmath/network/drawing.py, which says where it comes from.

/** @typedef {[x: number, y: number]} Point */

export const SIZE = 28; // pixels of the picture
const BOX = 20; // pixels of its longer side that the digit fills
const RADIUS = 1.25; // pixels of the pen, however large the digit was drawn
const MIDDLE = (SIZE - 1) / 2;

/**
 * Row by row, 0 for the background to 1 for the stroke; empty without a stroke.
 * @param {Point[][]} strokes of each its points, x to the right and y down, in any unit
 */
export function asDigit(strokes) {
  const lines = strokes.filter((stroke) => stroke.length);
  if (!lines.length) return new Float64Array(SIZE * SIZE);
  const placed = place(lines);
  const picture = ink(placed);
  let [mass, right, down] = [0, 0, 0];
  picture.forEach((value, flat) => {
    mass += value;
    right += value * (flat % SIZE);
    down += value * Math.floor(flat / SIZE);
  });
  const [x, y] = [right, down].map((sum) => rint(MIDDLE - sum / mass));
  return ink(placed.map((line) => line.map((point) => [point[0] + x, point[1] + y])));
}

/**
 * To the nearest whole number, of two the even one, as NumPy does.
 * @param {number} value
 */
function rint(value) {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 ? down + 1 : down;
}

/**
 * The strokes in pixels of the picture, the middle of what was drawn in its middle.
 * @param {Point[][]} lines
 * @returns {Point[][]}
 */
function place(lines) {
  const [low, high] = [Math.min, Math.max].map((extreme) =>
    [0, 1].map((axis) => lines.flat().reduce((so, p) => extreme(so, p[axis]), lines[0][0][axis])),
  );
  const longest = Math.max(high[0] - low[0], high[1] - low[1]);
  const scale = longest ? (BOX - 2 * RADIUS) / longest : 1;
  /** @param {Point} point @param {0 | 1} axis */
  const along = (point, axis) => (point[axis] - (low[axis] + high[axis]) / 2) * scale + MIDDLE;
  return lines.map((line) => line.map((point) => [along(point, 0), along(point, 1)]));
}

/**
 * How much of each pixel the pen covers, about: from its distance to the nearest stroke.
 * @param {Point[][]} lines
 */
function ink(lines) {
  const pieces = lines.flatMap((line) =>
    line.length === 1 ? [[line[0], line[0]]] : line.slice(1).map((end, n) => [line[n], end]),
  );
  const picture = new Float64Array(SIZE * SIZE);
  const reach = RADIUS + 0.5;
  for (const [[x, y], [toX, toY]] of pieces) {
    const [alongX, alongY] = [toX - x, toY - y];
    const length = alongX * alongX + alongY * alongY || 1;
    const [left, right] = [Math.min(x, toX) - reach, Math.max(x, toX) + reach];
    const [top, bottom] = [Math.min(y, toY) - reach, Math.max(y, toY) + reach];
    for (let row = Math.max(0, Math.ceil(top)); row <= Math.min(SIZE - 1, bottom); row += 1) {
      for (
        let column = Math.max(0, Math.ceil(left));
        column <= Math.min(SIZE - 1, right);
        column += 1
      ) {
        const share = ((column - x) * alongX + (row - y) * alongY) / length;
        const inside = Math.min(1, Math.max(0, share));
        const apart = Math.hypot(column - x - inside * alongX, row - y - inside * alongY);
        const flat = row * SIZE + column;
        picture[flat] = Math.max(picture[flat], Math.min(1, reach - apart));
      }
    }
  }
  return picture;
}
