"""From any forward formula its backward formula, derived line by line, every line run.

from cnnmath.derive import derive
derive(convolution, "W")
"""

from cnnmath.derive.derivation import CheckedDerivation, Derivation, derive
from cnnmath.derive.line import Line

__all__ = ["CheckedDerivation", "Derivation", "Line", "derive"]
