"""Every formula of the project gives what the golden record says: `make golden`
writes down what it gives now, when a change is meant."""

import copy
import re

import pytest
from authors import CASES

from cnnmath.article import PRINTED
from cnnmath.catalogue import formulas
from tools import asking, golden

ENTRIES = {
    f"{path.stem}: {entry.name}": entry
    for path in sorted(golden.RECORD.glob("*.jsonl"))
    for entry in golden.read(path)
}


@pytest.mark.sweep
@pytest.mark.parametrize("name", ENTRIES)
def test_a_formula_gives_what_is_on_record(name):
    found = list(ENTRIES[name].differences())
    assert not found, "\n".join(found)


def test_every_formula_is_on_record():
    recorded = {entry.statement["latex"] for entry in ENTRIES.values()}
    assert {formula.latex for formula in formulas().values()} <= recorded
    assert {printed.latex for printed in PRINTED.values()} <= recorded
    assert {case.latex for case in CASES} <= recorded


def test_the_record_is_one_of_values_and_small():
    rounds = [
        facts
        for entry in ENTRIES.values()
        for what, facts in entry.facts.items()
        if re.fullmatch(rf"round \d from {entry.statement.get('origin', 0)}", what)
    ]
    assert len(rounds) > 1000
    assert sum("value" in facts for facts in rounds) > 0.95 * len(rounds)
    assert sum(any("outside" in n for n in f.get("touched", ())) for f in rounds) > 50
    assert sum(path.stat().st_size for path in golden.RECORD.glob("*.jsonl")) < 1_800_000


@pytest.mark.parametrize(
    ("fact", "change", "seen"),
    [
        ("value sums", lambda sums: [sums[0], sums[1] + 1e-9, sums[2]], True),
        ("value sums", lambda sums: [sums[0], sums[1] * (1 + 1e-14), sums[2]], False),
        ("shape", lambda shape: shape[::-1], True),
        ("expansion terms", lambda terms: [terms[0] + "°", *terms[1:]], True),
        ("touched x", lambda places: places[:-1], True),
        ("touched x outside", lambda _: "9,9", True),
    ],
)
def test_a_difference_is_named(fact, change, seen):
    entry = copy.deepcopy(ENTRIES["catalogue: convolution"])
    *way, last = fact.split(maxsplit=1)
    facts = entry.facts["round 0 from 0"]
    for key in way:
        facts = facts[key]
    facts[last] = change(facts.get(last))
    found = list(entry.differences())
    assert [text.startswith(f"convolution, round 0 from 0, {fact}: ") for text in found] == [
        True
    ] * seen


def test_an_error_is_a_fact_by_class_and_message():
    found = asking.asked(lambda: asking.stated({"latex": "y_i = x_{", "shapes": {}}))
    assert found["error"].startswith("FormulaSyntaxError: ")
    other = {"error": found["error"].replace("FormulaSyntaxError", "ShapeError")}
    assert asking.differences(found, other) == [("error", found["error"], other["error"])]


def test_of_many_numbers_each_place_counts():
    many = [float(n) for n in range(30)]
    swapped = [*many[:10], many[20], *many[11:20], many[10], *many[21:]]
    assert asking.differences(asking.shortened(many), asking.shortened(swapped))
    holed = [*many[:10], float("nan"), *many[11:]]
    assert asking.shortened(holed)["nan"] == "10"
