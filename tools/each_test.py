"""A plugin of pytest, for `tools/mutants.py`: which lines each test runs, and how long it takes.

Run under `coverage run`: the lines are kept by test, those that fixtures need with the test that
needs them first. Beside the coverage data stand the seconds, as `seconds.json`, by test. Tests that
differ only in their parameters are one.
"""

import json
from collections import defaultdict
from pathlib import Path

import coverage
import pytest

_seconds: dict[str, float] = defaultdict(float)


def pytest_runtest_logstart(nodeid: str) -> None:
    _switch(nodeid.partition("[")[0])


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _seconds[report.nodeid.partition("[")[0]] += report.duration


def pytest_runtest_logfinish() -> None:
    _switch("")


def pytest_sessionfinish() -> None:
    Path("seconds.json").write_text(json.dumps(_seconds), "utf-8")


def _switch(context: str) -> None:
    measuring = coverage.Coverage.current()
    assert measuring is not None, "run under `coverage run`"
    measuring.switch_context(context)
