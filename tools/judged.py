"""The golden record of the verdicts on the article's formulas: what a reader is shown of each.

`python -m tools.golden --write` writes `tests/golden/verdicts.txt` anew, after a change that is
meant; `tests/test_article.py` compares today's verdicts with it.
"""

from collections.abc import Iterator
from pathlib import Path

from cnnmath.article import PRINTED, summary

RECORD = Path(__file__).parents[1] / "tests" / "golden" / "verdicts.txt"
_NEXT = "\n\n" + "-" * 80 + "\n"


def said(title: str) -> Iterator[str]:
    """The verdict on one formula, and on which numbers it was run; or all of them in a table."""
    if title == "summary":
        yield from summary()._repr_mimebundle_()["text/markdown"].splitlines()
        return
    judged = PRINTED[title].judge()
    yield from repr(judged).splitlines()
    yield f"run on {dict(judged.printed.sample)} of {dict(judged.printed.shapes)}"
    yield from judged.markdown().splitlines()


def read() -> dict[str, list[str]]:
    """What is on record, by the title of the formula."""
    parts = (part.split("\n") for part in RECORD.read_text("utf-8").removesuffix("\n").split(_NEXT))
    return {title: lines for title, *lines in parts}


def write() -> None:
    """The record of the verdicts as they are today."""
    parts = ["\n".join([title, *said(title)]) for title in (*PRINTED, "summary")]
    RECORD.write_text(_NEXT.join(parts) + "\n", "utf-8")
