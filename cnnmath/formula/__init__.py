"""The formula language: LaTeX in; values, expansions and a syntax tree out.

    convolution = Formula(
        r"a_{ij} = \\sum_{s=0}^{m-1} \\sum_{t=0}^{n-1} W_{st} x_{(i+s)(j+t)}", x="M N", W="m n"
    )
    convolution(x=image, W=kernel)

The way of a formula through the files beside this one is told in ARCHITECTURE.md, at the root of
the project.
"""

from cnnmath.formula.check import Check
from cnnmath.formula.expand import Expansion, Factor, Term
from cnnmath.formula.formula import Formula

__all__ = ["Check", "Expansion", "Factor", "Formula", "Term"]
