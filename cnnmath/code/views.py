"""An array as a contraction reads it: padded, cut into windows, strided; one axis for each index.

Nothing is copied but where zeros are put around or between. An axis that two indices read together,
as i S + s D - P, becomes two: where the window begins, and the place in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cnnmath.code.contraction import Factor, refusal
from cnnmath.code.expressions import Expressions
from cnnmath.code.frame import Frame, past
from cnnmath.code.names import Names, spelt
from cnnmath.code.text import Lines, listed
from cnnmath.core.affine import Affine
from cnnmath.core.arithmetic import (
    extreme,
    never_negative,
    polynomial,
    same,
    tidy,
    without_floors,
    written,
)
from cnnmath.core.nodes import (
    ONE,
    ZERO,
    Call,
    Divide,
    Node,
    Number,
    Read,
    add,
    names_in,
    negative,
    product,
)

_MINUS = Number(-1.0)


def _one_or_listed(parts: Iterable[str]) -> str:
    found = list(parts)
    return found[0] if len(found) == 1 else listed(found)


def _equal(one: Node, two: Node) -> bool:
    """Whether two sizes are the same, what stands below a floor collected."""

    def collected(node: Node) -> Node:
        node = node.rebuilt(collected)
        match node:
            case Call(function="floor", arguments=(Divide(above, below),)):
                return Call("floor", (Divide(written(polynomial(above)), below),))
        return node

    return same(collected(one), collected(two))


@dataclass
class View:
    """An array in Python, and which index each of its axes is."""

    text: str
    letters: list[str]


@dataclass
class _Axis:
    """How one axis is read.

    indices : at most two, the one that slides first, each with its factor
    length : with the zeros between its numbers;  left, right : zeros put at its ends, in Python
    start : the first place that is read, counted with the zeros on the left
    padded : the length with the zeros at its ends
    """

    indices: list[tuple[str, Node]]
    length: Node
    left: str = "0"
    right: str = "0"
    start: Node = ZERO
    padded: Node = ZERO


class Views:
    """Writes views.

    frame : what is known;  lines : where what takes lines of its own goes
    """

    def __init__(self, frame: Frame, lines: Lines, expressions: Expressions, names: Names) -> None:
        self.frame = frame
        self.lines = lines
        self.expressions = expressions
        self.names = names
        self.assumed = frame.assumed

    def of(self, factor: Factor) -> View:
        """The view of an array, and the lines that make it."""
        text = self.frame.read(factor.name)
        split = self._split(factor)
        if split is not None:
            return split
        axes = [self._axis(factor, axis) for axis in range(len(factor.places))]
        text = self._spread(text, factor)
        if any((axis.left, axis.right) != ("0", "0") for axis in axes):
            pads = [f"({axis.left}, {axis.right})" for axis in axes]
            ends = {end for axis in axes for end in (axis.left, axis.right)}
            how = ends.pop() if len(ends) == 1 else listed(pads)
            text = self._named(f"{factor.name}_padded", f"np.pad({text}, {how})")
        windows = [number for number, axis in enumerate(axes) if len(axis.indices) == 2]
        if windows:
            lengths = [self._window(axes[number]) for number in windows]
            shape = _one_or_listed(map(self._text, lengths))
            along = f", axis={_one_or_listed(map(str, windows))}"
            along = "" if len(windows) == len(axes) else along
            text = f"sliding_window_view({text}, {shape}{along})"
        cuts = [self._slice(axis) for axis in axes] + [self._steps(axes[k]) for k in windows]
        text = self._cut(text, cuts)
        letters = [axis.indices[0][0] for axis in axes if axis.indices]
        letters += [axes[number].indices[1][0] for number in windows]
        slopes = [axis.indices[0][1] for axis in axes if axis.indices]
        slopes += [axes[number].indices[1][1] for number in windows]
        turned = ["::-1" if self._falls(slope) else ":" for slope in slopes]
        text = self._cut(text, turned)
        if windows:
            comment = ", ".join(self.frame.letters[letter] for letter in letters)
            text = self._named(f"{factor.name}_windows", text, comment)
        return View(text, letters)

    # ---- one axis -------------------------------------------------------------------------------

    def _axis(self, factor: Factor, number: int) -> _Axis:
        place, step = factor.places[number], factor.steps[number]
        affine = Affine.of(place, place.free)
        if affine is None:
            raise refusal(f"an index of {factor.name} is more than a sum of indices")
        if len(affine.factors) > 2:
            raise refusal(f"an axis of {factor.name} is read by more than two indices at once")
        indices = [(name, tidy(slope)) for name, slope in affine.factors.items()]
        if len(indices) == 2:
            # Free indices slide, and those of sums run within the window.
            indices.sort(key=lambda pair: pair[0] not in self.frame.definition.head.free)
        length = self.frame.size(factor.name, number)
        if step != ONE:
            length = tidy(add(product(step, add(length, _MINUS)), ONE))
        axis = _Axis(indices, length)
        least = self._extreme(place, largest=False)
        most = self._extreme(place, largest=True)
        axis.left, left = self._padding(negative(least), "left")
        # No more than is needed, but for what a division leaves.
        over = add(most, ONE, negative(length))
        over = negative(without_floors(negative(over), self.assumed))
        axis.right, right = self._padding(over, "right")
        axis.start = tidy(add(least, left))
        axis.padded = tidy(add(length, left, right))
        return axis

    def _extreme(self, place: Node, largest: bool) -> Node:
        found = extreme(place, self.frame.ranges, self.assumed, largest)
        if found is None:
            raise refusal("how far an index reaches is not known in sizes")
        self.frame.positive |= names_in((place,)) & (self.assumed - self.frame.lengths)
        return tidy(found)

    def _padding(self, wanted: Node, called: str) -> tuple[str, Node]:
        """Zeros at one end of an axis, in Python and as a size: so many, or none if that is less
        than none."""
        wanted = tidy(wanted)
        if never_negative(negative(wanted), self.frame.lengths):
            return "0", ZERO
        if isinstance(wanted, Read) or never_negative(wanted, self.frame.lengths):
            return self._text(wanted), wanted
        if never_negative(negative(wanted), self.assumed):
            return "0", ZERO
        if never_negative(wanted, self.assumed):
            return self._text(wanted), wanted
        name = self._named(called, self._text(Call("max", (ZERO, wanted))))
        self.frame.whole |= {name}
        return name, Read(name)

    def _falls(self, slope: Node) -> bool:
        return never_negative(negative(slope), self.assumed)

    def _size(self, slope: Node) -> Node:
        return tidy(negative(slope)) if self._falls(slope) else slope

    def _count(self, name: str) -> Node:
        binder = self.frame.ranges[name]
        return tidy(add(past(binder.high), negative(binder.low)))

    def _window(self, axis: _Axis) -> Node:
        """How long a window is."""
        name, slope = axis.indices[1]
        return tidy(add(product(self._size(slope), add(self._count(name), _MINUS)), ONE))

    def _steps(self, axis: _Axis) -> str:
        step = self._size(axis.indices[1][1])
        return ":" if step == ONE else f"::{self._text(step)}"

    def _slice(self, axis: _Axis) -> str:
        """The places at which windows begin, or those that are read."""
        if not axis.indices:
            return self._text(axis.start)
        name, slope = axis.indices[0]
        step, count = self._size(slope), self._count(name)
        places = axis.padded
        if len(axis.indices) == 2:
            places = tidy(add(places, ONE, negative(self._window(axis))))
        whole = tidy(add(Call("floor", (Divide(add(places, _MINUS), step),)), ONE))
        if step == ONE:
            whole = places
        by = "" if step == ONE else f":{self._text(step)}"
        if axis.start == ZERO and _equal(whole, count):
            return f":{by}" if by else ":"
        end = add(axis.start, product(step, add(count, _MINUS)), ONE)
        begin = "" if axis.start == ZERO else self._text(axis.start)
        return f"{begin}:{self._text(end)}{by}"

    # ---- texts ----------------------------------------------------------------------------------

    def _text(self, node: Node) -> str:
        return self.expressions.place(node)

    def _cut(self, text: str, cuts: list[str]) -> str:
        while cuts and cuts[-1] == ":":
            cuts = cuts[:-1]
        return f"{text}[{', '.join(cuts)}]" if cuts else text

    def _named(self, wanted: str, text: str, comment: str = "") -> str:
        """A line of its own."""
        name = self.names.kept(spelt(wanted))
        self.lines.add(f"{name} = {text}" + (f"  # {comment}" if comment else ""))
        return name

    def _spread(self, text: str, factor: Factor) -> str:
        """Zeros between the numbers of an array."""
        if all(step == ONE for step in factor.steps):
            return text
        lengths = [
            self.frame.size(factor.name, axis)
            if step == ONE
            else add(product(step, add(self.frame.size(factor.name, axis), _MINUS)), ONE)
            for axis, step in enumerate(factor.steps)
        ]
        shape = [self._text(length) for length in lengths]
        name = self.names.kept(f"{factor.name}_spread")
        size = shape[0] if len(shape) == 1 else listed(shape)
        self.lines.add(f"{name} = np.zeros({size})  # with zeros between the numbers")
        cuts = [":" if step == ONE else f"::{self._text(step)}" for step in factor.steps]
        self.lines.add(f"{self._cut(name, cuts)} = {text}")
        for step in factor.steps:
            self.frame.positive |= names_in((step,)) - self.frame.lengths
        return name

    # ---- an axis that is two --------------------------------------------------------------------

    def _split(self, factor: Factor) -> View | None:
        """Axes that are read as R g + r, with r from 0 to R - 1: two axes each."""
        shape: list[Node] = []
        letters: list[str] = []
        found = False
        for axis, place in enumerate(factor.places):
            length = self.frame.size(factor.name, axis)
            pair = self._digits(place, length)
            if pair is not None:
                letters += pair
                shape += [self._count(name) for name in pair]
                found = True
                continue
            affine = Affine.of(place, place.free)
            if affine is None or len(affine.factors) != 1 or affine.rest != ZERO:
                return None
            ((name, slope),) = affine.factors.items()
            if slope != ONE or not same(self._count(name), length):
                return None
            letters.append(name)
            shape.append(length)
        if not found or any(step != ONE for step in factor.steps):
            return None
        sizes = ", ".join(map(self._text, shape))
        return View(f"{self.frame.read(factor.name)}.reshape({sizes})", letters)

    def _digits(self, place: Node, length: Node) -> list[str] | None:
        affine = Affine.of(place, place.free)
        if affine is None or len(affine.factors) != 2 or affine.rest != ZERO:
            return None
        (large, step), (small, one) = sorted(
            affine.factors.items(), key=lambda pair: tidy(pair[1]) == ONE
        )
        fits = (
            tidy(one) == ONE
            and all(self.frame.ranges[name].low == ZERO for name in (large, small))
            and same(step, self._count(small))
            and same(length, product(step, self._count(large)))
        )
        return [large, small] if fits else None
