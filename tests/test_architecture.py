"""Imports run one way, as ARCHITECTURE.md draws it."""

import ast
import re
from collections.abc import Iterator

import pytest
from conftest import ROOT

PACKAGE = ROOT / "cnnmath"
ROOMS = {
    "core": [
        "affine", "definition", "elements", "functions", "jacobian", "keys", "lower", "nodes",
        "origin", "part", "shapes", "slopes", "statement", "system", "vocabulary", "wording",
    ],
    "language": [
        "bounds", "characters", "define", "derivatives", "doubts", "expressions", "factors",
        "grammar", "indices", "latex", "latex_limits", "latex_values", "leftside", "limits",
        "matrices", "names", "norms", "products", "reader", "recurrence", "references", "roles",
        "scope", "spelling", "sums", "symbols", "syntax", "syntax_errors", "tokens", "twofold",
    ],
    "call": [
        "agreement", "arrange", "attained", "binding", "bound", "check", "contract", "evaluate",
        "expand", "extents", "fitting", "given", "leaving", "magnitude", "meaning", "places",
        "placing", "ranges", "solving", "support",
    ],
    "facade": ["__init__", "formula", "typeset"],
}  # fmt: skip
MAY_IMPORT = {
    "core": {"core"},
    "language": {"core", "language"},
    "call": {"core", "call"},
    "facade": {"core", "language", "call", "facade"},
}
ROOM = {module: room for room, modules in ROOMS.items() for module in modules}


def imported(path) -> Iterator[str]:
    """The modules of the package that a file imports, for its types too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cnnmath"):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_module = (ROOT / f"{inner.replace('.', '/')}.py").exists()
                yield inner if is_module else node.module


def test_every_file_of_the_engine_has_a_room():
    assert sorted(ROOM) == sorted(path.stem for path in (PACKAGE / "formula").glob("*.py"))


@pytest.mark.parametrize("module", sorted(ROOM))
def test_imports_between_the_rooms_run_one_way(module):
    for name in imported(PACKAGE / "formula" / f"{module}.py"):
        other = name.removeprefix("cnnmath.formula.")
        if other in ROOM:
            assert ROOM[other] in MAY_IMPORT[ROOM[module]], f"{module} imports {other}"


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


def test_no_file_of_the_engine_imports_itself_by_way_of_others():
    imports = {
        module: {
            name.removeprefix("cnnmath.formula.")
            for name in imported(PACKAGE / "formula" / f"{module}.py")
        }
        for module in ROOM
    }
    assert circles(imports) == []


@pytest.mark.parametrize("room", ROOMS)
def test_files_are_short(room):
    lengths = {
        module: len((PACKAGE / "formula" / f"{module}.py").read_text("utf-8").splitlines())
        for module in ROOMS[room]
    }
    assert {module: n for module, n in lengths.items() if n > 400} == {}


def test_nothing_but_what_shows_it_imports_the_derivations():
    rooms = [PACKAGE / "formula", PACKAGE / "layers"]
    for path in [path for room in rooms for path in room.glob("*.py")]:
        assert not any(name.startswith("cnnmath.derive.") for name in imported(path)), path.name


def test_the_picture_names_every_file_of_the_derivations():
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    room = text.split("## The room of derivations")[1].split("\n## ")[0]
    named = set(re.findall(r"`(\w+)\.py`", room))
    assert {path.stem for path in (PACKAGE / "derive").glob("*.py")} - {"__init__"} <= named


@pytest.mark.parametrize("room", ["derive", "formula", "catalogue", "layers"])
def test_nothing_mathematical_imports_what_draws(room):
    drawing = r"matplotlib|ipywidgets|anywidget|cnnmath\.(plots|explorer)\b"
    for path in (PACKAGE / room).glob("*.py"):
        lines = re.findall(r"^\s*(?:from|import) (\S+)", path.read_text("utf-8"), re.MULTILINE)
        assert [line for line in lines if re.match(drawing, line)] == [], path.name


def test_the_picture_names_every_file_of_the_engine():
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+)\.py`", text))
    assert set(ROOM) - {"__init__"} <= named
