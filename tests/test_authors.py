"""Every formula of `authors.py`, in its author's own LaTeX, has the value it must have."""

import numpy as np
import pytest
from authors import CASES

from cnnmath.formula import Formula


@pytest.mark.sweep
@pytest.mark.parametrize("case", CASES, ids=[case.source for case in CASES])
def test_author(case):
    value = Formula(case.latex, **case.shapes)(**case.arrays)
    assert value.dtype == np.float64
    assert value.shape == case.value.shape
    np.testing.assert_allclose(value, case.value, rtol=1e-10, atol=1e-12)
