"""The golden record: what every formula of the project gives, kept in `tests/golden`.

    python -m tools.golden            compares today's engine with the record
    python -m tools.golden --write    writes the record anew, after a change that is meant

A record is a file of JSON lines: a formula, what it says of itself, and for each of three rounds,
with other numbers and sizes each, what is given and what comes out, with indices counted from 0
and from 1. Where nothing differs, a line is left as it stands to the last digit, so that a
difference in git is one in the engine. Beside it stand how derivations read, what the still
figures draw, and the verdicts on the article (`tools/derived.py`, `drawn.py`, `judged.py`).
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools import asking

RECORD = Path(__file__).parents[1] / "tests" / "golden"
ORIGINS = (0, 1)


@dataclass
class Entry:
    """A formula of the record; what to give it in each round, and for a check as well."""

    name: str
    statement: dict[str, Any]
    given: list[dict[str, Any]]
    also: dict[str, Any]
    facts: dict[str, asking.Facts] = field(default_factory=dict)

    def found(self) -> Iterator[tuple[str, asking.Facts]]:
        """What today's engine says: of the formula, and of each round and origin."""
        formulas = [
            asking.asked(lambda origin=origin: asking.stated(self.statement, origin))
            for origin in ORIGINS
        ]
        for origin, formula in zip(ORIGINS, formulas, strict=True):
            if isinstance(formula, dict):
                yield f"counted from {origin}", formula
                continue
            yield f"counted from {origin}", asking.about(formula)
            for number, described in enumerate(self.given):
                arrays = asking.given(described, number)
                yield f"round {number} from {origin}", asking.answers(formula, arrays, number)
        if not isinstance(formulas[0], dict):
            arrays = asking.given({**self.given[0], **self.also}, 0)
            yield "check", {"found": asking.checked(formulas[0], arrays)}

    def differences(self) -> Iterator[str]:
        """In words, each fact that is no longer what the record says."""
        found = dict(self.found())
        for what in dict.fromkeys((*self.facts, *found)):
            recorded, now = self.facts.get(what, {}), found.get(what, {})
            if ("error" in recorded) != ("error" in now):
                gists = f"recorded {asking.gist(recorded)}, found {asking.gist(now)}"
                yield f"{self.name}, {what}: {gists}"
                continue
            for fact, one, other in asking.differences(recorded, now):
                yield f"{self.name}, {what}, {fact}: recorded {one}, found {other}"

    def lines(self) -> Iterator[dict[str, Any]]:
        """The lines of the record; what is the same from both origins stands once."""
        yield {"formula": self.name, **self.statement}
        yield {"given": self.given, **({"also": self.also} if self.also else {})}
        for what, facts in self.facts.items():
            twin = what.replace("from 1", "from 0")
            same = twin != what and not asking.differences(self.facts.get(twin, {}), facts)
            yield {"fact": what, **({"same": twin} if same else facts)}


def read(path: Path) -> list[Entry]:
    """The formulas of one file of the record."""
    found: list[Entry] = []
    for text in path.read_text("utf-8").splitlines():
        line = json.loads(text)
        if "formula" in line:
            found.append(Entry(line.pop("formula"), line, [], {}))
        elif "given" in line:
            found[-1].given, found[-1].also = line["given"], line.get("also", {})
        else:
            facts = found[-1].facts
            facts[line.pop("fact")] = facts[line["same"]] if "same" in line else line
    return found


def write() -> None:
    """Ask every formula of the project again, and write down what differs."""
    from tools import statements  # before any formula is made: it keeps how each is stated

    RECORD.mkdir(exist_ok=True)
    for group in (statements.catalogue, statements.article, statements.figures, statements.authors):
        path = RECORD / f"{group.__name__}.jsonl"
        before = {entry.name: entry for entry in read(path)} if path.exists() else {}
        changed, lines = 0, []
        for each in group():
            entry = Entry(each.name, each.statement, each.given, each.also)
            entry.facts = dict(entry.found())
            old = before.pop(entry.name, None)
            same = old is not None and (old.statement, old.given) == (entry.statement, entry.given)
            for what, facts in entry.facts.items() if same else ():
                recorded = old.facts.get(what, {})
                if not asking.differences(recorded, facts):
                    entry.facts[what] = recorded
            changed += not same or entry.facts != old.facts
            lines += [json.dumps(line, ensure_ascii=False) for line in entry.lines()]
        path.write_text("\n".join(lines) + "\n", "utf-8")
        print(f"{path.name}: {changed} formulas changed, {len(before)} gone")
    from tools import derived, drawn, judged

    derived.write()
    drawn.write()
    judged.write()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the record anew")
    if parser.parse_args().write:
        write()
        return 0
    found = [
        text
        for path in sorted(RECORD.glob("*.jsonl"))
        for entry in read(path)
        for text in entry.differences()
    ]
    print("\n".join(found) or "every formula gives what it gave")
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main())
