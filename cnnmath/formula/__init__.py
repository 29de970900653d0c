"""The formula language: LaTeX in; values, expansions and a syntax tree out.

    convolution = Formula(
        r"a_{ij} = \\sum_{s=0}^{m-1} \\sum_{t=0}^{n-1} W_{st} x_{(i+s)(j+t)}", x="M N", W="m n"
    )
    convolution(x=image, W=kernel)

The way of a formula: formula.lark and tokens.py parse it. reader.py says what its symbols mean and
builds a tree of nodes.py, with the help of names.py (what a symbol is called), references.py (how
many indices it carries), leftside.py and usage.py (what is defined, and by which indices), sums.py
and bounds.py, norms.py and derivatives.py; jacobian.py works the derivatives out, with slopes.py
(of functions) and elements.py (of quantities that other formulas define, see definitions.py).

The way of a call: given.py and binding.py check what was given, shapes.py finds the sizes,
ranges.py how far the indices run and leaving.py whether out of an array, placing.py where the
result goes. evaluate.py calculates it, expand.py writes one element out, check.py compares the
links of a chain (magnitude.py says how much of a difference is rounding), typeset.py shows it.
"""

from cnnmath.formula.check import Check
from cnnmath.formula.expand import Expansion, Factor, Term
from cnnmath.formula.formula import Formula

__all__ = ["Check", "Expansion", "Factor", "Formula", "Term"]
