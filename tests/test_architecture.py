"""Imports run one way, as ARCHITECTURE.md draws it."""

import ast
import re
from collections.abc import Iterator

import pytest
from conftest import ROOT

PACKAGE = ROOT / "cnnmath"
FACADE = ("formula", "typeset")
ENGINE = ("core", "language", "call", "code", "compare", *FACADE)
MAY_IMPORT = {
    "core": {"core"},
    "language": {"core", "language"},
    "call": {"core", "call"},
    "code": {"core", "code"},
    "compare": {"core", "call", "code", "compare"},
    "formula": {"core", "language", "call", "code", "compare", "typeset"},
    "typeset": {"core", "code"},
}
LONGEST = 400  # lines of a file


def modules(room: str) -> dict[str, str]:
    """The text of each file of a room, by the name under which it is imported."""
    folder = PACKAGE / room
    paths = folder.glob("*.py") if folder.is_dir() else [PACKAGE / f"{room}.py"]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(
            ".__init__"
        ): path.read_text("utf-8")
        for path in paths
    }


def imported(text: str) -> Iterator[str]:
    """The modules of the package that a file imports, for its types too."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cnnmath"):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_module = (ROOT / f"{inner.replace('.', '/')}.py").exists()
                yield inner if is_module else node.module


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


@pytest.mark.parametrize("room", ENGINE)
def test_imports_between_the_rooms_run_one_way(room):
    for module, text in modules(room).items():
        rooms = {room_of(name) for name in imported(text)} & {*ENGINE, "derive"}
        assert rooms <= MAY_IMPORT[room], module


def circles(imports: dict[str, set[str]]) -> list[str]:
    """The modules on a circle of imports, and those that import one."""
    left = dict(imports)
    while free := [name for name, others in left.items() if not others & set(left)]:
        for name in free:
            del left[name]
    return sorted(left)


def test_what_a_circle_is():
    assert circles({"a": {"b", "x"}, "b": {"c"}, "c": set()}) == []
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["a", "b", "c"]


def test_no_file_imports_itself_by_way_of_others():
    rooms = (*ENGINE, "derive", "catalogue")
    texts = {name: text for room in rooms for name, text in modules(room).items()}
    assert len(texts) > 80
    assert circles({name: set(imported(text)) for name, text in texts.items()}) == []


@pytest.mark.parametrize("room", [*ENGINE, "derive"])
def test_files_are_short(room):
    lengths = {module: len(text.splitlines()) for module, text in modules(room).items()}
    assert {module: n for module, n in lengths.items() if n > LONGEST} == {}


@pytest.mark.parametrize("room", [*ENGINE, "derive", "catalogue", "layers"])
def test_nothing_mathematical_imports_what_draws(room):
    drawing = r"matplotlib|ipywidgets|anywidget|cnnmath\.(plots|explorer)\b"
    for module, text in modules(room).items():
        lines = re.findall(r"^\s*(?:from|import) (\S+)", text, re.MULTILINE)
        assert [line for line in lines if re.match(drawing, line)] == [], module


@pytest.mark.parametrize("room", ["core", "language", "call", "code", "compare", "derive"])
def test_the_page_names_every_file_of_a_room(room):
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    section = text.split(f"\n## `{room}/`")[1].split("\n## ")[0]
    named = set(re.findall(r"`(\w+)\.py`", section))
    assert {module.split(".")[2] for module in modules(room) if module.count(".") == 2} == named
