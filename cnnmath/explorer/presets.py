"""Presets: arrays and sizes that the author offers in a menu, to be taken with one choice."""

from collections.abc import Mapping
from typing import Any

from cnnmath.core.python_names import plain_keys
from cnnmath.errors import ShapeError, SuperfluousArrayError
from cnnmath.explorer.figure_json import array_to_json, plain_array
from cnnmath.explorer.moving_sizes import MovingSizes


def presets_to_json(
    menus: Mapping[str, Mapping[str, Any]], moving: MovingSizes
) -> dict[str, dict[str, Any]]:
    """For the browser: by menu and label, the arrays and the sizes.

    menus : as for `explore`

    Raises SuperfluousArrayError for a preset of something that the figure does not have, and
    ShapeError for one that does not fit.
    """
    given = moving.shapes(moving.start)
    found: dict[str, dict[str, Any]] = {}
    for menu, choices in menus.items():
        found[menu] = {}
        for label, choice in choices.items():
            values = {menu: choice} if menu in given else choice
            if not isinstance(values, Mapping):
                raise SuperfluousArrayError(
                    f"there are presets for {menu}, which is not given: expected one of "
                    f"{', '.join([*given])}, or under a name of your own for each label several "
                    'values, {"P": 0, "S": 2}'
                )
            found[menu][label] = _preset(label, plain_keys(values), moving)
    return found


def _preset(label: str, values: Mapping[str, Any], moving: MovingSizes) -> dict[str, Any]:
    given = moving.shapes(moving.start)
    if strange := sorted(set(values) - {*given, *moving.start}):
        raise SuperfluousArrayError(
            f"the preset {label!r} speaks of {', '.join(strange)}: the figure is given "
            f"{', '.join([*given, *moving.start])}"
        )
    try:
        sizes = {name: value for name, value in values.items() if name in moving.start}
        chosen = moving.chosen(moving.start, sizes)
        arrays = {n: plain_array(n, value) for n, value in values.items() if n in given}
        for name, array in arrays.items():
            chosen = moving.for_shape(name, array.shape, chosen)
    except ShapeError as error:
        raise ShapeError(f"the preset {label!r} does not fit: {error}") from None
    return {
        "arrays": {name: array_to_json(array) for name, array in arrays.items()},
        "sizes": {name: chosen[name] for name in sizes},
    }
