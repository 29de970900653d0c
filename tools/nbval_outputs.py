"""A pytest plugin beside nbval: keeps what the notebooks gave, and compares their pictures too.

    pytest --nbval -p tools.nbval_outputs book

nbval executes every cell, compares the text of its outputs with what the notebook holds, and then
forgets them. Here they are written down, in `build/executed`, so that the pages are built from what
this very run has executed and nothing is executed twice.

Pictures nbval does not compare at all, and drawings letter by letter, though their numbers may
differ by a last bit. Both are compared here.
"""

import base64
import copy
import io
import os
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from matplotlib.image import imread
from nbval.plugin import IPyNbCell

from tools import chapters

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

# Another processor rounds the last bit of a curve otherwise, and a few pixels of its edge show it.
# Measured between two machines: 21 of 150,000 pixels differ by more than 2 of 255, none by over 4.
SLIGHT, PLAIN = 2 / 255, 16 / 255  # in a colour channel
SHARE = 1 / 2000  # of the pixels may differ more than slightly, but none plainly
DRAWN = 0.1  # points by which the numbers of a drawing may differ

DRAWING = re.compile("<svg .*?</svg>", re.DOTALL)
# Names that are made from all that is drawn, a picture in a drawing, and numbers.
OWN_NAME = re.compile("plot-[0-9a-f]{8}")
PIXELS = re.compile("(?<=data:image/png;base64,)[A-Za-z0-9+/=]+")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """After nbval has compared the outputs of a cell as text, compare what they show."""
    if isinstance(item, IPyNbCell):
        item.parent.sanitize_patterns[f"(?s){DRAWING.pattern}"] = "a drawing"
    result = yield
    if isinstance(item, IPyNbCell) and item.options["check"]:
        stored, found = (list(visible(outs)) for outs in (item.cell.outputs, item.test_outputs))
        if len(stored) != len(found) or not all(map(looks_the_same, stored, found)):
            pytest.fail(
                f"The picture of cell {item.cell.execution_count} is not the one that is stored. "
                "If it is right as it is now: make notebooks",
                pytrace=False,
            )
    return result


def visible(outputs: list[Any]) -> Iterator[tuple[str, str]]:
    """The kind and the data of what is to be seen: PNG files in base 64, and drawings in HTML."""
    for output in outputs:
        for kind, data in output.get("data", {}).items():
            text = "".join(data) if kind in ("image/png", "text/html") else ""
            if kind == "image/png" or DRAWING.search(text):
                yield kind, text


def looks_the_same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether nobody sees a difference between two outputs of `visible`."""
    if one[0] != other[0]:
        return False
    return (same_picture if one[0] == "image/png" else same_drawing)(one[1], other[1])


def same_drawing(one: str, other: str) -> bool:
    if one == other:
        return True
    pictures = [PIXELS.findall(text) for text in (one, other)]
    texts = [OWN_NAME.sub("", PIXELS.sub("", text)) for text in (one, other)]
    if NUMBER.split(texts[0]) != NUMBER.split(texts[1]):
        return False
    a, b = (np.array(NUMBER.findall(text), dtype=float) for text in texts)
    return bool((np.abs(a - b) <= DRAWN).all()) and all(map(same_picture, *pictures))


def same_picture(one: str, other: str) -> bool:
    if one == other:
        return True
    files = (io.BytesIO(base64.b64decode(data)) for data in (one, other))
    a, b = (np.atleast_3d(imread(file, format="png")) for file in files)
    if a.shape != b.shape:
        return False
    apart = np.abs(a - b).max(axis=-1)
    return bool((apart > SLIGHT).mean() <= SHARE and apart.max() <= PLAIN)


KEY = pytest.StashKey[str]()


def pytest_itemcollected(item: pytest.Item) -> None:
    """The key of a notebook is that of its code as it was read, whatever happens to it since."""
    if isinstance(item, IPyNbCell) and KEY not in item.parent.stash:
        item.parent.stash[KEY] = chapters.key(name_of(item.parent.path))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    """After the last cell of a notebook, write down what all of them gave."""
    yield
    if isinstance(item, IPyNbCell) and (nextitem is None or nextitem.parent is not item.parent):
        keep(item.parent, [one for one in item.session.items if one.parent is item.parent])


def keep(file: Any, cells: list[Any]) -> None:
    """Write a notebook with its new outputs, unless a cell has not run or has failed."""
    notebook = copy.deepcopy(file.nb)
    notebook.metadata = nbformat.from_dict(chapters.METADATA)
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    outputs = [cell.test_outputs for cell in cells]
    if len(codes) != len(cells) or any(map(failed, outputs)):
        return
    count = 0
    for cell, found in zip(codes, outputs, strict=True):
        empty = not cell.source.strip()
        count += not empty
        cell.execution_count = None if empty else count
        cell.outputs = [plain(output, count) for output in found]
    nbformat.validate(notebook)
    target = chapters.executed(name_of(file.path))
    replace(target, nbformat.writes(notebook) + "\n")
    replace(target.with_suffix(".key"), file.stash[KEY])


def name_of(path: Path) -> str:
    return path.relative_to(chapters.ROOT).with_suffix("").as_posix()


def failed(outputs: list[Any] | None) -> bool:
    return outputs is None or any(output.output_type == "error" for output in outputs)


def plain(output: Any, count: int) -> Any:
    """An output as it is stored: counted, and without a widget's view, whose kernel is gone."""
    output = copy.deepcopy(output)
    output.get("data", {}).pop(WIDGET_VIEW, None)
    if output.output_type == "execute_result":
        output.execution_count = count  # nbval's own kernel does not count
    return output


def replace(path: Path, text: str) -> None:
    """At once, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}")
    half.write_text(text, encoding="utf-8")
    half.replace(path)
