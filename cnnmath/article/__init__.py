"""The article that the book grew from, checked: every formula it displays, as it stands there.

What you can do with it: `PRINTED["ReLU, backward"].judge()` runs one of them and shows what came of
it, and for each mistake the smallest example with both numbers; `.mistakes[0].read` is the formula
as it must be read to run, `.right` the one that is right; `summary()` judges all of them. A verdict
that running it does not confirm raises.
"""

from cnnmath.article.printed import PRINTED
from cnnmath.article.verdict import Judged, Mistake, Printed, Summary

__all__ = ["PRINTED", "URL", "Judged", "Mistake", "Printed", "Summary", "summary"]

URL = "https://qiita.com/Rowing0914/items/e815ca24427874030526"


def summary() -> Summary:
    """Every formula of the article with its verdict and its numbers."""
    return Summary(tuple(printed.judge() for printed in PRINTED.values()))
