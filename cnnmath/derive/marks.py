r"""Which parts of a line are new and which are about to change, seen beside the lines around it.

A line is cut into pieces that are typeset as one thing: a symbol with its indices, a sum with what
stands below and above it, a bracket, a fraction, all cases of a bracket of cases. A piece that the
other line has too, in the same order, has not changed.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import groupby, pairwise

TOGETHER = 3  # sums in a row, for which a phone has room
NEW = "#fff0b3"  # the background of what is new; on a dark page the style sheet has another

_ATOM = re.compile(
    r"\s*(\\(?:left|right)\s*(?:\\.|\\[a-zA-Z]+|\S)|\\[a-zA-Z]+\*?|\\.|\S)", re.DOTALL
)
_ARGUMENTS = {"\\frac": 2, "\\textcolor": 2} | dict.fromkeys(
    ("\\sqrt", "\\hat", "\\tilde", "\\bar", "\\mathrm", "\\mathit", "\\operatorname", "\\text"), 1
)
_SCRIPT = re.compile(r"\s*([_^]|'+)")
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{")
_BIG = re.compile(r"\\(sum|prod)(?![a-z])")
_BEGINNING = re.compile(r"[+-]$|(\\left\s*)?\[|\\(sum|prod|frac|textcolor)(?![a-z])")
_HOLDING = re.compile(r"[=+-]$|\\(cdot|log|exp|max|min|arg|operatorname)(?![a-z])")
_OPEN, _CLOSE = re.compile(r"(?:\\left\s*)?\["), re.compile(r"(?:\\right\s*)?\]")


def marked(line: str, before: str | None, after: str | None) -> list[str]:
    """A line with a background behind what is new in it, and a rule under what will change.

    before, after : the lines beside it, if there are any
    Returns its parts: where there is little room it goes on below between any two of them.
    """
    own = pieces(line)
    new = _apart(own, pieces(before)) if before is not None else set()
    going = _apart(own, pieces(after)) if after is not None else set()
    out = []
    for start, end in pairwise([*_starts(own), len(own)]):
        part = []
        for (is_new, is_going), run in groupby(
            range(start, end), key=lambda number: (number in new, number in going)
        ):
            text = " ".join(
                _spaced(own[number]) if number == start > 0 else own[number] for number in run
            )
            # What one command opens and another closes cannot be marked in halves.
            if text.count(r"\left") == text.count(r"\right"):
                if is_going:
                    text = rf"\underline{{{text}}}"
                if is_new:
                    text = rf"\colorbox{{{NEW}}}{{$\displaystyle {text}$}}"
            part.append(text)
        out.append(" ".join(part))
    return out


def _starts(own: Sequence[str]) -> list[int]:
    """The pieces with which a new line may begin, where all parentheses are closed."""
    found = [0]
    depth = sums = 0
    for number, piece in enumerate(own):
        sums = sums + 1 if _BIG.match(piece) else 0
        is_held = _HOLDING.match(own[number - 1]) or (sums and (sums - 1) % TOGETHER)
        if number and not depth and _BEGINNING.match(piece) and not is_held:
            found.append(number)
        depth += piece.startswith("(") + piece.count(r"\left")
        depth -= piece.startswith(")") + piece.count(r"\right")
    return found


def _spaced(piece: str) -> str:
    """The first piece of a part, as far from what stands before it as if that were not apart."""
    return f"{{}} {piece}" if piece in "+-" else rf"\, {piece}" if _BIG.match(piece) else piece


def pieces(latex: str) -> list[str]:
    """The LaTeX in pieces, each of which is typeset as one thing."""
    found = []
    at = 0
    while at < len(latex.rstrip()):
        end = _piece_end(latex, at)
        found.append(latex[at:end].strip())
        at = end
    return found


def _apart(own: Sequence[str], other: Sequence[str]) -> set[int]:
    """The numbers of the pieces that the other line does not have in this order."""
    blocks = SequenceMatcher(None, own, other, autojunk=False).get_matching_blocks()
    kept = {number for block in blocks for number in range(block.a, block.a + block.size)}
    return set(range(len(own))) - kept


def _piece_end(latex: str, at: int) -> int:
    """Where a piece ends: a symbol, a group or a bracket, with its scripts."""
    atom = _ATOM.match(latex, at)
    if atom is None:
        return len(latex)
    end = atom.end()
    if atom[1] == "{":
        end = _argument_end(latex, at)
    elif _OPEN.fullmatch(atom[1]):
        end = _bracket_end(latex, end)
    elif atom[1] == r"\begin":
        end = _environment_end(latex, atom.start(1))
    for _ in range(_ARGUMENTS.get(atom[1], 0)):
        end = _argument_end(latex, end)
    while script := _SCRIPT.match(latex, end):
        end = script.end() if script[1] not in "_^" else _argument_end(latex, script.end())
    return end


def _argument_end(latex: str, at: int) -> int:
    """Where the group in braces, or the one sign, ends that stands here."""
    atom = _ATOM.match(latex, at)
    if atom is None or atom[1] != "{":
        return len(latex) if atom is None else atom.end()
    depth = 0
    for brace in re.compile(r"(?<!\\)[{}]").finditer(latex, atom.start(1)):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.end()
    return len(latex)


def _environment_end(latex: str, at: int) -> int:
    """Where the environment ends that begins here."""
    depth = 0
    for word in _ENVIRONMENT.finditer(latex, at):
        depth += 1 if word[1] == "begin" else -1
        if depth == 0:
            return _argument_end(latex, word.end() - 1)
    return len(latex)


def _bracket_end(latex: str, at: int) -> int:
    """Where the square bracket ends that was opened before."""
    while at < len(latex):
        atom = _ATOM.match(latex, at)
        if atom and _CLOSE.fullmatch(atom[1]):
            return atom.end()
        at = _piece_end(latex, at)
    return at
