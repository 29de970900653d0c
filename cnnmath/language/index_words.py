r"""Indices of several letters: the `c_{\text{out}}` and the `kh` of `\sum_{kh} \sum_{kw}`.

A sum or the left side introduces an index. One with a word below it, `c_{in}`, is one index.
Letters side by side are one each, `ij`, but where two that are introduced share a letter, as kh
and kw do, and stand between commas and signs wherever they are: then they are words.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from lark import Token

from cnnmath.language.token_kinds import one_word

_BASES = {"LETTER", "GREEK"}
_OPENS, _CLOSES = {"OPEN", "LPAR", "LSQB"}, {"CLOSE", "RPAR", "RSQB"}
_ENDS_ITEM = {"COMMA", "EQ", "REL", "SIGN", "MULOP", *_CLOSES}


class Item(NamedTuple):
    """Some letters side by side, perhaps with a word below the first: where they begin and end.

    is_first, is_last : whether a bracket, a comma or a sign stands before it, or behind
    in_list : whether there are commas beside it
    introduced : whether it is below a sum, or in a script of the left side
    """

    begin: int
    end: int
    word: str
    is_labelled: bool
    is_alone: bool
    in_list: bool
    introduced: bool


def with_index_words(tokens: Sequence[Token], known: Collection[str]) -> list[Token]:
    """The tokens, in which an index of several letters is one word.

    known : names that were declared, which stay what they are
    """
    items = [item for item in _items(tokens) if item.word not in known]
    labelled = {item.word for item in items if item.is_labelled and item.introduced}
    runs = [item for item in items if not item.is_labelled and item.end - item.begin > 1]
    bare = _sharing(runs)
    found: list[Token] = []
    place = 0
    for item in items:
        if item.word in (labelled if item.is_labelled else bare):
            found += tokens[place : item.begin]
            found.append(one_word(tokens[item.begin : item.end], item.word))
            place = item.end
    return [*found, *tokens[place:]]


def _sharing(runs: Sequence[Item]) -> set[str]:
    """The runs of letters that are words."""
    words = {run.word for run in runs if run.introduced and run.is_alone}
    words -= {run.word for run in runs if not run.is_alone}
    words &= {run.word for run in runs if run.in_list and run.is_alone}
    known = WORDS & {word for word in words if len(word) > 2}
    return known | {w for w in words if any(set(w) & set(one) for one in words - {w})}


def _items(tokens: Sequence[Token]) -> Iterator[Item]:
    """What may be an index of several letters, from left to right."""
    opened: list[bool] = []  # of each bracket whether it introduces indices
    is_left = any(token.type == "EQ" for token in tokens)
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.type in _OPENS:
            is_within = bool(opened) and opened[-1] and tokens[place - 1].type == "OPEN"
            opened.append(is_within or _introduces(tokens, place, is_left and not opened))
        elif token.type in _CLOSES and opened:
            opened.pop()
        elif token.type == "EQ" and not opened:
            is_left = False
        elif token.type in _BASES:
            end, word = _labelled(tokens, place)
            is_labelled = end > place
            if not is_labelled:
                end = place
                while end < len(tokens) and tokens[end].type == "LETTER":
                    end += 1
                if end < len(tokens) and tokens[end].type == "SUB" and end - place > 1:
                    end -= 1  # in `ic_{in}` the label is of c alone
                end = max(end, place + 1)
                word = "".join(tokens[place:end])
            introduced = bool(opened) and opened[-1]
            before = tokens[place - 1].type if place else ""
            after = tokens[end].type if end < len(tokens) else ""
            is_alone = before in _ENDS_ITEM | _OPENS and after in _ENDS_ITEM
            in_list = "COMMA" in (before, after)
            yield Item(place, end, word, is_labelled, is_alone, in_list, introduced)
            place = end
            continue
        place += 1


def _labelled(tokens: Sequence[Token], place: int) -> tuple[int, str]:
    """Where `c_{out}` ends, and its name; the place itself if this is no such thing."""
    rest = tokens[place + 1 :]
    kinds = [token.type for token in rest[:3]]
    base = re.sub(r"[\\{}\s]", "", tokens[place])
    if kinds[:2] == ["SUB", "WORD"]:
        return place + 3, f"{base}_{_plain(rest[1])}"
    if kinds[:2] != ["SUB", "OPEN"]:
        return place, ""
    if kinds[2:] == ["WORD"] and len(rest) > 3 and rest[3].type == "CLOSE":
        return place + 5, f"{base}_{_plain(rest[2])}"
    length = 0
    while 2 + length < len(rest) and rest[2 + length].type == "LETTER":
        length += 1
    is_word = length > 1 and 2 + length < len(rest) and rest[2 + length].type == "CLOSE"
    if not is_word or "".join(rest[2 : 2 + length]) not in WORDS:
        return place, ""
    return place + length + 4, f"{base}_{''.join(rest[2 : 2 + length])}"


WORDS = {"in", "out", "inp", "outp", "input", "output", "pos", "max", "min", "old", "new", "src",
          "tgt", "row", "col", "ref", "pred", "true"}  # fmt: skip
LETTERS = set("ijklmn")  # which below a new name are an index, even where nothing else reads them


def _plain(word: str) -> str:
    return re.sub(r"^\\[a-z*]+\s*\{|\}$|\s", "", word)


def _introduces(tokens: Sequence[Token], place: int, is_left: bool) -> bool:
    """Whether the bracket there is below a sum, or a script of what the left side defines."""
    before = [token.type for token in tokens[max(0, place - 2) : place]]
    if before == ["BIG", "SUB"]:
        return True
    return is_left and before[-1:] in (["SUB"], ["SUP"])
