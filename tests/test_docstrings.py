"""What autodoc is given for a docstring in the project's style."""

from textwrap import dedent
from types import SimpleNamespace

import pytest

from tools.docstrings import restructured

DOCSTRING = r"""
    $$y = \frac{1}{2}\, x$$

    Half of x, as `half(x)`; see also $\tfrac12$ and `half`.

        half(x=[1, 2])

    x : (N, C), a batch of N rows,
        each with C numbers
    w, b : as given to `half`, step, size : more;  mode : one of *a* and b_
    Returns y : (N, C)
    Raises ShapeError if x is a row.
    Raises ArrayValueError if not. Raises FormulaError if neither.

    Source: someone, 2016.

    >>> half([2])
    [1]
    """

STRUCTURED = r"""
    .. math::

        y = \frac{1}{2}\, x

    Half of x, as ``half(x)``; see also :math:`\tfrac12` and :py:obj:`half`.

    .. code-block:: python

        half(x=[1, 2])

    :Parameters:
        * **x** – (N, C), a batch of N rows, each with C numbers
        * **w, b** – as given to :py:obj:`half`
        * **step, size** – more
        * **mode** – one of \*a\* and b\_

    :Returns:
        y : (N, C)

    :Raises:
        * :py:exc:`.ShapeError` if x is a row.
        * :py:exc:`.ArrayValueError` if not.
        * :py:exc:`.FormulaError` if neither.

    :Source:
        someone, 2016.

    >>> half([2])
    [1]
    """


def half(x, w, b, step, size, mode): ...


def test_every_part_of_a_docstring_becomes_its_counterpart():
    assert restructured(dedent(DOCSTRING), half) == dedent(STRUCTURED).strip()


@pytest.mark.parametrize(
    ("docstring", "label"), [("x : a number", ":Parameters:"), ("rows : lines", ":Attributes:")]
)
def test_what_a_class_is_not_called_with_is_an_attribute(docstring, label):
    class Given:
        def __init__(self, x): ...

    assert restructured(docstring, Given).startswith(label)


def test_a_module_has_no_parameters():
    assert restructured("What it is.", SimpleNamespace()) == "What it is."
