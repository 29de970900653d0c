"""What the tests know of each chapter: a file for each, under its name, in `tests/chapters`.

Such a file has, as far as there is something to say of the chapter,

    DERIVED = {"kernel_gradient": ("convolution", "W")}      each gradient that it derives: of which
                                                             formula, and by what
    NAMED = {"max_pooling_gradient": {"omega": "winner"}}    what the lines of one call by its name
    SLIPS = [(r"\\varepsilon", "0")]                          what to look for in such a line, and
                                                             what people make of it
    ANSWERS = {"forward-11": [[("3", "That is …"), …], …]}   for each question of a figure the
                                                             answers in turn, and how what is
                                                             said of each begins

and for every sentence with numbers below a figure a function that calculates them, `@says(figure,
words)`, of `saying.py`.
"""

from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

from conftest import ROOT
from saying import SENTENCES

__all__ = ["ANSWERS", "DERIVED", "NAMED", "SENTENCES", "SLIPS"]

FOLDER = ROOT / "tests/chapters"


def _loaded(name: str) -> ModuleType:
    """The file of a chapter; it is called as the chapter is, which is how its sentences know."""
    spec = spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


OF_CHAPTER = {
    name: _loaded(name)
    for name in sorted(
        str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.py")
    )
}
ANSWERS: dict[str, dict[str, Any]] = {
    name: one.ANSWERS for name, one in OF_CHAPTER.items() if hasattr(one, "ANSWERS")
}


def _together(constant: str) -> dict[str, Any]:
    """What all chapters say under one name, as one dictionary."""
    return {key: v for one in OF_CHAPTER.values() for key, v in getattr(one, constant, {}).items()}


DERIVED: dict[str, tuple[str, str]] = _together("DERIVED")
NAMED: dict[str, dict[str, str]] = _together("NAMED")
SLIPS = [slip for one in OF_CHAPTER.values() for slip in getattr(one, "SLIPS", [])]
