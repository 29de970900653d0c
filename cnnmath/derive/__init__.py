"""From any forward formula its backward formula, derived line by line, every line run.

from cnnmath.derive import derive
derive(convolution, "W")
"""

from cnnmath.derive.derivation import CheckedDerivation, Derivation, Line, derive

__all__ = ["CheckedDerivation", "Derivation", "Line", "derive"]
