"""Names as a caller may spell them in Python, and the one name that is meant."""

import re
from collections.abc import Mapping
from typing import Any

from cnnmath.errors import SuperfluousArrayError


def plain_key(key: str) -> str:
    """`lambda_` for lambda, which Python keeps for itself; `varepsilon` for epsilon."""
    key = key.rstrip("_") or key
    return re.sub(r"^var(epsilon|theta|rho|sigma|phi|kappa)$", r"\1", key)


def plain_keys(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given by its plain names.

    Raises SuperfluousArrayError if two spellings of one name were given.
    """
    found: dict[str, Any] = {}
    for key, value in given.items():
        name = plain_key(key)
        if key.startswith("var") and name in given:
            name = key  # phi beside varphi
        if name in found:
            raise SuperfluousArrayError(f"{name} was given twice, once as {key}")
        found[name] = value
    return found
