"""Pixels as a picture within a page."""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def png(pixels: NDArray[np.uint8]) -> str:
    """The address of a picture that holds itself: a PNG file, in base 64.

    pixels : (height, width) shades of grey, or (height, width, 3) red, green and blue
    """
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="png", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
