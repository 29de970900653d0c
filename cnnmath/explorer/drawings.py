"""`read_drawings`: a figure of a network, with a pad on which a reader draws what it reads.

    read_drawings(
        explore(*formulas, x=picture, y=3, ...),
        picture="x", probabilities="y_hat", label="y", error="E",
    )

Above the arrays stand the pad, the class that is read and its probability, which class it should
have been, and a step of learning. Everything below is the figure as it would be without.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import ArrayLike

from cnnmath.errors import CnnMathError, NoSuchElementError, ShapeError
from cnnmath.explorer.explorer import Explorer
from cnnmath.explorer.figure_json import Step, array_to_json, plain_array, step_to_json
from cnnmath.formula import Formula
from cnnmath.network.drawing import SIZE


def read_drawings(
    figure: Explorer,
    *,
    picture: str,
    probabilities: str,
    label: str,
    error: str,
    others: Sequence[tuple[ArrayLike, int]] = (),
    mistakes: Sequence[Formula] = (),
) -> Explorer:
    """The figure with a pad. What is drawn there is made a picture as `as_digit` makes it.

    picture : the given array that is drawn, 28 × 28
    probabilities : the result (R,) that says how likely each class is
    label : the given number that says which class is right
    error : the result, a number, whose gradients the figure has; a step of learning goes against
        those of all given arrays but the picture
    others : pictures (28, 28) with their labels, for the reader to take, and to see what learning
        does to them
    mistakes : formulas that each can stand in the place of the figure's formula for the same
        result, by their names

    Raises CnnMathError if figure is none of arrays, or a mistake gives nothing that the figure has;
        NoSuchElementError if the figure has no such array; ShapeError if one has another shape.
    """
    if not isinstance(figure, Explorer):
        raise CnnMathError("read_drawings needs a figure of arrays: read_drawings(explore(...))")
    for name in (picture, label):
        if name not in figure.arrays:
            raise NoSuchElementError(f"{name} is not given: {', '.join(figure.arrays)}")
    known = figure.known
    results = {step.key: known[step.key] for step in figure.steps}
    for name in (probabilities, error):
        if name not in results:
            raise NoSuchElementError(f"no formula gives {name}: {', '.join(results)}")
    _insist(picture, figure.arrays[picture].shape, (SIZE, SIZE))
    _insist(label, figure.arrays[label].shape, ())
    _insist(error, results[error].shape, ())
    if results[probabilities].ndim != 1:
        raise ShapeError(
            f"{probabilities}: expected one axis, got the shape {results[probabilities].shape}"
        )
    reading = {
        "picture": picture,
        "probabilities": probabilities,
        "label": label,
        "error": error,
        "others": [_other(n, *other) for n, other in enumerate(others)],
        "mistakes": [_mistake(figure, mistake, known) for mistake in mistakes],
    }
    looks = dict(figure.state["looks"])
    # Shares of 1, which are not to be compared with other results.
    looks[probabilities] = {**looks[probabilities], "role": "probabilities"}
    return figure.with_state(reading=reading, looks=looks)


def _insist(name: str, found: tuple[int, ...], expected: tuple[int, ...]) -> None:
    if found != expected:
        raise ShapeError(f"{name}: expected shape {expected}, got {found}")


def _other(n: int, picture: ArrayLike, label: int) -> dict[str, Any]:
    array = plain_array(f"others[{n}]", picture)
    _insist(f"others[{n}]", array.shape, (SIZE, SIZE))
    return {"label": int(label), "picture": array_to_json(array)}


def _mistake(figure: Explorer, mistake: Formula, known: Mapping[str, Any]) -> dict[str, Any]:
    right = next((step for step in figure.steps if step.formula.result == mistake.result), None)
    if right is None:
        raise CnnMathError(
            f"{mistake.name} gives {mistake.result}, which no formula of the figure gives"
        )
    plain = step_to_json(Step(right.key, mistake), known)
    _insist(mistake.name, tuple(plain["shape"]), known[right.key].shape)
    return plain
