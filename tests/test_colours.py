"""The colours of the roles: who gets which, and whether everybody can tell them apart."""

import os
import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from contrast import contrast, linear

from cnnmath.colours import FALLBACKS, ROLES, colour_of, colours_of, role_of
from cnnmath.shared import BLACK_INK_ABOVE, FILL

PAGES = {"light": "#ffffff", "dark": "#14181e"}
TINTS = {"light": "#fafbfc", "dark": "#1a2028"}  # behind the answer, as in figure.css
SLATE = {"light": "#3a4656", "dark": "#c9d1db"}  # below 0, as in figure.css

# What remains of linear red, green and blue for somebody who lacks one kind of cone altogether:
# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", 2009, severity 1.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}

# OKLab (Ottosson, 2020): distances in it are near to how different colours look. About 0.02 is
# the smallest difference that can be seen side by side.
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def stored(light):
    """A hexadecimal string's numbers, from 0 to 255, from linear red, green and blue."""
    light = np.clip(light, 0, 1)
    return 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def filled(paper, hue, share):
    """What a live figure fills a cell with, whose number is a share of the largest one."""
    strength = FILL["least"] + (FILL["most"] - FILL["least"]) * share
    # A mixture in OKLab is one of the cube roots of what the cones take in.
    ends = [np.cbrt(TO_CONES @ linear(colour)) for colour in (paper, hue)]
    return stored(np.linalg.inv(TO_CONES) @ (ends[0] + strength * (ends[1] - ends[0])) ** 3)


def difference(one, other, sight):
    """How different two colours look to somebody."""
    seen = [np.clip(SIGHT[sight] @ linear(colour), 0, 1) for colour in (one, other)]
    first, second = (TO_LAB @ np.cbrt(TO_CONES @ colour) for colour in seen)
    return float(np.linalg.norm(first - second))


def test_the_measures_know_what_is_known():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert difference("#ff0000", "#00ff00", "normal") > 0.4
    # Blue and green of this kind differ plainly, but not for somebody with tritanopia.
    assert difference("#0064a8", "#00755a", "normal") > 0.1
    assert difference("#0064a8", "#00755a", "tritanopia") < 0.05


def test_ink_turns_white_where_both_inks_have_the_same_contrast():
    black, white = (BLACK_INK_ABOVE + 0.05) / 0.05, 1.05 / (BLACK_INK_ABOVE + 0.05)
    assert black == pytest.approx(white, rel=2e-3)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("colour", [*ROLES.values(), *FALLBACKS])
def test_every_colour_can_be_read_as_text(colour, page):
    assert contrast(getattr(colour, page), PAGES[page]) >= 4.5
    assert contrast(getattr(colour, page), TINTS[page]) >= 4.5


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("share", [0.1, 0.5, 1])
def test_every_number_can_be_read_on_its_cell(share, page):
    hues = [getattr(colour, page) for colour in (*ROLES.values(), *FALLBACKS)]
    for hue in (*hues, SLATE[page]):
        fill = "#" + "".join(f"{round(part):02x}" for part in filled(PAGES[page], hue, share))
        assert max(contrast(fill, ink) for ink in ("#000000", "#ffffff")) >= 4.5, (hue, share)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("sight", SIGHT)
def test_the_sign_of_a_large_number_can_be_seen(sight, page):
    """A smaller one has its sign in a minus or a hatch."""
    below = filled(PAGES[page], SLATE[page], 1)
    for hue in (*ROLES.values(), *FALLBACKS):
        above = filled(PAGES[page], getattr(hue, page), 1)
        texts = ["#" + "".join(f"{round(part):02x}" for part in fill) for fill in (above, below)]
        assert difference(*texts, sight) > 0.02, hue


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("sight", SIGHT)
def test_any_two_roles_can_be_told_apart(sight, page):
    """And names without a role, from these and from each other."""
    least = 0.1 if sight == "normal" else 0.05
    for pair in combinations((*ROLES.values(), *FALLBACKS), 2):
        assert difference(*(getattr(colour, page) for colour in pair), sight) > least, pair


@pytest.mark.parametrize("page", PAGES)
def test_no_colour_is_used_twice(page):
    colours = [getattr(colour, page) for colour in (*ROLES.values(), *FALLBACKS)]
    assert len(set(colours)) == len(colours)


@pytest.mark.parametrize(
    ("role", "names"),
    {
        "input": ["x", "x1", "x_2", "x_padded", "x with border"],
        "kernel": ["W", "w", "W1", "W_turned"],
        "bias": ["b", "b2"],
        "output": ["a", "y", "h", "p", "a_3", "y_hat"],
        "incoming gradient": ["delta", "delta2", "δ", "dE_da", "dE_dh", "dE_dp", "dE_da1"],
        "outgoing gradient": ["dE_dx", "dE_dW", "dE_db", "dE_dx1", "dE_dV", "dE_dgamma"],
    }.items(),
)
def test_names_have_the_colour_of_their_role(role, names):
    for name in names:
        assert role_of(name) == role
        assert colour_of(name) == ROLES[role]


@pytest.mark.parametrize(
    "name", ["c", "z", "mask", "X", "Wx", "deltas", "ab", "dE_d", "", "σ", "xx1"]
)
def test_any_other_name_has_a_fallback(name):
    assert role_of(name) is None
    assert colour_of(name) in FALLBACKS


def test_symbols_that_stand_together_have_colours_of_their_own():
    names = ["Q", "K", "S", "A", "x", "Q_2", "dE_dQ"]
    found = colours_of(names)
    assert list(found) == names
    assert found["Q_2"] == found["Q"]
    assert (found["x"], found["dE_dQ"]) == (ROLES["input"], ROLES["outgoing gradient"])
    assert {found[name] for name in "QKSA"} == set(FALLBACKS)
    assert found["Q"] == colour_of("Q")  # the first keeps its own
    assert colours_of(["S", "x"])["S"] == colour_of("S")


def test_when_colours_run_out_those_of_absent_roles_serve():
    found = colours_of(["x", *"ABCDEFGHI"])
    assert set(found.values()) == {*ROLES.values(), *FALLBACKS}
    assert found["x"] == ROLES["input"]
    more = colours_of("ABCDEFGHIJKL")
    assert len(set(more.values())) == 10
    assert more["L"] in FALLBACKS


def test_an_author_chooses_roles():
    found = colours_of(["Q", "S", "x"], {"Q": "kernel", "x": "output"})
    assert (found["Q"], found["x"]) == (ROLES["kernel"], ROLES["output"])


def test_numbers_do_not_change_a_fallback():
    assert len({colour_of(name) for name in ("step", "step 0", "step 200", "step_1", "step7")}) == 1


def test_fallbacks_are_all_used():
    assert {colour_of(f"n{letter}") for letter in "abcdefghijklmnop"} == set(FALLBACKS)


def test_fallbacks_are_the_same_in_every_process():
    code = "from cnnmath.colours import colour_of; print(*map(colour_of, ['p', 'q', 'mask', 'σ']))"
    runs = [
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code],
            env=os.environ
            | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert runs[0].split(" Colour")[0] == str(colour_of("p"))
