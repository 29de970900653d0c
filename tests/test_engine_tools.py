"""The commands about the engine: which changes make mutants, and how two engines are compared."""

import ast
from itertools import islice

import pytest

from tools import compare_engines, mutants, mutations


def changed(source):
    return [source[:start] + text + source[end:] for start, end, text in mutations.changes(source)]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("a < b", ["(a <= b)"]),
        ("ä == b and c", ["(ä == b or c)", "(ä != b) and c"]),
        ("x = 1e-8", ["x = 0.0001"]),
        ("x = -y + 2", ["x = (-y - 2)", "x = (y) + 2", "x = -y + 3"]),
        ("a: int = True", ["a: int = False"]),
        ('"words"; f"{a < b}"; "a" + b', []),
        ("raise E(1)", ["pass", "raise E(2)"]),
        ("zip(a, b, strict=True)", ["pass"]),
        ("zip(a, b, strict=False)", ["pass", "zip(a, b, strict=True)"]),
        ("f(a, strict=True)", ["pass", "f(a, strict=False)"]),
    ],
)
def test_changes(source, found):
    assert sorted(changed(source)) == sorted(found)


def test_mutants_are_python_and_lie_where_they_say():
    path = mutants.PACKAGE / "call" / "check.py"
    lines = path.read_text("utf-8").splitlines()
    found = list(mutants.mutants_of(path))
    assert len(found) > 100
    for mutant in found:
        ast.parse(mutant.source)
        assert mutant.source != path.read_text("utf-8")
        assert mutant.line.splitlines()[0] == lines[mutant.number - 1]


def test_the_line_of_a_statement_is_the_one_it_begins_on():
    source = "a = (1 +\n  2)\nif b:\n    c = f(\n      3)\n"
    assert [mutations.statement_line(source, n) for n in range(1, 6)] == [1, 1, 3, 4, 4]


def test_mutants_are_drawn_of_each_module_in_turn_the_same_each_time():
    modules = [mutants.PACKAGE / "language" / f"{name}.py" for name in ("bounds", "sums", "norms")]
    found = mutants.drawn(modules, 9, seed=3)
    assert found == mutants.drawn(reversed(modules), 9, seed=3)
    assert [found[n].module for n in range(3)] * 3 == [mutant.module for mutant in found]


def test_mutants_that_are_equivalent_say_why():
    for each in mutants.equivalent():
        assert {"module", "line", "mutant", "reason"} == set(each)
        assert each["line"] in (mutants.PACKAGE / each["module"]).read_text("utf-8")


VALUE = {"shape": [1], "value": [2.0]}
REFUSED = {"error": "ShapeError: no"}


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (VALUE, VALUE, "same"),
        (VALUE, {**VALUE, "value": [2.0 + 1e-15]}, "same"),
        (VALUE, {**VALUE, "value": [2.0 + 1e-9]}, "different"),
        (VALUE, REFUSED, "newly refused"),
        (REFUSED, VALUE, "newly read"),
        (REFUSED, REFUSED, "refused"),
        (REFUSED, {"error": "ShapeError: never"}, "other words"),
        (REFUSED, {"error": "KeyError: 'x'"}, "crashed"),
    ],
)
def test_two_answers_are_of_a_kind(before, now, kind):
    assert compare_engines.kind(before, now) == kind


def test_engines_are_asked_the_same_and_answer():
    asked = list(compare_engines.questions(12, seed=1))
    assert asked == list(compare_engines.questions(12, seed=1))
    lines = "".join(f"{compare_engines.json.dumps(question)}\n" for question in asked)
    found = compare_engines.answered(compare_engines.ROOT, lines)
    assert len(found) == 12
    assert sum("value" in facts for facts in islice(found, 0, None, 2)) >= 5


def test_a_mutant_meets_the_tests_of_its_line_the_shortest_first():
    file, slow, fast, other = (f"tests/test_a.py{name}" for name in ("", "::slow", "::fast", "::b"))
    seconds = {slow: 2.0, fast: 0.5, other: 0.1, file: 2.6}
    lines = {("m.py", 1): {file}, ("m.py", 2): {slow, fast}, ("n.py", 1): {other, file}}
    covering = mutants.Covering([(seconds, lines)])
    assert covering.rounds("m.py", 2) == [(2.5, [fast, slow])]
    assert covering.rounds("n.py", 1) == [(0.1, [other]), (2.6, [file])]
    # A line that is run as the module is loaded is one for all that use the module.
    assert covering.rounds("m.py", 1) == [(2.5, [fast, slow]), (2.6, [file])]
    assert covering.rounds("m.py", 3) == []
