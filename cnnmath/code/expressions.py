"""The value of a lowered tree as an expression in Python.

What needs lines of its own, such as a sum within a root, is written before the line in which the
expression stands: `needs` says how.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from cnnmath.code.frame import Frame, exact
from cnnmath.code.text import (
    AND,
    ATOM,
    CHOICE,
    COMPARED,
    NOT,
    OR,
    POWER,
    PRODUCT,
    QUOTIENT,
    SUM,
    Text,
    joined,
    listed,
)
from cnnmath.core.arithmetic import tidy
from cnnmath.core.nodes import (
    ONE,
    Add,
    Apply,
    Call,
    Cases,
    Compare,
    Divide,
    Element,
    Extent,
    Index,
    Inside,
    Logic,
    Multiply,
    Negative,
    Node,
    Number,
    Padded,
    Power,
    Read,
    Reduce,
    product,
)
from cnnmath.errors import FormulaError

_CONSTANTS = {math.e: "np.e", math.pi: "np.pi", math.inf: "np.inf", -math.inf: "-np.inf"}
_SIGNS = {"=": "=="}
_FUNCTIONS = {
    "log": "np.log", "log10": "np.log10", "sqrt": "np.sqrt", "exp": "np.exp", "abs": "abs",
    "sign": "np.sign", "floor": "np.floor", "ceil": "np.ceil", "round": "np.round",
    "sin": "np.sin", "cos": "np.cos", "tan": "np.tan", "sinh": "np.sinh", "cosh": "np.cosh",
    "tanh": "np.tanh", "arcsin": "np.arcsin", "arccos": "np.arccos", "arctan": "np.arctan",
    "erf": "math.erf",
}  # fmt: skip


class Expressions:
    """Writes values.

    frame : what is known
    needs : writes what takes lines of its own, a reduction or cases, and returns where its value is
    insist : writes a line that insists on a condition
    """

    def __init__(
        self, frame: Frame, needs: Callable[[Node], Text], insist: Callable[[str], None]
    ) -> None:
        self.frame = frame
        self.needs = needs
        self.insist = insist
        self.certain: frozenset[Element] = frozenset()

    @contextmanager
    def certain_of(self, elements: Iterable[Element]) -> Iterator[None]:
        """Elements that lie inside their arrays, as a condition around says."""
        outer, self.certain = self.certain, self.certain | frozenset(elements)
        try:
            yield
        finally:
            self.certain = outer

    def value(self, node: Node) -> Text:
        match node:
            case Number(value=value):
                return _number(value)
            case Index(name=name):
                if name not in self.frame.letters:
                    raise FormulaError(f"nothing gives the index {name} a value")
                return Text(self.frame.letters[name], whole=True)
            case Read(name=name, index=()):
                text = self.frame.read(name)
                if name in self.frame.single:
                    return Text(f"{text}[place]")
                return Text(text, whole=self.frame.is_size(name) or name in self.frame.whole)
            case Element(outside=outside):
                inside = self.inside(node)
                text = self.element(node)
                whole = node.name in self.frame.whole
                return self._choice(text, inside, outside) if inside else Text(text, whole=whole)
            case Extent(name=name, axis=axis):
                return Text(f"{self.frame.read(name)}.shape[{axis}]", whole=True)
            case Add(terms=terms):
                return self._sum(terms)
            case Negative(body=body):
                inner = self.value(body)
                return Text(f"-{inner.within(QUOTIENT)}", SUM, inner.whole)
            case Multiply(factors=factors):
                return self._product(factors)
            case Divide(above=above, below=below):
                text = f"{self.value(above).within(QUOTIENT)} / {self.value(below).within(POWER)}"
                return Text(text, QUOTIENT)
            case Power(base=base, exponent=exponent):
                return self._power(base, exponent)
            case Call():
                return self._call(node)
            case Apply(name=name, arguments=arguments):
                return self._applied(name, arguments)
            case Compare() | Logic() | Inside():
                return Text(f"float({self.condition(node).text})")
            case Padded(inside=inside, body=body, outside=outside):
                condition = self.condition(inside).text
                if condition == "True":
                    return self.value(body)
                return self._choice(self.value(body).within(OR), condition, outside)
            case Reduce() | Cases():
                return self.needs(node)
        raise FormulaError(f"{type(node).__name__} cannot be written as NumPy")

    def _choice(self, text: str, condition: str, outside: float) -> Text:
        return Text(f"{text} if {condition} else {_number(outside).text}", CHOICE)

    def _sum(self, terms: Sequence[Node]) -> Text:
        parts = [self.value(t.body if isinstance(t, Negative) else t) for t in terms]
        out = ""
        for term, part in zip(terms, parts, strict=True):
            minus = isinstance(term, Negative)
            sign = "-" if minus else "+"
            text = part.within(QUOTIENT if minus else SUM)
            out += f" {sign} {text}" if out else f"-{text}" if minus else text
        return Text(out, SUM, all(part.whole for part in parts))

    def _product(self, factors: Sequence[Node]) -> Text:
        conditions = [f for f in factors if isinstance(f, Compare | Logic)]
        others = [f for f in factors if f not in conditions]
        if conditions:
            if not others:
                return Text(f"float({self.all_of(conditions)})")
            return self._choice(self._product(others).within(OR), self.all_of(conditions), 0.0)
        if len(others) > 1 and isinstance(others[0], Divide) and others[0].above == ONE:
            return self.value(Divide(product(*others[1:]), others[0].below))
        first, *rest = map(self.value, others)
        # A whole quotient comes before the product: q * (k // r).
        texts = [first.within(PRODUCT if first.whole else QUOTIENT)]
        texts += [part.within(PRODUCT) for part in rest]
        hold = QUOTIENT if not rest else PRODUCT
        return Text(" * ".join(texts), hold, all(part.whole for part in (first, *rest)))

    def _power(self, base: Node, exponent: Node) -> Text:
        above = self.value(exponent)
        if base == Number(math.e):
            return Text(f"np.exp({above.text})")
        below = self.value(base)
        number = exponent.value if isinstance(exponent, Number) else -1.0
        whole = below.whole and number >= 0 and number.is_integer()
        single = self.frame.single
        has_elements = any(
            isinstance(inner, Element) or (isinstance(inner, Read) and inner.name in single)
            for inner in base.walk()
        )  # which are numbers of NumPy, to which a root of -1 is NaN
        if not (has_elements or isinstance(base, Number) or (number >= 0 and number.is_integer())):
            return Text(f"np.power(float({below.text}), {above.text})")
        texts = below.within(ATOM), above.within(ATOM)
        sign = "**" if all(text.isalnum() for text in texts) else " ** "
        return Text(sign.join(texts), POWER, whole)

    def _call(self, node: Call) -> Text:
        match node:
            case Call(function=name) if name in self.frame.definition.functions:
                return self._applied(name, node.arguments)
            case Call(function="max" | "min" as name, arguments=arguments):
                parts = [self.value(argument) for argument in arguments]
                if all(part.whole for part in parts):
                    return Text(f"{name}({', '.join(p.text for p in parts)})", whole=True)
                text = parts[0].text
                for part in parts[1:]:
                    text = f"np.{name}imum({text}, {part.text})"
                return Text(text)
            case Call(function="mod", arguments=(left, right)):
                a, b = self.value(left), self.value(right)
                text = f"{a.within(POWER)} % {b.within(POWER)}"
                return Text(text, QUOTIENT, a.whole and b.whole)
            case Call(function="floor" | "ceil" as name, arguments=(Divide(above, below),)):
                a, b = self.value(above), self.value(below)
                if a.whole and b.whole and name == "floor":
                    return Text(f"{a.within(POWER)} // {b.within(POWER)}", QUOTIENT, True)
                if a.whole and b.whole:
                    return Text(f"-(-{a.within(POWER)} // {b.within(POWER)})", SUM, True)
            case Call(function="kronecker", arguments=(left, right)):
                return Text(f"float({self.condition(Compare('=', left, right)).text})")
            case Call(function="relu", arguments=(argument,)):
                return Text(f"np.maximum({self.value(argument).text}, 0.0)")
            case Call(function="sigmoid", arguments=(argument,)):
                power = self.value(Negative(argument)).text
                return Text(f"1 / (1 + np.exp({power}))", QUOTIENT)
        if node.function not in _FUNCTIONS:
            raise FormulaError(f"the function {node.function} has no name in NumPy")
        inner = [self.value(argument) for argument in node.arguments]
        kept = node.function in ("abs", "floor", "ceil", "round")
        if kept and node.function != "abs" and inner[0].whole:
            return inner[0]
        text = f"{_FUNCTIONS[node.function]}({', '.join(part.text for part in inner)})"
        return Text(text, whole=kept and inner[0].whole)

    def _applied(self, name: str, arguments: Sequence[Node]) -> Text:
        """A function of the caller, or a number times a bracket."""
        definition = self.frame.definition
        if name in definition.shapes or name in definition.system:
            return self.value(Multiply((Read(name), arguments[0])))
        inner = ", ".join(self.value(argument).text for argument in arguments)
        function = definition.functions.get(name)
        if isinstance(function, np.ufunc):
            return Text(f"np.{function.__name__}({inner})")
        return Text(f"{self.frame.read(name)}({inner})")

    # ---- elements -------------------------------------------------------------------------------

    def element(self, node: Element) -> str:
        """An element, which must lie inside its array."""
        places = [self.place(self.frame.place(node, axis)) for axis in range(len(node.index))]
        for axis, given_by in enumerate(node.given_by):
            if given_by and any(self.frame.bounds_in_doubt(node, axis)):
                length = self.place(self.frame.size(node.name, axis))
                self.insist(f"0 <= {places[axis]} < {length}")
        return f"{self.frame.read(node.name)}[{', '.join(places)}]"

    def place(self, node: Node) -> str:
        """Index arithmetic as whole numbers."""
        found = self.value(exact(tidy(node)))
        return found.text if found.whole else f"int({found.text})"

    def inside(self, *elements: Element) -> str:
        """The condition that elements lie inside their arrays, as far as they may not."""
        parts = (part for one in elements if one not in self.certain for part in self._within(one))
        return " and ".join(dict.fromkeys(parts))

    def _within(self, node: Element) -> Iterator[str]:
        for axis, given_by in enumerate(node.given_by):
            low, high = self.frame.bounds_in_doubt(node, axis)
            if given_by or not (low or high):
                continue
            place = self.place(self.frame.place(node, axis))
            length = self.value(exact(self.frame.size(node.name, axis))).within(SUM)
            if low and high:
                yield f"0 <= {place} < {length}"
            else:
                yield f"{place} >= 0" if low else f"{place} < {length}"

    # ---- conditions -----------------------------------------------------------------------------

    def all_of(self, conditions: Sequence[Node]) -> str:
        """All of some conditions."""
        return self._and(map(self.condition, conditions)).text

    def _and(self, conditions: Iterable[Text]) -> Text:
        """All of some conditions but those that always hold; no text if they all do."""
        return joined([one for one in conditions if one.text != "True"], "and", AND, AND)

    def condition(self, node: Node) -> Text:
        """A condition, as Python writes one."""
        match node:
            case Compare("=", Compare() | Logic() | Inside() as left, Number(0)):
                return Text(f"not {self.condition(left).within(COMPARED)}", NOT)
            case Compare(relation=relation, left=left, right=right):
                sides = [self.value(side).within(SUM) for side in (left, right)]
                return Text(f" {_SIGNS.get(relation, relation)} ".join(sides), COMPARED)
            case Logic(operation="and", parts=parts):
                found = self._and(self._chained(parts))
                return found if found.text else Text("True")
            case Logic(parts=parts):
                return joined(map(self.condition, parts), "or", OR, OR)
            case Inside(element=element):
                text = self.inside(element)
                return Text(text, AND) if text else Text("True")
        return Text(f"{self.value(node).within(SUM)} != 0", COMPARED)

    def _chained(self, parts: Sequence[Node]) -> Iterator[Text]:
        """Conditions, two of which Python writes as one: `0 <= u - i < l`."""
        waiting = list(parts)
        while waiting:
            part = waiting.pop(0)
            following = waiting[0] if waiting else None
            if (
                isinstance(part, Compare)
                and isinstance(following, Compare)
                and part.right == following.left
                and "=" not in (part.relation, following.relation)
            ):
                waiting.pop(0)
                end = self.value(following.right).within(SUM)
                yield Text(f"{self.condition(part).text} {following.relation} {end}", COMPARED)
            else:
                yield self.condition(part)


def _number(value: float) -> Text:
    if value in _CONSTANTS:
        return Text(_CONSTANTS[value], SUM if value < 0 else ATOM)
    if value.is_integer() and abs(value) < 1e15:
        return Text(str(int(value)), SUM if value < 0 else ATOM, True)
    return Text(repr(value), SUM if value < 0 else ATOM)


def shape_text(expressions: Expressions, shape: Sequence[Node]) -> str:
    """The shape of an array in Python: `(K, M - m + 1)`, or `M` where it has one axis."""
    lengths = [expressions.place(size) for size in shape]
    return lengths[0] if len(lengths) == 1 else listed(lengths)
