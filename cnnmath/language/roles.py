"""How a formula uses each name: as an index, as an array, as a value.

`Usage` is what the text shows before anything is read. Whether `S(i, j)` on the left names two
indices or two arrays can only be seen on the right, where an index stands in subscripts and in
brackets behind the name of an array. `Roles` is what a first reading shows: how many indices an
undeclared array has may only be seen behind the place where it is needed, `\\max a` before `a_r`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from cnnmath.language.symbols import is_expectation, letters_of, plain_letters
from cnnmath.language.syntax import Factor, Part, Product


@dataclass
class Roles:
    """What names are found to be, where declarations do not say it.

    ranks : how many indices each array has
    parameters : letters that nothing binds, but that are an index by themselves
    """

    ranks: dict[str, int] = field(default_factory=dict)
    parameters: set[str] = field(default_factory=set)


class Usage:
    """The names in some parts.

    functions : names that were declared as functions;  names : all that were
    indices : that stand where an index stands;  alone : those that are an index by themselves
    summed : those below a sum;  above : that are a superscript
    arrays : that carry indices;  values : that do not
    """

    def __init__(
        self, parts: Iterable[Part], functions: Collection[str], names: Collection[str] = ()
    ) -> None:
        self.functions = functions
        self.names = names
        self.indices: set[str] = set()
        self.alone: set[str] = set()
        self.summed: set[str] = set()
        self.above: set[str] = set()
        self.arrays: set[str] = set()
        self.values: set[str] = set()
        for part in parts:
            self._scan(part, inside=False)

    def _scan(self, part: Part, inside: bool) -> None:
        if isinstance(part, Product):
            self._scan_row(part, inside)
        elif isinstance(part, Factor):
            self._scan_factor(part, inside)
        else:
            for child in part.children:
                self._scan(child, inside)

    def _scan_row(self, product: Product, inside: bool) -> None:
        """Factors side by side: a bracket behind a name may hold indices of that name."""
        named = ""
        for item in product.row:
            if not isinstance(item, Factor):
                named = ""
                continue
            is_bracket = item.kind in ("parens", "brackets") and not item.held.holds_relation
            belongs = bool(named) and is_bracket and named not in self.functions
            belongs = belongs and all(symbol.name != named for symbol in item.symbols)  # u(1 - u)
            is_given = any(token.type == "COLON" for token in item.tokens)
            belongs &= not (is_given and any(one.bodies for one in item.symbols))  # p(x | z_l)
            if belongs:
                self.arrays.add(named)
                self._note_alone(item.held)
            self._scan_factor(item, inside or belongs)
            named = item.name if item.name in self.names or not is_expectation(item) else ""

    def _scan_factor(self, factor: Factor, inside: bool) -> None:
        symbol, whole = factor.symbol, ""
        if symbol is not None:
            whole = "_".join([symbol.name, *(held.word for held in symbol.subs[:1])])
            if symbol.subs:
                self.arrays.add(symbol.name)
            (self.indices if inside else self.values).add(whole)  # N_i may be the name of an index
        for part in factor.inside if symbol is None else ():
            self._scan(part, inside)
        bounding = factor.kind == "BIG"
        self.summed.update(one for held in factor.subs if bounding for one in held.letters)
        for kind, held in (symbol or factor).bodies:
            if symbol is not None and f"{symbol.name}_{held.word}" in self.names:
                continue  # the W of D_W is no index
            indexing = kind == "sub" or held.group is not None
            self._scan(held, inside or bounding or indexing)
            if indexing and not bounding:
                self._note_alone(held)
            if kind == "sup" and not bounding:
                self.above.update(plain_letters(held) or [])

    def _note_alone(self, held: Part) -> None:
        self.alone.update(letters_of(held.group or held))
