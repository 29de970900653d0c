"""A plugin of pytest, for `tools/mutants.py`: leaves out the tests that open a page."""

import pytest

OPENING = {"open_page", "browser"}  # the fixtures that do


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    opening = [item for item in items if OPENING & {*getattr(item, "fixturenames", ())}]
    items[:] = [item for item in items if item not in opening]
    config.hook.pytest_deselected(items=opening)
