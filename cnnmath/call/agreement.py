"""Arrays that are given although a formula defines them must be what that formula gives."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from cnnmath.call.binding import bound_in
from cnnmath.call.magnitude import rounding_of
from cnnmath.call.placing import valued
from cnnmath.core.definition import Definition
from cnnmath.core.system import depends
from cnnmath.errors import ContradictionError, MissingArrayError, ShapeError, UnboundSizeError
from cnnmath.reals import float64_array

AGREEMENT = 1e-9  # relative, for each element: what rounding in another order may change


def insist_on_agreement(
    system: Mapping[str, Definition], given: Mapping[str, Any], read: Collection[str]
) -> None:
    """Arrays that are given although a formula defines them must be what that formula gives.

    Whatever is calculated from them would else belong to no point at all: a derivative goes
    through the formula, a value would not.

    read : what is read; other arrays may be anything

    Raises ContradictionError, ShapeError
    """
    for name in sorted(set(system) & set(given)):
        if not any(depends(reader, name, system, ()) for reader in read):
            continue
        others = {key: value for key, value in given.items() if key != name}
        try:
            bound = bound_in(name, system, others)
        except (MissingArrayError, UnboundSizeError):
            continue  # what it is calculated from is not given: it cannot contradict that
        value = valued(system[name].right, bound)
        array = float64_array(name, given[name])
        if array.shape != value.shape:
            raise ShapeError(
                f"{name} was given with shape {array.shape}, but its formula gives {value.shape}"
            )
        allowed = AGREEMENT * np.abs(value) + rounding_of(system[name].right, bound)
        agrees = np.isclose(array, value, rtol=0.0, atol=allowed, equal_nan=True)
        if not agrees.all():
            at = tuple(int(i) for i in np.argwhere(~agrees)[0])
            place = f"{name}{list(at)}" if at else name
            raise ContradictionError(
                f"{place} was given as {array[at]:.6g}, but its formula gives {value[at]:.6g}: "
                f"leave {name} out, or leave out the formula that defines it if {name} is meant "
                "to be independent"
            )
