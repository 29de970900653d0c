"""What makes the repository one to find and to work in: its workflows, forms and citation are what
GitHub reads, and all that wants its address follows from the one setting."""

import json
import subprocess
import sys
import tomllib

import pytest
import yaml
from conftest import ROOT
from sphinx.config import Config

from tools import chapters, repository

ADDRESS = "https://github.com/somebody/a-book"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", ".github/workflows/*.yml"),
        ("vendor.github-issue-forms", ".github/ISSUE_TEMPLATE/[0-9]*.yml"),
        ("vendor.github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"),
        ("vendor.citation-file-format", "CITATION.cff"),
    ],
)
def test_github_can_read(schema, files):
    found = sorted(map(str, ROOT.glob(files)))
    assert found
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *found]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ci_runs_on_the_oldest_python_that_is_promised():
    read = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))
    oldest, newest = read["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert PROJECT["requires-python"] == f">={oldest}"
    assert [int(part) for part in newest.split(".")] > [int(part) for part in oldest.split(".")]


def test_binder_takes_a_wheel():
    """It refuses one that asks for a newer Python; all that the package needs stands there too."""
    runtime = (ROOT / ".binder/runtime.txt").read_text("utf-8").removeprefix("python-")
    _, oldest = PROJECT["requires-python"].split(">=")
    assert [int(part) for part in runtime.split(".")] >= [int(part) for part in oldest.split(".")]
    installed = (ROOT / ".binder/requirements.txt").read_text("utf-8").splitlines()
    assert {*PROJECT["dependencies"]} <= {*installed}


def test_the_version_stands_in_the_citation():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == PROJECT["version"]


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A project with two notebooks; what is returned sets its address."""
    for name in ("_config.yml", "_toc.yml", "pyproject.toml"):
        (tmp_path / name).write_text((ROOT / name).read_text("utf-8"), "utf-8")
    names = ["book/index", "book/convolution/forward"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        text = (ROOT / f"{name}.ipynb").read_text("utf-8")
        (tmp_path / f"{name}.ipynb").write_text(text, "utf-8")
    monkeypatch.setattr(chapters, "ROOT", tmp_path)
    monkeypatch.setattr(chapters, "notebooks", lambda: names)

    def set_address(address):
        config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
        config["repository"]["url"] = address
        (tmp_path / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")

    set_address(None)
    return set_address


def texts():
    return [chapters.notebook(name).read_text("utf-8") for name in chapters.notebooks()]


def test_the_first_cell_comes_with_the_address_and_goes_with_it(elsewhere):
    repository.put_first_cells()
    before = texts()
    elsewhere(f"{ADDRESS}/")
    for _ in range(2):  # a second time changes nothing
        repository.put_first_cells()
        assert all(text.count("run_line_magic") == 1 for text in texts())
    wheel = f"{ADDRESS}/releases/download/v{PROJECT['version']}/cnnmath-{PROJECT['version']}-"
    source = "".join(repository.first_cell()["source"])
    assert wheel in source
    compile(source, "the first cell", "exec")
    elsewhere("https://github.com/somebody/moved")
    repository.put_first_cells()
    assert all("somebody/moved" in text and ADDRESS not in text for text in texts())
    elsewhere(None)
    repository.put_first_cells()
    assert texts() == before


def test_every_notebook_begins_as_the_address_says():
    """After a change of the address: make notebooks."""
    first = repository.first_cell()
    for name in map(chapters.notebook, chapters.notebooks()):
        cells = json.loads(name.read_text("utf-8"))["cells"]
        found = [cell["source"] for cell in cells if cell["id"] == repository.NAME]
        assert found == ([first["source"]] if first else []), name


@pytest.mark.parametrize("address", ["github.com/somebody/book", "https://gitlab.com/a/b", "x"])
def test_an_address_that_holds_no_wheel_is_refused(elsewhere, address):
    elsewhere(address)
    with pytest.raises(ValueError, match=r"write https://github.com/OWNER/NAME"):
        repository.address()


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_buttons_come_with_the_address(address):
    config = Config({}, {"html_theme_options": {"repository_url": address}})
    config.add("html_theme_options", {}, "html", ())
    repository.add_buttons(None, config)
    options = config.html_theme_options
    assert bool(options.get("use_edit_page_button")) == bool(address)
    assert ("launch_buttons" in options) == bool(address)
