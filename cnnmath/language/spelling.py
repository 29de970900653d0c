r"""The LaTeX of a name, such that it reads as that name: names.py the other way round.

x_hat is `\hat{x}`, W_prime is `W'`, C_in is `C_{\mathrm{in}}`, and C_in with indices is
`C^{\mathrm{in}}_{i, j}`. What no symbol stands for is a word, `\mathrm{batch\_size}`.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import count

from cnnmath.core.statement import Declared
from cnnmath.errors import FormulaSyntaxError
from cnnmath.language.grammar import parse

_GREEK = {
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda",
    "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi",
    "omega", "ell", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi",
    "Psi", "Omega",
}  # fmt: skip
_ACCENTS = {"hat", "bar", "tilde", "dot", "ddot", "vec", "check", "breve"}
_MARKS = {"prime": "'", "star": "^{*}", "plus": "^{+}", "minus": "^{-}"}
_LETTERS = "ijklmnpqrstuvwyz"  # for indices that are given a name


class Spelling:
    """Spells the names of one formula.

    names : every name in it;  indices : those that are an index somewhere
    """

    def __init__(self, declared: Declared, names: Collection[str], indices: Collection[str]):
        self.declared = declared
        self.names = {*names, *indices, *declared.names, *declared.defined}
        self.indices = set(indices)
        self.renamed: dict[str, str] = {}

    def symbol(
        self, name: str, below: str = "", above: str = "", is_defined_here: bool = False
    ) -> str:
        """A name with its indices.

        above : those that stand above, in brackets
        is_defined_here : on the left side, where a square is a name although nobody declared it
        """
        changed = name.removeprefix("Delta_")
        is_change = changed != name and "Delta" not in self.names
        if is_change and (is_defined_here or name in self.declared.names):
            return rf"\Delta {self.symbol(changed, below, above)}"
        plain = name.removesuffix("_squared")
        is_square = is_defined_here or name in self.declared.names.union(self.declared.defined)
        power = "2" if plain != name and is_square else ""
        core, marks, label = _parts(plain if power else name, self.names)
        base = plain.removesuffix(f"_{label}")
        is_declared = plain in self.declared.names
        if core and (power or label or marks.startswith("^")):  # there is no room for more above
            above, below = "", ", ".join(filter(None, (above, below)))
        if label.isdigit():
            is_label = is_declared or not (below or base in self.names)
            said = f"({label})" if below else label
        else:
            is_label = label not in self.indices
            said = label if len(label) == 1 and is_declared and not below else word(label)
        fits = not (label and (power or not is_label)) and not (
            marks.startswith("^") and (power or (label and below))
        )
        if not core or not fits:
            core, marks, label, power = word(name), "", "", ""
        if above:
            above = f"({above})"
        if label:
            above, below = (said, below) if below else ("", said)
        above = power or above
        return "".join(
            [core, marks, f"^{{{above}}}" if above else "", f"_{{{below}}}" if below else ""]
        )

    def index(self, name: str) -> str:
        """An index, in another letter where its own is none that can be written."""
        return self.symbol(self.renamed.get(name) or name)

    def letter(self, name: str, taken: Collection[str]) -> str:
        """The letter for an index that a sum binds: its own, if that is one and is not taken."""
        if name not in taken and not re.search(r"~|^(all|factor)_\d", name):
            return name
        used = {*taken, *self.names}
        new = next(n for n in _fresh(name.partition("~")[0]) if n not in used)
        self.indices.add(new)
        return new

    def is_symbol(self, name: str) -> bool:
        """Whether a name is known, or spelt with one letter rather than as a word."""
        return name in self.names or not _parts(name, self.names)[0].startswith(r"\math")


def _parts(name: str, names: Collection[str]) -> tuple[str, str, str]:
    """The letter with its accents, the marks behind it, and the label below it."""
    first, *rest = name.split("_")
    if len(first) == 1 and first.isalpha():
        core = first
    elif first in _GREEK:
        core = rf"\{first}"
    elif first.startswith("var") and first[3:] in _GREEK and first[3:] in {*names, "pi"}:
        core = rf"\{first}"  # beside \epsilon, \varepsilon is another name
    else:
        return word(name), "", ""
    while rest and rest[0] in _ACCENTS:
        core = rf"\{rest.pop(0)}{{{core}}}"
    marks = ""
    while rest and rest[0] in _MARKS and "^" not in marks:
        marks += _MARKS[rest.pop(0)]
    if len(rest) > 1 or not all(part.isdigit() or part.isalpha() for part in rest):
        return word(name), "", ""
    return core, marks, rest[0] if rest else ""


@cache
def word(name: str) -> str:
    """A name as a word, in italics where the upright word is a function, a sign or a remark."""
    text = name.replace("_", r"\_")
    upright = rf"\mathrm{{{text}}}"
    try:
        token = parse(rf"1 {upright}").tokens[-1]
    except FormulaSyntaxError:
        return rf"\mathit{{{text}}}"
    return upright if token.type == "WORD" else rf"\mathit{{{text}}}"


def _fresh(name: str) -> Iterator[str]:
    """Names for an index: its own with a prime or two, and then the letters that authors use."""
    if len(name) == 1 or name in _GREEK:
        yield from (f"{name}{'_prime' * primes}" for primes in range(3))
    for primes in count():
        yield from (f"{letter}{'_prime' * primes}" for letter in _LETTERS)
