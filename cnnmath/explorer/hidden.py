"""Which numbers of a figure are not to be seen before the reader has answered a question."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnmath.explorer.figure_json import Array, Step, names_read


def hidden_cells(
    predictions: Sequence[Mapping[str, Any]],
    steps: Sequence[Step],
    arrays: Mapping[str, Array],
) -> dict[str, NDArray[np.bool_]]:
    """For an array, True where its number is hidden.

    That is what is asked about, in every version of its formula; and since more could be told from
    what is calculated from it, all of that. The live figure tells apart which of its numbers
    depend on the hidden one.
    """
    names = {step.key: step.formula.result or "value" for step in steps}
    hidden: dict[str, NDArray[np.bool_]] = {}
    whole: set[str] = set()
    for one in predictions:
        cell = one["at"]
        whole |= set(one["hide"])
        for key in (key for key, name in names.items() if name == names[cell["key"]]):
            mask = hidden.setdefault(key, np.zeros(arrays[key].shape, bool))
            mask[... if cell["place"] is None else tuple(cell["place"])] = True
    for step in steps:
        if names[step.key] in whole or hidden.keys() & set(names_read(step.formula)):
            hidden[step.key] = np.ones(arrays[step.key].shape, bool)
    return hidden
