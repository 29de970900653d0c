// The mathematics of the live figure: evaluates the syntax tree of a Formula, as evaluate.py does.
//
// Nothing here knows of a page. `bindFormula` takes a formula as Formula.to_json() gives it, with
// the sizes and ranges that belong to its arrays, and returns what a figure asks of it:
//   all(arrays)             the whole result, row by row
//   expand(place, arrays)   one element: its terms, each with factors, places and values
//   touched(name, place, arrays)   the elements of the result that read one element of an array
// An array is { shape: [...], data: Float64Array or list }, row by row as in NumPy.

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

// ---- one formula, bound to the shapes of its arrays -------------------------------------------------

// formula: Formula.to_json() and { values: {size: number}, shape: [...], spans: [[first, last], ...] }
function bindFormula(formula) {
  const slots = new Map(); // index name -> its place among the index values
  const at = []; // the values of the indices, while something is evaluated
  let arrays = {};
  let outside = false; // whether anything was read from outside its array
  let seen = null; // collects the reads, while it is a function

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
        return fold(node.terms.map(compile), (a, b) => a + b);
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
        return () => base() ** exponent();
      }
      case "call":
        return buildCall(node);
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
        const otherwise = node.otherwise ? compile(node.otherwise) : () => NaN;
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

  function fold(parts, join) {
    if (parts.length === 2) {
      const [first, second] = parts;
      return () => join(first(), second());
    }
    return () => {
      let value = parts[0]();
      for (let n = 1; n < parts.length; n += 1) value = join(value, parts[n]());
      return value;
    };
  }

  function buildNumber(name) {
    return () => {
      if (arrays[name]) return arrays[name].data[0];
      if (name in formula.values) return formula.values[name];
      throw new Error(`${name} has no value`);
    };
  }

  function buildRead(node) {
    const index = node.index.map(compile);
    const origin = formula.origin[node.name] ?? 0;
    const places = new Array(index.length);
    return () => {
      const array = arrays[node.name];
      let flat = 0;
      let inside = true;
      const before = outside;
      for (let axis = 0; axis < index.length; axis += 1) {
        const place = index[axis]() - origin;
        if (!Number.isInteger(place)) {
          throw new Error(`${node.name} is read at ${place}, which is no whole number`);
        }
        if (place < 0 || place >= array.shape[axis]) inside = false;
        flat = flat * array.shape[axis] + place;
        places[axis] = place;
      }
      outside = before;
      const value = inside ? array.data[flat] : 0;
      if (!inside) outside = true;
      if (seen) seen(node.name, places.slice(), value, inside);
      return value;
    };
  }

  // A condition that does not hold makes a product 0, whatever its other factors may be.
  function buildProduct(node) {
    const conditions = node.factors.filter(isCondition).map(compile);
    const others = node.factors.filter((factor) => !isCondition(factor)).map(compile);
    const product = others.length ? fold(others, (a, b) => a * b) : () => 1;
    if (!conditions.length) return product;
    return () => (conditions.every((condition) => condition()) ? product() : 0);
  }

  function buildCall(node) {
    const values = node.arguments.map(compile);
    if (node.function === "max" || node.function === "min") {
      const sign = node.function === "max" ? 1 : -1;
      return () => {
        let best = -sign * Infinity;
        const before = outside;
        for (const argument of values) {
          outside = false;
          const value = argument();
          if (!outside && !(sign * value <= sign * best)) best = value;
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

  function sheltered(evaluate) {
    return () => {
      const before = outside;
      const value = evaluate();
      outside = before;
      return value;
    };
  }

  // Calls `visit` with the indices of a sum at each of their values for which its terms count.
  function buildLoop(node) {
    const places = node.binders.map((binder) => slot(binder.name));
    const lows = node.binders.map((binder) => compile(binder.low));
    const highs = node.binders.map((binder) => compile(binder.high));
    const where = node.where ? compile(node.where) : null;
    const support = node.binders.map((binder) => formula.support?.[binder.name]);
    const descend = (level, visit) => {
      if (level === places.length) {
        if (!where || where()) visit();
        return;
      }
      let low = lows[level]();
      let high = highs[level]();
      if (support[level]) {
        low = Math.max(low, support[level][0]);
        high = Math.min(high, support[level][1]);
      }
      for (let value = Math.ceil(low); value <= high; value += 1) {
        at[places[level]] = value;
        descend(level + 1, visit);
      }
    };
    return (visit) => descend(0, visit);
  }

  const loops = new Map();
  const loopOf = (node) => {
    if (!loops.has(node)) loops.set(node, buildLoop(node));
    return loops.get(node);
  };

  function buildReduction(node) {
    const loop = loopOf(node);
    const body = compile(node.body);
    if (node.operation === "sum" || node.operation === "prod") {
      const sum = node.operation === "sum";
      return sheltered(() => {
        let value = sum ? 0 : 1;
        loop(() => {
          if (sum) value += body();
          else value *= body();
        });
        return value;
      });
    }
    const sign = node.operation.endsWith("max") ? 1 : -1;
    const attained = node.operation.startsWith("arg");
    const lone = node.binders.length === 1 ? slot(node.binders[0].name) : -1;
    return sheltered(() => {
      let best = -sign * Infinity;
      let place = NaN;
      let number = 0;
      loop(() => {
        outside = false;
        const value = body();
        // The first of equals wins; NaN, which is neither more nor less, wins over all.
        if (!outside && (Number.isNaN(place) || sign * value > sign * best)) {
          best = value;
          place = lone >= 0 ? at[lone] : number;
        }
        number += 1;
      });
      return attained ? place : best;
    });
  }

  // ---- what a figure asks ---------------------------------------------------------------------------

  const root = compile(formula.links.at(-1));
  const conditions = formula.conditions.map(compile);
  const targets = formula.target.map(compile);
  const direct = formula.target.every((node) => node.op === "index");
  const first = formula.origin[formula.result] ?? 0;

  // Calls `visit` with the place in the result for all values of the free indices.
  function overFree(visit) {
    const places = formula.free.map(slot);
    const descend = (level) => {
      if (level < places.length) {
        const [low, high] = formula.spans[level];
        for (let value = low; value <= high; value += 1) {
          at[places[level]] = value;
          descend(level + 1);
        }
        return;
      }
      const place = targets.map((target) => target() - first);
      if (place.every((p, axis) => p >= 0 && p < formula.shape[axis])) visit(place);
    };
    descend(0);
  }

  const flatten = (place) => place.reduce((flat, p, axis) => flat * formula.shape[axis] + p, 0);

  function all(given) {
    arrays = given;
    const data = new Float64Array(formula.shape.reduce((a, b) => a * b, 1));
    overFree((place) => {
      if (conditions.every((condition) => condition())) data[flatten(place)] = root();
    });
    return { shape: formula.shape, data };
  }

  // Sets the free indices so that they reach a place of the result; false if nothing does.
  function goTo(place) {
    if (direct) {
      formula.target.forEach((node, axis) => {
        at[slot(node.name)] = place[axis] + first;
      });
      return conditions.every((condition) => condition());
    }
    let found = null;
    overFree((reached) => {
      if (!found && reached.every((p, axis) => p === place[axis])) found = at.slice();
    });
    if (found) found.forEach((value, n) => (at[n] = value));
    return Boolean(found);
  }

  function expand(place, given) {
    arrays = given;
    if (!goTo(place)) return { operation: "sum", terms: [], total: 0 };
    const node = formula.links.at(-1);
    const terms = [];
    let operation = "sum";
    if (node.op === "reduce" && ["max", "min", "prod"].includes(node.operation)) {
      operation = node.operation;
      loopOf(node)(() => {
        outside = false;
        compile(node.body)();
        if (outside && operation !== "prod") return;
        terms.push(term([node.body], false));
      });
    } else if (node.op === "call" && (node.function === "max" || node.function === "min")) {
      operation = node.function;
      for (const argument of node.arguments) terms.push(term([argument], false));
    } else {
      collect(node, [], false, terms);
    }
    return { operation, terms, total: root() };
  }

  function collect(node, prefix, minus, terms) {
    if (node.op === "add") {
      for (const part of node.terms) collect(part, prefix, minus, terms);
    } else if (node.op === "negative") {
      collect(node.body, prefix, !minus, terms);
    } else if (isSum(node)) {
      loopOf(node)(() => collect(node.body, prefix, minus, terms));
    } else if (node.op === "multiply") {
      if (!node.factors.filter(isCondition).every((condition) => compile(condition)())) return;
      const others = node.factors.filter((factor) => !isCondition(factor));
      const sums = others.filter(isSum);
      if (sums.length === 1) {
        const rest = others.filter((factor) => factor !== sums[0]);
        collect(sums[0], [...prefix, ...rest], minus, terms);
      } else {
        terms.push(term([...prefix, ...others], minus));
      }
    } else if (node.op === "divide" && isSum(node.above)) {
      const over = { op: "divide", above: { op: "number", value: 1 }, below: node.below };
      collect(node.above, [...prefix, over], minus, terms);
    } else if (isCondition(node)) {
      if (compile(node)()) terms.push(term(prefix, minus));
    } else {
      terms.push(term([...prefix, node], minus));
    }
  }

  function term(nodes, minus) {
    let negative = minus;
    const flat = [];
    for (let node of nodes) {
      if (node.op === "negative" && nodes.length === 1) {
        negative = !negative;
        node = node.body;
      }
      flat.push(...(node.op === "multiply" ? node.factors : [node]));
    }
    const factors = flat.map(factor);
    const value = factors.reduce((product, f) => product * f.value, 1);
    return { factors, negative, value: negative ? -value : value };
  }

  function factor(node) {
    const reads = [];
    const outer = seen;
    seen = (name, index, value, inside) => reads.push({ name, index, value, inside });
    const value = compile(node)();
    seen = outer;
    if (node.op === "read" && node.index.length) return { ...reads.at(-1), reads: [] };
    const name = node.op === "read" ? node.name : "";
    return { name, index: [], value, inside: true, reads };
  }

  function touched(name, place, given) {
    arrays = given;
    const found = [];
    overFree((reached) => {
      let hit = false;
      const outer = seen;
      seen = (other, index, _, inside) => {
        hit ||= inside && other === name && index.every((p, axis) => p === place[axis]);
      };
      root();
      seen = outer;
      if (hit) found.push(reached);
    });
    return found;
  }

  return { all, expand, touched };
}
