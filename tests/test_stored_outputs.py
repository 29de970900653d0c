"""Which differences between a stored output and a fresh one nobody sees, and which are told."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from cnnmath import plots
from tools.execute import with_what_looks_the_same
from tools.nbval_outputs import looks_the_same, visible

PHOTOGRAPH = np.random.default_rng(5).normal(size=(30, 30))
HTML = plots.images(PHOTOGRAPH)._repr_html_()


def seen(kind, data):
    return list(visible([{"data": {kind: data, "text/plain": "a figure"}}]))


def other_pixels(page, change):
    """The page with other numbers in its first picture."""
    found = re.search("(?<=base64,)[A-Za-z0-9+/=]+", page)
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(found[0])))).copy()
    file = io.BytesIO()
    Image.fromarray(change(pixels)).save(file, format="png")
    return page.replace(found[0], base64.b64encode(file.getvalue()).decode(), 1)


def test_what_is_to_be_seen_is_pictures_and_drawings():
    assert seen("text/html", "<p>words</p>") == []
    assert seen("text/html", HTML) == [("text/html", HTML)]
    assert seen("text/html", [HTML[:50], HTML[50:]]) == [("text/html", HTML)]
    assert seen("image/png", "abc") == [("image/png", "abc")]


@pytest.mark.parametrize(
    "slight",
    [
        lambda page: re.sub("plot-[0-9a-f]{8}", "plot-01234567", page),
        lambda page: re.sub(r'viewBox="0.00', 'viewBox="0.04', page, count=1),
        lambda page: other_pixels(page, lambda pixels: pixels),  # packed in another way
        lambda page: other_pixels(page, lambda pixels: np.maximum(pixels, 1)),
    ],
)
def test_a_last_bit_is_no_difference(slight):
    page = slight(HTML)
    assert page != HTML
    assert looks_the_same(("text/html", HTML), ("text/html", page))


@pytest.mark.parametrize(
    "plain",
    [
        lambda page: re.sub(r'viewBox="0.00', 'viewBox="9.00', page, count=1),
        lambda page: page.replace("fill:var(--plot-high)", "fill:var(--plot-low)"),
        lambda page: page.replace("<path", "<g"),
        lambda page: other_pixels(page, lambda pixels: pixels[::-1]),
        lambda page: other_pixels(page, lambda pixels: pixels[1:]),
    ],
)
def test_anything_else_is_one(plain):
    assert not looks_the_same(("text/html", HTML), ("text/html", plain(HTML)))


def test_an_output_that_looks_the_same_stays_as_it_is_stored():
    def notebook(*pages):
        outputs = [{"data": {"text/html": page}} for page in pages]
        return {"cells": [{"cell_type": "code", "outputs": outputs}]}

    slight = re.sub("plot-[0-9a-f]{8}", "plot-01234567", HTML)
    other = plots.images(-PHOTOGRAPH)._repr_html_()
    kept = with_what_looks_the_same(notebook(HTML, HTML, "<p>"), notebook(slight, other, "<b>"))
    assert slight not in kept
    for page in (HTML, other, "<b>"):
        assert page.replace('"', '\\"').replace("\n", "\\n") in kept
