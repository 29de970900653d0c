"""A derivation as a reader sees it: the equals signs below each other, the rule before each line,
what is new in it marked, what will change underlined, and what running it gave.

One piece of HTML serves JupyterLab, where MathJax typesets what stands between \\( and \\), and the
built book, where KaTeX has done so before the page is loaded. No script is needed.
"""

import html
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cnnmath.derive.marks import marked
from cnnmath.typeset import for_dark_themes, linkless

_MATHEMATICS = re.compile(r"\$([^$]+)\$")
_POINTS = frozenset(".,;:)")
_COLOURS = re.compile(r"\\textcolor\{#\w+\}")
_LONG = 1600
"""From so many signs on, formulas in LaTeX and sentences, a derivation fills the window."""


class Row(NamedTuple):
    """One line: its rule, the sentence in Markdown, its right side in LaTeX, how it ran."""

    rule: str
    sentence: str
    latex: str
    run: str


def page(
    title: str,
    forward: Sequence[str],
    left: str,
    usual: Sequence[Row],
    every: Sequence[Row],
    said: str,
) -> str:
    """A derivation as HTML: the usual lines, and every rewriting in a fold below them.

    Lines that would push what follows out of sight are in a fold too, below what comes of them.

    title, said : words, with formulas between dollars;  forward : what is derived, in LaTeX
    left : the left side in LaTeX
    """
    given = _above("What is derived", forward)
    lines = _list(left, usual)
    if sum(map(_length, usual)) > _LONG:
        given += _above("The result", [f"{left} = {usual[-1].latex}"])
        lines = _fold(f"The derivation, in {len(usual)} lines", lines)
    more = ""
    if len(every) > len(usual):
        more = _fold(f"Every step, in {len(every)} lines", _list(left, every))
    shown = (
        f'<p class="cx-heading">{_words(title)}</p>{given}{lines}'
        f'<p class="cx-said">{_words(said)}</p>{more}'
    )
    styles = f"<style>{_style()}</style>{for_dark_themes(shown)}"
    return f'<div class="cx-derivation">{styles}{shown}</div>'


@cache
def _style() -> str:
    written = Path(__file__).with_name("derivation.css").read_text("utf-8")
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL)).strip()


def _above(name: str, formulas: Sequence[str]) -> str:
    """Formulas above the lines. Where there is little room they scroll, as those do."""
    return "".join(
        [
            '<div class="cx-given">',
            *(
                f'<div tabindex="0" role="group" aria-label="{name}">'
                f"{_broken(marked(one, None, None))}</div>"
                for one in formulas
            ),
            "</div>",
        ]
    )


def _fold(summary: str, held: str) -> str:
    return f"<details><summary>{summary}</summary>{held}</details>"


def _list(left: str, rows: Sequence[Row]) -> str:
    lines = "".join(_lines(left, rows))
    return f'<ol class="cx-lines">{lines}</ol>'


def _length(row: Row) -> int:
    return len(_COLOURS.sub("", row.latex)) + len(row.sentence)


def _lines(left: str, rows: Sequence[Row]) -> Iterator[str]:
    sides = [row.latex for row in rows]
    around = zip([None, *sides], sides, [*sides[1:], None], strict=False)
    for number, (row, (before, side, after)) in enumerate(zip(rows, around, strict=True)):
        yield "".join(
            [
                "<li>",
                f'<div class="cx-reason"><b>{html.escape(row.rule)}.</b> ',
                f"{_words(row.sentence)}</div>",
                f'<div class="cx-left">{"" if number else _formula(left)}</div>',
                f'<div class="cx-equals">{_inline("=")}</div>',
                # Where there is little room it scrolls, and must be reached without a mouse.
                f'<div class="cx-right" tabindex="0" role="group" '
                f'aria-label="Line {number + 1}">{_broken(marked(side, before, after))}</div>',
                f'<div class="cx-run">{html.escape(row.run)}</div>',
                "</li>",
            ]
        )


def _words(text: str) -> str:
    """Words as HTML, what stands between dollars as a formula."""
    first, *parts = _MATHEMATICS.split(text)
    out = [html.escape(first)]
    for formula, words in zip(parts[::2], parts[1::2], strict=True):
        # No line begins with the full stop behind a formula.
        end = 1 if words[:1] in _POINTS else 0
        held = f'<span class="cx-held">{_inline(formula)}{words[:end]}</span>'
        out += [held if end else _inline(formula), html.escape(words[end:])]
    return "".join(out)


def _broken(parts: Sequence[str]) -> str:
    """A formula that may go on below between its parts."""
    return "<wbr>".join(map(_formula, parts))


def _formula(latex: str) -> str:
    return _inline(rf"\displaystyle {latex}")


def _inline(latex: str) -> str:
    return rf'<span class="cx-math">\({html.escape(linkless(latex), quote=False)}\)</span>'
