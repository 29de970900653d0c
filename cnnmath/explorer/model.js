// The state of a live figure, without its looks: given arrays, results, history, versions.
//
// No element of a page is touched here. The mathematics is in evaluate.js and expand.js, the
// drawing in grid.js, sum.js and figure.js.

const STEP = 1e-4; // of the finite differences
const KINK = 1e-2; // slopes to the left and to the right that differ by more show a kink
const EQUAL = 1e-9; // relative difference up to which two versions of a result are the same
const LONGEST_HISTORY = 200;
const NOWHERE = new Set();
const FEW_ELEMENTS = 100; // so many are followed to what they are made of
const GRADIENT = /^d(.+?)_d(.+)$/;

// The elements that terms read: the factors that have a name, and what stands in expressions.
const readsOf = (terms) =>
  terms
    .flatMap(({ factors }) => factors)
    .flatMap((factor) => (factor.name ? [factor, ...factor.reads] : factor.reads));

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

  // ---- gradients --------------------------------------------------------------------------------

  // Of what each gradient of the figure is the gradient: of x is dE_dx; δ is that of the output.
  const shapeOf = (name) => (given[name] ?? results[name])?.shape;
  const alike = (a, b) => shapeOf(a) && shapeOf(b) && samePlace(shapeOf(a), shapeOf(b));
  const isGradient = (name) => name === "delta" || GRADIENT.test(name);
  const forward = formulas.filter(
    ({ key, formula }) => key === formula.result && !isGradient(formula.result),
  );
  const readers = (name) => forward.filter(({ formula }) => formula.names.includes(name));
  const targets = new Map();
  for (const name of order) {
    const [, , target] = GRADIENT.exec(name) ?? [];
    if (target && alike(name, target)) targets.set(name, target);
  }
  if (shapeOf("delta")) targets.set("delta", targetOfDelta());

  // What δ is calculated from, or what the formulas that read it go back through, tells.
  function targetOfDelta() {
    const sources = producing("delta")?.formula.names ?? [];
    const passed = formulas
      .filter(({ formula }) => formula.names.includes("delta"))
      .flatMap(({ formula }) => readers(targets.get(formula.result)));
    const candidates = [
      ...sources.map((name) => targets.get(name)),
      ...[...passed, ...forward.toReversed()].map(({ key }) => key),
    ];
    return candidates.find((name) => name && alike(name, "delta"));
  }

  const gradientsOf = (name) => [...targets.keys()].filter((one) => targets.get(one) === name);

  // The formulas through which a change of `name` reaches the error, and of each whether the way
  // ends there: at the error itself, at a gradient that is given, else at one that is calculated.
  function waysToError(name, error) {
    const ways = new Map();
    for (const one of readers(name)) {
      const arriving = gradientsOf(one.key);
      const deeper = waysToError(one.key, error);
      if (one.key === error || arriving.some((gradient) => gradient in given)) ways.set(one, true);
      else if (deeper.size) {
        ways.set(one, false);
        for (const [further, ends] of deeper) ways.set(further, ends);
      } else if (arriving.length) ways.set(one, true);
    }
    return ways;
  }

  // For an element of dE_dx: how fast the error grows as that element of x moves, through all
  // formulas of the figure between the two: { slope, kink, through: the results on the way }.
  // Null if the figure does not hold what that takes.
  function finiteDifference(key, place) {
    const own = producing(key)?.formula.result;
    const variable = targets.get(own);
    if (!variable) return null;
    const [, error] = GRADIENT.exec(own) ?? [];
    const ways = waysToError(variable, error);
    if (!ways.size) return null;
    const now = arrays();
    const flat = flatIndex(now[variable].shape, place);
    const step = STEP * Math.max(1, Math.abs(now[variable].data[flat]));
    const moved = (change) => {
      const all = { ...now, [variable]: copy(now[variable]) };
      all[variable].data[flat] += change;
      const ends = new Map();
      for (const one of formulas) {
        if (!ways.has(one)) continue;
        if (ways.get(one)) ends.set(one.key, one.all(all).data);
        else all[one.key] = one.all(all);
      }
      return ends;
    };
    const slope = (change) => {
      let grown = 0;
      for (const [name, values] of moved(change)) {
        const arriving = gradientsOf(name);
        const weights =
          name === error ? [1] : now[arriving.find((one) => one in given) ?? arriving[0]].data;
        values.forEach((value, n) => {
          if (value !== now[name].data[n]) grown += weights[n] * (value - now[name].data[n]);
        });
      }
      return grown / change;
    };
    const [left, right] = [slope(-step), slope(step)];
    const middle = (left + right) / 2;
    const kink = Math.abs(right - left) > KINK * Math.max(1, Math.abs(middle));
    return { slope: middle, kink, through: [...ways.keys()].map((one) => one.key) };
  }

  // ---- ways through several formulas ------------------------------------------------------------

  // The elements of results that read some elements of what is called `name`.
  const touched = (name, places, ones = formulas) =>
    ones
      .filter((one) => one.formula.names.includes(name))
      .map((one) => ({ key: one.key, places: one.touched(name, places, arrays()) }));

  // What is reached beyond those: from values on to values, from gradients on to gradients.
  function touchedBeyond(name, reached) {
    const kind = formulas.filter(({ formula }) => isGradient(formula.result) === isGradient(name));
    const found = new Map();
    const follow = ({ key, places }) => {
      for (const next of places.length ? touched(key, places, kind) : []) {
        const known = found.get(next.key) ?? [];
        const fresh = next.places.filter((place) => !known.some((one) => samePlace(one, place)));
        if (!fresh.length) continue;
        found.set(next.key, [...known, ...fresh]);
        follow({ key: next.key, places: fresh });
      }
    };
    for (const { key, places } of reached) {
      if (isGradient(key) === isGradient(name)) follow({ key, places });
    }
    return [...found].map(([key, places]) => ({ key, places }));
  }

  // And backwards: what the elements are made of that an expansion reads, if they are few.
  function madeOf(key, expansion) {
    const found = new Map();
    let front = [{ key, expansion }];
    while (front.length && front.length <= FEW_ELEMENTS) {
      const next = new Map();
      for (const { expansion: { terms, winner } } of front) {
        for (const read of readsOf(winner ? [winner] : terms)) {
          const id = `${read.name} ${read.index}`;
          if (!read.inside || found.has(id) || isGradient(read.name) !== isGradient(key)) continue;
          found.set(id, { key: read.name, place: read.index });
          if (results[read.name]) next.set(id, found.get(id));
        }
      }
      front = [...next.values()].map(({ key: name, place }) => ({
        key: name,
        expansion: expand(name, place),
      }));
    }
    return [...found.values()];
  }

  // An element written out; of a maximum also the term that wins, the first of equals.
  function expand(key, place) {
    const expansion = producing(key).expand(place, arrays());
    if (!["max", "min"].includes(expansion.operation)) return expansion;
    const winner = expansion.terms.find(({ value }) => value === expansion.total);
    return { ...expansion, winner };
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
    expand,
    touched,
    touchedBeyond,
    madeOf,
    // What an element of a result reads from outside arrays: [name, place] of each.
    beyond: (key, place) => producing(key).beyond(place, arrays()),
    // What a gradient of the figure is the gradient of, and the gradients of something.
    targetOf: (key) => targets.get(producing(key)?.formula.result ?? key),
    gradientsOf,
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
