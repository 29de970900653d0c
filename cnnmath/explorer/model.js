// The state of a live figure, without its looks: given arrays, results, history, versions.
//
// No element of a page is touched here. The mathematics is in evaluate.js and expand.js, the
// drawing in grid.js, sum.js and figure.js.

const STEP = 1e-4; // of the finite differences
const KINK = 1e-2; // slopes to the left and to the right that differ by more show a kink
const EQUAL = 1e-9; // relative difference up to which two versions of a result are the same
const LONGEST_HISTORY = 200;
const NOWHERE = new Set();

function createModel(state) {
  const copy = (array) => ({ shape: array.shape.slice(), data: Float64Array.from(array.data) });
  const copies = (arrays) =>
    Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, copy(array)]));

  const initial = copies(state.arrays);
  let given = copies(initial);
  let changes = 0; // counts them, so that a drawing knows whether it is of today
  const history = [];
  const random = randomNumbers(1);

  // Two versions of one formula define the same name; the later ones have keys of their own, and
  // what follows reads the first.
  const formulas = state.formulas.map((formula) => ({
    ...bindFormula(formula),
    formula,
    key: formula.key,
  }));
  const versions = (name) => formulas.filter((one) => one.formula.result === name);
  const producing = (key) => formulas.find((one) => one.key === key);

  // The order in which data flows: what a formula reads, then what it gives.
  const order = [
    ...new Set(
      formulas.flatMap((one) => [
        ...Object.keys(given).filter((name) => one.formula.names.includes(name)),
        one.key,
      ]),
    ),
  ];

  // The results for some arrays; those that no change touches are taken over.
  function calculate(arrays, known, changed) {
    const stale = new Set(changed);
    const found = { ...known };
    for (const one of formulas) {
      if (found[one.key] && !one.formula.names.some((name) => stale.has(name))) continue;
      found[one.key] = one.all({ ...arrays, ...found });
      stale.add(one.key);
    }
    return found;
  }

  let results = calculate(given, {}, []);
  const arrays = () => ({ ...given, ...results });

  // Two versions that differ: the flat places where, and by how much.
  function compare(name) {
    const [first, ...others] = versions(name).map((one) => results[one.key].data);
    const places = new Set();
    let largest = 0;
    for (const other of others) {
      for (let flat = 0; flat < first.length; flat += 1) {
        const gap = Math.abs(first[flat] - other[flat]);
        if (gap <= EQUAL * Math.max(1, Math.abs(first[flat]))) continue;
        if (Object.is(first[flat], other[flat])) continue; // infinities and NaN
        places.add(flat);
        largest = Math.max(largest, gap);
      }
    }
    return { places, largest, of: first.length };
  }

  let compared = {};
  function settle(nextGiven, nextResults) {
    given = nextGiven;
    results = nextResults;
    changes += 1;
    compared = {};
    for (const { formula } of formulas) {
      if (versions(formula.result).length > 1) compared[formula.result] ??= compare(formula.result);
    }
  }
  settle(given, results);

  function insist(name, array) {
    const shape = given[name]?.shape;
    if (!shape) throw new Error(`the figure has no array ${name}`);
    if (!samePlace(array.shape, shape)) {
      throw new Error(`${name} has the shape ${shape.join(" × ")}, not ${array.shape.join(" × ")}`);
    }
    if (array.data.length !== sizeOf(shape)) throw new Error(`${name} lacks numbers`);
    const odd = array.data.findIndex((value) => !Number.isFinite(value));
    if (odd >= 0)
      throw new Error(`${name} would hold ${array.data[odd]}, which is no finite number`);
  }

  const same = (a, b) => a.data.every((value, flat) => value === b.data[flat]);

  // Replaces some given arrays, if all goes well; else the last good state stays.
  function replace(next, { remember = true } = {}) {
    for (const [name, array] of Object.entries(next)) insist(name, array);
    const changed = Object.keys(next).filter((name) => !same(next[name], given[name]));
    if (!changed.length) return;
    const all = { ...given, ...copies(next) };
    const found = calculate(all, results, changed);
    if (remember) mark();
    settle(all, found);
  }

  // Keeps the present for undo.
  function mark() {
    history.push(given);
    if (history.length > LONGEST_HISTORY) history.shift();
  }

  // Gives some elements of one array a value.
  function set(name, places, value, options) {
    const changed = copy(given[name]);
    for (const place of places) changed.data[flatIndex(changed.shape, place)] = value;
    replace({ [name]: changed }, options);
  }

  function shuffle(kept) {
    const names = Object.keys(given).filter((name) => !kept.includes(name));
    const next = copies(Object.fromEntries(names.map((name) => [name, given[name]])));
    for (const { data } of Object.values(next)) {
      data.forEach((_, flat) => {
        data[flat] = Math.floor(random() * 7) - 3;
      });
    }
    replace(next);
  }

  // Goes back to the last state that differs from this one; false if there is none.
  function undo() {
    const before = changes;
    while (history.length && changes === before) replace(history.pop(), { remember: false });
    return changes !== before;
  }

  // ---- a gradient against the finite difference of its forward formula --------------------------

  // What an output weighs in the error: 1 for the error itself, else the gradient that arrives.
  function weightsOf(output, error) {
    if (output.formula.result === error) return { shape: [], data: [1] };
    const all = arrays();
    const incoming = all[`d${error}_d${output.formula.result}`] ?? all.delta;
    return incoming && samePlace(incoming.shape, output.formula.shape) ? incoming : null;
  }

  // For an element of dE_dx: how fast the error grows as that element of x moves, through every
  // formula of the figure that reads x. Null if the figure does not hold what that takes.
  function finiteDifference(key, place) {
    const own = producing(key)?.formula.result ?? "";
    const [, error, variable] = /^d(.+?)_d(.+)$/.exec(own) ?? [];
    const moved = arrays()[variable];
    if (!moved || !samePlace(moved.shape, producing(key).formula.shape)) return null;
    const flat = flatIndex(moved.shape, place);
    const step = STEP * Math.max(1, Math.abs(moved.data[flat]));
    const at = (change) => {
      const array = copy(moved);
      array.data[flat] += change;
      return { ...arrays(), [variable]: array };
    };
    const [left, middle, right] = [at(-step), at(0), at(step)];
    const slopes = { left: 0, right: 0 };
    const passed = new Set();
    for (const forward of formulas) {
      const { names, result, shape } = forward.formula;
      if (passed.has(result) || !names.includes(variable)) continue;
      if (result.startsWith(`d${error}_d`)) continue;
      const weights = weightsOf(forward, error);
      if (!weights) continue;
      passed.add(result);
      for (const reached of forward.touched(variable, place, middle)) {
        const weight = weights.data[flatIndex(shape, reached)];
        const value = forward.element(reached, middle);
        slopes.right += (weight * (forward.element(reached, right) - value)) / step;
        slopes.left += (weight * (value - forward.element(reached, left))) / step;
      }
    }
    if (!passed.size) return null;
    const slope = (slopes.left + slopes.right) / 2;
    const kink = Math.abs(slopes.right - slopes.left) > KINK * Math.max(1, Math.abs(slope));
    return { slope, kink };
  }

  return {
    formulas,
    order,
    versions,
    producing,
    finiteDifference,
    replace,
    set,
    shuffle,
    undo,
    mark,
    reset: () => replace(initial),
    get arrays() {
      return arrays();
    },
    get given() {
      return given;
    },
    get changes() {
      return changes;
    },
    get compared() {
      return compared;
    },
    isGiven: (name) => name in given,
    expand: (key, place) => producing(key).expand(place, arrays()),
    // The elements of results that read an element of what is called `name`.
    touched: (name, place) =>
      formulas
        .filter((one) => one.formula.names.includes(name))
        .flatMap((one) =>
          one.touched(name, place, arrays()).map((reached) => ({ key: one.key, place: reached })),
        ),
    // The flat places in which the versions of a result differ.
    differences: (key) => compared[producing(key)?.formula.result]?.places ?? NOWHERE,
  };
}

// The state as NumPy code that reproduces it.
function asNumPy(arrays, sizes) {
  const nested = ({ shape, data }, axis, offset, indent) => {
    if (axis === shape.length) return String(data[offset]);
    const stride = sizeOf(shape.slice(axis + 1));
    const parts = Array.from({ length: shape[axis] }, (_, n) =>
      nested({ shape, data }, axis + 1, offset + n * stride, `${indent} `),
    );
    const joint = axis === shape.length - 1 ? ", " : `,\n${indent} `;
    return `[${parts.join(joint)}]`;
  };
  const safe = (name) => (name === "lambda" ? "lambda_" : name);
  const lines = Object.entries(arrays).map(([name, array]) => {
    const start = `${safe(name)} = np.array(`;
    return `${start}${nested(array, 0, 0, " ".repeat(start.length))}, dtype=float)`;
  });
  const whole = Object.entries(sizes).map(([name, value]) => `${safe(name)} = ${value}`);
  return ["import numpy as np", "", ...whole, ...lines, ""].join("\n");
}
