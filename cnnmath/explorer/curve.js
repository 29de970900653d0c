// A function of one number and its slope, both as formulas; and what is to be found out about them.
//
// No element of a page is touched here.

const SAMPLES = 240; // of a curve from one end to the other
const JUMP = 0.02; // between neighbours: so much may be a jump, and is looked at more closely
const LARGEST = 1e100; // that is drawn
const CLOSE = 40; // halvings of the distance between them

// value, slope: formulas as state.py gives them; arriving: the name of the gradient that the slope
// is multiplied by, and that is 1 here.
function createCurve(name, value, slope, arriving) {
  const [height, gradient] = [bindFormula(value), bindFormula(slope)];
  const place = value.shape.map(() => 0);
  const one = (number) => ({ shape: value.shape, data: [number] });

  // numbers: by name, those that the formulas read besides x
  function at(x, numbers) {
    const known = { x: one(x), [arriving]: one(1) };
    for (const [symbol, number] of Object.entries(numbers)) {
      known[symbol] = { shape: [], data: [number] };
    }
    const found = height.element(place, known);
    known[value.result] = one(found);
    return { value: found, slope: gradient.element(place, known) };
  }

  // The slope as it is measured; at a kink that to the left differs from that to the right.
  function measured(x, numbers) {
    const [below, middle, above] = [x - STEP, x, x + STEP].map((one) => at(one, numbers).value);
    const [left, right] = [(middle - below) / STEP, (above - middle) / STEP];
    const kink = Math.abs(right - left) > KINK * Math.max(1, Math.abs(right + left) / 2);
    return { slope: (above - below) / (2 * STEP), left, right, kink };
  }

  // The points of both curves from low to high, as strokes: where a curve jumps, a new one begins.
  function strokes(low, high, numbers) {
    const places = Array.from({ length: SAMPLES + 1 }, (_, n) => low + ((high - low) * n) / SAMPLES);
    const points = places.map((x) => ({ x, ...at(x, numbers) }));
    const fits = ({ value, slope }) => Math.abs(value) < LARGEST && Math.abs(slope) < LARGEST;
    if (!points.every(fits)) throw new Error("the curve would leave the numbers that can be drawn");
    const both = {};
    for (const which of ["value", "slope"]) {
      const found = [[]];
      points.forEach((point, n) => {
        if (n && Math.abs(point[which] - points[n - 1][which]) > JUMP) {
          const [before, after] = closeIn(points[n - 1], point, which, numbers);
          if (Math.abs(after[which] - before[which]) > JUMP) {
            found.at(-1).push([before.x, before[which]]);
            found.push([[after.x, after[which]]]);
          }
        }
        found.at(-1).push([point.x, point[which]]);
      });
      both[which] = found;
    }
    return both;
  }

  // The two sides of the steepest place between two points.
  function closeIn(before, after, which, numbers) {
    for (let n = 0; n < CLOSE; n += 1) {
      const x = (before.x + after.x) / 2;
      const middle = { x, ...at(x, numbers) };
      const inLeft = Math.abs(middle[which] - before[which]);
      if (inLeft > Math.abs(after[which] - middle[which])) after = middle;
      else before = middle;
    }
    return [before, after];
  }

  return { name, arriving, at, measured, strokes, formulas: [value, slope] };
}
