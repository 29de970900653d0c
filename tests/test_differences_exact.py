"""Slopes by differences to the digit, and where the bounds of a verdict lie."""

import math

import numpy as np
import pytest
from test_differences import TOLERANCE, between

from cnnmath.differences import Kink, Slope, bounded, compared, refined

EXACT = {
    "cubed": lambda x: x * x * x,
    "runge": lambda x: 1 / (1 + x * x),
    "absolute": abs,
    "root": lambda x: math.sqrt(abs(x)),
    "single": lambda x: float(np.float32(x * x)),
    "large": lambda x: 1e9 + x * x,
    "bent nearby": lambda x: abs(x - 1.01),
    "tiny": lambda x: 1e-12 * x / (1e-6 + x * x),
    "from 0 on": lambda x: math.sqrt(x) if x >= 0 else math.nan,
    "jump": lambda x: float(x >= 0.5),
    "linear": lambda x: 3 * x + 1,
    "steep": lambda x: 1 / (x * x * x * x + 1e-8),
}
"""Functions of what every machine reckons alike: sums, products, quotients and roots."""

REFINED = [
    ("cubed", 0.0, (0.0, 1.421085472e-16, 0.002, 0.0)),
    ("cubed", 1e-06, (3e-12, 2.122069793e-25, 2.06e-18, 0.0)),
    ("cubed", 0.7, (1.47, 6.027622845e-14, 0.728, 0.0)),
    ("cubed", 1.0, (3.0, 2.188693671e-13, 2.06, 0.0)),
    ("cubed", -3.0, (27.0, 1.383959614e-12, 18.54, 0.0)),
    ("cubed", 1000000.0, (3000000000000.0, 0.1626071551, 2060000000000.0, 0.0)),
    ("runge", 0.0, (0.0, 0.0, 0.0, 2.198461435e-15)),
    ("runge", 1e-06, (-1.999999944e-06, 2.042624038e-13, 2.0, 0.0)),
    ("runge", 0.7, (-0.6306022251, 5.260601455e-13, 1.345050215, 0.0)),
    ("runge", 1.0, (-0.5, 1.20781367e-11, 1.004974876, 0.0)),
    ("runge", -3.0, (0.06, 5.226560928e-14, 0.06824385036, 0.0)),
    ("runge", 1000000.0, (-2e-18, 3.319440425e-30, 2.061014182e-18, 0.0)),
    ("absolute", 0.0, (0.0, 0.0, 0.0, 3.469446952e-18)),
    ("absolute", 1e-06, (1.0, 1.421085472e-13, 2e-06, 0.0)),
    ("absolute", 0.7, (1.0, 9.947598301e-14, 1.4, 0.0)),
    ("absolute", 1.0, (1.0, 1.421085472e-13, 2.0, 0.0)),
    ("absolute", -3.0, (-1.0, 1.421085472e-13, 2.0, 0.0)),
    ("absolute", 1000000.0, (1.0, 1.421085472e-13, 2.0, 0.0)),
    ("root", 0.0, (0.0, 0.0, 0.0, 8.777083671e-17)),
    ("root", 1e-06, (500.0, 6.691095634e-09, 0.00199999939, 0.0)),
    ("root", 0.7, (0.5976143047, 5.368393776e-11, 1.673319011, 0.0)),
    ("root", 1.0, (0.5, 6.697475864e-12, 1.99999939, 0.0)),
    ("root", -3.0, (-0.2886751346, 3.886003532e-12, 1.154700186, 0.0)),
    ("root", 1000000.0, (0.0005, 6.734925074e-15, 0.00199999939, 0.0)),
    ("single", 0.0, (0.0, 0.0, 0.0, 5.421010741e-21)),
    ("single", 1e-06, (1.999999992e-06, 1.065535451e-12, 0.01999999955, 0.0)),
    ("single", 0.7, (1.400003602, 2.605541124e-06, 1.0, 0.0)),
    ("single", 1.0, (2.000008305, 1.033715973e-05, 2.020000041, 0.0)),
    ("single", -3.0, (-5.999957511, 5.422604641e-05, 6.060000102, 0.0)),
    ("single", 1000000.0, (1999990.205, 11.36599857, 2019999.941, 0.0)),
    ("large", 0.0, (0.0, 0.0, 0.0, 2.220446049e-06)),
    ("large", 1e-06, (4.085029652e-05, 0.0001832879548, 2000000000.0, 0.0)),
    ("large", 0.7, (1.39999322, 0.0001527015003, 2000000001.0, 0.0)),
    ("large", 1.0, (2.000008306, 0.0001525311792, 2000000002.0, 0.0)),
    ("large", -3.0, (-5.999997232, 5.084367512e-05, 666666672.7, 0.0)),
    ("large", 1000000.0, (2000000.0, 1.436717412e-07, 2022000.0, 0.0)),
    ("bent nearby", 0.0, (-1.0, 2.21134222e-13, 2.02, 0.0)),
    ("bent nearby", 1e-06, (-1.0, 1.629306379e-13, 2.019998, 0.0)),
    ("bent nearby", 0.7, (-1.0, 4.405364962e-14, 0.62, 0.0)),
    ("bent nearby", 1.0, (-1.0, 2.273736754e-13, 0.2, 0.0)),
    ("bent nearby", -3.0, (-1.0, 1.89951758e-13, 2.673333333, 0.0)),
    ("bent nearby", 1000000.0, (1.0, 1.421084036e-13, 1.99999798, 0.0)),
    ("tiny", 0.0, (1e-06, 6.547621474e-19, 9.080590238e-10, 0.0)),
    ("tiny", 1e-06, (9.99997e-07, 2.136826891e-19, 1.999998e-12, 0.0)),
    ("tiny", 0.7, (-2.040803832e-12, 5.047666558e-24, 2.916660084e-12, 0.0)),
    ("tiny", 1.0, (-9.99997e-13, 1.166086081e-24, 2.020199897e-12, 0.0)),
    ("tiny", -3.0, (-1.111110741e-13, 1.14233931e-25, 2.244668649e-13, 0.0)),
    ("tiny", 1000000.0, (-1e-24, 1.055393948e-36, 2.02020202e-24, 0.0)),
    ("from 0 on", 0.0, (math.nan, math.inf, 0.0, 0.0)),
    ("from 0 on", 1e-06, (500.0, 5.286747141e-09, 0.001999999445, 0.0)),
    ("from 0 on", 0.7, (0.5976143047, 5.368393776e-11, 1.673319011, 0.0)),
    ("from 0 on", 1.0, (0.5, 6.697475864e-12, 1.99999939, 0.0)),
    ("from 0 on", -3.0, (math.nan, math.inf, 0.0, 0.0)),
    ("from 0 on", 1000000.0, (0.0005, 6.734925074e-15, 0.00199999939, 0.0)),
    ("jump", 0.0, (0.0, 0.0, 0.0, 0.0)),
    ("jump", 0.7, (0.0, 0.0, 0.0, 2.220446049e-15)),
    ("linear", 0.0, (3.0, 1.807443084e-13, 2.0, 0.0)),
    ("linear", 1e-06, (3.0, 1.705306829e-13, 2.000006, 0.0)),
    ("linear", 0.7, (3.0, 5.374589662e-13, 6.2, 0.0)),
    ("linear", 1.0, (3.0, 7.139844271e-13, 8.0, 0.0)),
    ("linear", -3.0, (3.0, 6.383042243e-13, 5.333333333, 0.0)),
    ("linear", 1000000.0, (3.0, 4.263257836e-13, 6.000002, 0.0)),
    ("steep", 0.0, (0.0, 0.0, 0.0, 2.220224027e-11)),
    ("steep", 1e-06, (-0.04069289662, 0.004416456295, 200000000.0, 0.0)),
    ("steep", 0.7, (-23.79960532, 8.821906633e-10, 10.15745498, 0.0)),
    ("steep", 1.0, (-3.99999992, 2.925064175e-11, 2.20717133, 0.0)),
    ("steep", -3.0, (0.01646090535, 1.185825055e-13, 0.009083009703, 0.0)),
    ("steep", 1000000.0, (-4e-30, 2.860914421e-41, 2.207171358e-30, 0.0)),
]  # fmt: skip
COMPARED = [
    ("cubed", 0.0, 0.0, True, 0, 1.421e-16, ""),
    ("cubed", 0.0, 1.0, False, 0, 1.421e-16, ""),
    ("cubed", 0.7, 1.4699999999999904, True, 1.47, 0, ""),
    ("cubed", 0.7, 1.4700044099999905, False, 1.47, 6.028e-14, ""),
    ("cubed", 0.7, 0.0, False, 1.47, 6.028e-14, ""),
    ("cubed", 0.7, 1.0, False, 1.47, 6.028e-14, ""),
    ("cubed", 1.0, 3.00000000000001, True, 3, 0, ""),
    ("cubed", 1.0, 3.00000900000001, False, 3, 2.189e-13, ""),
    ("cubed", 1.0, 0.0, False, 3, 2.189e-13, ""),
    ("cubed", 1.0, 1.0, False, 3, 2.189e-13, ""),
    ("runge", 0.0, 0.0, True, 0, 0, ""),
    ("runge", 0.0, 1.0, False, 0, 0, ""),
    ("runge", 0.7, -0.6306022251249117, True, -0.63060223, 0, ""),
    ("runge", 0.7, -0.630604116931587, False, -0.63060223, 5.261e-13, ""),
    ("runge", 0.7, 0.0, False, -0.63060223, 5.261e-13, ""),
    ("runge", 0.7, 1.0, False, -0.63060223, 5.261e-13, ""),
    ("runge", 1.0, -0.4999999999999987, True, -0.5, 0, ""),
    ("runge", 1.0, -0.5000014999999987, False, -0.5, 1.208e-11, ""),
    ("runge", 1.0, 0.0, False, -0.5, 1.208e-11, ""),
    ("runge", 1.0, 1.0, False, -0.5, 1.208e-11, ""),
    ("absolute", 0.0, 0.0, False, 0, 0, "kink there, with the slopes -1 and 1"),
    ("absolute", 0.0, 1.0, False, 0, 0, "kink there, with the slopes -1 and 1"),
    ("absolute", 0.7, 1.0, True, 1, 0, ""),
    ("absolute", 0.7, 1.000003, False, 1, 9.948e-14, ""),
    ("absolute", 0.7, 0.0, False, 1, 9.948e-14, ""),
    ("absolute", 1.0, 1.0, True, 1, 0, ""),
    ("absolute", 1.0, 1.000003, False, 1, 1.421e-13, ""),
    ("absolute", 1.0, 0.0, False, 1, 1.421e-13, ""),
    ("root", 0.0, 0.0, False, 0, 0, "kink there, with the slopes -1e+06 and 1e+06"),
    ("root", 0.0, 1.0, False, 0, 0, "kink there, with the slopes -1e+06 and 1e+06"),
    ("root", 0.7, 0.5976143046671926, True, 0.5976143, 0, ""),
    ("root", 0.7, 0.5976160975101066, False, 0.5976143, 5.368e-11, ""),
    ("root", 0.7, 0.0, False, 0.5976143, 5.368e-11, ""),
    ("root", 0.7, 1.0, False, 0.5976143, 5.368e-11, ""),
    ("root", 1.0, 0.5000000000000239, True, 0.5, 0, ""),
    ("root", 1.0, 0.5000015000000239, False, 0.5, 6.697e-12, ""),
    ("root", 1.0, 0.0, False, 0.5, 6.697e-12, ""),
    ("root", 1.0, 1.0, False, 0.5, 6.697e-12, ""),
    ("single", 0.0, 0.0, True, 0, 0, ""),
    ("single", 0.0, 1.0, False, 0, 0, ""),
    ("single", 0.7, 1.4000036018346431, True, 1.4000036, 2.606e-06, ""),
    ("single", 0.7, 1.4000078018454485, False, 1.4000036, 2.606e-06, ""),
    ("single", 0.7, 0.0, False, 1.4000036, 2.606e-06, ""),
    ("single", 0.7, 1.0, False, 1.4000036, 2.606e-06, ""),
    ("single", 1.0, 2.0000083053813724, True, 2.0000083, 1.034e-05, ""),
    ("single", 1.0, 2.0000143054062884, True, 2.0000083, 1.034e-05, ""),
    ("single", 1.0, 0.0, False, 2.0000083, 1.034e-05, ""),
    ("single", 1.0, 1.0, False, 2.0000083, 1.034e-05, ""),
    ("large", 0.0, 0.0, False, 0, 0, "hides slopes up to 2e-06"),
    ("large", 0.0, 1.0, False, 0, 0, ""),
    ("large", 0.7, 1.3999932195625835, True, 1.3999932, 0.0001527, ""),
    ("large", 0.7, 1.3999974195422422, True, 1.3999932, 0.0001527, ""),
    ("large", 0.7, 0.0, False, 1.3999932, 0.0001527, ""),
    ("large", 0.7, 1.0, False, 1.3999932, 0.0001527, ""),
    ("large", 1.0, 2.0000083056930307, True, 2.0000083, 0.0001525, ""),
    ("large", 1.0, 2.0000143057179476, True, 2.0000083, 0.0001525, ""),
    ("large", 1.0, 0.0, False, 2.0000083, 0.0001525, ""),
    ("large", 1.0, 1.0, False, 2.0000083, 0.0001525, ""),
    ("bent nearby", 0.0, -0.999999999999938, True, -1, 0, ""),
    ("bent nearby", 0.0, -1.000002999999938, False, -1, 2.211e-13, ""),
    ("bent nearby", 0.0, 0.0, False, -1, 2.211e-13, ""),
    ("bent nearby", 0.0, 1.0, False, -1, 2.211e-13, ""),
    ("bent nearby", 0.7, -1.0, True, -1, 0, ""),
    ("bent nearby", 0.7, -1.000003, False, -1, 4.405e-14, ""),
    ("bent nearby", 0.7, 0.0, False, -1, 4.405e-14, ""),
    ("bent nearby", 0.7, 1.0, False, -1, 4.405e-14, ""),
    ("bent nearby", 1.0, -1.0, True, -1, 0, ""),
    ("bent nearby", 1.0, -1.000003, False, -1, 2.274e-13, ""),
    ("bent nearby", 1.0, 0.0, False, -1, 2.274e-13, ""),
    ("bent nearby", 1.0, 1.0, False, -1, 2.274e-13, ""),
    ("tiny", 0.0, 1e-06, True, 1e-06, 6.548e-19, ""),
    ("tiny", 0.0, 1.0000029999999998e-06, False, 1e-06, 6.548e-19, ""),
    ("tiny", 0.0, 0.0, False, 1e-06, 6.548e-19, ""),
    ("tiny", 0.0, 1.0, False, 1e-06, 6.548e-19, ""),
    ("tiny", 0.7, -2.0408038317792166e-12, True, -2.0408038e-12, 0, ""),
    ("tiny", 0.7, -2.040809954190712e-12, False, -2.0408038e-12, 5.048e-24, ""),
    ("tiny", 0.7, 0.0, False, -2.0408038e-12, 5.048e-24, ""),
    ("tiny", 0.7, 1.0, False, -2.0408038e-12, 5.048e-24, ""),
    ("tiny", 1.0, -9.999970000048305e-13, True, -9.99997e-13, 0, ""),
    ("tiny", 1.0, -9.999999999958306e-13, False, -9.99997e-13, 1.166e-24, ""),
    ("tiny", 1.0, 0.0, False, -9.99997e-13, 1.166e-24, ""),
    ("tiny", 1.0, 1.0, False, -9.99997e-13, 1.166e-24, ""),
    ("from 0 on", 0.0, 0.0, False, math.nan, math.inf, "no finite slope"),
    ("from 0 on", 0.0, 1.0, False, math.nan, math.inf, "no finite slope"),
    ("from 0 on", 0.7, 0.5976143046671926, True, 0.5976143, 0, ""),
    ("from 0 on", 0.7, 0.5976160975101066, False, 0.5976143, 5.368e-11, ""),
    ("from 0 on", 0.7, 0.0, False, 0.5976143, 5.368e-11, ""),
    ("from 0 on", 0.7, 1.0, False, 0.5976143, 5.368e-11, ""),
    ("from 0 on", 1.0, 0.5000000000000239, True, 0.5, 0, ""),
    ("from 0 on", 1.0, 0.5000015000000239, False, 0.5, 6.697e-12, ""),
    ("from 0 on", 1.0, 0.0, False, 0.5, 6.697e-12, ""),
    ("from 0 on", 1.0, 1.0, False, 0.5, 6.697e-12, ""),
    ("jump", 0.0, 0.0, True, 0, 0, ""),
    ("jump", 0.0, 1.0, False, 0, 0, ""),
    ("jump", 0.7, 0.0, True, 0, 0, ""),
    ("jump", 0.7, 1.0, False, 0, 0, ""),
    ("jump", 1.0, 0.0, True, 0, 0, ""),
    ("jump", 1.0, 1.0, False, 0, 0, ""),
    ("linear", 0.0, 2.9999999999999694, True, 3, 0, ""),
    ("linear", 0.0, 3.0000089999999693, False, 3, 1.807e-13, ""),
    ("linear", 0.0, 0.0, False, 3, 1.807e-13, ""),
    ("linear", 0.0, 1.0, False, 3, 1.807e-13, ""),
    ("linear", 0.7, 2.9999999999999227, True, 3, 0, ""),
    ("linear", 0.7, 3.0000089999999227, False, 3, 5.375e-13, ""),
    ("linear", 0.7, 0.0, False, 3, 5.375e-13, ""),
    ("linear", 0.7, 1.0, False, 3, 5.375e-13, ""),
    ("linear", 1.0, 2.999999999999884, True, 3, 0, ""),
    ("linear", 1.0, 3.000008999999884, False, 3, 7.14e-13, ""),
    ("linear", 1.0, 0.0, False, 3, 7.14e-13, ""),
    ("linear", 1.0, 1.0, False, 3, 7.14e-13, ""),
    ("steep", 0.0, 0.0, True, 0, 0, ""),
    ("steep", 0.0, 1.0, False, 0, 0, ""),
    ("steep", 0.7, -23.79960532400547, True, -23.799605, 0, ""),
    ("steep", 0.7, -23.79967672282144, False, -23.799605, 8.822e-10, ""),
    ("steep", 0.7, 0.0, False, -23.799605, 8.822e-10, ""),
    ("steep", 0.7, 1.0, False, -23.799605, 8.822e-10, ""),
    ("steep", 1.0, -3.9999999199993344, True, -3.9999999, 0, ""),
    ("steep", 1.0, -4.0000119199990944, False, -3.9999999, 2.925e-11, ""),
    ("steep", 1.0, 0.0, False, -3.9999999, 2.925e-11, ""),
    ("steep", 1.0, 1.0, False, -3.9999999, 2.925e-11, ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "at", "expected"), REFINED)
def test_the_best_quotient_and_its_error_to_the_digit(name, at, expected):
    """Value, error, size of the numbers behind it, and the slope that may be hidden."""
    found = refined(between(EXACT[name]), (), at)
    assert found == pytest.approx(expected, rel=1e-9, abs=0, nan_ok=True)


@pytest.mark.parametrize(("name", "at", "other", "agrees", "value", "error", "doubt"), COMPARED)
def test_a_verdict_to_the_digit(name, at, other, agrees, value, error, doubt):
    point = np.array(at)
    found = compared(np.array(other), point, between(EXACT[name]), 1e-6, TOLERANCE)
    assert found.agree is not None and bool(found.agree) is agrees
    found_numbers = (float(found.values), float(found.errors))
    assert found_numbers == pytest.approx((value, error), rel=1e-3, nan_ok=True)
    assert list(found.doubts) == [()] * bool(doubt)
    assert doubt in found.doubts.get((), "")
    assert bool(found.differ) is not (agrees or bool(doubt))


@pytest.mark.parametrize(
    ("difference", "scale", "least", "expected"),
    [
        (0.0, 1.0, 1e-9, "below 1e-9"),
        (1e-9, 1.0, 1e-9, "below 1e-6"),
        (0.0, 5e3, 1e-9, "below 1e-6"),
        (0.0, 999.0, 1e-9, "below 1e-9"),
        (0.0, 2e-3, 1e-9, "below 1e-9"),
        (0.0, 1e-3, 1e-9, "below 1e-12"),
        (0.0, 0.0, 1e-9, "below 1e-9"),
        (0.0, math.inf, 1e-9, "below 1e-9"),
        (5.0, 1.0, 1e-9, "below 1000"),
        (2.0, 3.0, 1e-12, "below 1000"),
        (math.inf, 1.0, 1e-9, "inf"),
        (math.nan, 1.0, 1e-9, "nan"),
    ],
)
def test_a_difference_in_words(difference, scale, least, expected):
    assert bounded(difference, scale, least) == expected


def test_a_slope_allows_its_error_its_tolerance_and_what_is_hidden():
    sure = Slope(2.0, 0.0, 1.0)
    assert sure.equals(2.0 + 2e-6, 1e-6, 0.0) is True
    assert sure.equals(2.0 + 2.1e-6, 1e-6, 0.0) is False
    rough = Slope(2.0, 2e-3, 1.0)
    assert rough.equals(2.0 + 1.9e-3, 0.0, 0.0) is True  # an error of a thousandth is known
    assert Slope(2.0, 2.1e-3, 1.0).equals(2.0, 0.0, 0.0) is None
    assert Slope(1e-3, 1e-6, 1.0).equals(1e-3, 0.0, 0.0) is True
    assert Slope(1e-4, 1.1e-6, 1.0).equals(1e-4, 0.0, 0.0) is None
    assert Slope(1e-4, 1.1e-6, 1.0).equals(1e-4, 0.0, 2.0) is True
    hidden = Slope(2.0, 0.0, 1.0, hidden=1e-3)
    assert hidden.equals(2.0, 0.0, 0.0) is True
    assert hidden.equals(2.0005, 0.0, 0.0) is None
    assert hidden.equals(2.0011, 0.0, 0.0) is False
    assert Slope(math.nan, 0.0, 1.0).equals(1.0, 1.0, 1.0) is None
    assert Slope(math.inf, 0.0, 1.0).doubt == "the function has no finite slope there"
    assert sure.equals(math.nan, 1.0, 1.0) is False


def test_a_kink_hides_what_is_of_neither_side():
    kink = Kink(-1.0, 3.0, 0.01)
    assert [kink.hides(slope) for slope in (-1.0, 3.0, -0.997, 2.997, 1.0)] == [
        False, False, False, False, True,
    ]  # fmt: skip
    assert kink.hides(-0.995) and kink.hides(2.995) and kink.hides(math.nan)
    assert [kink.allows(slope) for slope in (-1.01, 3.01, 0.0, -1.02, 3.02)] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert Kink(0.0, 1e-7, 0.0).doubt.endswith("with the slopes 0 and 1e-07 beside it")
    assert Kink(0.9e-6, 1.0, 0.0).doubt.endswith("with the slopes 0 and 1 beside it")
    assert Kink(1e-3, 1.0, 0.0).doubt.endswith("with the slopes 0.001 and 1 beside it")
