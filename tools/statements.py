"""Every formula of the project as a plain statement, and what to give when it is called.

They are the catalogue's, the article's, those of the figures (in the chapters, and in the tests of
the figures) and those of `tests/authors.py`. A statement is what `asking.py` says it is.
"""

import ast
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula

ROOT = Path(__file__).parents[1]
Statement = dict[str, Any]
Described = dict[str, Any]


@dataclass(frozen=True)
class Recorded:
    """A formula by a name of its own; what to give in each round, and for a check as well."""

    name: str
    statement: Statement
    given: list[Described]
    also: Described = field(default_factory=dict)


# Sizes that fit into each other: kernels and windows into images, strides and padding as well.
SIZES = (
    dict(M=4, N=5, m=2, n=3, K=2, C=3, l=2, q=1, P=0, O=3, R=4, S=2, D=1, A=0),
    dict(M=5, N=7, m=3, n=2, K=3, C=2, l=2, q=2, P=1, O=3, R=4, S=2, D=2, A=1),
    dict(M=6, N=5, m=3, n=4, K=4, C=3, l=3, q=2, P=1, O=3, R=3, S=3, D=1, A=2),
)

_made: dict[int, tuple[Formula, Statement]] = {}
_init = Formula.__init__


def _remember(self: Formula, latex: str, **details: Any) -> None:
    _init(self, latex, **details)
    shapes = {}
    for name, shape in details.items():
        if name not in ("name", "meaning", "source", "symbols", "sentences", "origin"):
            shapes[name] = _text_of(shape)
    origin = {"origin": details["origin"]} if "origin" in details else {}
    _made[id(self)] = (self, {"latex": latex, "shapes": shapes, **origin})


def _text_of(shape: Any) -> Any:
    if isinstance(shape, Formula):
        return _made[id(shape)][1]
    return "function" if callable(shape) else shape


# Formulas forget what they were declared with; what is made from here on is remembered.
Formula.__init__ = _remember  # type: ignore[method-assign]
sys.dont_write_bytecode = True  # so that the catalogue is read here, not taken as it was kept
sys.path.insert(0, str(ROOT / "tests"))
from authors import CASES, Case  # noqa: E402

from cnnmath import catalogue as book  # noqa: E402
from cnnmath.article import PRINTED  # noqa: E402
from cnnmath.article.verdict import Printed  # noqa: E402


def catalogue() -> Iterator[Recorded]:
    """Every formula of the catalogue."""
    for name, formula in book.formulas().items():
        yield _recorded(name, formula)


def article() -> Iterator[Recorded]:
    """What the article prints, as printed and as it is put right."""
    for title, printed in PRINTED.items():
        statement = {
            "latex": printed.latex,
            "shapes": {name: _text_of(shape) for name, shape in printed.shapes.items()},
        }
        sample = {
            n: " ".join(map(str, v)) if isinstance(v, tuple) else v
            for n, v in printed.sample.items()
        }
        yield Recorded(title, statement, [sample, *_larger(printed, statement, sample)])
        for number, mistake in enumerate(printed.mistakes, start=1):
            yield _recorded(f"{title} {number}, as printed", mistake.read)
            yield _recorded(f"{title} {number}, right", mistake.right)


def _larger(printed: Printed, statement: Statement, sample: Described) -> list[Described]:
    """The same in larger sizes, if the formula can be made at all; the indices left open stay."""
    open_ones = {name: value for name, value in sample.items() if not isinstance(value, str)}
    try:
        formula = Formula(printed.latex, **printed.shapes)
    except CnnMathError:
        return []
    return [{**_arrays(formula, statement, sizes), **open_ones} for sizes in SIZES[1:]]


def figures() -> Iterator[Recorded]:
    """The formulas that stand in chapters and in tests of figures."""
    for path in sorted((ROOT / "book").glob("**/*.ipynb")):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        yield from _formulas_in(str(path.relative_to(ROOT / "book").with_suffix("")), code)
    for path in sorted((ROOT / "tests").glob("*.py")):
        if re.match(r"figures\.|test_(figure|curves|plots|pages|jupyterlab)", path.name):
            yield from _formulas_in(path.stem, [path.read_text("utf-8")])


def _formulas_in(source: str, code: list[str]) -> Iterator[Recorded]:
    """The formulas that are written out in a source, with those of the catalogue to build on."""
    at_hand = {name: one for name, one in vars(book).items() if not isinstance(one, ModuleType)}
    known: dict[str, Any] = {**at_hand, "catalogue": book, "Formula": Formula, "np": np}
    count: Counter[str] = Counter()
    for text in code:
        tree = ast.parse(re.sub("(?m)^[%!].*", "", text))
        names = {
            id(node.value): node.targets[0].id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and _is_formula(n.func)]
        for call in sorted(calls, key=lambda node: node.lineno):
            try:
                formula = eval(compile(ast.Expression(call), source, "eval"), known)
            except (CnnMathError, NameError):  # meant to be refused, or made from what is at hand
                continue
            if id(call) in names:
                known[names[id(call)]] = formula
            count[formula.result] += 1
            again = f" {count[formula.result]}" if count[formula.result] > 1 else ""
            yield _recorded(f"{source}: {formula.result or 'a value'}{again}", formula)


def _is_formula(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and function.id == "Formula"


def _recorded(name: str, formula: Formula) -> Recorded:
    statement = _made[id(formula)][1]
    given = [_arrays(formula, statement, sizes) for sizes in SIZES]
    beneath: Described = {}
    for quantity, shape in statement["shapes"].items():
        if isinstance(shape, Mapping):
            beneath |= _arrays(formula.definitions[quantity], shape, SIZES[0])
    also = {key: value for key, value in beneath.items() if key not in given[0]}
    return Recorded(name, statement, given, also)


def _arrays(formula: Formula, statement: Statement, sizes: Mapping[str, int]) -> Described:
    """Arrays of the declared shapes for all that a formula is calculated from."""
    declared = _declared(statement)
    shapes = {n: declared.get(n, declared.get(n.partition("_d")[2], "M N")) for n in formula.names}
    found: Described = {}
    for name, shape in shapes.items():
        its = statement["shapes"].get(name)
        if isinstance(its, Mapping):
            found |= _arrays(formula.definitions[name], its, sizes)
        elif its != "function":
            found[name] = " ".join(str(_length(part, sizes)) for part in str(shape).split())
            if shape == "" and re.search(rf"_\{{?{name}\b", statement["latex"]):
                found[name] = "of whole 1 1"  # an index, which is inside from both origins
            elif name == "epsilon":
                found[name] = "of real 0.1 1"  # what keeps a spread above 0 is above 0 itself
    told = {part for shape in shapes.values() for part in str(shape).split()}
    lengths = {part for shape in declared.values() for part in re.findall(r"\w+", str(shape))}
    for size in formula.sizes:
        if size not in told:  # an index that is left open is 1, which is inside from both origins
            found[size] = _length(size, sizes) if size in {*lengths, *sizes} else 1
    return found


def _declared(statement: Statement) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, shape in statement["shapes"].items():
        if isinstance(shape, Mapping):
            found = {**_declared(shape), **found}
        elif shape != "function":
            found[name] = shape
    return found


def _length(text: str, sizes: Mapping[str, int]) -> int:
    """A declared length, such as `M-m+1`, as a number; a size not among `SIZES` is 2 to 4."""
    names = re.findall(r"[^\W\d]\w*", text)
    known = {name: sizes.get(name, 2 + sum(map(ord, name)) % 3) for name in names}
    return int(eval(text, {"__builtins__": {}}, known))


# ---- authors ------------------------------------------------------------------------------------


def authors() -> Iterator[Recorded]:
    """Formulas of books and papers: with sizes as in `authors.py`, and with larger ones."""
    for case in CASES:
        declared = dict(case.shapes)
        origin = {"origin": declared.pop("origin")} if "origin" in declared else {}
        shapes = {name: _text_of(shape) for name, shape in declared.items()}
        statement = {"latex": case.latex, "shapes": shapes, **origin}
        given = [_resized(case, shapes, more) for more in range(len(SIZES))]
        yield Recorded(case.source, statement, given)


def _resized(case: Case, shapes: Mapping[str, Any], more: int) -> Described:
    """What an author's formula is given, with every declared size larger by `more`."""
    arrays = {name: value if callable(value) else np.asarray(value)
              for name, value in case.arrays.items()}  # fmt: skip
    sizes: dict[str, int] = {}
    for name, array in arrays.items():
        parts = str(shapes.get(name, "")).split()
        if not callable(array) and len(parts) == array.ndim:
            lengths = zip(parts, array.shape, strict=True)
            sizes |= {part: n + more for part, n in lengths if part.isidentifier()}
    known = {**{n: int(a) for n, a in arrays.items() if not callable(a) and a.ndim == 0}, **sizes}
    found: Described = {}
    for name, array in arrays.items():
        if callable(array):
            found[name] = "function"
        elif array.ndim == 0:
            found[name] = sizes.get(name, array.item())
        else:
            parts = str(shapes.get(name, "")).split()
            lengths = [str(n) for n in array.shape]
            if len(parts) == array.ndim:
                lengths = [str(_length(part, known)) for part in parts]
            elif not sizes:
                lengths = [str(n + more) for n in array.shape]
            found[name] = " ".join(lengths) + _kind(array)
    return found


def _kind(array: np.ndarray) -> str:
    """What an author's numbers are like: whole ones may be places, others lie in a range."""
    low, high = float(array.min(initial=0.0)), float(array.max(initial=0.0))
    if (array == np.round(array)).all() and array.size:
        return f" of whole {int(array.min())} {int(array.max())}"
    return f" of real 0.1 {max(high, 0.2):.3g}" if low >= 0 else ""
