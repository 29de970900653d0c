"""Names: what a symbol is called, and which subscripts belong to the name.

`\\hat x'` is x_hat_prime. `C_{in}`, `G_{\\mathrm x}` and `\\mu_{\\mathcal B}` are names too: a
subscript is a label, not an index, if the name with it was declared, if it is set upright, or if
nothing gives its letters a value.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

from lark import Token, Tree

from cnnmath.errors import CnnMathError, FormulaSyntaxError
from cnnmath.formula import parsetree
from cnnmath.formula.parsetree import Part
from cnnmath.formula.statement import Declared, FirstReading, Symbol
from cnnmath.formula.tokens import syntax_error

_DECORATIONS = {"widehat": "hat", "overline": "bar", "widetilde": "tilde"}
_LABEL_STYLES = (r"\mathcal", r"\mathrm", r"\mathscr", r"\mathbb", r"\mathtt", r"\rm", r"\cal")
_BOLD = (r"\mathbf", r"\boldsymbol", r"\bm", r"\pmb", r"\bold", r"\bf")
# Letters in two forms, which Unicode and LaTeX name differently.
_COMMANDS = {"φ": r"\varphi ", "ϕ": r"\phi ", "ε": r"\varepsilon ", "ϵ": r"\epsilon "}
CONVOLUTIONS = {"*", "∗", r"\ast", r"\star", r"\circledast"}


class Names:
    """A formula that is being read: its declarations, the indices in scope, the names found.

    known : what a first reading found; None during that
    """

    def __init__(self, latex: str, declared: Declared, known: FirstReading | None) -> None:
        self.latex = latex
        self.declared = declared
        self.is_first = known is None
        self.known = known or FirstReading({}, frozenset())
        self.scope: list[str] = []
        self.symbols: list[Symbol] = []
        self.open_ended = False  # an expression without a left side collects its free indices
        self.collected: list[str] = []
        self.styles: dict[tuple[str, int], str] = {}  # how a name with so many indices is set
        # Letters whose variants mean two things here, such as \epsilon beside \varepsilon.
        spelt = "".join(_COMMANDS.get(letter, letter) for letter in latex)
        self.varied = set(re.findall(r"\\var([a-z]+)", spelt)) & set(
            re.findall(r"\\((?!var)[a-z]+)", spelt)
        )

    # ---- errors ---------------------------------------------------------------------------------

    def error(
        self, part: Part | Token, what: str, kind: type[CnnMathError] = FormulaSyntaxError
    ) -> CnnMathError:
        """An exception that points at a part."""
        return kind(str(syntax_error(self.latex, parsetree.start(part), what)))

    # ---- names ----------------------------------------------------------------------------------

    def is_name(self, item: Part | Token) -> bool:
        """Whether a factor is a symbol: a letter, a word, an accented or styled one, [X]_ij."""
        if not isinstance(item, Tree) or item.data != "factor":
            return False
        inner = item.children[0]
        if isinstance(inner, Token):
            return inner.type in ("LETTER", "GREEK", "WORD")
        if inner.data in ("styled", "accented"):
            return self.is_name(parsetree.as_factor(inner.children[1]))
        if inner.data not in ("braces", "brackets", "parens"):
            return False
        symbol = parsetree.lone_factor(parsetree.list_in(inner))
        if symbol is None or not self.is_name(symbol):
            return False
        outer = [kind for kind, _ in parsetree.bodies(item)]
        if inner.data == "braces":  # {x_i}^2 is a square, {W^{(k)}}_{st} an element
            return not (parsetree.bodies(symbol) and "sup" in outer)
        indexed = any(
            kind == "sub" or parsetree.lone_group(script) is not None
            for kind, script in parsetree.bodies(item)
        )
        return indexed and (not parsetree.bodies(symbol) or outer == ["sub"])

    def bare(self, factor: Part) -> Part:
        """A symbol without what surrounds it: `[\\mathsf{X}]_{ij}` and `\\hat{x_i}` are `X_{ij}`,
        `\\hat{x}_i`; every script is then the factor's own."""
        inner = factor.children[0]
        if isinstance(inner, Token):
            return factor
        if inner.data in ("styled", "accented"):
            symbol = self.bare(parsetree.as_factor(inner.children[1]))
            core: Part | Token = Tree(
                inner.data, [inner.children[0], symbol.children[0]], inner.meta
            )
        else:
            symbol = self.bare(parsetree.lone_factors(parsetree.list_in(inner))[0])
            core = symbol.children[0]
        scripts = [*symbol.children[1:], *factor.children[1:]]
        return Tree("factor", [core, *_one_subscript(scripts)], factor.meta)

    def note_style(self, factor: Part, name: str, count: int) -> None:
        """Remember how a name with so many indices is set.

        Raises FormulaSyntaxError at x beside \\mathbf{x}, which would be one name. An x_i beside
        \\mathbf{x} is an element of it.
        """
        inner = factor.children[0]
        style = ""
        if isinstance(inner, Tree) and inner.data == "styled":
            style = str(inner.children[0])
            style = "bold" if style in _BOLD else style
        known = self.styles.setdefault((name, count), style)
        if known != style:
            raise self.error(
                factor,
                f"{name} is set in two ways here but would be one name, {name}: rename one of the "
                "two",
            )

    def name_of(self, factor: Part) -> str:
        """The keyword name of a symbol, without its subscript: `\\hat x'` is x_hat_prime."""
        factor = self.bare(factor)
        inner = factor.children[0]
        if isinstance(inner, Token):
            name = self._name_of_token(inner)
        else:
            name = self.name_of(parsetree.as_factor(inner.children[1]))
            if inner.data == "accented":
                accent = str(inner.children[0])[1:]
                name = f"{name}_{_DECORATIONS.get(accent, accent)}"
        for child in factor.children[1:]:
            marks = child.children if isinstance(child, Tree) else [child]
            for mark in marks:
                if parsetree.is_token(mark, "PRIME"):
                    name += "_prime" * parsetree.primes(mark)
                elif parsetree.is_token(mark, "MULOP"):
                    name += "_star"
                elif parsetree.is_token(mark, "SIGN"):
                    name += "_plus" if mark == "+" else "_minus"
        return name

    def _name_of_token(self, token: Token) -> str:
        text = str(token)
        if token.type == "WORD":
            word = re.sub(r"^\\[a-z*]+\s*\{|\}$", "", text.replace(r"\_", "_")).strip()
            return re.sub(r"[\s\\,;:!-]+", "_", word)
        if token.type != "GREEK":
            return text
        text = _COMMANDS.get(text, text).strip()
        if text.startswith("\\"):
            name = text[1:].removesuffix("math")
            plain = name.removeprefix("var")
            return name if plain in self.varied or name == "varpi" else plain  # pi is a number
        letter = unicodedata.name(text).replace("LUNATE ", "").replace("SCRIPT ", "")
        *_, size, _, last = ("", *letter.removesuffix(" SYMBOL").split())
        return last.capitalize() if size == "CAPITAL" else last.lower()

    def plain_letters(self, operand: Part) -> list[str] | None:
        """The names in `i`, `ij` or `(i, j)`; None for anything else."""
        names: list[str] = []
        for factor in parsetree.lone_factors(operand):
            inner = parsetree.atom(factor)
            if inner.data in ("parens", "braces") and len(factor.children) == 1:
                for item in parsetree.items(inner):
                    found = self.plain_letters(item) if isinstance(item, Tree) else None
                    if found is None:
                        return None
                    names += found
            elif self.is_name(factor) and not parsetree.has_subscript(factor):
                names.append(self.name_of(factor))
            else:
                return None
        return names or None

    def letters_in(self, part: Part) -> list[str]:
        """The names without scripts that stand anywhere in a part."""
        return [
            self.name_of(factor) for factor in parsetree.factors_below(part)
            if self.is_name(factor) and not parsetree.scripts(factor)
        ]  # fmt: skip

    def convolution_name(self, factor: Part) -> str | None:
        """`(f * g)[n]`: a name for what the left side defines, f_star_g."""
        inner = parsetree.atom(factor)
        if inner.data not in ("parens", "brackets"):
            return None
        items = parsetree.items(inner)
        row = parsetree.lone_product(items[0]) if isinstance(items[0], Tree) else []
        if len(items) != 1 or len(row) != 3:
            return None
        left, sign, right = row
        if not isinstance(left, Tree) or not isinstance(right, Tree):
            return None
        if not (self.is_name(left) and self.is_name(right)) or str(sign) not in CONVOLUTIONS:
            return None
        return f"{self.name_of(left)}_star_{self.name_of(right)}"

    def note_symbol(self, span: tuple[int, int], name: str) -> None:
        self.symbols.append(Symbol(*span, name))

    def found_symbols(self) -> tuple[Symbol, ...]:
        """The outermost of the spans that were recorded, in order."""
        kept: list[Symbol] = []
        for symbol in sorted(self.symbols, key=lambda s: (s.start, -s.end)):
            if not kept or symbol.start >= kept[-1].end:
                kept.append(symbol)
        return tuple(kept)

    # ---- labels ---------------------------------------------------------------------------------

    def full_name(self, factor: Part, is_index: Callable[[str], bool]) -> str:
        """The name with what its scripts add to it: `C_{in}`, `G_{\\mathrm x}`, `d_k`.

        is_index : whether a letter outside the scope may be an index all the same
        """
        name = self.name_of(factor)
        for kind, inner in parsetree.bodies(factor):
            flat = parsetree.flattened(parsetree.lone_group(inner) or inner)
            if flat and f"{name}_{flat}" in self.declared.names:
                name = f"{name}_{flat}"
                continue
            if self.is_full(name, parsetree.lone_group(inner) or inner):
                continue
            first = self._leading_label(name, inner)
            if first:
                name = f"{name}_{first}"
                continue
            labels = [
                self.label(part)
                for item in parsetree.item_trees(inner)
                for part in parsetree.lone_factors(item)
            ]
            labels = [label for label in labels if label and label not in self.scope]
            if labels:
                name = "_".join([name, *labels])
            elif kind == "sub" and flat and self._is_unbound(name, inner, is_index):
                name = f"{name}_{flat}"
        squared = f"{name}_squared"
        is_square = self.power_of(factor) == "2" and self.is_known(squared)
        return squared if is_square else name

    def is_known(self, name: str) -> bool:
        """Whether a declaration or a formula gives a name a meaning."""
        return name in self.declared.names or name in self.declared.defined

    def power_of(self, factor: Part) -> str | None:
        """The number that a symbol carries as a superscript, as it is written."""
        for kind, inner in parsetree.bodies(self.bare(factor)):
            if kind == "sup" and parsetree.lone_group(inner) is None and parsetree.is_number(inner):
                return parsetree.flattened(inner)
        return None

    def is_full(self, name: str, inner: Part) -> bool:
        """Whether a script has an item for each axis of an array, so that none is a label."""
        shape = self.declared.shapes.get(name)
        return bool(shape) and len(parsetree.item_trees(inner)) == len(shape or ())

    def label(self, factor: Part) -> str:
        """A word in a subscript that tells names apart, such as \\mathrm{x} or \\max; or ''."""
        inner = factor.children[0]
        if len(factor.children) != 1:
            return ""
        if isinstance(inner, Token):
            if inner.type in ("BIG", "FUNCTION"):
                return re.sub(r"[^A-Za-z]", "", str(inner))
            upright = inner.type == "WORD" and inner.startswith("\\")
            return self._name_of_token(inner) if upright else ""
        if inner.data == "styled" and str(inner.children[0]) in _LABEL_STYLES:
            return self.name_of(factor) if self.is_name(factor) else ""
        return ""

    def _leading_label(self, name: str, inner: Part) -> str:
        """The 1 of `W_{1,ij}` and of `(W_1)_{ij}`, where W_1 was declared and W was not."""
        items = parsetree.item_trees(inner)
        first = parsetree.flattened(items[0]) if len(items) > 1 else ""
        shapes = self.declared.shapes
        return first if first and f"{name}_{first}" in shapes and name not in shapes else ""

    def index_scripts(self, factor: Part, name: str) -> list[tuple[str, Part]]:
        """The scripts of a symbol, without what has gone into its full name."""
        is_squared = name.endswith("_squared")
        plain, full, found = self.name_of(factor), name.removesuffix("_squared"), []
        bodies = parsetree.bodies(factor)
        others = [
            (kind, inner)
            for kind, inner in bodies
            if not self.is_label(full, inner)
            and not (is_squared and kind == "sup" and self.is_two(inner))
        ]
        for kind, inner in others:
            first = self._leading_label(plain, inner)
            if first and full == f"{plain}_{first}" and len(others) == len(bodies) - is_squared:
                inner = Tree("list", list(parsetree.item_trees(inner)[1:]), inner.meta)
            found.append((kind, inner))
        return found

    def is_two(self, inner: Part) -> bool:
        """Whether a script is a 2, which makes \\sigma^2 one name where that is declared."""
        return parsetree.is_number(inner) and parsetree.flattened(inner) == "2"

    def is_label(self, name: str, inner: Part) -> bool:
        """Whether a script has gone into the full name and holds no index."""
        flat = parsetree.flattened(parsetree.lone_group(inner) or inner)
        return bool(flat) and name.endswith(f"_{flat}")

    def _is_unbound(self, name: str, inner: Part, is_index: Callable[[str], bool]) -> bool:
        """Whether `k` in `d_k` is no index: d was not declared and nothing binds k."""
        if self.is_known(name) and name not in self.declared.sizes:
            return False
        if self.known.ranks.get(name, 0) > 0:
            return False
        factors = [f for i in parsetree.item_trees(inner) for f in parsetree.lone_factors(i)]
        if not factors or any(len(f.children) != 1 for f in factors):
            return False
        if all(parsetree.is_token(f.children[0], "NUMBER") for f in factors):
            return True
        if not all(self.is_name(f) for f in factors):
            return False
        letters = [self.name_of(f) for f in factors]
        return not any(
            letter in self.scope or letter in self.known.parameters or is_index(letter)
            for letter in letters
        )


def _one_subscript(scripts: Sequence[Part | Token]) -> list[Part | Token]:
    """Scripts in which `_j` and `_{uv}`, of `(x_j)_{uv}`, have become one subscript."""
    subs = [s for s in scripts if isinstance(s, Tree) and s.data == "sub"]
    if len(subs) != 2:
        return list(scripts)
    items = [item for sub in subs for item in parsetree.item_trees(parsetree.body(sub) or sub)]
    held: Part = Tree("list", [*items], subs[0].meta)
    joined: Part = Tree("sub", [Tree("braces", [held], held.meta)], held.meta)
    return [*(s for s in scripts if s not in subs), joined]
