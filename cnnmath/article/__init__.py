"""The article that the book grew from, checked: every formula it displays, as it stands there.

What you can do with it: `PRINTED["ReLU, backward"]` shows one of them, what came of running it, and
for each mistake the smallest example with both numbers, calculated on the spot;
`.mistakes[0].live()` is an example as a live figure; `summary()` lists all of them.
"""

from cnnmath.article.judging import Mistake, Printed, Summary
from cnnmath.article.printed import PRINTED

__all__ = ["PRINTED", "URL", "Mistake", "Printed", "Summary", "summary"]

URL = "https://qiita.com/Rowing0914/items/e815ca24427874030526"


def summary() -> Summary:
    """Every formula of the article with its verdict and its numbers."""
    return Summary(tuple(PRINTED.values()))
