"""A formula said in full: every index written, and the shape of the result declared."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cnnmath.call.fitting import insist_on_plain_products
from cnnmath.core.definition import Definition
from cnnmath.core.derivative import Derivative
from cnnmath.core.nodes import Apply, Binder, Index, Node, Read, substitute
from cnnmath.core.reach import inferred_shape
from cnnmath.core.shapes import Shape, size_text
from cnnmath.core.statement import Head, Statement
from cnnmath.derive.letters import OTHERS, free_letter, fresh, renamed_apart
from cnnmath.formula import Formula
from cnnmath.language.latex import raised_in, statement_latex

LOSSES = ("E", "L", "J", "C", "Q", "F", "S", "U", "V")
"""What an error is called: the first of these that the formula does not use otherwise."""


def stated(formula: Formula, is_step: bool = False) -> Formula:
    """A formula that writes all its indices, the shape of its result declared.

    is_step : whether others read the result, so that it keeps its name
    """
    definitions = {name: stated(one, True) for name, one in formula.definitions.items()}
    definition = formula.definition
    head = definition.head
    taken, fixed = names_of(definition), fixed_names(definition)
    letters: dict[str, Node] = {}
    for name in head.free:
        # N_i is an index here, and would be an element of N in what is printed.
        is_word = "_" in name and len(name.replace("_prime", "")) > 1
        if is_word or name in fixed:
            letters[name] = Index(free_letter(OTHERS, {*taken, *_plain(letters)}))
    body = substitute(renamed_apart(definition.right, {*head.free, *fixed}), letters)
    conditions = tuple(substitute(c, letters) for c in definition.statement.conditions)
    index = tuple(substitute(place, letters) for place in head.index)
    free = tuple(n if n not in letters else _plain({n: letters[n]}).pop() for n in head.free)
    if definition.elementwise:
        index, free, body = _written_out(definition, body, taken)
    result = head.name if is_step else _result(definition, taken, bool(index))
    shapes: dict[str, Any] = {}
    for name, one in definitions.items():  # whose shapes may have been found just now
        shapes |= {name: one.definition.shapes[name]} if name in one.definition.shapes else {}
    shapes |= definition.shapes
    shape = shapes.get(head.name)
    if shape is None or len(shape) != len(index):
        shape = inferred_shape(replace(definition, shapes=shapes), free, body, conditions)
    if free:
        shapes[result] = shape
    statement = Statement(Head(result, index, free), (body,), conditions, {}, (), (), (), (), ())
    raised = raised_in(formula.latex, formula.found_symbols)
    latex = statement_latex(statement, replace(definition.declared, shapes=shapes), raised)
    first = {result: definition.first_index(head.name)}
    roots = (body, *index)
    return written(latex, formula, shapes, definitions, roots, [result], first, formula.name)


def _result(definition: Definition, taken: set[str], has_index: bool) -> str:
    """What the result is called, such that its derivative can be written."""
    name = definition.result
    free = next(letter for letter in LOSSES if letter not in taken)
    if not name or (not has_index and _has_label(name)):  # \partial g_x would be an element of g
        return free
    if name in definition.reads | set(definition.vocabulary.sizes):
        return fresh(f"{name}_prime", taken)  # v <- mu v - ..: the new value
    return name


def written(
    latex: str,
    formula: Formula,
    shapes: Mapping[str, Shape],
    definitions: Mapping[str, Formula],
    roots: tuple[Node, ...],
    others: Iterable[str],
    origins: Mapping[str, int],
    name: str,
) -> Formula:
    """A formula that declares what it mentions, and nothing else.

    formula : the one that it is made of
    others : names that it mentions besides those in the roots;  origins : of new arrays
    """
    names = {n.name for root in roots for n in root.walk() if isinstance(n, Read | Apply)}
    names |= set(others)
    declared: dict[str, Any] = {}
    for one in sorted(names):
        if one in definitions:
            declared[one] = definitions[one]
        elif one in formula.definition.functions:
            declared[one] = formula.definition.functions[one]
        elif one in shapes:
            declared[one] = tuple(size_text(size) for size in shapes[one])
    origin = formula.definition.origin
    first: Any = {**origin.by_array, **origins} if origin.by_array else origin.of_indices
    return Formula(latex, origin=first, name=name, symbols=formula.symbols, **declared)


_MARKS = {"hat", "bar", "tilde", "dot", "vec", "prime", "star"}


def _has_label(name: str) -> bool:
    return len([part for part in name.split("_") if part not in _MARKS]) > 1


def _plain(indices: Mapping[str, Node]) -> set[str]:
    return {index.name for index in indices.values() if isinstance(index, Index)}


def fixed_names(definition: Definition) -> set[str]:
    """What no index may be called: arrays and sizes, of the formulas on the way too."""
    definitions = (definition, *definition.system.values())
    sizes = {name for d in definitions for name in d.vocabulary.sizes}
    return sizes.union(*({*d.shapes, *d.system} for d in definitions))


def names_of(definition: Definition) -> set[str]:
    """Every name that a formula uses, indices too."""
    nodes = [n for d in (definition, *definition.system.values()) for n in nodes_of(d)]
    found = {n.name for n in nodes if isinstance(n, Index | Binder | Read | Apply)}
    shapes = {name for d in (definition, *definition.system.values()) for name in d.shapes}
    found |= shapes | set(definition.vocabulary.sizes) | {definition.result}
    derived = filter(None, map(Derivative.named, found))
    return found | {derivative.of for derivative in derived}


def nodes_of(definition: Definition) -> list[Node]:
    """Every node of a formula."""
    roots = (*definition.links, *definition.head.index, *definition.statement.conditions)
    return [node for root in roots for node in root.walk()]


def _written_out(
    definition: Definition, body: Node, taken: set[str]
) -> tuple[tuple[Node, ...], tuple[str, ...], Node]:
    """The index, the letters and the right side of a formula of whole arrays, by element."""
    bare = {n.name for n in body.walk() if isinstance(n, Read) and not n.index}
    ranks = {name: len(definition.shapes.get(name, ())) for name in bare}
    ranks = {name: rank for name, rank in ranks.items() if rank}
    rank = max(ranks.values(), default=0)
    insist_on_plain_products(definition, set(ranks))
    # Those of a formula that defines one of the arrays, if there is one.
    heads = [
        definition.system[name].head.free for name in sorted(ranks) if name in definition.system
    ]
    letters = list(next((free for free in heads if len(free) == rank), ()))
    while len(letters) < rank:
        letters.append(free_letter(OTHERS, {*taken, *letters}))
    index = tuple(Index(letter) for letter in letters)

    def put(node: Node) -> Node:
        if isinstance(node, Read) and not node.index and ranks.get(node.name) == rank:
            return Read(node.name, index)
        return node.rebuilt(put)

    return index, tuple(letters), put(body)
