"""The formula language: LaTeX in; values, expansions and a syntax tree out.

    convolution = Formula(
        r"a_{ij} = \\sum_{s=0}^{m-1} \\sum_{t=0}^{n-1} W_{st} x_{(i+s)(j+t)}", x="M N", W="m n"
    )
    convolution(x=image, W=kernel)

The way of a formula: tokens.py and formula.lark parse it, reader.py says what its symbols mean
(a tree of nodes.py), jacobian.py works out derivatives; shapes.py and ranges.py find out how far
its indices run; evaluate.py calculates it, expand.py writes one element out, check.py compares
the links of a chain, typeset.py shows it.
"""

from cnnmath.formula.check import Check
from cnnmath.formula.expand import Expansion, Factor, Term
from cnnmath.formula.formula import Formula

__all__ = ["Check", "Expansion", "Factor", "Formula", "Term"]
