"""Every exception that cnnmath raises, in one small hierarchy.

What you can do with it: catch `CnnMathError` for anything that is wrong with what you
gave to the package; catch a subclass to tell the cases apart. Each message names what
was given, what was expected, and where.
"""


class CnnMathError(ValueError):
    """Something given to cnnmath cannot be used as it is."""


class ShapeError(CnnMathError):
    """The shapes of two arrays, or of an array and its declaration, disagree."""


class ArrayValueError(CnnMathError):
    """An array holds what cannot be calculated with: text, objects, a NaN as an index."""


class FormulaError(CnnMathError):
    """A formula, or the way it was called, makes no sense."""


class FormulaSyntaxError(FormulaError):
    """The LaTeX is not a formula; the message points at the character."""


class UnknownNameError(FormulaError):
    """A name was declared or read that the formula does not give a meaning to."""


class DerivationError(FormulaError):
    """A line of a derivation does not equal the line before it, or that is not known."""


class WeakTestError(CnnMathError):
    """The numbers given for a test are so even that a wrong formula could pass it."""


class VerdictError(CnnMathError):
    """A statement that was judged turned out otherwise when it was run."""


class UnboundSizeError(FormulaError):
    """A size appears in the formula that no array's shape determines, and none was given."""


class IndexReuseError(FormulaError):
    """One index was given two meanings, as in a sum over an index that is already taken."""


class UndeclaredShapeError(FormulaError):
    """How far an index runs follows from nothing; a shape or a bound must be declared."""


class MissingArrayError(FormulaError):
    """The formula reads an array that the call did not give."""


class SuperfluousArrayError(FormulaError):
    """The call gave an array that the formula does not read."""


class ContradictionError(FormulaError):
    """The formula gives two different values to one element of its result."""


class NoSuchElementError(FormulaError, IndexError):
    """The result has no element at the place that was asked for."""
