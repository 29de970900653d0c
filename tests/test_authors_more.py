# ruff: noqa: E501
"""Every formula of `authors_more.py` has its author's value, or is refused, and never a wrong one."""

import re

import numpy as np
import pytest
from authors_more import CASES, DOUBTFUL

from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula

REFUSED = {
    "deeplearning.ai: the gradient through an activation, * for element by element": "in this product axis 2 of dA, of the size m, meets axis 1 of Z, of the",
    "deeplearning.ai: the cost with its regularisation, sizes of type and braces, from 1": "'}' is not expected here: expected a symbol, a number or a bracket",
    "CS231n: the gradient of the hinge loss by the row of the right class": "dL_dw was declared with 2 axes but the left side has 3 indices",
    "UFLDL: the error of the output layer, a size with a subscript above, from 1": "delta was declared with 1 axis but the left side has 2 indices",
    "Bouvrie: the gradient of a multiplicative bias, a product that is indexed": "a power of the matrix delta, or of each of its elements? write a sum",
    "Kolter, Chen: Deep Learning Systems, the gradient of softmax regression": "does the derivative reach this far? write brackets",
    "Kolter, Chen: Deep Learning Systems, two layers, a product inside a product by elements": "does the derivative reach this far? write brackets",
    "Zhang et al.: Dive into Deep Learning, time: powers of a transposed matrix, from 1": "a power of the matrix in this bracket, or of each of its elements?",
    "Zhang et al.: Dive into Deep Learning, the gradient of the weights of layer 2, from 1": "h is a size of the declared shapes, but is read as an array with 1 index",
    "Newman: modularity, Kronecker's delta with parentheses": "the formula of Q reads delta: give delta=... It stands before a",
    "Hastie, Tibshirani, Friedman: nearest neighbours, a mean over a set of points": "N_k was declared with 1 axis but is read with 2 indices",
    "Wikipedia: the area under the curve, sums over two sets": "expected the index to run over, as in \\sum_{i}",
    "PyTorch manual: Bilinear, a matrix for each output": "a product of x_1 and A, of three axes: write indices",
    "PyTorch manual: Conv2d, a star for the cross-correlation, subscripts of subscripts": "a product of bias and out, of three axes: write indices",
    "PyTorch manual: LPPool, a root of a degree and a sum over the elements of a set": "X stands behind \\in, so it says of each element whether it is a member:",
    "PyTorch manual: GaussianNLLLoss, names and functions as text": "\\text{const.} is not part of the formula language",
    "PyTorch manual: GLU, a circled times between halves": "what does \\otimes do to a and b? write \\odot for a product",
    "PyTorch manual: heaviside, conditions inside of the text": "\\text{{heaviside} is not part of the formula language",
    "SciPy manual: the distance by correlation, braces around the bars": "only the name of an array can carry an index",
    "OpenCV manual: the tilted integral, an absolute value by its name": "the formula needs x, which no array's shape determines: give x=...; if",
    "OpenCV manual: accumulateWeighted, a condition behind the formula": "where this does not hold, is dst 0, or what it was before? write both,",
    "Chen et al.: SimCLR, the cosine of two vectors, a slash before two norms": "what does this / divide by? write \\frac{..}{..} or brackets",
    "Wikipedia: mutual information, marginals by their subscripts": "a shape is declared for P_XY, which the formula does not mention; it",
    "Lecture notes: relative entropy, a logarithm before a slash": "does \\log reach beyond the / ? write \\log( .. / .. ) or (\\log ..)/ ..",
    "Kaiser: the energy of Teager, a square between a name and its argument": "the formula needs n, which no array's shape determines: give n=...; if",
    "Wikipedia: the rate of zero crossings, the indicator of a half-line": "only the name of an array can carry an index",
    "Lowe: the orientation of the gradient, an inverse tangent and a slash": "is this 1/tan or the inverse of tan? write it out",
    "Wikipedia: the sum of a rectangle, small rows of inequalities": "\\begin{smallmatrix} is not part of the formula language",
    "Wikipedia: the direction of an edge, a function of two pictures": "a list in brackets must follow the name of an array or function",
    "Wikipedia: the geometric mean, a product with dots, a power outside of parentheses, from 1": "a list stands where one value is expected",
    "Wikipedia: the F-test, the variation within groups of different sizes, a dot for an index": "'}' is not expected here: expected a symbol, a number or a bracket",
    "Wikipedia: the energy of charges, a condition in an upper bound, from 1": "the bounds of j depend on j itself",
}
"""What is not read, by its source, and what is said of it."""


def value_of(case):
    return Formula(case.latex, **case.shapes)(**case.arrays)


@pytest.mark.sweep
@pytest.mark.parametrize("case", CASES, ids=[case.source for case in CASES])
def test_author(case):
    if case.source in REFUSED:
        with pytest.raises(CnnMathError, match=re.escape(REFUSED[case.source])):
            value_of(case)
        return
    value = value_of(case)
    assert value.shape == case.value.shape
    np.testing.assert_allclose(value, case.value, rtol=1e-10, atol=1e-12)


def test_five_of_six_are_read():
    assert set(REFUSED) <= {case.source for case in CASES}
    assert len(REFUSED) <= len(CASES) / 6


RECURRENCES = [
    (source, latex, shapes) for source, latex, shapes, (_, two) in DOUBTFUL if "step" in two
]


@pytest.mark.parametrize(("source", "latex", "shapes"), RECURRENCES)
def test_what_could_be_a_recurrence_is_refused(source, latex, shapes):
    with pytest.raises(CnnMathError):
        Formula(latex, **shapes)
