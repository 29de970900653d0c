"""A line of a derivation: an expression printed as LaTeX, and that read back as a formula."""

from dataclasses import replace

from cnnmath.core.nodes import ONE, Node
from cnnmath.core.statement import Declared, Head, Statement
from cnnmath.derive.familiar import familiar
from cnnmath.derive.forward import Forward
from cnnmath.derive.stating import written
from cnnmath.formula import Formula
from cnnmath.language.latex import node_latex, raised_in, statement_latex
from cnnmath.language.spelling import Spelling


class Writer:
    """Writes the lines of one derivation."""

    def __init__(self, forward: Forward) -> None:
        self.forward = forward
        definition = forward.definition
        self.shapes = dict(definition.shapes)
        for other in forward.nameable.values():
            self.shapes = {**other.shapes, **self.shapes}
        for name in (forward.arriving, forward.gradient):
            shape = forward.shape(name) if name else None
            if shape is not None:
                self.shapes[name] = shape
        self.shapes.setdefault(forward.result, ())
        system = {forward.result} if forward.place else set()
        self.declared: Declared = replace(
            definition.declared,
            shapes=self.shapes,
            defined=dict.fromkeys({*forward.nameable, *system}),
        )
        self.raised: dict[str, int] = {}
        for formula in (*forward.given.system.values(), *forward.named.values(), forward.given):
            self.raised |= raised_in(formula.latex, formula.found_symbols)
        self._shorter: dict[str, str] = {}
        letters = tuple(b.name for b in forward.own)
        self.head = Head(forward.gradient, forward.by.index, letters)

    def latex(self, node: Node) -> str:
        """The line as an equation, its left side the gradient."""
        statement = Statement(self.head, (node,), (), {}, (), (), (), (), ())
        return self._familiar(statement_latex(statement, self.declared, self.raised))

    def left(self) -> str:
        """The gradient's name, as it stands on the left of every line."""
        statement = Statement(self.head, (ONE,), (), {}, (), (), (), (), ())
        latex = statement_latex(statement, self.declared, self.raised)
        return self._familiar(latex).removesuffix(" = 1")

    def piece(self, node: Node) -> str:
        """An expression by itself."""
        return self._familiar(node_latex(node, self.declared, self.raised))

    def _familiar(self, latex: str) -> str:
        if latex not in self._shorter:
            self._shorter[latex] = familiar(latex, self.declared)
        return self._shorter[latex]

    def condition(self, node: Node) -> str:
        """A condition without the bracket around it."""
        text = self.piece(node)
        for opening, closing in ((r"\left[", r"\right]"), ("[", "]")):
            if text.startswith(opening):
                return text.removeprefix(opening).removesuffix(closing).strip()
        return text

    def spelt(self, name: str) -> str:
        """A name without indices."""
        return Spelling(self.declared, {name}, ()).symbol(name)

    def stated(self) -> list[Formula]:
        """What is derived, every index written: its steps, and it itself."""
        found = []
        for one in (*self.forward.stated.system.values(), self.forward.stated):
            said = one.definition
            roots, others = (said.right, *said.head.index), [said.head.name]
            first = {said.head.name: said.first_index(said.head.name)}
            latex = self._familiar(one.latex)
            found.append(
                written(latex, one, said.shapes, one.definitions, roots, others, first, one.name)
            )
        return found

    def formula(self, node: Node, is_chain: bool = False, as_given: bool = False) -> Formula:
        """The line, read back.

        is_chain : whether the result itself is derived in it, so that its formula must be known
        as_given : with the author's formulas for what it reads, instead of these said in full
        """
        forward = self.forward
        definitions = {**forward.given.system, **forward.named}
        if not as_given:
            definitions |= {**forward.stated.system, **forward.named_in_full}
        if is_chain:
            definitions[forward.result] = forward.stated
        # The shapes of derivatives follow from those of the arrays; but for dE_dx there is no E.
        others = [forward.by.name, forward.result if forward.place else forward.gradient]
        hidden = {forward.arriving, *([] if forward.place else [forward.result])}
        if forward.is_open:
            hidden |= {forward.by.name, forward.gradient}
        shapes = {n: s for n, s in self.shapes.items() if n not in hidden}
        origins = {forward.gradient: forward.first(forward.by.name)}
        if forward.arriving:
            origins[forward.arriving] = forward.first(forward.result)
        latex = self.latex(node)
        name = f"gradient of {forward.given.name} by {forward.by.name}"
        found = written(latex, forward.stated, shapes, definitions, (node,), others, origins, name)
        words = {
            forward.gradient: f"the gradient by {forward.by.name}",
            forward.arriving: f"the gradient that arrives at {forward.result}",
        }
        found.symbols = {**words, **forward.given.symbols}
        return found
