"""What is installed: the lock is whole, and it is what requirements.txt and the package ask for."""

import json
import re
import tomllib
from importlib.metadata import distributions, version
from pathlib import Path

from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sphinxcontrib import katex

from tools.chapters import LOCK


def requirements(lines: list[str]) -> dict[str, Requirement]:
    """Each by its name, without comments."""
    found = (Requirement(line.split("#")[0]) for line in lines if line.split("#")[0].strip())
    return {canonicalize_name(one.name): one for one in found}


LOCKED = {
    canonicalize_name(name): (number, rest.count("--hash=sha256:"))
    for name, number, rest in re.findall(
        r"^([\w.-]+)(?:\[.*?\])?==(\S+)(.*?)(?=^\S|\Z)",
        (ROOT / LOCK).read_text("utf-8"),
        re.M | re.S,
    )
}
EXTRAS = {
    canonicalize_name(name): set(extras.split(","))
    for name, extras in re.findall(r"^([\w.-]+)\[(.*?)\]==", (ROOT / LOCK).read_text("utf-8"), re.M)
}
ASKED = requirements((ROOT / "requirements.txt").read_text("utf-8").splitlines())


def test_every_version_in_the_lock_has_its_hashes():
    assert len(LOCKED) > 100
    assert [name for name, (_, hashes) in LOCKED.items() if not hashes] == []


def test_the_lock_is_what_is_asked_for():
    for name, asked in ASKED.items():
        assert name in LOCKED, f"{name} is not in {LOCK}: make lock"
        number = LOCKED[name][0]
        assert asked.specifier.contains(number), f"{asked}, but {LOCK} has {number}: make lock"


def test_what_is_locked_is_what_is_installed():
    assert {name: version(name) for name in ASKED} == {name: LOCKED[name][0] for name in ASKED}


def test_extras_are_locked_with_their_package():
    """Or pip looks for the newest version that has them, and finds no hash for that one."""
    installed = [found for found in distributions() if canonicalize_name(found.name) in LOCKED]
    asked = [Requirement(text) for found in installed for text in found.requires or []]
    here = {"extra": ""}
    asked = [one for one in asked if one.extras and (not one.marker or one.marker.evaluate(here))]
    assert asked
    for one in asked:
        assert one.extras <= EXTRAS.get(canonicalize_name(one.name), set()), f"{one}: make lock"


def test_the_package_asks_for_what_the_project_does():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for name, asked in requirements(project["dependencies"]).items():
        assert asked.specifier == ASKED[name].specifier


def test_katex_is_the_one_that_its_extension_was_made_for():
    installed = json.loads((ROOT / "node_modules/katex/package.json").read_text("utf-8"))
    bundled = Path(katex.__file__).with_name("katex.min.js").read_text("utf-8")
    assert f'version:"{installed["version"]}"' in bundled.replace(" ", "")
