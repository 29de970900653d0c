"""The network that ships: what it reads, and that the recipe leads to it."""

import json
from importlib import resources

import numpy as np
import pytest
from conftest import ROOT

from cnnmath.data import mnist
from cnnmath.network import as_digit, learn, lenet, trained
from cnnmath.network.digits import STEPS

DRAWN = json.loads((ROOT / "tests/drawn_digits.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def network():
    return trained()


def test_it_reads_98_of_100_digits_that_were_held_out(network):
    held_out = mnist()[1]
    assert (network.read(held_out.images) == held_out.labels).mean() >= 0.98


def test_it_reads_9_of_10_drawn_digits_of_each_hand_and_each_class(network):
    pictures = np.stack([as_digit(one["strokes"]) for one in DRAWN])
    right = network.read(pictures) == [one["digit"] for one in DRAWN]
    assert right.mean() >= 0.9
    for part in ("hand", "digit"):
        names = np.array([one[part] for one in DRAWN])
        assert min(right[names == name].mean() for name in set(names)) >= 0.8


def test_the_weights_are_small():
    assert resources.files("cnnmath").joinpath("lenet.npz").stat().st_size < 150_000


def test_it_is_the_network_of_the_recipe(network):
    assert repr(network) == repr(lenet())
    assert {name: one.shape for name, one in network.parameters.items()} == {
        name: one.shape for name, one in lenet().parameters.items()
    }


def test_the_recipe_leads_towards_it(network):
    """A few seconds of it: kernels that grow are those that are large in the end."""
    learning, held_out = mnist()
    fresh, begun = lenet(), lenet()
    errors = learn(begun, learning, 400, of=STEPS)
    assert np.mean(errors[-50:]) < 0.35 < 1.5 < errors[0]
    assert (begun.read(held_out.images) == held_out.labels).mean() > 0.93
    for name in ("conv1.w", "conv2.w", "dense1.w"):
        way, whole = (one.parameters[name] - fresh.parameters[name] for one in (begun, network))
        along = (way * whole).sum() / np.linalg.norm(way) / np.linalg.norm(whole)
        assert along > 0.1, (name, along)
