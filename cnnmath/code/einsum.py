"""A formula as views of its arrays and one contraction for each of its terms."""

import string
from collections.abc import Mapping, Sequence

from cnnmath.code.contraction import Contraction, Reader, refusal
from cnnmath.code.expressions import Expressions
from cnnmath.code.frame import Frame, past
from cnnmath.code.text import PRODUCT, QUOTIENT, SUM, Lines, Text
from cnnmath.code.views import Views
from cnnmath.core.arithmetic import tidy
from cnnmath.core.nodes import (
    ZERO,
    Binder,
    Call,
    Divide,
    Index,
    Node,
    Number,
    Read,
    Reduce,
    add,
    product,
)


class Einsum:
    """Writes a formula as contractions.

    frame : what is known;  lines : where they go
    """

    def __init__(self, frame: Frame, lines: Lines, expressions: Expressions) -> None:
        self.frame = frame
        self.lines = lines
        self.expressions = expressions

    def write(self, value: Node, binders: Sequence[Binder], target: str, shape: str) -> None:
        """The line that gives the target its value, behind those of the views.

        binders : the free indices;  shape : of the result, in Python
        Raises FormulaError where the formula is no contraction, with the reason.
        """
        value, split = _digits(value, binders, self.frame)
        free = [part for b in binders for part in split.get(b.name, (b,))]
        with self.frame.over(*free):
            terms = Reader(self.frame).terms(value)
            texts = [self._term(term, [b.name for b in free]) for term in terms]
        text = ""
        for term, (written, _, _) in zip(terms, texts, strict=True):
            sign = "-" if term.negative else "+"
            part = written.within(QUOTIENT if term.negative else SUM)
            text += f" {sign} {part}" if text else f"-{part}" if term.negative else part
        if not any(is_whole for _, is_whole, _ in texts):
            text = f"np.zeros({shape}) + {text}"
        elif len(texts) == 1 and texts[0][2] and not terms[0].negative:
            text = f"{text}.copy()"  # else who changes the result changes what was given
        if split:
            text = f"({text})" if " " in text and not text.startswith("np.einsum") else text
            text = f"{text}.reshape({shape})"
        self.lines.add(f"{target} = {text}")

    def _term(self, term: Contraction, free: Sequence[str]) -> tuple[Text, bool, bool]:
        """One contraction, whether it has all axes of the result, and whether it is a mere view."""
        if not term.factors:
            raise refusal("a term of it reads no array")
        with self.frame.over(*term.sums):
            views = Views(self.frame, self.lines, self.expressions, self.frame.names)
            found = [views.of(factor) for factor in term.factors]
            read = {name for view in found for name in view.letters}
            for binder in term.sums:
                if binder.name not in read:
                    raise refusal("a sum runs over an index by which nothing is read")
            there = [name for name in free if name in read]
            letters = self._letters([*free, *(b.name for b in term.sums)])
            into = "".join(letters[name] for name in there)
            subscripts = ["".join(letters[name] for name in view.letters) for view in found]
        is_view = len(found) == 1 and subscripts[0] == into
        if is_view:
            text = Text(found[0].text)
        else:
            faster = ", optimize=True" if len(found) > 1 and term.sums else ""
            operands = ", ".join(view.text for view in found)
            text = Text(f'np.einsum("{",".join(subscripts)}->{into}", {operands}{faster})')
        if there and there != list(free):
            axes = [":" if name in there else "None" for name in free]
            while axes[0] == "None":
                axes.pop(0)
            if "None" in axes:
                text = Text(f"{text.text}[{', '.join(axes)}]")
        for scale in term.scales:
            text = Text(f"{self.expressions.value(scale).within(PRODUCT)} * {text.text}", PRODUCT)
        for below in term.below:
            divisor = self.expressions.value(below).within(PRODUCT + 1)
            text = Text(f"{text.within(QUOTIENT)} / {divisor}", QUOTIENT)
        is_view = is_view and not term.scales and not term.below
        return text, len(there) == len(free), is_view

    def _letters(self, names: Sequence[str]) -> Mapping[str, str]:
        """A letter for each index: its own, if that is one."""
        found: dict[str, str] = {}
        for name in names:
            wanted = self.frame.letters.get(name, name)[:1]
            free = (c for c in string.ascii_letters if c not in found.values())
            is_letter = wanted in string.ascii_letters and wanted not in found.values()
            found[name] = wanted if is_letter else next(free)
        return found


def _digits(
    value: Node, binders: Sequence[Binder], frame: Frame
) -> tuple[Node, dict[str, tuple[Binder, Binder]]]:
    """The formula in which an index k of which floor(k/R) and k mod R are read, is R g + r.

    Returns with it, for each free index of which that is so, the two that stand for it
    """
    found: dict[str, tuple[Binder, Binder]] = {}
    for binder in binders:
        parts = _parts(binder, value, frame)
        if parts is not None:
            found[binder.name] = parts
            value = _with_digits(value, binder.name, *parts)

    def in_sums(node: Node) -> Node:
        node = node.rebuilt(in_sums)
        if not isinstance(node, Reduce):
            return node
        for binder in node.binders:
            parts = _parts(binder, node.body, frame)
            if parts is not None:
                body = _with_digits(node.body, binder.name, *parts)
                others = (b for b in node.binders if b is not binder)
                return Reduce(node.operation, (*others, *parts), node.where, body)
        return node

    return in_sums(value), found


def _parts(binder: Binder, value: Node, frame: Frame) -> tuple[Binder, Binder] | None:
    """Which group an index from 0 to G R - 1 is in, and which it is there; None if nothing asks."""
    for node in value.walk():
        match node:
            case Call("floor", (Divide(Index(name), Read(_, ()) as size),)):
                pass
            case Call("mod", (Index(name), Read(_, ()) as size)):
                pass
            case _:
                continue
        groups = tidy(Divide(past(binder.high), size))
        is_whole = not any(isinstance(inner, Divide) for inner in groups.walk())
        if name == binder.name and binder.low == ZERO and is_whole:
            frame.positive |= {size.name} - frame.lengths
            return (
                Binder(f"g~{name}", ZERO, tidy(add(groups, Number(-1.0)))),
                Binder(f"{name}~0", ZERO, tidy(add(size, Number(-1.0)))),
            )
    return None


def _with_digits(node: Node, name: str, group: Binder, within: Binder) -> Node:
    size = past(within.high)
    match node:
        case Call("floor", (Divide(Index(inner), below),)) if inner == name and below == size:
            return Index(group.name)
        case Call("mod", (Index(inner), below)) if inner == name and below == size:
            return Index(within.name)
        case Index(inner) if inner == name:
            return add(product(size, Index(group.name)), Index(within.name))
    return node.rebuilt(lambda child: _with_digits(child, name, group, within))
