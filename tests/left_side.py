"""The left side of a chain, evaluated: where it is a derivative, as it was worked out."""

from typing import Any

from cnnmath.formula import Formula
from cnnmath.formula.binding import bind
from cnnmath.formula.given import Values
from cnnmath.formula.placing import valued


def left_side(formula: Formula, **given: Any) -> Values:
    definition = formula.definition
    return valued(definition, definition.links[0], bind(definition, definition.links, given))
