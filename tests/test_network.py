"""A whole network: its gradients, its files, and that it learns."""

import io
import os
import subprocess
import sys

import numpy as np
import pytest

from cnnmath.data import Digits, mnist
from cnnmath.errors import ArrayValueError, ShapeError
from cnnmath.gradcheck import numerical_gradient
from cnnmath.network import (
    SGD,
    Conv,
    Dense,
    MaxPool,
    Network,
    NetworkFileError,
    ReLU,
    Row,
    Sum,
    load,
    save,
    shifted,
    train,
)
from cnnmath.network.screen import is_watched

RNG = np.random.default_rng(0)
SHAPE = (2, 9, 8)
X = RNG.normal(size=(3, *SHAPE))
LABELS = np.array([0, 3, 1])


def branching(**options):
    """A branch and a join: what comes out of the first convolution is read twice."""
    beside = Sum(Row(Conv(3, 3, padding=1), ReLU()), Row())
    parts = Conv(3, 2, stride=1, padding=1), ReLU(), beside, MaxPool(2), Dense(4)
    return Network(SHAPE, *parts, **{"dtype": np.float64, **options})


def lenet(**options):
    parts = Conv(8, 5), ReLU(), MaxPool(2), Conv(16, 5), ReLU(), MaxPool(2), Dense(10)
    return Network((1, 28, 28), *parts, **options)


# ---- forwards and back


def test_stages_are_what_the_parts_give_one_after_the_other():
    network = branching()
    stages = network.stages(X)
    assert [*stages] == ["x", "conv1", "relu1", "sum1", "maxpool1", "dense1"]
    np.testing.assert_array_equal(stages["relu1"], np.maximum(stages["conv1"], 0))
    np.testing.assert_array_equal(stages["dense1"], network(X))
    for name, _, before in network.row.given(SHAPE):
        assert stages[name].shape == (3, *network.row.parts[name].after(before))


def test_an_identity_beside_a_branch_adds_what_it_is_given():
    part = Sum(ReLU(), Row())
    y, kept = part.forward(np.array([[-1.0, 2.0]]), {})
    assert y.tolist() == [[-1, 4]]
    dx, gradients = part.backward(np.array([[1.0, 1.0]]), kept, {})
    assert dx.tolist() == [[1, 2]]
    assert gradients == {}


@pytest.mark.parametrize("name", branching().parameters)
def test_the_gradient_of_each_parameter_agrees_with_finite_differences(name):
    network = branching(seed=1)

    def error(value):
        network.parameters = {**network.parameters, name: value}
        return network.error(X, LABELS)

    before = network.parameters
    slope = numerical_gradient(error, before[name])
    network.parameters = before
    found = network.backward(X, LABELS)
    np.testing.assert_allclose(found.parameters[name], slope, rtol=1e-6, atol=1e-8)
    assert np.abs(slope).max() > 1e-3


def test_so_do_the_gradients_at_the_stages():
    network = branching(seed=1)
    found = network.backward(X, LABELS)
    assert [*found.stages] == ["dense1", "maxpool1", "sum1", "relu1", "conv1", "x"]
    slope = numerical_gradient(lambda x: network.error(x, LABELS), X)
    np.testing.assert_allclose(found.stages["x"], slope, rtol=1e-6, atol=1e-9)
    assert found.error == network.error(X, LABELS)
    np.testing.assert_array_equal(found.scores, network(X))
    # Behind the branch: from the joined array on, the rest of the network by itself.
    rest = Network((3, 10, 9), MaxPool(2), Dense(4), dtype=np.float64)
    rest.parameters = {
        name: one for name, one in network.parameters.items() if name.startswith("dense1")
    }
    joined = network.stages(X)["sum1"]
    slope = numerical_gradient(lambda y: rest.error(y, LABELS), joined)
    untied = joined > 0  # windows of zeros are tied
    np.testing.assert_allclose(found.stages["sum1"][untied], slope[untied], rtol=1e-6, atol=1e-9)
    assert untied.mean() > 0.4


@pytest.mark.parametrize(
    "parts",
    [
        (Conv(3, 3), ReLU(), MaxPool(2), Conv(2, 2), ReLU(), MaxPool(2), Dense(4)),
        (Conv(3, 3, padding=1), ReLU(), ReLU(), MaxPool(2), MaxPool(2), Dense(5), ReLU(), Dense(4)),
        (ReLU(), MaxPool(2), Conv(2, 2, padding=2), Dense(4)),
        (Conv(3, 2), MaxPool(2), Dense(4)),  # a column is left over
        (Conv(3, 3, stride=2), ReLU(), Dense(4)),  # by the layers
        (MaxPool(3), Dense(4)),
    ],
)
@pytest.mark.parametrize("values", ["distinct", "ties"])
def test_the_gradients_alone_are_those_of_the_way_back(parts, values):
    network = Network(SHAPE, *parts, seed=1, dtype=np.float64)
    x = X if values == "distinct" else np.sign(X).round()
    if values == "ties":
        for one in network.parameters.values():
            one[...] = np.sign(one)
    found = network.backward(x, LABELS)
    error, gradients = network.gradients(x, LABELS)
    assert error == pytest.approx(found.error, rel=1e-12)
    assert {*gradients} == {*network.parameters}
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, found.parameters[name], rtol=1e-10, atol=1e-12)


def test_gradients_are_of_a_batch_that_fits():
    with pytest.raises(ShapeError, match=r"x: expected shape \(N, 2, 9, 8\)"):
        Network(SHAPE, Dense(4)).gradients(X[:, :1], LABELS)


def test_nothing_that_is_given_is_changed():
    network = branching()
    x, before = X.copy(), {name: one.copy() for name, one in network.parameters.items()}
    network.backward(x, LABELS)
    network.gradients(x, LABELS)
    assert (x == X).all()
    assert all((one == before[name]).all() for name, one in network.parameters.items())


def test_the_summary():
    assert (
        lenet().summary()
        == """\
part      result       parameters  multiplications
x         1 × 28 × 28
conv1     8 × 24 × 24         208          115,200
relu1     8 × 24 × 24           0                0
maxpool1  8 × 12 × 12           0                0
conv2     16 × 8 × 8        3,216          204,800
relu2     16 × 8 × 8            0                0
maxpool2  16 × 4 × 4            0                0
dense1    10                2,570            2,560
together                    5,994          322,560"""
    )
    assert "sum1      3 × 10 × 9          84            7,290" in branching().summary()


def test_a_network_says_what_it_is_made_of():
    assert repr(Network((3,), ReLU(), Dense(2))) == "Network((3,), ReLU(), Dense(units=2))"


def test_weights_are_drawn_for_as_many_numbers_as_they_meet():
    w = lenet(seed=3).parameters["conv2.w"]
    assert w.dtype == np.float32
    assert w.std() == pytest.approx(np.sqrt(2 / (8 * 25)), rel=0.05)
    assert (w == lenet(seed=3).parameters["conv2.w"]).all()
    assert (w != lenet(seed=4).parameters["conv2.w"]).any()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: Network((1, 8, 8), Conv(2, 3)),
            r"must give \(D,\), a score a class; .*\(2, 6, 6\)",
        ),
        (lambda: Network((1, 4, 4), Conv(2, 5), Dense(2)), "kernel"),
        (lambda: Network((4,), Conv(2, 3), Dense(2)), r"an image \(C, H, W\), got shape \(4,\)"),
        (lambda: Network((4,), Dense(3), MaxPool(2), Dense(2)), r"MaxPool.* image .*\(3,\)"),
        (lambda: Network((4,), Sum(Dense(2), Dense(3))), r"one shape, got \(2,\), \(3,\)"),
        (lambda: Network((4,), Sum()), "one shape, got none"),
        (lambda: branching()(X[0]), r"x: expected shape \(N, 2, 9, 8\), got \(2, 9, 8\)"),
        (lambda: branching()(1.0), r"x: expected shape \(N, 2, 9, 8\), got \(\)"),
    ],
)
def test_what_does_not_fit(make, words):
    with pytest.raises(ShapeError, match=words):
        make()


# ---- files


def test_a_network_comes_out_of_its_file_as_it_went_in(tmp_path):
    network = branching(seed=5)
    save(network, tmp_path / "n.npz")
    again = load(tmp_path / "n.npz")
    assert repr(again) == repr(network)
    assert again.row == network.row
    np.testing.assert_array_equal(again(X), network(X))


def foreign(path, **arrays):
    np.savez(path, **arrays)


def one_array():
    file = io.BytesIO()
    np.save(file, np.ones(3))
    return file.getvalue()


def damaged(path, keep):
    save(branching(), path)
    path.write_bytes(path.read_bytes()[:keep])


def altered(path, **arrays):
    save(branching(), path)
    with np.load(path) as npz:
        held = {name: npz[name] for name in npz.files}
    np.savez(path, **{**held, **arrays})


def flipped(path):
    """One byte in the middle of the numbers."""
    save(branching(), path)
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 255
    path.write_bytes(held)


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda path: path.write_bytes(b""), "no .npz file, or a damaged one"),
        (lambda path: path.write_bytes(b"\x00" * 999), "no .npz file, or a damaged one"),
        (lambda path: path.write_text("conv1.w = 3"), "no .npz file, or a damaged one"),
        (lambda path: path.write_bytes(one_array()), "no .npz file, .* holds one array"),
        (lambda path: damaged(path, 900), "no .npz file, or a damaged one"),
        (flipped, "no .npz file, or a damaged one"),
        (lambda path: foreign(path, x=np.array([{}], dtype=object)), "or a damaged one"),
        (lambda path: foreign(path, x=np.ones(3)), "no network that cnnmath saved"),
        (lambda path: foreign(path, network="{}"), "no network that cnnmath saved"),
        (lambda path: foreign(path, network="[1, 2"), "no network that cnnmath saved"),
        (
            lambda path: altered(path, network='{"shape": [4], "parts": [["Exec", {"run": 1}]]}'),
            "no network that cnnmath saved",
        ),
        (
            lambda path: altered(
                path, network='{"shape": [4], "parts": [["Dense", {"units": "9"}]]}'
            ),
            "Dense is not made with",
        ),
        (
            lambda path: altered(
                path, network='{"shape": [4], "parts": [["Dense", {"count": 9}]]}'
            ),
            "Dense is not made with",
        ),
        (lambda path: altered(path, more=np.ones(2)), "expected the parameters .* got .*more"),
        (lambda path: altered(path, **{"dense1.b": np.ones(5)}), r"got .*dense1\.b.*\(5,\)"),
        (lambda path: altered(path, **{"dense1.b": np.full(4, np.nan)}), "no finite number"),
        (lambda path: altered(path, **{"dense1.b": np.arange(4)}), "no finite number"),
    ],
)
def test_a_damaged_or_foreign_file_is_an_error(tmp_path, write, words):
    path = tmp_path / "n.npz"
    write(path)
    with pytest.raises(NetworkFileError, match=words):
        load(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "n.npz")


# ---- training


def test_a_step_goes_against_the_gradient_with_momentum_and_decay():
    weights, bias = np.array([[1.0, -2.0]]), np.array([4.0])
    optimiser = SGD(rate=0.5, momentum=0.5, decay=0.1)
    parameters, gradients = {"w": weights, "b": bias}, {"w": np.array([[2.0, 0]]), "b": np.ones(1)}
    optimiser.step(parameters, gradients)
    np.testing.assert_allclose(weights, [[1 - 0.5 * 2.1, -2 + 0.5 * 0.2]])
    np.testing.assert_allclose(bias, 3.5)  # not drawn to 0
    before = weights.copy()
    optimiser.step(parameters, gradients)
    push = np.array([[2.0, 0]]) + 0.1 * before
    np.testing.assert_allclose(weights, before - 0.5 * (0.5 * np.array([[2.1, -0.2]]) + push))
    with pytest.raises(KeyError, match="b"):
        optimiser.step(parameters, {"w": gradients["w"]})


def test_shifts_move_whole_images_and_lose_what_leaves():
    images = np.zeros((200, 2, 5, 6))
    images[:, :, 2, 3] = 1, 2
    moved = shifted(images, 2, np.random.default_rng(0))
    assert moved.shape == images.shape
    assert (moved.sum(axis=(2, 3)) == [1, 2]).all()
    places = {tuple(np.argwhere(image[0])[0] - (2, 3)) for image in moved}
    assert places == {(i, j) for i in range(-2, 3) for j in range(-2, 3)}
    assert all((image[1] == 2 * image[0]).all() for image in moved)  # all channels alike
    assert shifted(images, 0, np.random.default_rng(0)) is images
    corner = np.zeros((50, 1, 3, 3))
    corner[:, :, 0, 0] = 1
    assert set(shifted(corner, 1, np.random.default_rng(0)).sum(axis=(1, 2, 3))) == {0, 1}


def small_training(**options):
    network = lenet(seed=2)
    options = {"steps": 12, "batch": 16, "shift": 2, **options}
    errors = train(network, mnist()[0], SGD(0.05, momentum=0.9), **options)
    return network, errors


def test_the_same_seed_trains_the_same_network_to_the_bit():
    (one, errors), (other, again) = small_training(), small_training()
    assert errors == again
    assert all((one.parameters[name] == other.parameters[name]).all() for name in one.parameters)
    assert small_training(seed=1)[1] != errors


def test_every_example_is_seen_once_before_any_is_seen_twice():
    images = np.arange(10, dtype=float).reshape(10, 1)
    seen = []

    class Watched(Network):
        def gradients(self, x, labels):
            seen.append(x.ravel())
            return super().gradients(x, labels)

    network = Watched((1,), Dense(2))
    train(network, Digits(images, np.zeros(10, int)), SGD(0.0), steps=4, batch=5)
    assert sorted(np.concatenate(seen[:2])) == sorted(np.concatenate(seen[2:])) == list(range(10))


def test_the_rate_can_fall():
    rates = []

    class Watched(SGD):
        def step(self, parameters, gradients):
            rates.append(self.rate)

    optimiser = Watched(0.4)
    train(lenet(), mnist()[0], optimiser, steps=4, batch=2, rate=lambda share: 1 - share)
    assert rates == pytest.approx([0.4, 0.3, 0.2, 0.1])
    assert optimiser.rate == 0.4


@pytest.mark.parametrize("batch", [0, 11])
def test_a_batch_that_the_examples_do_not_fill(batch):
    digits = Digits(np.zeros((10, 1, 28, 28)), np.zeros(10, int))
    with pytest.raises(ArrayValueError, match=f"batch: expected 1 to 10, .* got {batch}"):
        train(lenet(), digits, SGD(0.1), steps=1, batch=batch)


def test_it_learns():
    network, _ = small_training(steps=150, batch=32)
    held_out = mnist()[1]
    assert (network.read(held_out.images) == held_out.labels).mean() > 0.85


def test_a_notebook_in_jupyterlab_is_watched(monkeypatch):
    monkeypatch.setattr("sys.stderr", io.StringIO())
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert not is_watched()
    monkeypatch.setenv("JPY_SESSION_NAME", "a notebook")
    assert is_watched()


@pytest.mark.parametrize(("session", "seen"), [("", False), ("a notebook", True)])
def test_a_bar_shows_only_where_somebody_looks(session, seen):
    code = (
        "from cnnmath.data import mnist; from cnnmath.network import *\n"
        "train(Network((1, 28, 28), Dense(10)), mnist()[0], SGD(0.1), steps=3)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    environment.pop("JPY_SESSION_NAME", None)
    if session:
        environment["JPY_SESSION_NAME"] = session
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert ("0/3" in done.stderr) is seen
    assert done.stdout == ""
