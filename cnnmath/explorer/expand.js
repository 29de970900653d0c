// One element of a result, written out, as expand.py does; and what an element of an array touches.
//
// `bindFormula(formula)` returns what a figure asks of a formula:
//   all(arrays)                    the whole result
//   element(place, arrays)         one element of it
//   expand(place, arrays)          the same, as terms: { operation, terms, total }
//   touched(name, places, arrays)  the places in the result that read any of these of an array
//   beyond(place, arrays)          what an element reads from outside arrays
// A term is { factors, negative, value }. A factor is { name, index, value, inside, reads, parts }:
// the name and place of an element of an array, or "" and the elements that an expression reads;
// parts spell it: texts, elements, and { raised: parts } for an exponent.

const SPELLED_TERMS = 4; // of a sum inside a factor

function bindFormula(formula) {
  const evaluator = createEvaluator(formula);
  const { compile, loopOf, goTo, overFree, root, value } = evaluator;
  const right = formula.links.at(-1);

  function all(arrays) {
    evaluator.arrays = arrays;
    const data = new Float64Array(sizeOf(formula.shape));
    // A left side such as x_{(i+s)(j+t)} may name one element several times.
    const named = evaluator.direct ? null : new Uint8Array(data.length);
    overFree((flat) => {
      const value = root();
      if (named?.[flat] && Math.abs(data[flat] - value) > 1e-12 * Math.abs(value)) {
        const place = placeOf(formula.shape, flat).join(", ");
        throw new Error(
          `the formula gives ${formula.result}[${place}] two values, ${data[flat]} and ${value}`,
        );
      }
      if (named) named[flat] = 1;
      data[flat] = value;
    });
    return { shape: formula.shape, data };
  }

  function element(place, arrays) {
    evaluator.arrays = arrays;
    return goTo(place) ? root() : 0;
  }

  function touched(name, places, arrays) {
    evaluator.arrays = arrays;
    const flats = new Set(places.map((place) => flatIndex(arrays[name].shape, place)));
    const found = [];
    overFree((reached) => {
      if (evaluator.reads(name, flats, root)) found.push(placeOf(formula.shape, reached));
    });
    return found;
  }

  // What an element of the result reads from outside arrays, as [name, place].
  function beyond(place, arrays) {
    evaluator.arrays = arrays;
    const found = [];
    if (goTo(place)) evaluator.readsBeyond(root, (name, index) => found.push([name, index]));
    return found;
  }

  // ---- terms ------------------------------------------------------------------------------------

  function expand(place, arrays) {
    evaluator.arrays = arrays;
    if (!goTo(place)) return { operation: "sum", terms: [], total: 0 };
    const terms = [];
    let operation = "sum";
    if (right.op === "reduce" && ["max", "min", "prod"].includes(right.operation)) {
      ({ operation } = right);
      loopOf(right).each(() => {
        if (operation === "prod" || evaluator.competes(right.body)) {
          terms.push(term([right.body], false, place));
        }
      });
    } else if (right.op === "call" && (right.function === "max" || right.function === "min")) {
      operation = right.function;
      const competing = right.arguments.filter((argument) => evaluator.competes(argument));
      terms.push(...competing.map((argument) => term([argument], false, place)));
    } else {
      collect(right, [], false, place, terms);
    }
    return { operation, terms, total: root() };
  }

  // The terms of a sum, with the factors in front of it multiplied into each.
  function collect(node, prefix, minus, place, terms) {
    const add = (nodes) => terms.push(term(nodes, minus, place));
    if (node.op === "add") {
      for (const part of node.terms) collect(part, prefix, minus, place, terms);
    } else if (node.op === "negative") {
      collect(node.body, prefix, !minus, place, terms);
    } else if (isSum(node)) {
      const found = [];
      loopOf(node).each(() => collect(node.body, prefix, minus, place, found));
      terms.push(...(isEndless(node) ? found.filter(isInside) : found));
    } else if (node.op === "multiply") {
      if (!node.factors.filter(isCondition).every(value)) return;
      const others = node.factors.filter((factor) => !isCondition(factor));
      const sums = others.filter(isSum);
      if (sums.length === 1 && !prefix.some(isSum)) {
        const rest = others.filter((factor) => factor !== sums[0]);
        collect(sums[0], [...prefix, ...rest], minus, place, terms);
      } else {
        add([...prefix, ...others]);
      }
    } else if (node.op === "divide" && isSum(node.above)) {
      collect(node.above, [...prefix, reciprocal(node.below)], minus, place, terms);
    } else if (isCondition(node)) {
      if (value(node)) add([...prefix, ONE]);
    } else {
      add([...prefix, node]);
    }
  }

  // Of an endless sum nobody wants to see the terms beyond the arrays.
  const isEndless = ({ binders }) => binders.some(({ name }) => name in formula.support);
  const isInside = ({ factors }) => factors.every(({ inside }) => inside);

  // One node for each denominator, since nodes are compiled once.
  const reciprocals = new Map();
  function reciprocal(below) {
    if (!reciprocals.has(below)) reciprocals.set(below, { op: "divide", above: ONE, below });
    return reciprocals.get(below);
  }

  function term(nodes, minus, place) {
    const lone = nodes.length === 1 && nodes[0].op === "negative";
    const negative = lone ? !minus : minus;
    const flat = (lone ? [nodes[0].body] : nodes).flatMap((node) =>
      node.op === "multiply" ? node.factors : [node],
    );
    const factors = flat.map((node) => factor(node, place));
    const product = factors.reduce((so_far, { value: number }) => so_far * number, 1);
    return { factors, negative, value: negative ? -product : product };
  }

  function factor(node, place) {
    if (isElement(node)) return { ...read(node, place), reads: [], parts: [read(node, place)] };
    const reads = [];
    collectReads(node, place, reads);
    const name = node.op === "read" ? node.name : "";
    return { name, index: [], value: value(node), inside: true, reads, parts: spell(node, place) };
  }

  // ---- what is read -----------------------------------------------------------------------------

  // An element of an array: with indices, or the one that a formula without indices has reached.
  function isElement(node) {
    if (node.op !== "read") return false;
    return node.index.length > 0 || (evaluator.elementwise && sizeOf(shapeOf(node.name)) > 1);
  }

  const shapeOf = (name) => evaluator.arrays[name]?.shape ?? [];

  function read(node, place) {
    const { name } = node;
    const origin = formula.origin[name] ?? 0;
    const index = node.index.length ? node.index.map((one) => value(one) - origin) : place;
    const inside = index.every((p, axis) => p >= 0 && p < shapeOf(name)[axis]);
    return { name, index, value: value(node), inside };
  }

  function collectReads(node, place, reads) {
    if (isElement(node)) reads.push(read(node, place));
    if (node.op === "reduce") {
      loopOf(node).each(() => collectReads(node.body, place, reads));
      return;
    }
    for (const child of childrenOf(node)) collectReads(child, place, reads);
  }

  // ---- spelling ---------------------------------------------------------------------------------

  function spell(node, place) {
    const plain = (one) => spell(one, place);
    const within = (one, wrap) => {
      const parts = plain(one);
      const bracketed = typeof parts[0] === "string" && parts[0].startsWith("(");
      return wrap.includes(one.op) && !bracketed ? ["(", ...parts, ")"] : parts;
    };
    const joined = (lists, joint) => lists.flatMap((parts, n) => (n ? [joint, ...parts] : parts));
    const called = (name, lists) => [`${name}(`, ...joined(lists, ", "), ")"];
    switch (node.op) {
      case "read":
        return [
          isElement(node)
            ? read(node, place)
            : { name: node.name, index: [], value: value(node), inside: true },
        ];
      case "add":
        return [
          "(",
          ...node.terms.flatMap((one, n) => {
            if (!n) return plain(one);
            return one.op === "negative"
              ? [" − ", ...within(one.body, ["add"])]
              : [" + ", ...plain(one)];
          }),
          ")",
        ];
      case "negative":
        return ["−", ...plain(node.body)];
      case "multiply":
        return joined(node.factors.map(plain), " · ");
      case "divide": {
        const wrap = ["multiply", "divide", "reduce"];
        return [...within(node.above, wrap), "/", ...within(node.below, wrap)];
      }
      case "power": {
        const wrap = ["multiply", "divide", "power", "reduce", "negative"];
        return [
          ...within(node.base, wrap),
          { raised: within(node.exponent, ["multiply", "divide"]) },
        ];
      }
      case "call":
        return called(node.function, node.arguments.map(plain));
      case "apply":
        return called(node.name, node.arguments.map(plain));
      case "reduce": {
        const lists = [];
        let count = 0;
        loopOf(node).each(() => {
          count += 1;
          if (count <= SPELLED_TERMS) lists.push(plain(node.body));
        });
        if (count > SPELLED_TERMS) lists.push(["…"]);
        if (node.operation !== "sum") return called(node.operation, lists);
        return ["(", ...(count ? joined(lists, " + ") : ["0"]), ")"];
      }
      default:
        return [written(value(node), 6)];
    }
  }

  return { all, element, expand, touched, beyond };
}

const ONE = { op: "number", value: 1 };

const childrenOf = (node) =>
  Object.values(node)
    .flat(2)
    .filter((child) => child && typeof child === "object" && child.op);
