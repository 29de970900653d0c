"""One formula within the function: its sizes, and the lines that calculate it."""

from collections.abc import Iterator, Sequence
from itertools import chain

from cnnmath.code.contraction import refusal
from cnnmath.code.einsum import Einsum
from cnnmath.code.expressions import Expressions
from cnnmath.code.frame import Frame
from cnnmath.code.loops import Loops
from cnnmath.code.names import Names, spelt
from cnnmath.code.sizes import Solved
from cnnmath.code.text import Lines, listed, shortened
from cnnmath.core.arithmetic import tidy
from cnnmath.core.definition import Definition
from cnnmath.core.lower import lowered
from cnnmath.core.nodes import (
    Binder,
    Call,
    Compare,
    Divide,
    Element,
    Index,
    Logic,
    Node,
    Number,
    Reduce,
    add,
    axes_indexed_by,
    names_in,
    product,
)
from cnnmath.core.reach import inferred_shape
from cnnmath.core.shapes import Shape
from cnnmath.errors import FormulaError, UndeclaredShapeError


class Block:
    """Lines that calculate one formula.

    arrays : what the function is given, but for sizes;  made : what blocks before this calculate
    given : sizes that follow from no shape, which the function is given
    target : what the result is called
    """

    def __init__(
        self,
        definition: Definition,
        style: str,
        names: Names,
        whole: frozenset[str],
        arrays: Sequence[str],
        made: Sequence[str],
    ) -> None:
        self.definition = definition
        self.style = style
        self.whole = whole
        self.there = (*arrays, *made)
        self.made = made
        self.solved = Solved({n: s for n in self.there if (s := definition.shapes.get(n))})
        self.frame = Frame(definition, self.solved, names.copy(), whole, self._single())
        self.lines = Lines()
        self.loops = Loops(self.frame, self.lines)
        self.result_shape: list[str] = []
        self.target = self._called(definition.result or "value")
        self._write()
        named = {name for name in self.frame.named if self.frame.is_size(name)}
        self.given = [
            n for n in sorted(named) if n not in self.solved.known and n not in self.there
        ]
        self.sizes = self._sizes(named)

    def _called(self, wanted: str) -> str:
        """What the result is called: as in the formula, if nothing else is."""
        if self.frame.is_size(wanted):
            return self.frame.names.kept(f"{wanted}_array")
        is_read = wanted in self.there or wanted in self.definition.reads
        return self.frame.names.kept(f"{wanted}_new") if is_read else spelt(wanted)

    def _single(self) -> frozenset[str]:
        """The arrays without indices of which each element of the result takes one."""
        definition = self.definition
        if not definition.elementwise or definition.is_number:
            return frozenset()
        known = definition.vocabulary
        bare = known.bare & definition.value.bare - known.applied
        numbers = {n for n in bare if definition.shapes.get(n) == ()} | set(known.sizes)
        return frozenset(bare - numbers)

    # ---- sizes ----------------------------------------------------------------------------------

    def _sizes(self, named: set[str]) -> list[str]:
        """The sizes that are calculated, in order; with those that an array's shape must fit."""
        checked = self.solved.checked(self.given)
        self.checked = [name for name in checked if name not in self.made]
        sizes = names_in(size for name in self.checked for size in self.solved.shapes[name])
        return self.solved.needed(named | sizes)

    def text(self, said: dict[str, str]) -> Iterator[str]:
        """The lines.

        said : what lines before these say of a size, of the shape of an array, and of one of its
            axes; more is added
        """
        lines = Lines()
        plain = Loops(self.frame, lines).expressions
        solved = self.solved
        fresh = []
        for name in self.sizes:
            axis = solved.by_axis.get(name)
            how = plain.value(solved.by_sum[name]).text if axis is None else axis.place
            if said.get(name) != how and said.get(how) != spelt(name):
                fresh.append(name)
                said[name] = how
        for array, given in solved.unpacked(fresh):
            lines.add(_unpacked(array, given))
        for name in fresh:
            if name in solved.by_sum:
                lines.add(f"{spelt(name)} = {plain.place(solved.by_sum[name])}")
        asserted = {
            f"shape of {name}": f"{spelt(name)}.shape == "
            + listed(plain.place(size) for size in solved.shapes[name])
            for name in self.checked
        } | {f"sign of {name}": f"{spelt(name)} > 0" for name in sorted(self.frame.positive)}
        asserted |= {f"rest of {rest}": f"{rest} == 0" for rest in self._rests(plain)}
        fresh_asserts = []
        for what, condition in asserted.items():
            if said.get(what) != condition:
                fresh_asserts.append(f"assert {condition}")
                said[what] = condition
        for number, length in enumerate(self.result_shape):
            said[f"{self.definition.result} {number}"] = length
        # What an assertion keeps from being 0 is divided by.
        first = [line for line in fresh_asserts if line.endswith("> 0")]
        others = [line for line in fresh_asserts if line not in first]
        sizes = [spelt(name) for name in (*self.sizes, *self.given)]
        body = [*others, *self.lines.lines]
        quotients, written = shortened(body, sizes, lambda: self.frame.names.kept("steps"))
        yield from (*lines.lines, *first, *quotients, *written)

    def _rests(self, plain: Expressions) -> Iterator[str]:
        """What must be 0, so that lengths that were declared as quotients are whole."""
        shapes = self.definition.shapes
        for size in chain.from_iterable(
            shapes.get(name, ()) for name in (*self.checked, self.definition.result)
        ):
            rounded = {id(n.arguments[0]) for n in size.walk() if isinstance(n, Call)}
            for node in size.walk():
                if isinstance(node, Divide) and id(node) not in rounded:
                    yield plain.place(Call("mod", (node.above, node.below)))

    # ---- what is calculated ---------------------------------------------------------------------

    def _write(self) -> None:
        definition = self.definition
        value = self.solved.settled(lowered(definition.right))
        if definition.elementwise:
            self._elementwise(value)
        elif definition.is_direct:
            self._direct(value)
        elif self.style == "einsum":
            raise refusal("its left side names elements by arithmetic")
        else:
            self._compound(value)

    def _elementwise(self, value: Node) -> None:
        single = sorted(self.frame.single)
        if self.style == "einsum" and single:
            raise refusal("it is calculated element by element")
        if self.style == "einsum":
            self._contracted(value, (), ())
            return
        if not single:
            self._number(value, self.target)
            return
        spelt_names = [spelt(name) for name in single]
        if len(single) > 1:
            together = ", ".join(spelt_names)
            self.lines.add(f"{together} = np.broadcast_arrays({together})")
        self.lines.add(f"{self.target} = np.zeros({spelt_names[0]}.shape)")
        with self.lines.below(f"for place in np.ndindex({spelt_names[0]}.shape):"):
            self.loops.store(value, f"{self.target}[place]")

    def _number(self, value: Node, target: str) -> None:
        """A single number, from 0 where it is added up."""
        with self.lines.apart() as lines:
            self.loops.store(value, target)
        first = next((line for line in lines if line.strip().startswith(f"{target} ")), "")
        if not first.startswith(f"{target} ="):
            self.lines.add(f"{target} = 0.0")
        self.lines.lines += lines

    def _direct(self, value: Node) -> None:
        definition = self.definition
        first = definition.first_index(definition.result)
        shape = self._shape()
        binders = [
            Binder(name, Number(float(first)), tidy(add(size, Number(first - 1.0))))
            for name, size in zip(definition.head.free, shape, strict=True)
        ]
        if definition.result not in definition.shapes:
            with self.frame.over(*binders):
                self._insist_on_elements(value)
        if self.style == "einsum":
            if definition.statement.conditions:
                raise refusal("conditions stand behind it")
            self._contracted(value, binders, shape)
            return
        self._zeros(shape)
        value = product(value, *self._conditions())
        spans = [self.loops.span(binder) for binder in binders]
        with self.frame.over(*binders) as letters:
            headers = [f"for {k} in {span}:" for k, span in zip(letters, spans, strict=True)]
            with self.lines.below(*headers):
                self.loops.store(value, self._element(definition.head.index))

    def _contracted(self, value: Node, binders: Sequence[Binder], shape: Shape) -> None:
        self.result_shape = [self.loops.expressions.place(size) for size in shape]
        size = listed(self.result_shape)
        contracted = Einsum(self.frame, self.lines, self.loops.expressions)
        contracted.write(value, binders, self.target, size)

    def _conditions(self) -> Iterator[Node]:
        for condition in self.definition.statement.conditions:
            yield self.solved.settled(lowered(condition))

    def _element(self, index: Sequence[Node]) -> str:
        first = Number(-float(self.definition.first_index(self.definition.result)))
        places = [self.loops.expressions.place(add(lowered(node), first)) for node in index]
        return f"{self.target}[{', '.join(places)}]"

    def _zeros(self, shape: Shape) -> None:
        self.result_shape = [self.loops.expressions.place(size) for size in shape]
        whole = ", dtype=int" if self.definition.result in self.whole else ""
        size = self.result_shape[0] if len(shape) == 1 else listed(self.result_shape)
        self.lines.add(f"{self.target} = np.zeros({size}{whole})")

    def _shape(self) -> Shape:
        definition = self.definition
        shape = definition.shapes.get(definition.result)
        free, value = definition.head.free, definition.right
        try:
            if shape is None:
                shape = inferred_shape(definition, free, value, definition.statement.conditions)
            return tuple(map(self.solved.settled, shape))
        except UndeclaredShapeError:
            return tuple(self._along(name) for name in free)

    def _along(self, name: str) -> Node:
        """The length of the axis along which an index runs.

        Raises UndeclaredShapeError if it runs along none by itself, or otherwise as well.
        """
        definition = self.definition
        axes = axes_indexed_by(name, [definition.right])
        places = [place for read in definition.value.elements for place in read.index]
        if not axes or any(name in place.free and place != Index(name) for place in places):
            raise self._open(name)
        return self.frame.size(*axes[0])

    def _open(self, name: str) -> UndeclaredShapeError:
        return UndeclaredShapeError(
            f"how far {name} runs cannot be said in sizes: declare the shape of "
            f"{self.definition.result or 'the result'}"
        )

    def _insist_on_elements(self, node: Node) -> None:
        """Where nobody declared how far an index runs, no place may be in doubt, for it runs so far
        that none lies outside.

        Raises UndeclaredShapeError
        """
        if isinstance(node, Reduce):
            with self.frame.over(*node.binders):
                for child in node.children():
                    self._insist_on_elements(child)
            return
        if isinstance(node, Element):
            for axis, place in enumerate(node.index):
                names = _outer_indices(place) & set(self.definition.head.free)
                if not names or not any(self.frame.bounds_in_doubt(node, axis)):
                    continue
                if not isinstance(place, Index):
                    raise self._open(min(names))
                # It runs along several arrays, which must be of one length.
                here, all_ = self.frame.size(node.name, axis), self.frame.ranges[place.name].high
                first = Number(1.0 - self.definition.first_index(node.name))
                lengths = map(self.loops.expressions.place, (here, add(all_, first)))
                self.lines.add(f"assert {' == '.join(lengths)}")
                self.frame.along.add((place, node.name, axis))
        for child in node.children():
            self._insist_on_elements(child)

    def _compound(self, value: Node) -> None:
        """A left side such as x_{iS+s}: its values are carried to the elements that it names."""
        definition = self.definition
        result = definition.result
        shape = definition.shapes.get(result)
        if shape is None:
            raise FormulaError(f"declare the shape of {result}: its left side names some elements")
        binders = [self._stated(name) for name in definition.head.free]
        self._zeros(shape)
        spans = [self.loops.span(binder) for binder in binders]
        index = tuple(map(lowered, definition.head.index))
        first = Number(float(definition.first_index(result)))
        inside = [
            Logic("and", (Compare("<=", first, node), Compare("<", node, add(first, size))))
            for node, size in zip(index, shape, strict=True)
        ]
        others = self._conditions()
        with self.frame.over(*binders) as letters:
            headers = [f"for {k} in {span}:" for k, span in zip(letters, spans, strict=True)]
            with self.lines.below(*headers):
                conditions = self.loops.expressions.all_of([*others, *inside])
                with self.lines.below(f"if {conditions}:"):
                    self._number(value, self._element(index))

    def _stated(self, name: str) -> Binder:
        """A free index with the ends that the formula states, or those of the axis that it runs
        along."""
        part = self.definition.value
        lows, highs = dict(part.stated(">=")), dict(part.stated("<="))
        low = lows.get(name, Number(float(self.definition.origin.of_indices)))
        if name in highs:
            return Binder(name, low, highs[name])
        axes = axes_indexed_by(name, [self.definition.right])
        if not axes:
            raise FormulaError(
                f"how far {name} runs stands nowhere: write it behind the formula, as in "
                f", \\quad 0 \\le {name} < n"
            )
        return Binder(name, low, tidy(add(self.frame.size(*axes[0]), Number(-1.0), low)))


def _outer_indices(place: Node) -> set[str]:
    """The indices in a place that stand in no array there, as n does in y_n."""
    if isinstance(place, Element):
        return set()
    if isinstance(place, Index):
        return {place.name}
    return set().union(*map(_outer_indices, place.children()))


def _unpacked(array: str, given: Sequence[str | None]) -> str:
    """The line in which the axes of an array give sizes."""
    name = spelt(array)
    named = [(axis, size) for axis, size in enumerate(given) if size is not None]
    if len(named) == 1:
        axis, size = named[0]
        return f"{spelt(size)} = {f'len({name})' if len(given) == 1 else f'{name}.shape[{axis}]'}"
    sizes = ", ".join("_" if size is None else spelt(size) for size in given)
    return f"{sizes} = {name}.shape"
