"""What a live figure starts from, as JSON: formulas, arrays, and how each symbol looks."""

import contextlib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from latex2mathml.converter import convert
from numpy.typing import ArrayLike, NDArray

from cnnmath.call import binding
from cnnmath.call.bound import Bound
from cnnmath.call.ranges import Interval
from cnnmath.call.support import summed
from cnnmath.colours import ROLES, colours_of, role_of
from cnnmath.core import wording
from cnnmath.core.derivative import Derivative
from cnnmath.core.lower import lowered
from cnnmath.core.nodes import Apply, Call, Index, Multiply, Node, Number, Read, Reduce, add
from cnnmath.core.system import merged
from cnnmath.errors import (
    ArrayValueError,
    CnnMathError,
    FormulaError,
    ShapeError,
    SuperfluousArrayError,
)
from cnnmath.formula import Formula
from cnnmath.reals import float64_array
from cnnmath.shared import LONG_SUM
from cnnmath.typeset import bare_symbol, displayed, marked

Array = NDArray[np.float64]


class Step(NamedTuple):
    """One formula of a figure, and the name of its result there: a second `a` is `a (2)`."""

    key: str
    formula: Formula


# ---- arrays ------------------------------------------------------------------------------------


def plain_array(name: str, value: ArrayLike) -> Array:
    """A given array as float64.

    Raises ArrayValueError if it is empty or does not hold finite real numbers, ShapeError if it
        has more axes than a figure shows.
    """
    array = np.asarray(float64_array(name, value) + 0.0)  # the figure's own, with 0 for −0
    if not array.size:
        raise ArrayValueError(f"{name} is empty: its shape is {array.shape}")
    if array.ndim > 4:
        raise ShapeError(f"{name} has {array.ndim} axes: a figure shows at most 4")
    if not np.isfinite(array).all():
        raise ArrayValueError(f"{name} holds a number that is not finite")
    return array


def array_to_json(array: Array) -> dict[str, Any]:
    """Shape and numbers, row by row; whole numbers without a decimal point."""
    data = [int(v) if float(v).is_integer() else float(v) for v in array.ravel()]
    return {"shape": list(array.shape), "data": data}


def array_from_json(name: str, plain: Mapping[str, Any]) -> Array:
    """An array that the browser sent."""
    return plain_array(name, np.reshape(plain["data"], plain["shape"]))


# ---- the formulas, in the order in which data flows ---------------------------------------------


def steps_of(formulas: Sequence[Formula], given: Collection[str]) -> list[Step]:
    """The formulas with their keys; before each, the definitions of what nobody gives.

    Raises SuperfluousArrayError if an array is given that a formula calculates, FormulaError if two
        formulas were told different things about what must be calculated.
    """
    steps: list[Step] = []
    versions: dict[str, int] = {}

    def add(formula: Formula) -> None:
        for name in names_read(formula):
            if name not in given and name not in versions:
                # What one formula of a figure is told holds for all of them, as in a system.
                defining = [f.system[name] for f in formulas if name in f.system]
                merged({name: one.definition} for one in defining)
                for definition in defining[:1]:
                    add(definition)
        name = formula.result or "value"
        versions[name] = versions.get(name, 0) + 1
        key = name if versions[name] == 1 else f"{name} ({versions[name]})"
        if name in given:
            if name not in names_read(formula):
                raise SuperfluousArrayError(f"{name} was given, but {formula.name} calculates it")
            key = f"{name} (new)"  # as in a step of training, W = W − ηG
        steps.append(Step(key, formula))

    for formula in formulas:
        add(formula)
    for _, formula in steps:
        for name in set(names_read(formula)) & set(formula.system) & set(given):
            # Moved by themselves, what is calculated from x and x would not belong together.
            definition = formula.system[name]
            if set(names_read(definition)) <= {*given, *versions}:
                raise SuperfluousArrayError(
                    f"{name} was given, but {definition.name} calculates it"
                )
    return steps


def evaluated(
    steps: Sequence[Step], given: Mapping[str, Array], sizes: Mapping[str, int]
) -> dict[str, Array]:
    """The result of each step by its key; what reads a result of two versions reads the first."""
    known: dict[str, Any] = {**given, **sizes}
    found: dict[str, Array] = {}
    for key, formula in steps:
        found[key] = known[key] = binding.evaluated(formula.definition, known)
    return found


def insist_on_one_shape(steps: Sequence[Step], results: Mapping[str, Array]) -> None:
    """Two versions of a formula can only be compared cell by cell if their shapes agree.

    Raises ShapeError if they do not.
    """
    shapes: dict[str, tuple[int, ...]] = {}
    for key, formula in steps:
        shape = results[key].shape
        first = shapes.setdefault(formula.result, shape)
        if shape != first:
            raise ShapeError(
                f"the versions of {formula.result} give the shapes {first} and {shape}: "
                "they cannot be compared"
            )


def names_read(formula: Formula) -> list[str]:
    """The arrays and numbers that the last side of a formula reads, in order of appearance."""
    return [name for name in formula.names if name in formula.definition.reads]


def step_to_json(step: Step, known: Mapping[str, Any]) -> dict[str, Any]:
    """A formula with the sizes and ranges that belong to these arrays, for the browser."""
    key, formula = step
    _insist_on_own_functions(formula)
    bound = binding.bound_to(formula.definition, known)
    tree = formula.to_json()
    tree |= _indexed(tree, bound)
    return {
        **{part: tree[part] for part in ("free", "target", "origin", "conditions")},
        "links": tree["links"][-1:],
        "key": key,
        "result": formula.result or "value",
        "label": formula.name,
        "names": names_read(formula),
        **binding_to_json(step, known, bound),
        "typeset": mathml(formula),
        # For the built book, which has a better typesetter than the browser's.
        "latex": displayed(
            marked(
                formula,
                lambda name, latex: rf"\htmlData{{name={name}}}{{{latex}}}",
                lambda name, latex: rf"\htmlData{{index={name}}}{{{latex}}}",
            )
        ),
    }


def binding_to_json(step: Step, known: Mapping[str, Any], bound: Bound) -> dict[str, Any]:
    """What of a formula belongs to the shapes of its arrays."""
    formula = step.formula
    spans = {name: (float(first), float(last)) for name, (first, last) in bound.spans.items()}
    support: dict[str, list[int]] = {}
    # To this formula, what is a size to another one of the figure may be just a number.
    numbers = {n: v for n, v in known.items() if n in names_read(formula) and isinstance(v, int)}
    for root in map(lowered, formula.definition.value.roots):
        _find_support(root, bound, spans, support)
    ranges = [list(span) for span in bound.spans.values()]
    return {
        "values": {**numbers, **bound.sizes},
        "shape": list(bound.shape),
        "spans": [[0, length - 1] for length in bound.shape] if _is_indexed(bound) else ranges,
        "support": support,
    }


def _is_indexed(bound: Bound) -> bool:
    """Whether a formula without indices applies to each element of arrays that have axes."""
    return bound.formula.elementwise and bool(bound.shape)


def _indexed(tree: Mapping[str, Any], bound: Bound) -> dict[str, Any]:
    """What is another for the browser of a formula without indices, which applies to each element:
    there its arrays have an index for each axis, as those of other formulas have.
    """
    if not _is_indexed(bound):
        return {}
    axes = [Index(f"axis {k}") for k in range(len(bound.shape))]
    origin = {**tree["origin"], bound.formula.result: 0}
    arrays = {name for name, value in bound.numbers.items() if np.ndim(value)}

    def element(name: str) -> Read:
        return Read(name, tuple(add(axis, Number(float(origin[name]))) for axis in axes))

    def indexed(node: Node) -> Node:
        if isinstance(node, Read) and not node.index and node.name in arrays:
            return element(node.name)  # in v / ||v|| the norm reads others, with its own index
        if isinstance(node, Apply) and node.name in arrays:
            return Multiply((element(node.name), *map(indexed, node.arguments)))
        return node.rebuilt(indexed)

    return {
        "free": [axis.name for axis in axes],
        "target": [axis.to_json() for axis in axes],
        "conditions": [],
        "links": [lowered(indexed(bound.formula.right)).to_json()],
        "origin": origin,
    }


def _insist_on_own_functions(formula: Formula) -> None:
    """Raises FormulaError if a function of Python's takes part."""
    part = formula.definition.value
    foreign = {n.name for n in part.applied if n.name not in formula.shapes}
    called = {n.function for n in part.nodes if isinstance(n, Call)}
    foreign |= called & set(formula.definition.functions)
    if foreign:
        raise FormulaError(
            f"{formula.name} applies {', '.join(sorted(foreign))}, a function of Python's: "
            "a figure can only run what the formula says itself"
        )


def _find_support(
    node: Node, bound: Bound, box: Mapping[str, Interval], support: dict[str, list[int]]
) -> None:
    """Where the terms of long and endless sums count, for the browser, which cannot find it out."""
    inner = dict(box)
    if isinstance(node, Reduce):
        bounds = {}
        for binder in node.binders:
            bounds[binder.name] = inner[binder.name] = bound.ranges.binder(binder, inner)
        if not all(high - low <= LONG_SUM for low, high in bounds.values()):
            # A bound that is read from an array is known to the browser alone.
            with contextlib.suppress(FormulaError):
                ends = summed(bound.ranges, node, bounds, box)
                support |= {name: list(span) for name, span in ends.items()}
                inner |= {n: (float(low), float(high)) for n, (low, high) in ends.items()}
    for child in node.children():
        _find_support(child, bound, inner, support)


# ---- looks -------------------------------------------------------------------------------------


def mathml(formula: Formula) -> str:
    """The formula as MathML, each symbol in an element with `data-name`, each index in one with
    `data-index`."""
    names: list[str] = []

    # The converter knows no attributes, but colours: the number of a symbol goes through it as one.
    def tagged(name: str, latex: str) -> str:
        names.append(f'name="{name}"')
        return rf"\textcolor{{#{len(names):06x}}}{{{latex}}}"

    def tagged_index(name: str, latex: str) -> str:
        names.append(f'index="{name}"')
        return rf"\textcolor{{#{len(names):06x}}}{{{latex}}}"

    def named(match: re.Match[str]) -> str:
        return f"<mstyle data-{names[int(match[1], 16) - 1]}"

    # Nor does it know named operators.
    latex = re.sub(
        r"\\operatorname\*?\{([^}]*)\}",
        lambda match: rf"\text{{{match[1].replace(chr(92) + ',', ' ')}}}",
        displayed(marked(formula, tagged, tagged_index)),
    )
    # And it takes a bracket at the beginning of the cases for an alignment.
    latex = re.sub(r"(\\begin\{cases\})\s*\[", r"\1{}[", latex)
    text = convert(latex, display="block")
    return re.sub(r'<mstyle mathcolor="#([0-9a-f]{6})"', named, text)


def looks(formulas: Sequence[Formula], names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """For each name its colour, its symbol as MathML, and plain words for a screen reader.

    They stand there in the order in which the formulas read and give them.
    """
    found = {}
    appearing = dict.fromkeys(name for f in formulas for name in (*f.names, f.result))
    ordered = sorted(names, key=[*appearing, *names].index)
    colours = colours_of(ordered)
    for name in ordered:
        owner = next((f for f in formulas if name in (*f.names, f.result)), formulas[0])
        latex = _symbol(owner, name)
        words = owner.symbols.get(name, "")
        derivative = Derivative.named(name)
        plain = (
            "/".join(f"∂{_letter(part)}" for part in derivative) if derivative else _letter(name)
        )
        found[name] = {
            "colour": colours[name]._asdict(),
            "symbol": convert(latex),
            "words": f"{name}, {words}" if words else name,
            "plain": plain,
            "role": role_of(name) or name,
            "index": any(_says_places(formula, name) for formula in formulas),
        }
    return found


def recoloured(
    looks: Mapping[str, Mapping[str, Any]], roles: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """The looks with colour and scale of these roles, and with colours that go with them.

    Raises SuperfluousArrayError for a symbol without a look, CnnMathError for no role.
    """
    for name, role in roles.items():
        if name not in looks:
            hint = wording.meant(name, looks)
            symbols = ", ".join(looks)
            raise SuperfluousArrayError(f"the figure has no symbol {name}: {symbols}{hint}")
        if role not in ROLES:
            hint = wording.meant(role, ROLES) if isinstance(role, str) else ""
            expected = ", ".join(f'"{one}"' for one in ROLES)
            raise CnnMathError(f"{name}={role!r} is no role: expected one of {expected}{hint}")
    known = {name: look["role"] for name, look in looks.items() if look["role"] in ROLES}
    colours = colours_of(looks, {**known, **roles})
    return {
        name: {**look, "colour": colours[name]._asdict(), "role": roles.get(name, look["role"])}
        for name, look in looks.items()
    }


def _symbol(formula: Formula, name: str) -> str:
    """The LaTeX of a symbol, short as in a heading: \\partial E/\\partial W_{2} for dE_dW_2."""
    if derivative := Derivative.named(name):
        of, by = (_symbol(formula, part) for part in derivative)
        return rf"\partial {of}/\partial {by}"
    bare = bare_symbol(formula, name)
    letter, _, which = name.partition("_")
    is_greek = re.search(rf"\\{letter}(?![A-Za-z])", formula.latex)
    latex = bare or (rf"\{letter}" if is_greek else letter)
    return latex if not which or which in latex else f"{latex}_{{{which}}}"


def _says_places(formula: Formula, name: str) -> bool:
    """Whether numbers say where something stands: those of an arg max do, and the y of p_y."""
    roots = formula.definition.value.roots
    if name == formula.result:
        return any(isinstance(r, Reduce) and r.operation in ("argmax", "argmin") for r in roots)
    reads = (node for root in roots for node in root.walk() if isinstance(node, Read))
    return any(isinstance(at, Read) and at.name == name for read in reads for at in read.index)


_ACCENTS = {"hat": "\u0302", "tilde": "\u0303", "bar": "\u0304"}


def _letter(name: str) -> str:
    """α for alpha, ŷ for y_hat, x̃ for x_tilde, p₂ for p_2; another name stays."""
    bare, _, script = name.rpartition("_")
    if script in _ACCENTS and len(_letter(bare)) == 1:
        return unicodedata.normalize("NFC", _letter(bare) + _ACCENTS[script])
    if bare and script.isdecimal():
        return _letter(bare) + "".join(chr(ord("₀") + int(digit)) for digit in script)
    try:
        return unicodedata.lookup(f"GREEK SMALL LETTER {name.replace('lambda', 'lamda')}")
    except KeyError:
        return name
