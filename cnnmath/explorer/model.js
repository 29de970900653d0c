// The state of a live figure, without its looks: given arrays, results, history, versions.
//
// No element of a page is touched here. The mathematics is in evaluate.js, the drawing in figure.js.

const STEP = 1e-4; // of the finite differences

const sizeOf = (shape) => shape.reduce((product, length) => product * length, 1);
const flatIndex = (shape, place) => place.reduce((flat, p, axis) => flat * shape[axis] + p, 0);
const samePlace = (a, b) => a.length === b.length && a.every((p, axis) => p === b[axis]);

function placeOf(shape, flat) {
  const place = [];
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    place.unshift(flat % shape[axis]);
    flat = Math.floor(flat / shape[axis]);
  }
  return place;
}

// A number as it is written in a cell or a sum: at most `digits` significant digits, a true minus.
function written(value, digits = 3) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const text = Number.isInteger(value) && Math.abs(value) < 1e6
    ? String(value)
    : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−").replace(/e\+?−?(\d+)/, (match) => match.replace("+", ""));
}

// What a reader typed, as a number; null if it is none.
function readNumber(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  if (plain === "" || !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

// Repeatable random numbers (mulberry32), so that a figure shuffles alike for everyone.
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

// Given arrays, results, and what depends on what. No element of a page is touched here.
function createModel(state) {
  const copy = (array) => ({ shape: array.shape.slice(), data: Float64Array.from(array.data) });
  const copies = (arrays) =>
    Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, copy(array)]));

  const initial = copies(state.arrays);
  let given = copies(initial);
  let results = {};
  const history = [];
  const random = randomNumbers(state.seed ?? 1);

  // Two versions of one formula define the same name; each result has its own key.
  const counts = {};
  const formulas = state.formulas.map((formula) => {
    counts[formula.result] = (counts[formula.result] ?? 0) + 1;
    const version = counts[formula.result];
    const key = version > 1 ? `${formula.result} (${version})` : formula.result;
    return { ...bindFormula(formula), formula, key };
  });
  const versions = (name) => formulas.filter((one) => one.formula.result === name);

  // The order in which data flows: what a formula reads, then what it gives.
  const order = [];
  const note = (key) => order.includes(key) || order.push(key);
  for (const one of formulas) {
    for (const name of Object.keys(given)) if (one.formula.names.includes(name)) note(name);
    note(one.key);
  }

  function calculate(arrays) {
    const found = {};
    for (const one of formulas) {
      found[one.key] = one.all({ ...arrays, ...found });
    }
    return found;
  }

  const arrays = () => ({ ...given, ...results });
  results = calculate(given);

  function insist(name, array) {
    const shape = given[name]?.shape;
    if (!shape) throw new Error(`the figure has no array ${name}`);
    if (!samePlace(array.shape, shape)) {
      throw new Error(`${name} has the shape ${shape.join(" × ")}, not ${array.shape.join(" × ")}`);
    }
    const odd = Array.from(array.data).find((value) => !Number.isFinite(value));
    if (odd !== undefined) throw new Error(`${name} would hold ${written(odd)}: give numbers`);
  }

  // Replaces some given arrays, if all goes well; else the last good state stays.
  function replace(changes, { remember = true } = {}) {
    for (const [name, array] of Object.entries(changes)) insist(name, array);
    const next = { ...given, ...copies(changes) };
    const found = calculate(next);
    if (remember) history.push(given);
    if (history.length > 200) history.shift();
    given = next;
    results = found;
  }

  function set(name, place, value, options) {
    const changed = copy(given[name]);
    changed.data[flatIndex(changed.shape, place)] = value;
    replace({ [name]: changed }, options);
  }

  function shuffle(images) {
    const changes = {};
    for (const [name, array] of Object.entries(given)) {
      if (images.includes(name)) continue;
      const next = copy(array);
      next.data = next.data.map(() => Math.floor(random() * 7) - 3);
      changes[name] = next;
    }
    replace(changes);
  }

  function undo() {
    if (!history.length) return false;
    given = history.pop();
    results = calculate(given);
    return true;
  }

  const producing = (key) => formulas.find((one) => one.key === key);

  // The finite difference of the forward formula beside an element of a gradient d.._dx: the error
  // is the sum of the incoming gradient times the output of the formula that reads x.
  function finiteDifference(key, place) {
    const match = /^d(.+?)_d(.+)$/.exec(producing(key)?.formula.result ?? "");
    if (!match) return null;
    const [, error, variable] = match;
    if (!(variable in given)) return null;
    for (const forward of formulas) {
      const output = forward.formula.result;
      const incoming = [`d${error}_d${output}`, "delta"].find((name) => name in arrays());
      if (!incoming || !forward.formula.names.includes(variable)) continue;
      const weights = arrays()[incoming];
      if (!samePlace(weights.shape, forward.formula.shape)) continue;
      const at = (change) => {
        const moved = copy(given[variable]);
        moved.data[flatIndex(moved.shape, place)] += change;
        const found = forward.all({ ...arrays(), [variable]: moved });
        return found.data.reduce((sum, value, n) => sum + value * weights.data[n], 0);
      };
      return (at(STEP) - at(-STEP)) / (2 * STEP);
    }
    return null;
  }

  return {
    formulas,
    order,
    versions,
    producing,
    get arrays() {
      return arrays();
    },
    get given() {
      return given;
    },
    isGiven: (name) => name in given,
    expand: (key, place) => producing(key).expand(place, arrays()),
    touched: (name, place) =>
      formulas.flatMap((one) =>
        one.formula.names.includes(name)
          ? one.touched(name, place, arrays()).map((reached) => ({ key: one.key, place: reached }))
          : [],
      ),
    finiteDifference,
    replace,
    set,
    shuffle,
    undo,
    reset: () => replace(copies(initial)),
    mark: () => history.push(given),
    differs(key, flat) {
      const one = producing(key);
      if (!one || versions(one.formula.result).length < 2) return false;
      const values = versions(one.formula.result).map((v) => results[v.key].data[flat]);
      return values.some((value) => Math.abs(value - values[0]) > 1e-9 * Math.max(1, Math.abs(value)));
    },
  };
}

// The state as NumPy code that reproduces it.
function asNumPy(arrays) {
  const nested = (array, axis, offset) => {
    if (axis === array.shape.length) return String(array.data[offset]);
    const stride = sizeOf(array.shape.slice(axis + 1));
    const parts = Array.from({ length: array.shape[axis] }, (_, n) =>
      nested(array, axis + 1, offset + n * stride),
    );
    return `[${parts.join(", ")}]`;
  };
  const lines = Object.entries(arrays).map(([name, array]) => {
    const safe = name === "lambda" ? "lambda_" : name;
    return `${safe} = np.array(${nested(array, 0, 0)}, dtype=float)`;
  });
  return ["import numpy as np", "", ...lines, ""].join("\n");
}
