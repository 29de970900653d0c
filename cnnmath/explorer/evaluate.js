// The mathematics of the live figure: evaluates the syntax tree of a Formula, as evaluate.py does.
//
// Nothing here knows of a page. `createEvaluator` takes a formula as state.py gives it: its syntax
// tree, with the sizes and ranges that belong to its arrays. Every node is compiled once, into a
// function without arguments; the values of the indices stand in one list that all of them read.
// An array is { shape: [...], data: Float64Array or list }, row by row as in NumPy.

const LONG = 2 ** 20; // terms of one sum

const FUNCTIONS = {
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  round: roundHalfToEven,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  erf,
  relu: (u) => (u < 0 ? 0 : u),
  sigmoid: (u) => (u >= 0 ? 1 / (1 + Math.exp(-u)) : Math.exp(u) / (1 + Math.exp(u))),
  mod: (u, v) => u - v * Math.floor(u / v),
  kronecker: (u, v) => (u === v ? 1 : 0),
};

const RELATIONS = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

const isCondition = (node) => node.op === "compare" || node.op === "logic";
const isSum = (node) => node.op === "reduce" && node.operation === "sum";

// As in NumPy, 1 to any power is 1.
const power = (base, exponent) => (base === 1 ? 1 : base ** exponent);

function roundHalfToEven(u) {
  const floor = Math.floor(u);
  if (u - floor !== 0.5) return Math.round(u);
  return floor % 2 === 0 ? floor : floor + 1;
}

// A series whose terms all have one sign, so that nothing cancels.
function erf(u) {
  const x = Math.abs(u);
  if (x > 6) return Math.sign(u);
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return Math.sign(u) * (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

// ---- one formula, bound to the shapes of its arrays ---------------------------------------------

// formula: its syntax tree and { values: {size: number}, shape: [...], spans: [[first, last], ...],
// support: {index: [first, last]} for sums without end }
function createEvaluator(formula) {
  const slots = new Map(); // index name -> its place among the index values
  const at = []; // the values of the indices, while something is evaluated
  const elementwise = !formula.target.length && formula.shape.length > 0;
  let arrays = {};
  let element = 0; // of a formula without indices: which element of its arrays is evaluated
  let outside = false; // whether anything was read from outside its array
  let watched = null; // { name, flats, hit }: elements of an array, and whether one was read
  let beyond = null; // is told of every read from outside an array: name and place

  const slot = (name) => {
    if (!slots.has(name)) {
      slots.set(name, slots.size);
      at.push(0);
    }
    return slots.get(name);
  };

  const compiled = new Map();
  const compile = (node) => {
    if (!compiled.has(node)) compiled.set(node, build(node));
    return compiled.get(node);
  };

  function build(node) {
    switch (node.op) {
      case "number": {
        const value = Number(String(node.value).replace("inf", "Infinity"));
        return () => value;
      }
      case "index": {
        const place = slot(node.name);
        return () => at[place];
      }
      case "read":
        return node.index.length ? buildRead(node) : buildNumber(node.name);
      case "extent":
        return () => arrays[node.name].shape[node.axis];
      case "add":
        return buildSum(node.terms.map(compile));
      case "negative": {
        const body = compile(node.body);
        return () => -body();
      }
      case "multiply":
        return buildProduct(node);
      case "divide": {
        const [above, below] = [compile(node.above), compile(node.below)];
        return () => above() / below();
      }
      case "power": {
        const [base, exponent] = [compile(node.base), compile(node.exponent)];
        return () => power(base(), exponent());
      }
      case "call":
        return buildCall(node);
      case "apply": {
        // What Python's functions do stays in Python; a number before a bracket is a factor.
        const [number, argument] = [buildNumber(node.name), compile(node.arguments[0])];
        return () => number() * argument();
      }
      case "compare": {
        const [left, right, holds] = [
          compile(node.left),
          compile(node.right),
          RELATIONS[node.relation],
        ];
        return sheltered(() => (holds(left(), right()) ? 1 : 0));
      }
      case "logic": {
        const parts = node.parts.map(compile);
        return node.operation === "and"
          ? () => (parts.every((part) => part()) ? 1 : 0)
          : () => (parts.some((part) => part()) ? 1 : 0);
      }
      case "cases": {
        const rows = node.rows.map(([condition, value]) => [compile(condition), compile(value)]);
        const otherwise = node.otherwise ? compile(node.otherwise) : noCase;
        return () => {
          for (const [condition, value] of rows) if (condition()) return value();
          return otherwise();
        };
      }
      case "reduce":
        return buildReduction(node);
      default:
        throw new Error(`the figure cannot evaluate ${node.op}`);
    }
  }

  function noCase() {
    throw new Error("there is an element for which no case of the formula holds");
  }

  function buildSum(parts) {
    if (parts.length === 2) {
      const [first, second] = parts;
      return () => first() + second();
    }
    return () => {
      let sum = 0;
      for (const part of parts) sum += part();
      return sum;
    };
  }

  // A condition that does not hold makes a product 0, whatever its other factors may be.
  function buildProduct(node) {
    const conditions = node.factors.filter(isCondition).map(compile);
    const others = node.factors.filter((factor) => !isCondition(factor)).map(compile);
    if (!conditions.length && others.length === 2) {
      const [first, second] = others;
      return () => first() * second();
    }
    return () => {
      for (const condition of conditions) if (!condition()) return 0;
      let product = 1;
      for (const other of others) product *= other();
      return product;
    };
  }

  function buildNumber(name) {
    return () => {
      const array = arrays[name];
      if (!array) return formula.values[name];
      const flat = elementwise && array.data.length > 1 ? element : 0;
      if (watched?.name === name && watched.flats.has(flat)) watched.hit = true;
      return array.data[flat];
    };
  }

  function buildRead(node) {
    const { name } = node;
    const index = node.index.map(compile);
    const origin = formula.origin[name] ?? 0;
    return () => {
      const array = arrays[name];
      const { shape } = array;
      const before = outside; // of what the indices read
      let flat = 0;
      let inside = true;
      for (let axis = 0; axis < index.length; axis += 1) {
        const place = index[axis]() - origin;
        if (place >= 0 && place < shape[axis]) {
          if (!Number.isInteger(place)) throw oddIndex(name, place + origin);
        } else {
          if (Math.round(place) !== place) throw oddIndex(name, place + origin);
          inside = false;
        }
        flat = flat * shape[axis] + place;
      }
      outside = before || !inside;
      if (!inside) {
        beyond?.(
          name,
          index.map((place) => place() - origin),
        );
        return 0;
      }
      if (watched?.name === name && watched.flats.has(flat)) watched.hit = true;
      return array.data[flat];
    };
  }

  const oddIndex = (name, index) =>
    new Error(`${name} is read at the index ${index}, which is no whole number`);

  function buildCall(node) {
    const values = node.arguments.map(compile);
    if (node.function === "max" || node.function === "min") {
      const beats = node.function === "max" ? (a, b) => a > b : (a, b) => a < b;
      return () => {
        let best = node.function === "max" ? -Infinity : Infinity;
        const before = outside;
        for (const argument of values) {
          outside = false;
          const value = argument();
          if (!outside && (beats(value, best) || Number.isNaN(value))) best = value;
        }
        outside = before;
        return best;
      };
    }
    const apply = FUNCTIONS[node.function];
    if (!apply) throw new Error(`the figure does not know the function ${node.function}`);
    if (values.length === 1) {
      const [only] = values;
      return () => apply(only());
    }
    return () => apply(...values.map((value) => value()));
  }

  // What is read in here from outside an array is 0, whatever maximum stands around.
  function sheltered(evaluate) {
    return () => {
      const before = outside;
      const value = evaluate();
      outside = before;
      return value;
    };
  }

  // How the indices of a sum run: `stretches(visit)` calls visit(low, high) with the ends of the
  // innermost one for all values of the others; `each(visit)` visits all values of all indices for
  // which the sum's condition holds.
  function buildLoop(node) {
    const places = node.binders.map((binder) => slot(binder.name));
    const lows = node.binders.map((binder) => compile(binder.low));
    const highs = node.binders.map((binder) => compile(binder.high));
    const where = node.where ? compile(node.where) : null;
    const support = node.binders.map((binder) => formula.support[binder.name]);
    const last = places.length - 1;
    const innermost = places[last];
    const descend = (level, visit) => {
      let low = Math.ceil(lows[level]());
      let high = Math.floor(highs[level]());
      if (support[level]) {
        low = Math.max(low, support[level][0]);
        high = Math.min(high, support[level][1]);
      }
      if (high - low > LONG) throw new Error("a sum would have more than a million terms");
      if (level === last) {
        visit(low, high);
        return;
      }
      const place = places[level];
      const before = at[place]; // of a sum around this one that has an index of the same name
      for (let value = low; value <= high; value += 1) {
        at[place] = value;
        descend(level + 1, visit);
      }
      at[place] = before;
    };
    const stretches = (visit) => {
      const before = outside; // of what the bounds read
      descend(0, visit);
      outside = before;
    };
    const each = (visit) =>
      stretches((low, high) => {
        const before = at[innermost];
        for (let value = low; value <= high; value += 1) {
          at[innermost] = value;
          if (!where || where()) visit();
        }
        at[innermost] = before;
      });
    return { stretches, each, innermost };
  }

  const loops = new Map();
  const loopOf = (node) => {
    if (!loops.has(node)) loops.set(node, buildLoop(node));
    return loops.get(node);
  };

  function buildReduction(node) {
    const { each } = loopOf(node);
    const body = compile(node.body);
    if (node.operation === "sum") {
      const fast = buildSumOfProducts(node);
      const slow = () => {
        let sum = 0;
        each(() => {
          sum += body();
        });
        return sum;
      };
      return () => (fast && !beyond ? fast() : slow());
    }
    if (node.operation === "prod") {
      return () => {
        let product = 1;
        each(() => {
          product *= body();
        });
        return product;
      };
    }
    const largest = node.operation.endsWith("max");
    const attained = node.operation.startsWith("arg");
    const lone = node.binders.length === 1 ? slot(node.binders[0].name) : -1;
    return () => {
      let best = largest ? -Infinity : Infinity;
      let place = null;
      let number = 0;
      each(() => {
        outside = false;
        const value = body();
        const here = lone >= 0 ? at[lone] : number;
        number += 1;
        place ??= here; // if nothing competes, the first
        if (outside || Number.isNaN(best)) return;
        // The first of equals wins; NaN, which is neither more nor less, wins over all.
        if (Number.isNaN(value) || (largest ? value > best : value < best)) {
          best = value;
          place = here;
        }
      });
      if (attained && place === null) throw new Error("an arg max was taken over no values at all");
      return attained ? place : best;
    };
  }

  // ---- sums of products, fast ----------------------------------------------------------------------

  // Most sums multiply elements whose indices are of the form 2i + s - 1. Along the innermost index
  // each of these elements then moves through its array by equal steps, from where all are inside
  // to where one leaves; beyond, a product is 0.
  function buildSumOfProducts(node) {
    const factors = node.body.op === "multiply" ? node.body.factors : [node.body];
    if (node.where || !factors.every((one) => one.op === "read" && one.index.length)) return null;
    const { stretches, innermost } = loopOf(node);
    const reads = factors.map(({ name, index }) => ({
      name,
      axes: index.map((one) => linear(one, -(formula.origin[name] ?? 0))),
      data: null, // and where the elements of a stretch stand in there
      flat: 0,
      step: 0,
      low: 0,
      high: 0,
    }));
    if (!reads.every(({ axes }) => axes.every(Boolean))) return null;

    // Finds where an element stands for the value 0 of the innermost index, how far it moves with
    // it, and for which values between low and high it is inside its array.
    function locate(read, low, high) {
      const { shape, data } = arrays[read.name];
      read.data = data;
      read.flat = 0;
      read.step = 0;
      for (let axis = 0; axis < shape.length; axis += 1) {
        const { constant, slots: own, factors: times } = read.axes[axis];
        const length = shape[axis];
        let start = constant;
        let step = 0;
        for (let n = 0; n < own.length; n += 1) {
          if (own[n] === innermost) step = times[n];
          else start += times[n] * at[own[n]];
        }
        if (step === 0) {
          if (start < 0 || start >= length) high = low - 1;
        } else {
          const [one, two] = [-start / step, (length - 1 - start) / step];
          low = Math.max(low, Math.ceil(step > 0 ? one : two));
          high = Math.min(high, Math.floor(step > 0 ? two : one));
        }
        read.flat = read.flat * length + start;
        read.step = read.step * length + step;
      }
      read.low = low;
      read.high = high;
    }

    function watch({ name, flat, step, low, high }) {
      if (name !== watched.name) return;
      for (let value = low; value <= high && !watched.hit; value += 1) {
        watched.hit = watched.flats.has(flat + step * value);
      }
    }

    let sum = 0;
    const [first, second] = reads;
    const addStretch = (low, high) => {
      for (const read of reads) {
        locate(read, low, high);
        if (watched) watch(read);
      }
      let [from, to] = [low, high];
      for (const read of reads) {
        from = Math.max(from, read.low);
        to = Math.min(to, read.high);
      }
      if (reads.length === 2) {
        const [a, b] = [first.data, second.data];
        for (let value = from; value <= to; value += 1) {
          sum += a[first.flat + first.step * value] * b[second.flat + second.step * value];
        }
        return;
      }
      for (let value = from; value <= to; value += 1) {
        let product = 1;
        for (const { data, flat, step } of reads) product *= data[flat + step * value];
        sum += product;
      }
    };
    return () => {
      sum = 0;
      stretches(addStretch);
      return sum;
    };
  }

  // An index expression as a constant and whole multiples of indices; null if it is none.
  function linear(node, offset) {
    const factors = new Map();
    let constant = offset;
    const add = (one, times) => {
      const value = constantOf(one);
      if (value !== null) {
        constant += times * value;
        return true;
      }
      if (one.op === "index") {
        const place = slot(one.name);
        factors.set(place, (factors.get(place) ?? 0) + times);
        return true;
      }
      if (one.op === "add") return one.terms.every((term) => add(term, times));
      if (one.op === "negative") return add(one.body, -times);
      if (one.op !== "multiply") return false;
      const others = one.factors.filter((factor) => constantOf(factor) === null);
      const scale = one.factors
        .filter((factor) => !others.includes(factor))
        .reduce((product, factor) => product * constantOf(factor), times);
      return others.length === 1 && add(others[0], scale);
    };
    const found = add(node, 1) && [constant, ...factors.values()].every(Number.isInteger);
    return found ? { constant, slots: [...factors.keys()], factors: [...factors.values()] } : null;
  }

  // A number, or a size that is no array of the figure.
  function constantOf(node) {
    if (node.op === "number") return Number(node.value);
    if (node.op !== "read" || node.index.length || formula.names.includes(node.name)) return null;
    return formula.values[node.name] ?? null;
  }

  // ---- the elements of the result ---------------------------------------------------------------

  const root = compile(formula.links.at(-1));
  const conditions = formula.conditions.map(compile);
  const targets = formula.target.map(compile);
  const direct = formula.target.every((node) => node.op === "index");
  const first = formula.origin[formula.result] ?? 0;
  const free = formula.free.map(slot);
  const counts = () => conditions.every((condition) => condition());

  // Calls `visit` with the flat place in the result for all values of the free indices.
  function overFree(visit) {
    if (elementwise) {
      const count = sizeOf(formula.shape);
      for (element = 0; element < count; element += 1) visit(element);
      return;
    }
    const descend = (level) => {
      if (level < free.length) {
        const [low, high] = formula.spans[level];
        for (let value = low; value <= high; value += 1) {
          at[free[level]] = value;
          descend(level + 1);
        }
        return;
      }
      let flat = 0;
      for (let axis = 0; axis < targets.length; axis += 1) {
        const place = targets[axis]() - first;
        if (!(place >= 0 && place < formula.shape[axis] && Number.isInteger(place))) return;
        flat = flat * formula.shape[axis] + place;
      }
      if (counts()) visit(flat);
    };
    descend(0);
  }

  // Sets the free indices so that they reach a place of the result; false if nothing does.
  function goTo(place) {
    const wanted = flatIndex(formula.shape, place);
    element = wanted;
    if (elementwise) return true;
    if (direct) {
      formula.target.forEach((node, axis) => {
        at[slot(node.name)] = place[axis] + first;
      });
      return counts();
    }
    let found = null;
    overFree((flat) => {
      if (flat === wanted) found ??= at.slice();
    });
    found?.forEach((value, n) => (at[n] = value));
    return found !== null;
  }

  return {
    elementwise,
    direct,
    compile,
    loopOf,
    overFree,
    goTo,
    root,
    get arrays() {
      return arrays;
    },
    set arrays(given) {
      arrays = given;
    },
    // The value of a node, and whether it is made of what lies outside an array.
    value(node) {
      return compile(node)();
    },
    competes(node) {
      const before = outside;
      outside = false;
      compile(node)();
      const inside = !outside;
      outside = before;
      return inside;
    },
    // Whether an evaluation reads one of some elements of an array.
    reads(name, flats, evaluate) {
      watched = { name, flats, hit: false };
      try {
        evaluate();
        return watched.hit;
      } finally {
        watched = null;
      }
    },
    // Tells `visit` of all that an evaluation reads from outside arrays.
    readsBeyond(evaluate, visit) {
      beyond = visit;
      try {
        evaluate();
      } finally {
        beyond = null;
      }
    },
  };
}
