"""`curves`: functions of one number and their slopes, along which the reader moves a point."""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from cnnmath.core.derivative import Derivative
from cnnmath.core.python_names import plain_keys
from cnnmath.errors import (
    ArrayValueError,
    CnnMathError,
    MissingArrayError,
    ShapeError,
    SuperfluousArrayError,
)
from cnnmath.explorer.figure_json import (
    Array,
    Step,
    looks,
    names_read,
    plain_array,
    recoloured,
    step_to_json,
)
from cnnmath.explorer.live_figure import LiveFigure
from cnnmath.explorer.static_curves import picture
from cnnmath.formula import Formula

Numbers = Mapping[str, Mapping[str, float]]

VARIABLE = "x"


class Curve:
    """A formula of x alone, applied to each number by itself, and the gradient that goes with it.

    value : the function; besides x it may read numbers, such as α
    gradient : E derived by x, given E derived by the function's result
    numbers : the numbers at the start

    Raises CnnMathError, MissingArrayError, SuperfluousArrayError or ArrayValueError.
    """

    def __init__(self, value: Formula, gradient: Formula, numbers: Mapping[str, ArrayLike]) -> None:
        self.name, self.value, self.gradient = value.name, value, gradient
        found = Derivative.named(gradient.result)
        self.axes = len(value.shapes.get(VARIABLE, ()))
        if VARIABLE not in names_read(value) or not found or found.by != VARIABLE or not self.axes:
            raise CnnMathError(
                f"{value.name} and {gradient.name}: expected a formula of an array {VARIABLE}, and "
                f"the gradient that it passes on to {VARIABLE}"
            )
        self.arriving = str(Derivative(found.of, value.result))
        own = [name for name in names_read(value) if name != VARIABLE]
        known = {VARIABLE, value.result, self.arriving, *own}
        if strange := [name for name in names_read(gradient) if name not in known]:
            raise CnnMathError(f"{gradient.name} reads {strange[0]}, but {value.name} does not")
        if missing := [name for name in own if name not in numbers]:
            raise MissingArrayError(
                f"{value.name} needs a number {missing[0]}: "
                f'({value.name}, its gradient, {{"{missing[0]}": ...}})'
            )
        if unused := [name for name in numbers if name not in own]:
            raise SuperfluousArrayError(f"{value.name} reads no {unused[0]}")
        self.numbers = {name: plain_number(name, numbers[name]) for name in own}

    def at(self, x: ArrayLike, numbers: Mapping[str, float]) -> tuple[Array, Array]:
        """The values and the slopes at a vector of places."""
        places = np.asarray(x, dtype=np.float64)
        shape = (*(1,) * (self.axes - 1), -1)
        known: dict[str, Any] = {**numbers, VARIABLE: places.reshape(shape)}
        height = np.broadcast_to(self.value(**known), known[VARIABLE].shape)
        known |= {self.value.result: height, self.arriving: np.ones(height.shape)}
        read = names_read(self.gradient)
        slope = np.broadcast_to(self.gradient(**{n: known[n] for n in read}), height.shape)
        return height.reshape(places.shape), slope.reshape(places.shape)

    def to_json(self) -> list[dict[str, Any]]:
        """Both formulas for the browser, bound to a single number."""
        one = np.zeros((1,) * self.axes)
        known = {**self.numbers, VARIABLE: one, self.value.result: one, self.arriving: one}
        steps = (Step(self.value.result, self.value), Step(self.gradient.result, self.gradient))
        return [step_to_json(step, known) for step in steps]


def plain_number(name: str, value: ArrayLike) -> float:
    """Raises ArrayValueError if it is no finite real number, ShapeError if it is an array."""
    number = plain_array(name, value)
    if number.ndim:
        raise ShapeError(f"{name} has shape {number.shape}: expected a number")
    return float(number)


def _to_json(numbers: Numbers, _: Any) -> dict[str, dict[str, float]]:
    return {name: dict(own) for name, own in numbers.items()}


class Curves(LiveFigure):
    """Functions of one number, with their slopes.

    `c.x = 2` moves the point and `c.shown = "ReLU"` shows another function; of functions that read
    a number, `c.numbers = {"ELU": {"alpha": 2}}` changes it. What the reader does is heard of by
    `c.observe(f, "x")`, and so on. Raises CnnMathError for what the figure cannot show.
    """

    x = traitlets.Float().tag(sync=True)
    shown = traitlets.Unicode().tag(sync=True)
    numbers = traitlets.Any().tag(sync=True, to_json=_to_json)

    def __init__(self, given: Sequence[Curve], x: float, state: dict[str, Any]) -> None:
        self._curves = {curve.name: curve for curve in given}
        self._numbers = {curve.name: curve.numbers for curve in given}
        super().__init__(state=state, x=x, shown=given[0].name, numbers=self._numbers)

    @traitlets.validate("x")
    def _check_x(self, proposal: Any) -> float:
        low, high = self.state["span"]
        if not low <= proposal["value"] <= high:
            raise ArrayValueError(f"x = {proposal['value']}: expected {low} to {high}")
        return float(proposal["value"])

    @traitlets.validate("shown")
    def _check_shown(self, proposal: Any) -> str:
        if proposal["value"] not in self._curves:
            known = ", ".join(self._curves)
            raise CnnMathError(f"the figure has no function {proposal['value']}: {known}")
        return str(proposal["value"])

    @traitlets.validate("numbers")
    def _check_numbers(self, proposal: Any) -> Numbers:
        numbers = {name: dict(own) for name, own in self._numbers.items()}
        for name, own in proposal["value"].items():
            for symbol, value in own.items():
                if symbol not in numbers.get(name, ()):
                    raise SuperfluousArrayError(f"{name} has no number {symbol} in the figure")
                numbers[name][symbol] = plain_number(symbol, value)
        self._numbers = numbers
        # Changed in place, they would leave the figure behind.
        return MappingProxyType({n: MappingProxyType(own) for n, own in numbers.items()})

    def instead_of(self, name: str) -> str:
        for curve, numbers in self.numbers.items():
            if name in numbers:
                return f'to change {name} write figure.numbers = {{"{curve}": {{"{name}": ...}}}}'
        return super().instead_of(name)

    def colours(self, **roles: str) -> "Curves":
        """The same figure, in which symbols have the colour of a role.

        roles : by the name of a symbol one of `cnnmath.colours.ROLES`: `h="kernel"`

        Raises CnnMathError for a role that there is not, SuperfluousArrayError for a symbol that
        the figure does not have.
        """
        looks = recoloured(self.state["looks"], plain_keys(roles))
        figure = Curves([*self._curves.values()], self.x, {**self.state, "looks": looks})
        figure.shown, figure.numbers = self.shown, self.numbers
        return figure

    def _at(self, x: ArrayLike) -> tuple[Array, Array]:
        return self._curves[self.shown].at(x, self.numbers[self.shown])

    @property
    def value(self) -> float:
        """The value of the function that is shown, at x."""
        return float(self._at([self.x])[0][0])

    @property
    def slope(self) -> float:
        """Its slope there, by the formula for the gradient."""
        return float(self._at([self.x])[1][0])

    def __repr__(self) -> str:
        return f"Curves({', '.join(self._curves)}: {self._said()})"

    def _said(self) -> str:
        numbers = "".join(f", {n} = {v:.6g}" for n, v in self.numbers[self.shown].items())
        where = f"at x = {self.x:.6g}{numbers}"
        return f"{self.shown} {where} is {self.value:.6g}, its slope {self.slope:.6g}"

    def page_state(self) -> dict[str, Any]:
        numbers = _to_json(self.numbers, None)
        return {**self.state, "x": self.x, "shown": self.shown, "numbers": numbers}

    def still(self) -> str:
        curve = self._curves[self.shown]
        names = (curve.value.result, curve.gradient.result)
        styles = [self.state["looks"][name] for name in names]
        return picture(
            self._at, self.state["span"], self.x, styles, self._said(), self.state["caption"]
        )


def curves(
    *pairs: tuple[Formula, Formula] | tuple[Formula, Formula, Mapping[str, ArrayLike]],
    x: float = 1,
    span: tuple[float, float] = (-6, 6),
    caption: str | None = None,
) -> Curves:
    """A live figure of functions of one number: the reader moves x, and sees value and slope.

    pairs : for each function its formula, h of x, and the formula of its gradient; for one with
        numbers, such as α, also these, `(elu, elu_gradient, {"alpha": 1})`. The first is shown
    x : where the point is at first
    span : from where to where x goes
    caption : what the figure shows, in a sentence

    The slope is what the gradient passes on of an incoming gradient of 1.

    Raises CnnMathError, or what calling the formulas raises.
    """
    if not pairs or not all(isinstance(pair, tuple) and len(pair) in (2, 3) for pair in pairs):
        raise CnnMathError("curves needs pairs of formulas: curves((relu, relu_gradient))")
    given = [Curve(pair[0], pair[1], pair[2] if len(pair) == 3 else {}) for pair in pairs]
    names = [curve.name for curve in given]
    if len(set(names)) < len(names):
        raise CnnMathError(f"two functions have one name: {', '.join(names)}")
    low, high = (plain_number("an end of span", end) for end in span)
    if not (low < high and math.isfinite(high - low)):
        raise CnnMathError(f"span is {span}: expected the lower end first")
    symbols = dict.fromkeys(
        name
        for curve in given
        for name in (
            VARIABLE,
            curve.value.result,
            curve.gradient.result,
            curve.arriving,
            *curve.numbers,
        )
    )
    formulas = [formula for curve in given for formula in (curve.value, curve.gradient)]
    state = {
        "formulas": [formula for curve in given for formula in curve.to_json()],
        "curves": [{"name": curve.name, "arriving": curve.arriving} for curve in given],
        "looks": looks(formulas, list(symbols)),
        "span": [low, high],
        "caption": caption or " ".join(filter(None, (c.value.meaning for c in given[:1]))),
    }
    return Curves(given, plain_number(VARIABLE, x), state)
