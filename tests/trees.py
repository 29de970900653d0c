"""Syntax trees that mean the same, brought to one form, so that == can tell others apart."""

from collections.abc import Mapping
from dataclasses import replace

from cnnmath.core.nodes import (
    ONE,
    Add,
    Binder,
    Call,
    Compare,
    Index,
    Logic,
    Multiply,
    Negative,
    Node,
    Number,
    Reduce,
    add,
    conjunction,
    negative,
    product,
)
from cnnmath.core.statement import Statement

MIRRORED = {">": "<", ">=": "<="}


def same_form(node: Node, names: Mapping[str, str] | None = None, depth: int = 0) -> Node:
    """An expression in the form that all its spellings have in common.

    - What a bound index is called does not matter: it is numbered by how many are bound around it.
    - A sum over two indices is a sum over one of the sums over the other.
    - The first terms of a sum may stand in brackets, (a + b) + c, for they are added up first
      anyhow; in the bounds of an index, which are whole numbers, its numbers are added up.
    - A product is one of all its factors, and a factor 1 is none.
    - The number -1 is minus the number 1, and the largest of one value is that value.
    - A condition below a sum holds where the bracket that it makes is 1.
    """
    names = names or {}
    match node:
        case Index(name=name):
            return Index(names.get(name, name))
        case Number(value=value) if value < 0:
            return Negative(Number(-value))
        case Reduce(binders=(first, *others)) if others and node.operation == "sum":
            inner = Reduce(node.operation, tuple(others), node.where, node.body)
            return same_form(Reduce(node.operation, (first,), None, inner), names, depth)
        case Reduce(operation=operation, binders=binders, where=where, body=body):
            inside = {**names, **{b.name: f"bound {depth} {k}" for k, b in enumerate(binders)}}
            found = tuple(
                Binder(inside[b.name], added_up(same_form(b.low, names, depth)),
                       added_up(same_form(b.high, names, depth)))
                for b in binders
            )  # fmt: skip
            kept = None if where is None else _conditions(same_form(where, inside, depth + 1))
            return Reduce(operation, found, kept, same_form(body, inside, depth + 1))
    node = node.rebuilt(lambda child: same_form(child, names, depth))
    match node:
        case Negative(body=body):
            return negative(body)
        case Add(terms=(Add() as first, *others)):
            return Add((*first.terms, *others))
        case Multiply(factors=factors):
            return product(*factors)
        case Call(function="max" | "min", arguments=(argument,)):
            return argument
        case Compare(relation=relation, left=left, right=right) if relation in MIRRORED:
            return Compare(MIRRORED[relation], right, left)
    return node


def added_up(bound: Node) -> Node:
    """A bound, its numbers in one."""
    terms = list(bound.terms) if isinstance(bound, Add) else [bound]
    while any(isinstance(term, Add) for term in terms):
        terms = [t for term in terms for t in (term.terms if isinstance(term, Add) else (term,))]
    values = [-t.body.value if isinstance(t, Negative) else t.value
              for t in terms if isinstance(t, Number) or _is_minus(t)]  # fmt: skip
    others = [t for t in terms if not isinstance(t, Number) and not _is_minus(t)]
    return add(*others, Number(sum(values))) if values else bound


def _is_minus(term: Node) -> bool:
    return isinstance(term, Negative) and isinstance(term.body, Number)


def _conditions(where: Node) -> Node:
    is_and = isinstance(where, Logic) and where.operation == "and"
    parts = []
    for part in where.parts if is_and else (where,):
        holds = isinstance(part, Compare) and part.relation == "=" and part.right == ONE
        parts.append(part.left if holds and isinstance(part.left, Compare | Logic) else part)
    return conjunction(sorted(parts, key=repr))


def said(statement: Statement) -> tuple:
    """What a statement says: what it defines, of what, and where."""
    head = statement.head
    if head is not None:
        head = replace(head, index=tuple(map(same_form, head.index)))
    conditions = {_bound(same_form(condition)) for condition in statement.conditions}
    return head, tuple(map(same_form, statement.links)), conditions


def _bound(condition: Node) -> Node:
    if isinstance(condition, Compare):
        return Compare(condition.relation, added_up(condition.left), added_up(condition.right))
    return condition
