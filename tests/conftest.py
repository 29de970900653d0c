"""What several test modules share: the browser, and where things are."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from lab_server import JupyterLab
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]

_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
# Chromium asks for updates and looks hosts up of its own accord, unless it is told not to.
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium, as the machine has it."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def jupyterlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator["JupyterLab"]:
    """The one JupyterLab of a run.

    Each process of pytest-xdist has a session of its own, so the tests that want it are in the
    group "jupyterlab".
    """
    import lab_server

    with lab_server.jupyterlab(tmp_path_factory.mktemp("jupyterlab")) as server:
        yield server


@pytest.fixture(scope="session")
def built_book() -> None:
    """The pages that are tested are those of the book as it stands."""
    from built_book import stop_if_stale

    stop_if_stale()


@contextmanager
def chromium() -> Iterator["Browser"]:
    """The Chromium in the variable CHROMIUM, or on the PATH."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.fail(
            "The pages are tested in Chromium, and there is none here. On Debian: "
            "sudo apt-get install chromium. Elsewhere: install Chromium or Chrome, and "
            "set CHROMIUM to its path.",
            pytrace=False,
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()
