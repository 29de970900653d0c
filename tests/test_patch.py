"""The coloured patch that the chapter on channels shows is the one that its figure reads."""

import re

import numpy as np
from cells import chapter
from conftest import ROOT

FULL = 255 / 3  # of a colour, for each step of a channel from 0 to 3


def test_the_patch_has_the_colours_that_stand_in_the_figure():
    drawn = (ROOT / "book/channels/patch.svg").read_text("utf-8")
    pixels = re.findall(r'x="(\d+)" y="(\d+)" width="(\d+)".*rgb\((\d+), (\d+), (\d+)\)', drawn)
    assert len(pixels) == 8
    x = chapter("channels/forward").value("forward-10").arrays["x"]
    for left, top, width, *colour in ([int(number) for number in pixel] for pixel in pixels):
        row, column = top // width, left // width
        assert np.array_equal(colour, FULL * x[:, row, column])
