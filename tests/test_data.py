"""The images and kernels that ship with the package."""

import os
import subprocess
import sys
import zipfile
from importlib import resources

import numpy as np
import pytest

from cnnmath.data import digit, kernels, mnist, photograph, small_digit
from cnnmath.errors import CnnMathError

SUMS = {
    "identity": 1,
    "box blur": 1,
    "Gaussian blur": 1,
    "Gaussian blur 5×5": 1,
    "sharpen": 1,
    "Sobel vertical edges": 0,
    "Sobel horizontal edges": 0,
    "Laplacian": 0,
    "emboss": 1,
}


def slid(kernel, image):
    """The kernel slid over the image, by the definition."""
    m, n = kernel.shape
    rows, columns = image.shape[0] - m + 1, image.shape[1] - n + 1
    return np.array(
        [
            [(kernel * image[i : i + m, j : j + n]).sum() for j in range(columns)]
            for i in range(rows)
        ]
    )


def ramp(height, width):
    """An image that gets brighter by 1 with every column."""
    return np.tile(np.arange(width, dtype=float), (height, 1))


# ---- Digits


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("label", range(10))
def test_a_digit_is_a_stroke_on_an_empty_ground(label, which):
    image = digit(label, which)
    assert image.shape == (28, 28)
    assert image.dtype == np.float64
    assert image.min() == 0
    assert 0.9 < image.max() <= 1
    corners = image[np.ix_([0, 1, 2, 25, 26, 27], [0, 1, 2, 25, 26, 27])]
    assert not corners.any()
    assert not image[:, :2].any()
    assert 0.04 < image.mean() < 0.25


def test_all_digits_differ():
    images = [digit(label, which) for label in range(10) for which in (0, 1)]
    assert len({image.tobytes() for image in images}) == 20


def test_mnist_is_five_thousand_digits_of_which_one_thousand_are_held_out():
    parts = mnist()
    for part, count in zip(parts, (4000, 1000), strict=True):
        assert part.images.shape == (count, 1, 28, 28)
        assert part.images.dtype == np.float32
        assert (part.images.min(), part.images.max()) == (0, 1)
        assert part.labels.dtype == np.int64
        assert np.bincount(part.labels).tolist() == [count // 10] * 10
        assert len(set(part.labels[:20])) > 5  # mixed
    seen = {image.tobytes() for part in parts for image in part.images}
    assert len(seen) == 5000  # none twice, so none is in both


def test_most_digits_are_nearest_to_the_mean_of_their_class():
    """No label of mnist has slipped."""
    learning, held_out = (part._replace(images=part.images.reshape(-1, 784)) for part in mnist())
    means = np.stack([learning.images[learning.labels == label].mean(0) for label in range(10)])
    apart = np.linalg.norm(held_out.images[:, np.newaxis] - means, axis=2)
    assert (apart.argmin(axis=1) == held_out.labels).mean() > 0.75


def test_digits_of_one_class_are_more_alike_than_others():
    """No label has slipped: blurred, a digit's nearest neighbour is usually its twin."""
    blur = np.ones((5, 5)) / 25
    seen = {(label, k): slid(blur, digit(label, k)) for label in range(10) for k in (0, 1)}
    hits = 0
    for label in range(10):
        others = {key: image for key, image in seen.items() if key != (label, 0)}
        nearest = min(others, key=lambda key: np.linalg.norm(others[key] - seen[label, 0]))
        hits += nearest[0] == label
    assert hits >= 7


@pytest.mark.parametrize("label", range(10))
def test_a_small_digit_is_made_of_sixteenths(label):
    image = small_digit(label)
    assert image.shape == (8, 8)
    assert image.dtype == np.float64
    assert image.min() == 0
    assert image.max() == 1
    assert (image * 16 == np.round(image * 16)).all()


@pytest.mark.parametrize("label", [-1, 10, 2.0, "3", None])
@pytest.mark.parametrize("function", [digit, small_digit])
def test_no_such_digit(function, label):
    with pytest.raises(
        CnnMathError, match=r"label must be a whole number from 0 to 9, not"
    ) as error:
        function(label)
    assert repr(label) in str(error.value)


@pytest.mark.parametrize("which", [-1, 2, 0.5])
def test_no_such_handwriting(which):
    with pytest.raises(CnnMathError, match=r"which must be a whole number from 0 to 1, not"):
        digit(3, which)


def test_labels_may_be_numpy_integers():
    assert (digit(np.int64(7), np.uint8(1)) == digit(7, 1)).all()


# ---- The photograph


def test_the_photograph_in_colour_and_in_grey():
    colour, grey = photograph(colour=True), photograph()
    assert colour.shape == (3, 128, 128)
    assert grey.shape == (128, 128)
    assert colour.dtype == grey.dtype == np.float64
    for image in (colour, grey):
        assert image.min() >= 0
        assert image.max() <= 1
        assert image.max() - image.min() > 0.9
    red, green, blue = colour
    np.testing.assert_allclose(grey, 0.2126 * red + 0.7152 * green + 0.0722 * blue)


def test_the_photograph_is_the_right_way_up_and_its_channels_in_order():
    red, _, blue = photograph(colour=True)
    sky, face = np.s_[20:60, 110:], np.s_[68:84, 56:80]
    assert (blue[sky] > red[sky] + 0.2).all()
    assert red[face].mean() > blue[face].mean() + 0.15
    assert photograph()[118:, :20].mean() < 0.2, "the uniform is dark"


# ---- Kernels


def test_kernels_sum_to_what_they_should():
    assert {name: pytest.approx(kernel.sum()) for name, kernel in kernels().items()} == SUMS


def test_kernels_have_the_size_their_name_says():
    for name, kernel in kernels().items():
        assert kernel.shape == ((5, 5) if "5×5" in name else (3, 3))
        assert kernel.dtype == np.float64


def test_kernels_are_what_they_are_called():
    of = kernels()
    image = np.random.default_rng(0).normal(size=(9, 9))
    inner = image[1:-1, 1:-1]
    neighbours = image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, :-2] + image[1:-1, 2:]

    np.testing.assert_allclose(slid(of["identity"], image), inner)
    np.testing.assert_allclose(slid(of["box blur"], image)[0, 0], image[:3, :3].mean())
    np.testing.assert_allclose(slid(of["Laplacian"], image), neighbours - 4 * inner)
    np.testing.assert_allclose(slid(of["sharpen"], image), inner - (neighbours - 4 * inner))
    # Blurring twice with the small one is blurring once with the large one.
    small, large = of["Gaussian blur"], of["Gaussian blur 5×5"]
    np.testing.assert_allclose(slid(small, slid(small, image)), slid(large, image))


def test_edges_are_positive_to_the_right_and_downwards():
    of = kernels()
    brighter_to_the_right, brighter_downwards = ramp(6, 6), ramp(6, 6).T
    assert (slid(of["Sobel vertical edges"], brighter_to_the_right) == 8).all()
    assert (slid(of["Sobel vertical edges"], brighter_downwards) == 0).all()
    assert (slid(of["Sobel horizontal edges"], brighter_downwards) == 8).all()
    assert (slid(of["Sobel horizontal edges"], brighter_to_the_right) == 0).all()


def test_emboss_lights_the_upper_left_of_what_stands_out():
    image = np.zeros((10, 10))
    image[3:7, 3:7] = 1
    lit = slid(kernels()["emboss"], image)
    assert lit[2, 2] > 1
    assert lit[5, 5] < 1


# ---- What all of them have in common


@pytest.mark.parametrize(
    "function",
    [
        lambda: digit(3),
        lambda: small_digit(3),
        photograph,
        lambda: photograph(colour=True),
        lambda: mnist()[1].images,
        *(lambda name=name: kernels()[name] for name in SUMS),
    ],
)
def test_each_call_gives_an_array_of_its_own(function):
    first = function()
    before = first.copy()
    first += 7
    assert (function() == before).all()


def test_importing_reads_no_image_and_loads_no_plotting():
    code = (
        "import sys, cnnmath.data as data;"
        "assert data._arrays.cache_info().currsize == 0;"
        "assert 'matplotlib' not in sys.modules and 'PIL' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=True,
    )


PARTS = {"images.npz": {"digits.npy", "small_digits.npy", "photograph.npy"},
         "mnist.npz": {"images.npy", "labels.npy"}}  # fmt: skip


@pytest.mark.parametrize(("name", "size"), [("images.npz", 100_000), ("mnist.npz", 900_000)])
def test_the_file_is_small_and_bears_no_date(name, size):
    path = resources.files("cnnmath").joinpath(name)
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        assert archive.testzip() is None
    assert set(entries) == PARTS[name]
    assert {entry.date_time for entry in entries.values()} == {(1980, 1, 1, 0, 0, 0)}
    assert len(path.read_bytes()) < size
