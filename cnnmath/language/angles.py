r"""Angles: how far `\cos 2\pi kn/N` reaches, which everybody reads as the cosine of all of it."""

from lark import Token

from cnnmath.language.syntax import DIVISIONS, GROUPS, Factor, Row, factors_in


def angle_length(name: str, row: Row) -> int:
    """Of `\\cos 2\\pi kn/N` how much is the angle, in which a slash divides by one thing; or 0."""
    end = next((place for place, item in enumerate(row) if isinstance(item, Token)), len(row))
    if name not in ("sin", "cos", "tan") or not 0 < end < len(row) - 1:
        return 0
    is_angle = str(row[end]) in DIVISIONS and any(f.name == "pi" for f in factors_in(row[:end]))
    last = row[end + 1]
    is_one = isinstance(last, Factor) and last.kind in ("NUMBER", "LETTER", "GREEK", *GROUPS)
    ends = end + 2 == len(row) or isinstance(row[end + 2], Token)
    return end + 2 if is_angle and is_one and ends else 0
