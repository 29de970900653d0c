"""What a figure shows, in words, for those who hear it."""

from collections.abc import Mapping

from cnnmath.core.derivative import Derivative
from cnnmath.plots.given import Array
from cnnmath.plots.written import numerals, power_of_ten

_MOST_SPOKEN = 64


def arrays_in_words(arrays: Mapping[str, Array]) -> str:
    """The arrays with their numbers, row by row; of many numbers, how many there are."""
    return "Number grids: " + ". ".join(_in_words(name, one) for name, one in arrays.items()) + "."


def names_in_words(kind: str, names: list[str]) -> str:
    """A kind of things, and how each is called."""
    return f"{kind}: {'; '.join(filter(None, names)) or 'without a name'}."


def _in_words(name: str, array: Array) -> str:
    derivative = Derivative.named(name)
    said = f"∂{derivative.of}/∂{derivative.by}" if derivative else name
    shape = " by ".join(map(str, array.shape)) or "a number"
    if array.size > _MOST_SPOKEN:
        return f"{said}, {shape}, too many numbers to read out"
    how = numerals(array)
    rows = (", ".join(map(how.write, row)) for row in array.reshape(-1, (1, *array.shape)[-1]))
    unit = f", times {power_of_ten(how.exponent)}" if how.exponent else ""
    return f"{said}, {shape}{unit}: {'; '.join(rows)}"
