"""A plugin of pytest, for `tools/mutants.py`: which lines each test runs, and how long it takes.

Run under `coverage run`: the lines are kept by test, those of fixtures that several tests share
with no test, and so with the file. Beside the coverage data stand the seconds, as `seconds.json`,
by test. Tests that differ only in their parameters are one.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import coverage
import pytest

_seconds: dict[str, float] = defaultdict(float)
_test = ""  # the one that runs, or for whose sake a fixture is made


def pytest_runtest_logstart(nodeid: str) -> None:
    global _test
    before, _test = _test, nodeid.partition("[")[0]
    if _test != before:  # what one case has calculated, the next may keep: both are one test
        _forget()
        _switch(_test)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Iterator[None]:
    """Every test that uses such a fixture runs its lines, not only the one that needs it first."""
    is_shared = fixturedef.scope != "function"
    if is_shared:
        _switch("")
    try:
        return (yield)
    finally:
        if is_shared:
            _switch(_test)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _seconds[report.nodeid.partition("[")[0]] += report.duration


def pytest_sessionfinish() -> None:
    Path("seconds.json").write_text(json.dumps(_seconds), "utf-8")


def _forget() -> None:
    """What one test had calculated and kept, the next one would not run the lines of."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "cnnmath":
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _switch(context: str) -> None:
    measuring = coverage.Coverage.current()
    assert measuring is not None, "run under `coverage run`"
    measuring.switch_context(context)
