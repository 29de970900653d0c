"""Sentences of the chapters with their numbers calculated, a file for each part of the book."""

from sentences import activation, channels, convolution, network, pooling, source  # noqa: F401
from sentences.saying import SENTENCES, Live

__all__ = ["SENTENCES", "Live"]
