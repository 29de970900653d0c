"""The tokens of a formula, as the grammar wants them.

The grammar is context-free; a few habits of authors are not, and are settled here, on the tokens,
one after the other: `\\frac12` takes its digits one by one, letters may spell a name that was
declared, `{\\rm in}` is a word, what stands below an \\underbrace says
something about the formula, `&` and `\\\\` lay out except inside cases, dots and `\\quad` may stand
for a comma, bars open and close with one character, a displayed formula may end in punctuation, and
`\\varepsilon` is a letter of its own beside `\\epsilon`.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from lark import Token

from cnnmath.language.bars import with_bars, with_double_bars
from cnnmath.language.dots import DOTTED
from cnnmath.language.factorials import with_factorials
from cnnmath.language.index_words import with_index_words
from cnnmath.language.symbols import command_of, variants
from cnnmath.language.syntax_errors import syntax_error
from cnnmath.language.token_kinds import CLOSING, ENDS_OPERAND, OPENING, SYMBOLS, cut
from cnnmath.language.words import with_plain_vectors, with_words

_BEGINS_OPERAND = SYMBOLS | OPENING | {
    "FUNCTION", "BIG", "FRAC", "_ROOT", "STYLE", "ACCENT", "PARTIAL", "NABLA",
}  # fmt: skip
_GOES_ON = {"EQ", "REL", "SIGN", "MULOP", "COMMA", "LOGIC", "COLON", "IF", "FORALL", "QUAD"}
_SCRIPT = {"SUB", "SUP"}
_BELOW = ["SUB", "OPEN"]
_ANGLES = (("<", ">"), (r"\langle", r"\rangle"), ("⟨", "⟩"))
_ROWS = {"CASES", "ARRAY", "SUBSTACK"}  # in which & and \\\\ part rows


def settled(written: Sequence[Token], words: Collection[str], latex: str) -> list[Token]:
    """The tokens for the grammar, out of those that are written.

    words : names of several letters that were declared
    Raises FormulaSyntaxError
    """
    ordered = _with_what_is_under_behind(_with_angles(_with_all_before(with_factorials(written))))
    plain = _with_letters_styled(with_plain_vectors(ordered, words))
    said = _without_for_all(_with_scripts_apart(plain))
    separate = [*_single_arguments(_split_words(_spelt_out(said)))]
    tokens = with_index_words(with_words(separate, words), words)
    tokens = _without_what_changes(_without_empty_groups(_without_remarks(tokens)))
    tokens = with_double_bars(_left_side_named(tokens))
    tokens = list(with_bars(_separated(_unwrapped(_laid_out(tokens, latex)))))
    return _with_variants(tokens, latex)


def _with_scripts_apart(tokens: Sequence[Token]) -> list[Token]:
    """`W^{[l]T}`, `a^{[L](i)}` and `\\theta^{(k)\\top}` with each in a superscript of its own."""
    found: list[Token] = []
    scripts: list[int] = []  # for each brace that is open, how many brackets are open in its script
    for place, token in enumerate(tokens):
        opens = [one.type for one in tokens[max(0, place - 1) : place + 2]]
        if token.type == "OPEN":
            is_layer = opens[:1] == ["SUP"] and opens[2:] in (["LSQB"], ["LPAR"])
            scripts.append(0 if is_layer else -1)
        elif token.type == "CLOSE" and scripts:
            scripts.pop()
        elif scripts and scripts[-1] >= 0:
            scripts[-1] += (token.type in ("LSQB", "LPAR")) - (token.type in ("RSQB", "RPAR"))
        found.append(token)
        ends = bool(scripts) and scripts[-1] == 0 and token.type in ("RSQB", "RPAR")
        goes_on = {"TOP", "PRIME"} | (
            {"LETTER", "NUMBER", "LPAR"} if token.type == "RSQB" else set()
        )
        if ends and opens[-1] in goes_on:
            marks = (("CLOSE", "}"), ("SUP", "^"), ("OPEN", "{"))
            found += [cut(token, kind, 1, 1, text) for kind, text in marks]
    return found


def _spelt_out(tokens: Sequence[Token]) -> Iterator[Token]:
    """In `W_{if}` and `x_{ln}` are letters, not the word before a condition, nor a logarithm."""
    behind = [token.type for token in tokens[1:]]
    for (token, groups), after in zip(_with_groups(tokens), [*behind, ""], strict=False):
        is_bare = token.type == "IF" and not token.startswith("\\")
        is_bare |= token == "ln" and after in ("CLOSE", "COMMA")
        if is_bare and "OPEN" in groups and not _ROWS & set(groups):
            for place, letter in enumerate(token):
                yield cut(token, "LETTER", place, place + 1, letter)
        else:
            yield token


def _split_words(tokens: Iterable[Token]) -> Iterator[Token]:
    """`\\text{stride[0]}` is an element of `stride`."""
    for token in tokens:
        opened = token.find("[") if token.type == "WORD" else -1
        if opened < 0:
            yield token
            continue
        closed = token.index("]")
        yield cut(token, "WORD", 0, opened, f"{token[:opened]}}}")
        yield cut(token, "LSQB", opened, opened + 1)
        yield cut(token, "NUMBER", opened + 1, closed)
        yield cut(token, "RSQB", closed, closed + 1)


def _single_arguments(tokens: Iterator[Token]) -> Iterator[Token]:
    """`\\frac12`, `x^22` and `\\sqrt2x` take one digit each, as TeX does."""
    wanted = [0]  # arguments still to come, for each open brace
    for token in tokens:
        while token.type == "NUMBER" and wanted[-1] and token[0] != "." and len(token) > 1:
            yield cut(token, "NUMBER", 0, 1)
            token = cut(token, "NUMBER", 1, len(token))
            wanted[-1] -= 1
        yield token
        match token.type:
            case "SUB" | "SUP" | "_ROOT":
                wanted[-1] = 1
            case "FRAC":
                wanted[-1] = 2
            case "OPEN":
                wanted.append(0)
            case "CLOSE":
                if len(wanted) > 1:
                    wanted.pop()
                wanted[-1] = max(0, wanted[-1] - 1)
            case _:
                wanted[-1] = max(0, wanted[-1] - 1)


def _partners(tokens: Sequence[Token]) -> dict[int, int]:
    """Where each brace has its other one."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.type == "OPEN":
            opened.append(place)
        elif token.type == "CLOSE" and opened:
            found[place] = opened.pop()
            found[found[place]] = place
    return found


def _without_remarks(tokens: Sequence[Token]) -> list[Token]:
    """Drop an \\underbrace and what is written below it; its braces too, if they group no sum."""
    dropped: set[int] = set()
    partners = _partners(tokens)
    kinds = [token.type for token in tokens]
    for place, token in enumerate(tokens):
        if token.type != "STYLE" or not token.endswith("brace"):
            continue
        dropped.add(place)
        end = partners.get(place + 1, len(tokens))
        if not _has_sign(tokens[place + 2 : end]):
            dropped |= {place + 1, end}
        if end > place and kinds[end + 1 : end + 2] in (["SUB"], ["SUP"]):
            dropped |= {*range(end + 1, partners.get(end + 2, end + 2) + 1)}
    return [token for place, token in enumerate(tokens) if place not in dropped]


def _with_all_before(tokens: Sequence[Token]) -> list[Token]:
    r"""`x_{<i}` as `x_{\mathrm{before},i}`: a name of its own."""
    found: list[Token] = []
    for token in tokens:
        if [one.type for one in found[-2:]] == _BELOW and token in ("<", r"\lt"):
            found += [cut(token, "WORD", 0, 1, r"\mathrm{before}"), cut(token, "COMMA", 1, 1, ",")]
        else:
            found.append(token)
    return found


def _with_angles(tokens: Sequence[Token]) -> list[Token]:
    """`a^{<t>}` and `a^{\\langle t \\rangle}` as `a^{[t]}`."""
    found = [*tokens]
    partners = _partners(tokens)
    for place, token in enumerate(tokens):
        end = partners.get(place, 0)
        if token.type == "OPEN" and place and end > place + 2:
            ends = str(tokens[place + 1]), str(tokens[end - 1])
            if tokens[place - 1].type in _SCRIPT and ends in _ANGLES:
                found[place + 1] = Token.new_borrow_pos("LSQB", "[", tokens[place + 1])
                found[end - 1] = Token.new_borrow_pos("RSQB", "]", tokens[end - 1])
    return found


def _with_what_is_under_behind(tokens: Sequence[Token]) -> list[Token]:
    """`\\underset{x \\sim p}{\\mathbb{E}}` as `\\mathbb{E}_{x \\sim p}`."""
    found: list[Token] = []
    partners = _partners(tokens)
    place = 0
    while place < len(tokens):
        end = partners.get(place + 1, 0)
        last = partners.get(end + 1, 0)
        if tokens[place].type == "_UNDERSET" and last and tokens[end + 2].type in ("STYLE", "WORD"):
            script = cut(tokens[place], "SUB", 0, 1, "_")
            found += [*tokens[end + 2 : last], script, *tokens[place + 1 : end + 1]]
            place = last + 1
        else:
            found.append(tokens[place])
            place += 1
    return found


def _with_letters_styled(tokens: Sequence[Token]) -> list[Token]:
    """`\\mathcal{N(i)}` as `\\mathcal{N}(i)`: what is in the bracket is no part of the name."""
    found = [*tokens]
    partners = _partners(tokens)
    for place in range(len(tokens) - 4):
        kinds = [token.type for token in tokens[place : place + 4]]
        end = partners.get(place + 1, 0)
        if kinds == ["STYLE", "OPEN", "LETTER", "LPAR"] and tokens[end - 1].type == "RPAR":
            found[place + 3 : end + 1] = [tokens[end], *tokens[place + 3 : end]]
    return found


def _has_sign(tokens: Sequence[Token]) -> bool:
    """Whether a sign stands between some tokens, outside of any brackets."""
    depth = 0
    for token in tokens:
        depth += (token.type in OPENING) - (token.type in CLOSING)
        if depth == 0 and token.type in ("SIGN", "EQ", "REL", "COMMA"):
            return True
    return False


def _without_for_all(tokens: Sequence[Token]) -> list[Token]:
    """Drop the \\forall of `\\sum_{\\forall j}`."""
    return [
        token
        for place, token in enumerate(tokens)
        if token.type != "FORALL" or [t.type for t in tokens[max(0, place - 2) : place]] != _BELOW
    ]


def _without_empty_groups(tokens: Sequence[Token]) -> list[Token]:
    """Drop `{}`, which only sets spaces, as in `={}&`; the braces of `i{,}j` and `q{\\cdot}k`."""
    kept: list[Token] = []
    for token in tokens:
        before = kept[-2].type if len(kept) > 1 else ""
        is_script = len(kept) > 2 and kept[-3].type in _SCRIPT
        if (
            token.type == "CLOSE"
            and before == "OPEN"
            and (kept[-1].type == "COMMA" or (kept[-1].type == "MULOP" and not is_script))
        ):
            kept[-2:] = kept[-1:]
            continue
        if token.type == "CLOSE" and kept and kept[-1].type == "OPEN" and before not in _SCRIPT:
            kept.pop()
        else:
            kept.append(token)
    return kept


def _without_what_changes(tokens: list[Token]) -> list[Token]:
    """Of `v \\rightarrow v' = ..`, which says what v changes into, the formula of v'."""
    equals = [place for place, token in enumerate(tokens) if token.type == "EQ"]
    is_arrow = len(equals) > 1 and tokens[equals[0]] in (r"\rightarrow", r"\to", "→")
    return tokens[equals[0] + 1 :] if is_arrow else tokens


def _left_side_named(tokens: list[Token]) -> list[Token]:
    """In `\\text{ReLU}(x) = ..` and `\\det(A) = ..` that function is what the formula defines."""
    kinds = [token.type for token in tokens]
    if kinds[:2] == ["BIG", "LPAR"] and tokens[0] == r"\det" and "EQ" in kinds:
        tokens[0] = Token.new_borrow_pos("WORD", r"\mathrm{det}", tokens[0])
    is_word = bool(tokens) and ("{" in tokens[0] or not tokens[0].startswith("\\"))
    if is_word and any(token.type == "EQ" for token in tokens) and tokens[0].type == "FUNCTION":
        tokens[0] = Token.new_borrow_pos("WORD", str(tokens[0]), tokens[0])
    return tokens


def _laid_out(tokens: Sequence[Token], latex: str) -> list[Token]:
    """Drop `&` and `\\\\` where they only lay out, and punctuation that ends a formula or a row.

    Outside cases a new line may only go on with the line before: `a \\\\ = b`, `a \\\\ + b`.
    """
    kept: list[Token] = []
    broken_at: int | None = None  # where a line ended that must go on
    for token, groups in _with_groups(tokens):
        in_rows = bool(_ROWS & set(groups))
        if token.type == "AMP" and not in_rows:
            continue
        if token.type == "NEWLINE" and not in_rows:
            if kept and kept[-1].type in ENDS_OPERAND and not _ends_with_bounds(kept):
                broken_at = token.start_pos
            continue
        if broken_at is not None and token.type not in _GOES_ON:
            what = (
                "a new line must go on with the formula (with =, + or -): "
                "two equations are two Formulas"
            )
            raise syntax_error(latex, broken_at, what)
        broken_at = None
        if token.type in ("NEWLINE", "END_CASES", "END_ARRAY"):
            while kept and kept[-1].type in ("COMMA", "QUAD"):
                kept.pop()
        kept.append(token)
    while kept and kept[-1].type in ("COMMA", "QUAD"):
        kept.pop()
    return kept


def _unwrapped(tokens: list[Token]) -> list[Token]:
    """Drop braces around the whole formula, as \\boxed{..} leaves them."""
    return tokens[1:-1] if tokens and _partners(tokens).get(0) == len(tokens) - 1 else tokens


def _ends_with_bounds(tokens: Sequence[Token]) -> bool:
    """Whether the last thing is a \\sum with its bounds, so that the next line is its body."""
    partners = _partners(tokens)
    at = len(tokens) - 1
    while at > 1:
        at = partners.get(at, at)
        if at < 1 or tokens[at - 1].type not in _SCRIPT:
            return False
        at -= 2
        if tokens[at].type == "BIG":
            return True
    return False


def _with_groups(tokens: Sequence[Token]) -> Iterator[tuple[Token, list[str]]]:
    """Each token, and what braces and cases are open there; those of \\substack are called so."""
    groups: list[str] = []
    before = ""
    for token in tokens:
        if token.type in ("OPEN", "CASES", "ARRAY"):
            groups.append("SUBSTACK" if before == "SUBSTACK" else token.type)
        yield token, groups
        if token.type == "CLOSE" and groups[-1:] in (["OPEN"], ["SUBSTACK"]):
            groups.pop()
        elif token.type in ("END_CASES", "END_ARRAY") and {"CASES", "ARRAY"} & set(groups):
            while groups.pop() not in ("CASES", "ARRAY"):
                pass  # braces that nobody closed
        before = token.type


def _separated(tokens: Sequence[Token]) -> list[Token]:
    """Put a comma where dots, `\\quad` or `\\text{s.t.}` stand for one, and none where two would.

    `k = 0, \\dots\\ N-1`; `x_i \\quad i = 0, 1, 2`; `\\forall i, \\forall j`; a row of \\substack
    that says "such that".
    """
    kept: list[Token] = []
    depth = 0
    for place, token in enumerate(tokens):
        before = kept[-1].type if kept else ""
        after = tokens[place + 1].type if place + 1 < len(tokens) else ""
        depth += (token.type in OPENING) - (token.type in CLOSING)
        match token.type:
            case "QUAD":
                if depth or not _begins_condition(before, tokens[place + 1 :]):
                    continue
                token = Token.new_borrow_pos("COMMA", ",", token)
            case "FORALL" if before == "COMMA":
                continue
            case "NEWLINE" if before == "COLON" or after == "COLON":
                continue
            case "DOTS" if before == after == "SIGN":
                token = Token.new_borrow_pos(DOTTED, token, token)
            case "DOTS" if before in ENDS_OPERAND:
                kept.append(cut(token, "COMMA", 0, 0, ","))
        if before == "DOTS" and token.type in _BEGINS_OPERAND:
            kept.append(cut(token, "COMMA", 0, 0, ","))
        kept.append(token)
    return kept


def _begins_condition(before: str, rest: Sequence[Token]) -> bool:
    """Whether what stands behind a \\quad is a condition, such as `i = 0, 1` or `(i < n)`."""
    if before not in ENDS_OPERAND or not rest or rest[0].type not in _BEGINS_OPERAND:
        return False
    depth = 0
    for token in rest:
        depth += (token.type in OPENING) - (token.type in CLOSING)
        if token.type in ("EQ", "REL"):
            return True
        if depth == 0 and token.type in ("COMMA", "QUAD", "IF", "FORALL", "DOTS"):
            return False
    return False


def _with_variants(tokens: list[Token], latex: str) -> list[Token]:
    """Tell letters that are another's second form from those that differ from it in no way."""
    found = variants(latex)
    return [
        Token.new_borrow_pos("VARIANT", token, token)
        if token.type == "GREEK" and command_of(token) in found
        else token
        for token in tokens
    ]
