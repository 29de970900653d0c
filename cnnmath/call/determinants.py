"""Determinants of many matrices at once."""

from collections.abc import Mapping

import numpy as np

from cnnmath.core.functions import Values
from cnnmath.errors import FormulaError, ShapeError

MOST_NUMBERS = 2**24  # of all matrices whose determinants are found at once, 128 MB


def insist_on_size(numbers: int, lengths: Mapping[str, int]) -> None:
    """Raises FormulaError where an inverse, one determinant for each element, is too large."""
    if numbers > MOST_NUMBERS:
        rows = max(lengths.values())
        raise FormulaError(
            f"an inverse or a determinant of {rows} rows, {numbers / rows**2:.3g} times, is more "
            "than is calculated here: give it as an array, by np.linalg.inv or np.linalg.det"
        )


def determinant(matrices: Values) -> Values:
    """The determinants of matrices along the last two axes.

    Raises ShapeError if these are not of one length.
    """
    rows, columns = matrices.shape[-2:]
    if rows != columns:
        raise ShapeError(
            f"only a square matrix has a determinant or an inverse, not one of {rows} rows and "
            f"{columns} columns"
        )
    return np.asarray(np.linalg.det(matrices))
