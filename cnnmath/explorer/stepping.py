"""Steps of learning: given arrays that become what a formula makes of them, at a press."""

from collections.abc import Mapping

from cnnmath.errors import NoSuchElementError, ShapeError, SuperfluousArrayError
from cnnmath.explorer.figure_json import Array


def insist_on_steps(
    step: Mapping[str, str], given: Mapping[str, Array], results: Mapping[str, Array]
) -> None:
    """What `explore` was told of a step.

    step : by the name of a given array the result that it becomes

    Raises SuperfluousArrayError for an array that is not given, NoSuchElementError for a result
        that no formula gives, and ShapeError if the two are of different shapes.
    """
    for name, key in step.items():
        if name not in given:
            raise SuperfluousArrayError(
                f"a step would move {name}, which is not given: {', '.join(given)}"
            )
        if key not in results:
            raise NoSuchElementError(
                f"a step would make {name} of {key}, which no formula of the figure gives: "
                f"{', '.join(results)}"
            )
        if given[name].shape != results[key].shape:
            raise ShapeError(
                f"a step would make {name} of {key}: their shapes are {given[name].shape} and "
                f"{results[key].shape}"
            )
