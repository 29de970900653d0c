"""Sentences of the chapters with their numbers calculated, a file for each part of the book."""

from sentences import (  # noqa: F401
    activation,
    arithmetic,
    channels,
    classes,
    convolution,
    descent,
    dialects,
    gradients,
    graph,
    groups,
    inside,
    network,
    notation,
    pooling,
    saliency,
    training,
    transposed,
)
from sentences.saying import SENTENCES, Live

__all__ = ["SENTENCES", "Live"]
