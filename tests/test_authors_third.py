# ruff: noqa: E501
"""Every formula of `authors_third.py` has its author's value, or is refused, and never a wrong one."""

import re

import numpy as np
import pytest
from authors_third import CASES

from cnnmath.errors import CnnMathError
from cnnmath.formula import Formula

REFUSED = {
    "He et al.: ResNet, a block, a projection": "\\{ \\} can group, or take the fractional part",
    "Luo et al.: generalised mean pooling": "X stands behind \\in, so it says of each element whether it is a member",
    "Shazeer: SwiGLU, a circled times between vectors": "write \\odot for a product element by element, W V^\\top for each with each",
    "Press: ALiBi": "a row times a column, or a column times a row?",
    "Hastie: k-means within scatter": "the index C is bound twice in a row",
    "scikit-learn manual: average precision": "which reads element -1 of R along axis 0",
    "Shazeer: GEGLU, products beside a circled dot": "in this product axis 1 of W, of the size m, meets axis 0 of V",
    "PyTorch manual: MultiLabelMarginLoss, a size by its method": "\\text{x.size} is not part of the formula language",
    "PyTorch: SoftMarginLoss": "\\text{x.nelement} is not part of the formula language",
}
"""What is not read, by its source, and what is said of it."""


@pytest.mark.sweep
@pytest.mark.parametrize("case", CASES, ids=[case.source for case in CASES])
def test_author(case):
    if case.source in REFUSED:
        with pytest.raises(CnnMathError, match=re.escape(REFUSED[case.source])):
            Formula(case.latex, **case.shapes)(**case.arrays)
        return
    value = Formula(case.latex, **case.shapes)(**case.arrays)
    assert value.shape == case.value.shape
    np.testing.assert_allclose(value, case.value, rtol=1e-10, atol=1e-12)


def test_most_are_read():
    assert set(REFUSED) <= {case.source for case in CASES}
    assert len(REFUSED) <= len(CASES) / 6
