"""Derivations with gaps: what a reader is to fill in, and what stands there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnmath.core.nodes import Compare, Node, Read
from cnnmath.derive.line import Line
from cnnmath.derive.write import Writer
from cnnmath.errors import FormulaError

GAP = r"\square"


@dataclass(frozen=True)
class Faded:
    """A line with gaps.

    latex : the equation, each gap a \\square;  answers : the LaTeX that belongs there, in order
    """

    rule: str
    sentence: str
    latex: str
    answers: tuple[str, ...]


def faded(
    writer: Writer, lines: Sequence[Line], nodes: Sequence[Node], level: int, seed: int
) -> tuple[Faded, ...]:
    """Every line but the first with one gap: an index, a factor, or the whole right side."""
    if level not in (1, 2, 3):
        raise FormulaError(f"level={level!r}: expected 1, 2 or 3")
    if not isinstance(seed, int) or seed < 0:
        raise FormulaError(f"seed={seed!r}: expected a whole number, 0 or larger")
    rng = np.random.default_rng(seed)
    found = [Faded(lines[0].rule, lines[0].sentence, lines[0].latex, ())]
    left = writer.left()
    for line, node in zip(lines[1:], nodes[1:], strict=True):
        right = line.latex.removeprefix(f"{left} = ")
        pieces = [right] if level == 3 else _pieces(writer, node, level)
        pieces = [piece for piece in dict.fromkeys(pieces) if piece in right]
        if not pieces:
            found.append(Faded(line.rule, line.sentence, line.latex, ()))
            continue
        answer = pieces[int(rng.integers(len(pieces)))]
        gap = right.replace(answer, GAP, 1)
        found.append(Faded(line.rule, line.sentence, f"{left} = {gap}", (answer,)))
    return tuple(found)


def _pieces(writer: Writer, node: Node, level: int) -> list[str]:
    """The LaTeX of what may be asked for in a line."""
    reads = [n for n in node.walk() if isinstance(n, Read) and n.index]
    if level == 2:
        return [writer.piece(read) for read in reads]
    places = [writer.piece(place) for read in reads for place in read.index]
    brackets = [writer.condition(n) for n in node.walk() if isinstance(n, Compare)]
    return [*(place for place in places if len(place) > 1 and not place.isdigit()), *brackets]
