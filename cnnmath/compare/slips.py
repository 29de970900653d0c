"""What is often calculated in place of a formula: the formula with one slip in it, each with words.

A slip is made in a tree, as an author wrote it, and what comes of it is evaluated like any formula.
Those that are made most often come first.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from cnnmath.core.definition import Definition
from cnnmath.core.functions import CONSTANTS
from cnnmath.core.nodes import (
    ONE,
    ZERO,
    Add,
    Binder,
    Call,
    Cases,
    Compare,
    Divide,
    Extent,
    Index,
    Logic,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Read,
    Reduce,
    add,
    negative,
    product,
    substitute,
)

Slip = tuple[str, Node]
"""Words that go on after "as if", and the tree with the slip."""

_Place = Callable[[Node, Extent], Node]  # of the right place and the length of the axis

_ONE_LESS = Number(-1.0)


def slips(definition: Definition) -> Iterator[Slip]:
    """The right side with one slip in it."""
    node = definition.right
    names = list(dict.fromkeys(n.name for n in node.walk() if isinstance(n, Read) and n.index))
    yield from _turned(node, names, definition)
    for slip in (_unfinished, _terms, _reads_apart, _bounds, _operations, _factors, _functions):
        yield from everywhere(node, slip)
    yield from _places(node, names, definition)
    yield from _exchanged(node, names, definition)
    yield "the sign is the wrong way round", negative(node)


def everywhere(node: Node, slip: Callable[[Node], Iterator[Slip]]) -> Iterator[Slip]:
    """A slip at each place of a tree at which it can be made, but for the arithmetic of indices."""
    yield from slip(node)
    for number, child in enumerate(() if isinstance(node, Read | Binder) else node.children()):
        for words, changed in everywhere(child, slip):
            yield words, _with_child(node, number, changed)


def _with_child(node: Node, number: int, changed: Node) -> Node:
    """A node in which one child is another."""
    count = iter(range(len(node.children())))
    return node.rebuilt(lambda child: changed if next(count) == number else child)


def _each_read(node: Node, name: str, change: Callable[[Read], Node]) -> Node:
    """A tree in which all elements of an array are others."""
    node = node.rebuilt(lambda child: _each_read(child, name, change))
    return change(node) if isinstance(node, Read) and node.name == name and node.index else node


# ---- which element is read ----------------------------------------------------------------------


def _backwards(node: Node, name: str, axes: Sequence[int], first: int) -> Node:
    """An array read from its other end along some axes."""
    ends = Number(2.0 * first - 1.0)

    def turned(read: Read) -> Read:
        places = [
            add(Extent(name, axis), ends, negative(place)) if axis in axes else place
            for axis, place in enumerate(read.index)
        ]
        return Read(name, tuple(places))

    return _each_read(node, name, turned)


def _turned(node: Node, names: Sequence[str], definition: Definition) -> Iterator[Slip]:
    summed = {b.name for n in node.walk() if isinstance(n, Reduce) for b in n.binders}
    for name in names:
        reads = [n for n in node.walk() if isinstance(n, Read) and n.name == name and n.index]
        rank, first = len(reads[0].index), definition.first_index(name)
        within = [a for a in range(rank) if reads[0].index[a].free & summed]
        if len(within) > 1:
            yield f"{name} is turned by 180°", _backwards(node, name, within, first)
            last = within[-2:]
            if last != within:
                yield f"{name} is turned by 180°", _backwards(node, name, last, first)
        for axis in range(rank):
            words = f"{name} is read backwards along axis {axis}"
            yield words, _backwards(node, name, [axis], first)


def _places(node: Node, names: Sequence[str], definition: Definition) -> Iterator[Slip]:
    for name in names:
        reads = [n for n in node.walk() if isinstance(n, Read) and n.name == name and n.index]
        rank, first = len(reads[0].index), Number(float(definition.first_index(name)))
        for way, number in (("after", 1.0), ("before", -1.0)):
            for axes in (range(rank), *([axis] for axis in range(rank))):
                yield (
                    f"{name} is read one {way} the right place along {_axes(axes)}: "
                    "an index is off by one",
                    _moved(node, name, axes, _by(number)),
                )
        for one, other in combinations(range(rank), 2):
            yield (
                f"axes {one} and {other} of {name} are exchanged",
                _with_axes(node, name, one, other),
            )
        words = f"an index of {name} that lies outside, such as -1, reads from its other end"
        for place in (_from_end(first), _around(first)):
            yield f"{words}: what lies outside is 0", _moved(node, name, range(rank), place)
        yield (
            f"{name} is read at its border where the place lies outside: there it is 0",
            _moved(node, name, range(rank), _nearest(first)),
        )


def _axes(axes: Sequence[int]) -> str:
    return f"axis {axes[0]}" if len(axes) == 1 else "all axes"


def _moved(node: Node, name: str, axes: Sequence[int], place: _Place) -> Node:
    def moved(read: Read) -> Read:
        pairs = enumerate(read.index)
        return Read(name, tuple(place(p, Extent(name, k)) if k in axes else p for k, p in pairs))

    return _each_read(node, name, moved)


def _by(number: float) -> _Place:
    return lambda place, _: add(place, Number(number))


def _from_end(first: Node) -> _Place:
    return lambda place, length: add(place, Multiply((length, Compare("<", place, first))))


def _around(first: Node) -> _Place:
    return lambda place, length: add(Call("mod", (add(place, negative(first)), length)), first)


def _nearest(first: Node) -> _Place:
    return lambda place, length: Call(
        "min", (Call("max", (place, first)), add(length, _ONE_LESS, first))
    )


def _with_axes(node: Node, name: str, one: int, other: int) -> Node:
    def exchanged(read: Read) -> Read:
        places = list(read.index)
        places[one], places[other] = places[other], places[one]
        return Read(name, tuple(places))

    return _each_read(node, name, exchanged)


def _exchanged(node: Node, names: Sequence[str], definition: Definition) -> Iterator[Slip]:
    """One array for another: both of them, or one that is not read otherwise."""
    ranks = {n.name: len(n.index) for n in node.walk() if isinstance(n, Read)}
    for one, other in combinations(names, 2):
        if ranks[one] == ranks[other]:
            there = {one: other, other: one}
            yield f"{one} and {other} are exchanged", _renamed(node, there)
    for name in names:
        for other, shape in definition.shapes.items():
            if other != name and shape and shape == definition.shapes.get(name):
                yield f"{other} stands for {name}", _renamed(node, {name: other})


def _renamed(node: Node, names: dict[str, str]) -> Node:
    node = node.rebuilt(lambda child: _renamed(child, names))
    return Read(names.get(node.name, node.name), node.index) if isinstance(node, Read) else node


def _reads_apart(node: Node) -> Iterator[Slip]:
    """Of one element alone: some of a formula's reads are right, and one is not."""
    if isinstance(node, Read) and len(node.index) > 1:
        for one, other in combinations(range(len(node.index)), 2):
            words = f"axes {one} and {other} of {node.name} are exchanged in one place"
            yield words, _with_axes(node, node.name, one, other)


# ---- sums ---------------------------------------------------------------------------------------


def _nest(node: Node) -> tuple[list[Reduce], Node]:
    """Sums that stand directly in each other, and what they add up."""
    sums = []
    while isinstance(node, Reduce) and node.operation == "sum" and node.where is None:
        sums.append(node)
        node = node.body
    return sums, node


def _fixed(node: Reduce, names: Sequence[str], at_end: bool) -> Node:
    """A nest of sums in which some indices have one value only."""
    sums, body = _nest(node)
    values = {b.name: b.high if at_end else b.low for s in sums for b in s.binders}
    found = substitute(body, {name: values[name] for name in names})
    for each in reversed(sums):
        kept = tuple(b for b in each.binders if b.name not in names)
        found = Reduce("sum", kept, None, found) if kept else found
    return found


def _unfinished(node: Node) -> Iterator[Slip]:
    """A sum of which one term is left."""
    for term in node.terms if isinstance(node, Add) else ():
        if isinstance(term, Reduce) and _nest(term)[0]:
            names = [b.name for each in _nest(term)[0] for b in each.binders]
            yield (
                "each term takes the place of all before it, what is added besides included: "
                "`=` where `+=` is meant",
                _fixed(term, names, True),
            )
    if not (isinstance(node, Reduce) and _nest(node)[0]):
        return
    names = [binder.name for each in _nest(node)[0] for binder in each.binders]
    groups = [names[start:] for start in range(len(names))] + [[name] for name in names]
    for group in dict.fromkeys(map(tuple, groups)):
        over = ", ".join(map(_plain, group))
        words = f"each term of the sum over {over} takes the place of the one before it: "
        yield words + "`=` where `+=` is meant", _fixed(node, group, True)
        yield (
            f"the sum over {over} is missing: its first term stands alone",
            _fixed(node, group, False),
        )


def _bounds(node: Node) -> Iterator[Slip]:
    if not isinstance(node, Reduce):
        return
    for number, binder in enumerate(node.binders):
        word = {"sum": "sum", "prod": "product"}.get(node.operation, "window")
        name, low, high = _plain(binder.name), binder.low, binder.high
        for words, other in (
            ("ends one early", Binder(binder.name, low, add(high, _ONE_LESS))),
            ("begins one late", Binder(binder.name, add(low, ONE), high)),
            ("ends one late", Binder(binder.name, low, add(high, ONE))),
        ):
            binders = (*node.binders[:number], other, *node.binders[number + 1 :])
            yield (
                f"the {word} over {name} {words}",
                Reduce(node.operation, binders, node.where, node.body),
            )


def _operations(node: Node) -> Iterator[Slip]:
    """A sum, a mean, a maximum, each for another; a sum that is a mean needs one over the count."""
    match node:
        case Multiply(factors=(Divide(above=Number(1.0), below=below), *rest)) if not isinstance(
            below, Number
        ) and any(isinstance(part, Reduce) for part in rest):
            yield "it is the sum, not the mean", product(*rest)
        case Divide(above=Reduce() as above):
            yield "it is the sum, not the mean", above
    if not isinstance(node, Reduce):
        return
    total = Reduce("sum", node.binders, node.where, node.body)
    count = Reduce("sum", node.binders, node.where, ONE)
    names = ", ".join(_plain(binder.name) for binder in node.binders)
    if node.operation != "sum":
        yield "it is the mean of the window", Divide(total, count)
        yield "it is the sum of the window", total
    else:
        yield f"it is the mean over {names}, not the sum", Divide(total, count)
        largest = Reduce("max", node.binders, node.where, node.body)
        yield f"the largest over {names} is taken, not the sum", largest
    opposite = {"max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax"}
    if node.operation in opposite:
        found = "smallest" if "max" in node.operation else "largest"
        yield (
            f"it is the {found}",
            Reduce(opposite[node.operation], node.binders, node.where, node.body),
        )
    if node.operation in ("argmax", "argmin") and len(node.binders) > 1:
        yield (
            "the places of a window are counted column by column, not row by row",
            Reduce(node.operation, node.binders[::-1], node.where, node.body),
        )


# ---- terms and factors --------------------------------------------------------------------------


def _terms(node: Node) -> Iterator[Slip]:
    if not isinstance(node, Add):
        return
    for number, term in enumerate(node.terms):
        others = (*node.terms[:number], *node.terms[number + 1 :])
        what = _called(term)
        yield f"{what} is added twice", add(*node.terms, term)
        yield f"{what} is missing", add(*others)
        for other in others:
            sums, body = _nest(other)
            if sums:
                inside = add(body, term)
                for each in reversed(sums):
                    inside = Reduce("sum", each.binders, None, inside)
                yield (
                    f"{what} is added with each term of a sum: it stands inside the loop",
                    add(*(inside if part is other else part for part in others)),
                )
        yield f"{what} has the wrong sign", add(*others, negative(term))


def _factors(node: Node) -> Iterator[Slip]:
    match node:
        case Multiply(factors=factors):
            for number, factor in enumerate(factors):
                others = (*factors[:number], *factors[number + 1 :])
                if isinstance(factor, Compare | Logic):
                    yield (
                        "a condition is missing: what it lets through counts everywhere",
                        product(*others),
                    )
                else:
                    yield f"{_called(factor)} is missing as a factor", product(*others)
        case Divide(above=above, below=below):
            yield f"it is not divided by {_called(below)}", above
            yield f"it is divided by {_called(below)} less 1", Divide(above, add(below, _ONE_LESS))
            yield f"it is multiplied by {_called(below)}, not divided", product(above, below)
        case Power(base=base, exponent=exponent) if base != Number(CONSTANTS["e"]):
            yield f"{_called(base)} is not raised to its power", base
            yield f"{_called(base)} is raised to one power more", Power(base, add(exponent, ONE))
        case Negative(body=body):
            yield "a minus is missing", body


def _functions(node: Node) -> Iterator[Slip]:
    match node:
        case Call(function="sqrt", arguments=(Add(terms=terms) as inner,)):
            yield "the root is missing", inner
            for number, term in enumerate(terms):
                others = (*terms[:number], *terms[number + 1 :])
                yield (
                    f"{_called(term)} is added outside the root",
                    add(Call("sqrt", (add(*others),)), term),
                )
        case Call(function="max" | "min" as function, arguments=arguments):
            other = "min" if function == "max" else "max"
            yield f"it is {other} for {function}", Call(other, arguments)
            for argument in arguments:
                if argument != ZERO:
                    yield f"{function} is missing", argument
        case Call(function=function, arguments=(argument,)):
            yield f"{function} is missing", argument
        case Compare(relation=relation, left=left, right=right):
            looser = {">": ">=", ">=": ">", "<": "<=", "<=": "<"}.get(relation)
            if looser:
                yield f"`{looser}` stands for `{relation}`", Compare(looser, left, right)
                mirrored = {">": "<", ">=": "<=", "<": ">", "<=": ">="}[relation]
                yield "a condition is the wrong way round", Compare(mirrored, left, right)
        case Cases(rows=((condition, value),), otherwise=Node() as otherwise):
            yield "the two cases are exchanged", Cases(((condition, otherwise),), value)
            yield "the first case stands for both", value
            yield "the other case stands for both", otherwise


def _called(node: Node) -> str:
    """What is said for a part of a formula."""
    match node:
        case Read(name=name):
            return name
        case Number(value=value):
            return f"{value:g}"
        case Index(name=name):
            return _plain(name)
        case Negative(body=body):
            return _called(body)
        case Divide(above=Number(value=above), below=Number(value=below)):
            return f"{above:g}/{below:g}"
        case Reduce(operation="sum", binders=binders):
            return f"the sum over {', '.join(_plain(b.name) for b in binders)}"
    names = dict.fromkeys(n.name for n in node.walk() if isinstance(n, Read))
    return f"what is made of {' and '.join(names)}" if names else "a number"


def _plain(name: str) -> str:
    return name.partition("~")[0]
