"""A small Sphinx extension: the words of the glossary say what they mean where a chapter uses them.

The glossary is a page of the book, `book/appendix/glossary.md`, an entry a line:

    - **score**, also *logit*: What comes before softmax. [Softmax](../network/softmax.ipynb)

Where such a word stands first in the text of another chapter than the one that explains it, the
built page makes it a button, and what it means a popover, which needs no script to open. So nobody
marks words by hand, nor forgets to, and to JupyterLab a chapter is plain text.
"""

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

from tools import chapters
from tools.together import keep_marks

PAGE = "book/appendix/glossary"
MOST = 40  # entries
LONGEST = 190  # characters that a popover says at most

ENTRY = re.compile(
    r"- \*\*(?P<word>[^*]+)\*\*(?:, also \*(?P<also>[^*]+)\*)?: (?P<says>[^\[\]*$`]+[.]) "
    r"\[(?P<title>[^\]]+)\]\((?P<link>[^)]+)\.ipynb\)"
)

NO_TEXT = (
    nodes.title, nodes.reference, addnodes.pending_xref, nodes.literal, nodes.math,
    nodes.math_block, nodes.table, nodes.raw,
)  # fmt: skip
"""In these, and in what cells give, no word is marked."""


class Entry(NamedTuple):
    """A word, another one for the same, what they mean, and the chapter that explains them."""

    word: str
    also: str | None
    says: str
    title: str
    chapter: str

    @property
    def key(self) -> str:
        """How an address and an element of a page call it."""
        return f"word-{self.word.lower().replace(' ', '-')}"


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_node(word, html=(open_word, close_word))
    app.add_post_transform(MarkWords)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


@cache
def entries() -> list[Entry]:
    return read((chapters.ROOT / f"{PAGE}.md").read_text("utf-8"))


def read(text: str) -> list[Entry]:
    """The entries of a glossary.

    Raises ExtensionError if a line of its list is no entry, if the list is out of order, or if it
        is too long.
    """
    found = [entry(line) for line in text.splitlines() if line.startswith("- ")]
    words = [one.word.lower() for one in found]
    if words != sorted(set(words)):
        wrong = next(b for a, b in pairwise(words) if a >= b)
        raise ExtensionError(f"{PAGE}: {wrong!r} is not where the alphabet has it, or stands twice")
    if len(found) > MOST:
        raise ExtensionError(f"{PAGE}: {len(found)} entries, where {MOST} are the most")
    return found


def entry(line: str) -> Entry:
    match = ENTRY.fullmatch(line)
    if not match:
        raise ExtensionError(
            f"{PAGE}: an entry is `- **word**: What it means, in plain text. "
            f"[Chapter](../part/chapter.ipynb)`, which this is not: {line}"
        )
    if len(match["says"]) > LONGEST:
        raise ExtensionError(
            f"{PAGE}: {match['word']!r} is explained in {len(match['says'])} characters, "
            f"where {LONGEST} are the most"
        )
    place = PurePosixPath("book", match["link"].removeprefix("../"))
    if str(place) not in chapters.notebooks():
        raise ExtensionError(f"{PAGE}: there is no chapter {match['link']}.ipynb")
    return Entry(match["word"], match["also"], match["says"], match["title"], str(place))


class word(nodes.inline):
    """A word of a text, with its `entry`."""


class MarkWords(SphinxPostTransform):
    # After the outputs of cells have become part of the page, before marks are kept to formulas.
    default_priority = 650
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        page = self.env.docname
        if page in chapters.notebooks() and page != chapters.pages()[0]:
            mark(self.document, [one for one in entries() if one.chapter != page])


def mark(document: nodes.document, wanted: list[Entry]) -> None:
    """Make a `word` of the first place of each entry in the text of a chapter."""
    named = {name.lower(): one for one in wanted for name in (one.word, one.also) if name}
    for text in list(running_text(document)):
        rest = text
        while named and (found := first(rest, list(named))):
            own = named[found["name"].lower()]
            named = {name: one for name, one in named.items() if one is not own}
            parent, made = rest.parent, word("", found[0], entry=own)
            around = [nodes.Text(part) for part in (rest[: found.start()], rest[found.end() :])]
            parent.replace(rest, [around[0], made, around[1]])
            keep_marks(made)
            kept = made if made.parent is parent else made.parent
            rest = parent[parent.index(kept) + 1]


def first(text: str, names: list[str]) -> re.Match[str] | None:
    """Where the first of some names stands, of several at one place the longest; or its plural."""
    longest = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.search(rf"(?<![\w-])(?P<name>{longest})(?:e?s)?(?![\w-])", text, re.IGNORECASE)


def running_text(document: nodes.document) -> Iterator[nodes.Text]:
    """What stands in the paragraphs of a chapter, without headings, links, code and outputs."""
    for text in document.findall(nodes.Text):
        around = list(ancestors(text))
        apart = any(node.get("nb_element") or isinstance(node, NO_TEXT) for node in around)
        if not apart and any(isinstance(node, nodes.paragraph) for node in around):
            yield text


def ancestors(node: nodes.Node) -> Iterator[nodes.Element]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def open_word(translator: Any, node: nodes.Element) -> None:
    key = node["entry"].key
    translator.body.append(
        f'<button type="button" class="word" popovertarget="{key}" popovertargetaction="show" '
        f'aria-describedby="{key}">'
    )


def close_word(translator: Any, node: nodes.Element) -> None:
    own: Entry = node["entry"]
    builder = translator.builder
    chapter = builder.get_relative_uri(builder.current_docname, own.chapter)
    translator.body.append(
        f'</button><span class="meaning" id="{own.key}" popover>{escape(own.says)} '
        f'<a href="{escape(chapter)}">{escape(own.title)}</a></span>'
    )
