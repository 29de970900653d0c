"""What is installed: a wheel holds the bundle of the figures, and none is built without it."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent
from zipfile import ZipFile

import pytest
from conftest import ROOT

from tools import layer_types

BUNDLE = Path("cnnmath/explorer/bundle")
BUILD = """
import sys
import build_backend
getattr(build_backend, sys.argv[1])(sys.argv[2])
"""


@pytest.fixture
def project(tmp_path):
    """A copy of what a build reads."""
    folder = tmp_path / "project"
    (folder / "tools").mkdir(parents=True)
    files = ["pyproject.toml", "README.md", "LICENSE", "LICENSE-images", "tools/build_backend.py"]
    for name in files:
        shutil.copy2(ROOT / name, folder / name)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "cnnmath", folder / "cnnmath", ignore=ignored)
    return folder


def build(project, what):
    """Call the backend as pip does, in the folder of the project."""
    (project.parent / "built").mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-c", BUILD, what, str(project.parent / "built")],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "tools")},
        capture_output=True,
        text=True,
    )


def test_a_wheel_runs_where_there_is_no_node(tmp_path):
    """What README.md says to run there."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    wheels, site = tmp_path / "wheels", tmp_path / "site"
    options = ["--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "wheel", *options, "--wheel-dir", wheels, ROOT], check=True)
    (wheel,) = wheels.iterdir()
    names = ZipFile(wheel).namelist()
    assert {"cnnmath/py.typed", "cnnmath/layers/__init__.pyi"} <= {*names}
    assert {"LICENSE", "LICENSE-images"} <= {Path(name).name for name in names}
    subprocess.run([*pip, "install", *options, "--target", site, wheel], check=True)
    shown = re.search(
        r"(?m)^    from cnnmath(?s:.*?)(?=^\S)", (ROOT / "README.md").read_text("utf-8")
    )
    assert shown
    code = f"""
{dedent(shown[0])}
from cnnmath.explorer import live_figure
print(live_figure.__file__, len(live_figure.page_script()), len(figure._esm))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    file, page, widget = done.stdout.split()
    assert Path(file).is_relative_to(site)
    assert (ROOT / BUNDLE / "page.js").read_text("utf-8") in (tmp_path / "figure.html").read_text(
        "utf-8"
    )
    assert int(page) == len((ROOT / BUNDLE / "page.js").read_text("utf-8"))
    assert int(widget) == len((ROOT / BUNDLE / "widget.js").read_text("utf-8"))


@pytest.mark.parametrize("what", ["build_wheel", "build_sdist"])
def test_without_a_bundle_nothing_is_built(project, what):
    shutil.rmtree(project / BUNDLE)
    done = build(project, what)
    assert done.returncode != 0
    assert "there is no cnnmath/explorer/bundle/page.js: run `make bundle`" in done.stderr


@pytest.mark.parametrize("source", ["shared.json", "explorer/js/view/written-sum.js"])
def test_with_an_old_bundle_nothing_is_built(project, source):
    later = time.time() + 10
    os.utime(project / "cnnmath" / source, (later, later))
    done = build(project, "build_wheel")
    assert done.returncode != 0
    assert "out of date: run `make bundle`" in done.stderr


def test_an_editable_install_comes_before_the_bundle(project):
    shutil.rmtree(project / BUNDLE)
    done = build(project, "build_editable")
    assert done.returncode == 0, done.stderr


def test_a_wheel_is_built_from_an_sdist(project):
    done = build(project, "build_sdist")
    assert done.returncode == 0, done.stderr
    (sdist,) = project.parent.glob("built/*.tar.gz")
    subprocess.run(["tar", "-xf", sdist], cwd=sdist.parent, check=True)
    (unpacked,) = (path for path in sdist.parent.iterdir() if path.is_dir())
    done = build(unpacked, "build_wheel")
    assert done.returncode == 0, done.stderr


def test_what_is_known_of_the_layers_without_an_import_is_what_they_offer():
    """After a new file of layers: make notebooks."""
    assert layer_types.STUB.read_text("utf-8") == layer_types.stub()


def test_who_writes_with_it_sees_its_types(tmp_path):
    code = """
from cnnmath import catalogue, layers
from cnnmath.layers import conv2d
reveal_type(conv2d)
reveal_type(layers.dense_backward)
reveal_type(catalogue.relu)
conv2d([[1]], [[1]], stride="two")
layers.conv3d
"""
    file = tmp_path / "user.py"
    file.write_text(code, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", file], cwd=ROOT, capture_output=True, text=True
    )
    conv2d, dense, relu, stride, conv3d, _ = done.stdout.splitlines()
    assert re.search(
        r"def \(x: .*, stride: int \| tuple\[int, int\] =, .*\) -> numpy.ndarray", conv2d
    )
    assert "def (dy: " in dense
    assert 'Revealed type is "cnnmath.formula.Formula"' in relu
    assert '"stride" to "conv2d" has incompatible type "str"' in stride
    assert 'has no attribute "conv3d"; maybe "conv1d"' in conv3d
