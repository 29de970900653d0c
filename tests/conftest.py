"""What several test modules share: the browser, Node.js, and where things are."""

import gc
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from kept_pages import KeptPages
    from lab_server import JupyterLab
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]

# The first has no windows at all, and takes three quarters of the time of the second.
_NAMES = [
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
]
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


# ---- sweeps: one claim, tried on all there is of a kind ------------------------------------------


PARTS = 10  # of which one has its turn


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--part",
        action="store_true",
        help="of each sweep a tenth of the cases; which tenth follows from the commit",
    )


_share = 1


def pytest_configure(config: pytest.Config) -> None:
    """Known before the modules of the tests are read, which make up their cases."""
    global _share
    _share = PARTS if config.getoption("part") else 1


def tried(examples: int) -> settings:
    """Settings of a sweep over made-up cases, the same everywhere: all, or the first of them."""
    most = max(1, examples // _share)
    return settings(max_examples=most, derandomize=True, deadline=None, database=None)


@cache
def _turn() -> int:
    """Which part's turn it is: the same each time that a commit is tested, anywhere."""
    git = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True).stdout.strip()
    return int(commit or "0", 16) % PARTS


def _case(item: pytest.Item) -> str:
    """A page has its turn with all its tests, or with none."""
    return item.name.partition("[")[2]


@pytest.fixture(scope="session")
def swept(pytestconfig: pytest.Config) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """What a test tries that goes through many cases by itself: all of them, or a part."""
    part = slice(_turn(), None, PARTS) if pytestconfig.getoption("part") else slice(None)
    return lambda cases: cases[part]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the cases of sweeps whose turn it is not, and put those of pages in order."""
    if config.getoption("part"):
        sweeps = [item for item in items if item.get_closest_marker("sweep")]
        cases = list(dict.fromkeys(map(_case, sweeps)))
        chosen = set(cases[_turn() :: PARTS])
        idle = {item for item in sweeps if _case(item) not in chosen}
        items[:] = [item for item in items if item not in idle]
        config.hook.pytest_deselected(items=list(idle))
    _order_pages(items)


def _order_pages(items: list[pytest.Item]) -> None:
    """Let the tests of a page of the book follow one another, as they stand in their file.

    pytest would go back to a page for each list of pages that it stands on, and open it anew.
    """

    def of_pages(item: pytest.Item) -> bool:
        return item.path.name == "test_pages.py" and "page" in getattr(item, "fixturenames", ())

    places = [n for n, item in enumerate(items) if of_pages(item)]
    there: list[Any] = [items[n] for n in places]
    there.sort(
        key=lambda item: (item.callspec.params["page"], item.function.__code__.co_firstlineno)
    )
    for n, item in zip(places, there, strict=True):
        items[n] = item


def pytest_collection_finish() -> None:
    """Let the garbage collector leave the ten thousand tests alone, which are there to the end.

    It took a tenth of the time of those that read formulas.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


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


@contextmanager
def chromium() -> Iterator["Browser"]:
    """The Chromium in the variable CHROMIUM, or on the PATH."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.fail(
            "The pages are tested in Chromium, and there is none here. On Debian: "
            "sudo apt-get install chromium-headless-shell. Elsewhere: install Chromium or "
            "Chrome, and set CHROMIUM to its path.",
            pytrace=False,
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


# The environment's own Node.js, and what `npm ci` put beside the project.
_PATH = os.pathsep.join(
    [str(Path(sys.executable).parent), str(ROOT / "node_modules/.bin"), os.environ["PATH"]]
)


def run(*command: str | Path, sent: str = "") -> str:
    """What a program of the environment, or one that npm installed, prints."""
    program = shutil.which(command[0], path=_PATH)
    assert program, f"there is no {command[0]}: run `make setup`"
    done = subprocess.run(
        [program, *command[1:]],
        cwd=ROOT,
        env={**os.environ, "PATH": _PATH},
        input=sent,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_node(script: Path, sent: Any) -> Any:
    """What a script answers to something, both as JSON."""
    return json.loads(run("node", script, sent=json.dumps(sent)))


def bundled(entry: str, format: str) -> str:
    """A module of the tests in one piece, not minified, so that a failure can be read."""
    return run("esbuild", entry, "--bundle", "--charset=utf8", f"--format={format}")


@pytest.fixture(scope="session")
def alive_page() -> str:
    """The script of a page, which keeps every figure that comes to life in `alive`."""
    return bundled("tests/alive/page.mjs", "iife")


@pytest.fixture(scope="session")
def alive_widget() -> str:
    """The module of a widget, which does the same."""
    return bundled("tests/alive/widget.mjs", "esm")


_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Figures</title>
<meta name="viewport" content="width=device-width"><style>body {{ margin: 8px }} {style}</style>
</head><body><main><h1>Figures</h1>{figures}</main><script>{script}</script></body></html>"""


@pytest.fixture(scope="session")
def kept_pages(browser: "Browser") -> "KeptPages":
    """The pages that tests take one after another."""
    from kept_pages import KeptPages

    return KeptPages(browser)


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest, kept_pages: "KeptPages", tmp_path: Path, alive_page: str
) -> Iterator[Callable[..., "Page"]]:
    """Opens a page with live figures from disk, with the network cut.

    Fails if the page asks for the network or throws an error. What a test that failed has left
    behind, a key that is held down or a pointer, no other test gets.
    """
    from figure_page import settle

    from cnnmath.explorer.live_figure import style

    opened = 0
    failed = request.session.testsfailed

    def open_(*figures: Any, script: str | None = None, **options: Any) -> "Page":
        nonlocal opened
        opened += 1
        page = kept_pages.take(**options)
        script = alive_page if script is None else script
        shown = "".join(figure.page() for figure in figures)
        file = tmp_path / f"page{opened}.html"
        text = _PAGE.format(style=style(), figures=shown, script=script)
        file.write_text(text, encoding="utf-8")
        page.goto(file.as_uri())
        if script:
            page.wait_for_function("window.alive?.every((figure) => figure.width || figure.across)")
            settle(page)
        return page

    yield open_
    assert kept_pages.give_back(reusable=request.session.testsfailed == failed) == []
