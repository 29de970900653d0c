"""From the forward formula to its gradient: every rewriting, in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cnnmath.core.nodes import ZERO, Jacobian, Node, Read, Reduce, multiply
from cnnmath.derive.collapse import Collapse
from cnnmath.derive.differentiate import Differentiation, Rewriting
from cnnmath.derive.distribute import multiplied_out
from cnnmath.derive.forward import Forward
from cnnmath.derive.fractions import cancelled, in_front
from cnnmath.derive.letters import fresh
from cnnmath.derive.naming import Naming
from cnnmath.derive.terms import terms_of, total
from cnnmath.errors import FormulaError

LONGEST = 60
"""Terms; a gradient with more of them is no formula that anybody reads."""


@dataclass(frozen=True)
class Step:
    """rule : what was done;  node : the whole right side after it;  about : see sentences.py"""

    rule: str
    node: Node
    about: Mapping[str, object] = field(default_factory=dict)


def steps_of(forward: Forward) -> list[Step]:
    """The chain rule, and every rewriting after it.

    Raises FormulaError where no rule applies, or nothing would be left.
    """
    inner: Node = Jacobian(forward.body, forward.by)
    node = inner
    steps: list[Step] = []
    if forward.is_open:
        node = multiply(Read(forward.arriving), inner)
        steps.append(Step("each by itself", node))
    elif forward.place:
        arriving = Read(forward.arriving, forward.place)
        node = _over_outputs(forward, multiply(arriving, *forward.conditions, inner))
        if forward.definition.is_direct:
            whole = Jacobian(Read(forward.result, forward.place), forward.by)
            steps.append(Step("chain", _over_outputs(forward, multiply(arriving, whole))))
            steps.append(Step("put in", node, {"body": forward.body}))
        else:
            steps.append(Step("chain", node))
    else:
        steps.append(Step("asked", node, {"body": forward.body}))
    for changed, rewriting in Differentiation(forward).steps(node):
        node = changed
        steps.append(_step(node, rewriting))
    if node == ZERO:
        raise FormulaError(
            f"{forward.result or 'the value'} does not move with {forward.by.name}, except in "
            "jumps: its derivative is 0 wherever it has one"
        )
    terms = terms_of(node, fresh)
    if len(terms) > LONGEST:
        raise FormulaError(f"the gradient would have {len(terms)} terms: derive a formula of less")
    spread = multiplied_out(node)
    if spread != node:
        node = spread
        terms = terms_of(node, fresh)
        steps.append(Step("multiply out", node))
    if total(terms) != node:
        node = total(terms)
        steps.append(Step("rearrange", node))
    for rules in (Naming(forward), Collapse(forward)):
        for changed_terms, rewriting in rules.steps(terms):
            terms = changed_terms
            steps.append(_step(total(terms), rewriting))
    for rule, tidied in (("cancel", cancelled), ("front", in_front)):
        for place, term in enumerate(terms):
            terms = [*terms[:place], tidied(term, forward.arriving), *terms[place + 1 :]]
            if total(terms) != steps[-1].node:
                steps.append(Step(rule, total(terms), {"after": terms[place]}))
    return steps


def _step(node: Node, rewriting: Rewriting) -> Step:
    about = {"before": rewriting.before, "after": rewriting.after, **rewriting.about}
    return Step(rewriting.rule, node, about)


def _over_outputs(forward: Forward, body: Node) -> Node:
    for binder in reversed(forward.outputs):
        body = Reduce("sum", (binder,), None, body)
    return body
