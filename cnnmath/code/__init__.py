"""NumPy source for a formula, written by the machine: loops, or strided views and `einsum`.

It is written from the lowered tree, which says what an element is outside its array (see
core/lower.py), and so in the few kinds of node that the meaning of the language has.
"""

from cnnmath.code.function import Style, source
from cnnmath.code.shown import Source

__all__ = ["Source", "Style", "source"]
