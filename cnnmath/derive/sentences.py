"""What a rule did, in a sentence that names the index, the value and the reason."""

from collections.abc import Iterable, Mapping, Sequence

from cnnmath.core.nodes import (
    Add,
    Call,
    Divide,
    Index,
    Jacobian,
    Multiply,
    Node,
    Read,
    Reduce,
)
from cnnmath.core.slopes import SLOPES
from cnnmath.derive.about import (
    argument_of,
    distinct,
    index_names,
    listed,
    node_of,
    still_arrays,
    summed,
)
from cnnmath.derive.letters import free_letter
from cnnmath.derive.machine import Step
from cnnmath.derive.terms import Delta, Term
from cnnmath.derive.write import Writer

_KINDS = {"stride": "solve", "whole part": "only"}
"""Rules that are spoken of as others are."""

_PLAIN = {
    "bracket": "The number before the bracket is a factor.",
    "minus": "The minus stays in front.",
    "product": "Product rule, $(fg)' = f'g + fg'$: each factor in turn.",
    "quotient": "Quotient rule, $(f/g)' = f'/g - fg'/g^2$.",
    "power": "Power rule, $(f^n)' = n f^{n-1} f'$.",
    "others": "Product rule: each factor is derived once, times the product of the others.",
    "cases": "Each case is derived by itself.",
    "multiply out": "Multiply out: each term gets its own sums and factors.",
    "step": "A step is flat wherever it has a derivative: 0.",
    "front": "What a sum does not change goes in front of it.",
}
"""What is said of a rule whatever it is applied to."""

_BIG = {"max": "largest", "min": "smallest"}


class Speaker:
    """Says what the steps of one derivation do."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.forward = writer.forward
        self.element = self.said(self.forward.by)

    def said(self, node: Node) -> str:
        return f"${self.writer.piece(node)}$"

    def letter(self, name: object) -> str:
        return self.said(Index(str(name)))

    def sentence(self, steps: Sequence[Step]) -> str:
        """For one line, to which some steps led."""
        if any(step.rule == "element" for step in steps) and len(steps) > 1:
            last = max(k for k, step in enumerate(steps) if step.rule == "element")
            return " ".join(
                [self._differentiated(steps[: last + 1]), self._later(steps[last + 1 :])]
            ).strip()
        return self._later(steps)

    def _later(self, steps: Sequence[Step]) -> str:
        """What each kind of rule did, said once for all its indices."""
        found = []
        kinds = list(dict.fromkeys(_KINDS.get(step.rule, step.rule) for step in steps))
        for kind in kinds:
            alike = [step for step in steps if _KINDS.get(step.rule, step.rule) == kind]
            match kind:
                case "only":
                    found.append(self._collapsed(alike))
                case "solve":
                    found.append(self._solved(alike))
                case "named":
                    found.append(self._named(alike))
                case "outside":
                    found.append(self._outside(alike))
                case "kept":
                    found.append(self._kept(alike))
                case "one of its values" if len(steps) > len(alike):
                    pass
                case _:
                    found += [self.one(step) for step in alike]
        return " ".join(dict.fromkeys(found))

    # ---- a line of several steps ----------------------------------------------------------------

    def _differentiated(self, steps: Sequence[Step]) -> str:
        what = self.said(self._result()) if self.forward.place else "the right side"
        defines = "what defines " if self.forward.place else ""
        found = [f"Take the derivative of {defines}{what}.{self._ends()}"]
        spoken = ("definition", "larger", "winner", "others", "quotient", "product", "cases")
        found += [self.one(step) for step in steps if step.rule in spoken]
        found += [self._slope(step) for step in steps if step.rule in ("function", "power")]
        found.append(self._elements([step for step in steps if step.rule == "element"]))
        outputs = {binder.name for binder in self.forward.outputs}
        found.append(self._primed(n for n in summed(steps[-1].node) if n not in outputs).strip())
        still = distinct(
            n for step in steps if step.rule in ("factor", "sum") for n in still_arrays(step)
        )
        moving = self.forward.moves
        still = [name for name in still if not moving(Read(name))]
        if still and self.forward.by.index:
            shown = listed([self.said(Read(name)) for name in still])
            verb = "does" if len(still) == 1 else "do"
            found.append(f"{shown} {verb} not depend on {self.said(Read(self.forward.by.name))}.")
        return " ".join(filter(None, dict.fromkeys(found)))

    def _slope(self, step: Step) -> str:
        """What a function contributes: by its name, where it has one."""
        of = node_of(step.about["of"])
        if step.rule == "power" or not isinstance(of, Call):
            return self.one(step)
        letter = free_letter("zwqv", {*self.writer.declared.names, *summed(step.node)})
        slope = SLOPES[of.function](Read(letter))
        of_letter = Call(of.function, (Read(letter), *of.arguments[1:]))
        return (
            f"The slope of {self.said(of_letter)} is {self.said(slope)}; it counts times the "
            "derivative of what stands in it."
        )

    def _primed(self, names: Iterable[str]) -> str:
        """Why indices have a prime: without it they are those of the element."""
        own = {binder.name for binder in self.forward.own}
        primed = [n for n in distinct(names) if n.endswith("_prime") and n[: -len("_prime")] in own]
        if not primed:
            return ""
        bare = [self.letter(name.removesuffix("_prime")) for name in primed]
        verb, be = ("runs", "is that") if len(primed) == 1 else ("run", "are those")
        letters = listed([self.letter(name) for name in primed])
        return f" {letters} {verb} over all values, {listed(bare)} {be} of {self.element}."

    def _doubled(self, step: Step) -> str:
        """Which of two sums with the same letter has got a prime."""
        names = distinct(summed(step.node, "sum"))
        own = {binder.name for binder in self.forward.own}
        primed = [n for n in names if n.removesuffix("_prime") in set(names) - own - {n}]
        if not primed:
            return ""
        first = listed([self.letter(n.removesuffix("_prime")) for n in primed])
        second = listed([self.letter(n) for n in primed])
        verb = "A second sum over {} is" if len(primed) == 1 else "Second sums over {} are"
        return f" {verb.format(first)} written with {second}."

    def _collapsed(self, steps: Sequence[Step]) -> str:
        """Indices that take the only value left to them."""
        pairs = dict.fromkeys((str(s.about["index"]), node_of(s.about["value"])) for s in steps)
        values = [self._equal(name, value) for name, value in pairs]
        names = [self.letter(name) for name, _ in pairs]
        sums, verb = ("sum", "is") if len(pairs) == 1 else ("sums", "are")
        return (
            f"Of the {sums} over {listed(names)} only {listed(values)} {verb} left: in all other "
            "terms a bracket is 0."
        )

    def _solved(self, steps: Sequence[Step]) -> str:
        """Indices that the others and the place of the element determine."""
        asked, values, others = [], [], []
        divided: list[str] = []
        outputs = {binder.name for binder in self.forward.outputs}
        own = {binder.name for binder in self.forward.own}
        for step in steps:
            name, value = str(step.about["index"]), node_of(step.about["value"])
            bracket = self.writer.condition(node_of(step.about["bracket"]))
            asked.append(f"${bracket}$ for {self.letter(name)}")
            values.append(self._equal(name, value))
            others += [n for n in index_names(value) if n not in own | {name}]
            if step.rule == "stride":
                parts = (self.said(node_of(step.about[part])) for part in ("divisor", "above"))
                is_whole = "only" if divided else "is whole only"
                divided.append(f"{self.letter(name)} {is_whole} where {' divides '.join(parts)}")
        solved = {str(step.about["index"]) for step in steps}
        letters = [self.letter(n) for n in distinct(others) if n not in solved]
        each = f"for each {listed(letters)} " if letters else ""
        what = "output" if solved <= outputs else "term"
        found = (
            f"Solve {listed(asked)}: {each}only the {what} at {listed(values)} reads {self.element}"
        )
        if not divided:
            return f"{found}."
        zero = "bracket with mod is" if len(divided) == 1 else "brackets with mod are"
        return f"{found}; but {listed(divided)}. Elsewhere there is no such term: the {zero} 0."

    def _outside(self, steps: Sequence[Step]) -> str:
        conditions = [f"${self.writer.condition(node_of(s.about['condition']))}$" for s in steps]
        arrays = [self._whole(node_of(s.about["guard"])) for s in steps]
        return (
            f"{listed(arrays)} has such an element only where {listed(conditions)}. Elsewhere "
            f"{listed(arrays)} counts as 0, so that the condition need not be written. (In code "
            "it must be: an index below 0 counts from the end, one too large is an error.)"
        )

    def _kept(self, steps: Sequence[Step]) -> str:
        kept = (self.writer.condition(node_of(step.about["kept"])) for step in steps)
        conditions = [f"${condition}$" for condition in kept]
        verb = "stays" if len(set(conditions)) == 1 else "stay"
        return f"What was put in must be a value the sum ran over: {listed(conditions)} {verb}."

    def _equal(self, name: str, value: Node) -> str:
        return f"${self.writer.piece(Index(name))} = {self.writer.piece(value)}$"

    def _whole(self, read: Node) -> str:
        """An array without its indices: \\partial E/\\partial a."""
        assert isinstance(read, Read)
        if read.name == self.forward.arriving:
            loss, result = map(self.writer.spelt, (self.forward.loss, self.forward.result))
            return rf"$\partial {loss}/\partial {result}$"
        return self.said(Read(read.name))

    # ---- a single step --------------------------------------------------------------------------

    def one(self, step: Step) -> str:
        if step.rule in _PLAIN:
            return _PLAIN[step.rule]
        about = step.about
        match step.rule:
            case "chain":
                loss = f"${self.writer.spelt(self.forward.loss)}$"
                return (
                    f"{self.element} can move the error {loss} only through the outputs "
                    f"{self.said(self._result())}. Add up over all of them: how much {loss} "
                    f"depends on the output, times how much the output depends on {self.element}."
                    + self._primed(binder.name for binder in self.forward.outputs)
                )
            case "each by itself":
                return (
                    f"Each number of the result depends on the number of {self.element} at its own "
                    "place, and on no other: what arrives there, times the slope there."
                )
            case "asked":
                return f"How does the value move when {self.element} alone moves?"
            case "put in":
                return f"Put in what defines {self.said(self._result())}.{self._ends()}"
            case "definition":
                return (
                    f"{self.said(node_of(about['of']))} is calculated from "
                    f"{self.said(Read(self.forward.by.name))}: put in its formula."
                )
            case "sum":
                return self._sum(step)
            case "inside":
                return (
                    f"The derivative of a sum is the sum of the derivatives: it goes inside the "
                    f"sum over {listed(self._indices(step))}."
                )
            case "factor":
                return self._factor(step)
            case "function":
                return (
                    f"The slope of the function, times the derivative of "
                    f"{self.said(argument_of(about['of']))}."
                )
            case "larger":
                return (
                    "The larger of two moves alone, as long as the other does not overtake it; "
                    "of two equals the first counts."
                    if node_of(about["of"]).function == "max"  # type: ignore[attr-defined]
                    else "The smaller of two moves alone; of two equals the first counts."
                )
            case "winner":
                return self._winner(step)
            case "element":
                return self._elements([step])
            case "rearrange":
                return "Write the sums in front: their order does not matter." + self._doubled(step)
            case "named":
                return self._named([step])
            case "place":
                return self._placed(about)
            case "only" | "whole part":
                return self._collapsed([step])
            case "solve" | "stride":
                return self._solved([step])
            case "divide":
                return self._divided(about)
            case "one of its values":
                value = self.said(node_of(about["value"]))
                return f"{value} always lies in the range of the sum, so the bracket is 1."
            case "cancel":
                after = step.about["after"]
                assert isinstance(after, Term)
                if any(isinstance(factor, Divide) for factor in after.factors):
                    return "Write the factors as one fraction, without what cancels."
                return "Put the factors in order, the number first."
            case "outside":
                return self._outside([step])
            case "kept":
                return self._kept([step])
        raise KeyError(step.rule)

    def _ends(self) -> str:
        """What brackets that were added say."""
        return (
            " Where a bracket fails, an array has ended and reads as 0." * self.forward.is_bracketed
        )

    def _result(self) -> Read:
        return Read(self.forward.result, self.forward.place)

    def _indices(self, step: Step) -> list[str]:
        of = step.about["of"]
        assert isinstance(of, Reduce)
        return [self.letter(binder.name) for binder in of.binders]

    def _sum(self, step: Step) -> str:
        of = step.about["of"]
        assert isinstance(of, Add)
        still = [term for term in of.terms if not self.forward.moves(term)]
        if not still:
            return "A sum is derived term by term."
        shown = listed([self.said(term) for term in still])
        verb = "does" if len(still) == 1 else "do"
        return f"{shown} {verb} not depend on {self.element}: the derivative is 0."

    def _factor(self, step: Step) -> str:
        of = step.about["of"]
        parts = of.factors if isinstance(of, Multiply) else node_of(of).children()
        still = [part for part in parts if not self.forward.moves(part)]
        shown = listed([self.said(part) for part in still])
        verb = "does" if len(still) == 1 else "do"
        stays = "stays as a factor" if len(still) == 1 else "stay as factors"
        return f"{shown} {verb} not depend on {self.element}, and {stays}."

    def _winner(self, step: Step) -> str:
        of = step.about["of"]
        assert isinstance(of, Reduce)
        word = _BIG[of.operation]
        by_row = (
            " Cells are numbered row by row, and the arg max is the winner's number."
            if len(of.binders) > 1
            else ""
        )
        return (
            f"Change the cell that holds the {word} value a little, and the result changes as "
            "much; change another, and it does not. So it is a sum over the cells in which a "
            f"bracket is 1 for the winner, and 0 for all others.{by_row} Of equal cells the first "
            "counts, by convention."
        )

    def _elements(self, steps: Sequence[Step]) -> str:
        """Where elements are the one that is derived by."""
        found = []
        for step in steps:
            before = step.about["before"]
            assert isinstance(before, Jacobian)
            deltas = [n for n in node_of(step.about["after"]).walk() if isinstance(n, Delta)]
            if deltas:
                where = listed([f"${self.writer.condition(delta)}$" for delta in deltas])
                found.append(f"{self.said(before.of)} where {where}")
        if not found:
            return f"The derivative of {self.element} by itself is 1."
        first, *others = dict.fromkeys(found)
        read, where = first.split(" where ", 1)
        all_of_them = listed([f"{read} is {self.element} where {where}", *others])
        return (
            f"{all_of_them}: there the derivative is 1, and elsewhere 0. Brackets say so: 1 where "
            "they hold, and else 0."
        )

    def _named(self, steps: Sequence[Step]) -> str:
        """What is called by which name."""
        pairs = [(node_of(step.about["of"]), node_of(step.about["named"])) for step in steps]
        same = listed([f"{self.said(of)} is {self.said(read)}" for of, read in pairs])
        return f"By definition {same}: write that."

    def _placed(self, about: Mapping[str, object]) -> str:
        """Where the winner stands, read off its number."""
        pairs = about["pairs"]
        assert isinstance(pairs, dict)
        values = listed([self._equal(name, value) for name, value in pairs.items()])
        names = listed([self.letter(name) for name in pairs])
        number = self.said(node_of(about["number"]))
        if len(pairs) == 1:
            return f"Of the sum over {names} only the winner is left, {values}."
        cell = self.said(node_of(about["cell"]))
        return (
            f"Each cell has its own number {cell}, so only one is left of the sums over {names}, "
            f"that with the number {number}. Divide with remainder: it is {values}."
        )

    def _divided(self, about: Mapping[str, object]) -> str:
        name = self.letter(about["index"])
        times, left = self.letter(about["quotient"]), self.letter(about["remainder"])
        divisor, whole = self.said(node_of(about["divisor"])), self.said(node_of(about["whole"]))
        value = self.writer.piece(node_of(about["value"]))
        return (
            f"Divide {whole} by {divisor}: {times} times, with the remainder {left}. So "
            f"${name.strip('$')} = {value}$, and the whole part is {times}."
        )
