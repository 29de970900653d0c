"""What is stored in the notebooks: executed in order, repeatable, and tidy.

That the stored outputs are what the code gives is checked by nbval, which `make test` runs too.
"""

import ast
import json
import re
from pathlib import Path

import pytest
from conftest import ROOT

from tools import chapters

NOTEBOOKS = sorted(
    path
    for path in (ROOT / "book").rglob("*.ipynb")
    if not any(folder.name.startswith(".") for folder in path.parents)
)

MOST_EXEMPTIONS = 2
"""nbval compares every output, but for so many in the whole book."""

each_notebook = pytest.mark.parametrize(
    "path", NOTEBOOKS, ids=[str(path.relative_to(ROOT)) for path in NOTEBOOKS]
)


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def text(parts: list[str] | str) -> str:
    return "".join(parts)


def code_cells(notebook: dict) -> list[dict]:
    """The cells of code that are not empty."""
    return [
        cell
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and text(cell["source"]).strip()
    ]


def texts_of_outputs(cell: dict) -> list[str]:
    """All that the outputs of a cell hold as text."""
    found = []
    for output in cell["outputs"]:
        bundle = output.get("data", {})
        found += [text(value) for kind, value in bundle.items() if kind.startswith("text/")]
        found.append(text(output.get("text", "")))
    return found


def draws_a_figure(cell: dict) -> bool:
    data = [output.get("data", {}) for output in cell["outputs"]]
    return any("cnnmath-plot" in text(one.get("text/html", "")) for one in data)


def test_every_notebook_is_a_chapter_of_the_book():
    assert NOTEBOOKS, "there is no notebook in book/"
    listed = {ROOT / f"{name}.ipynb" for name in chapters.pages()}
    assert sorted(set(NOTEBOOKS) - listed) == [], "these are not in _toc.yml"


@each_notebook
def test_was_executed_from_top_to_bottom(path):
    counts = [cell["execution_count"] for cell in code_cells(read(path))]
    assert counts == list(range(1, len(counts) + 1)), "execute it afresh: make notebooks"


@each_notebook
def test_has_no_errors_and_no_warnings(path):
    for cell in code_cells(read(path)):
        for output in cell["outputs"]:
            assert output["output_type"] != "error", f"{output.get('ename')} from {cell['source']}"
            assert output.get("name") != "stderr", f"{text(output['text'])} from {cell['source']}"


_OF_ONE_MACHINE = re.compile(r"\b0x[0-9a-fA-F]{6,}|(?:^|[\s'\"(=])(?:/(?:\w[\w.-]*/)+\w|[A-Z]:\\)")


@each_notebook
def test_outputs_hold_nothing_of_one_machine(path):
    for cell in code_cells(read(path)):
        for output in texts_of_outputs(cell):
            found = _OF_ONE_MACHINE.search(output)
            assert not found, f"an address or a path in an output: {output[found.start() :][:80]!r}"


@each_notebook
def test_random_numbers_are_the_same_every_time(path):
    code = "\n\n".join(text(cell["source"]) for cell in code_cells(read(path)))
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in (
            "np.random",
            "numpy.random",
        ):
            allowed = ("default_rng", "Generator", "SeedSequence")
            assert node.attr in allowed, f"np.random.{node.attr}: use np.random.default_rng(seed)"
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("default_rng"):
            assert node.args or node.keywords, "default_rng() has no seed"
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None), *(alias.name for alias in node.names)]
            assert "random" not in names, "use np.random.default_rng(seed)"


@each_notebook
def test_every_figure_has_an_alternative_text(path):
    for cell in code_cells(read(path)):
        if draws_a_figure(cell):
            alt = cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt) >= 20, (
                f"cell {cell['execution_count']} draws a figure; say what it shows in its "
                'metadata, {"mystnb": {"image": {"alt": "…"}}}, in at least 20 letters'
            )


@each_notebook
def test_metadata_is_minimal(path):
    notebook = read(path)
    assert notebook["metadata"] == chapters.METADATA, "execute it afresh: make notebooks"
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    for cell in notebook["cells"]:
        assert set(cell["metadata"]) <= chapters.OF_A_CELL, f"metadata of {cell['id']}"
        assert "attachments" not in cell


_DISPLAY_MATHS = re.compile(
    r"\$\$|\\\[|\\begin\{|^`{3,}\s*\{math\}|^:{3,}\s*\{math\}", re.MULTILINE
)
_CODE = re.compile(r"^(`{3,})(?!\s*\{).*?^\1|`[^`\n]+`", re.MULTILINE | re.DOTALL)


@each_notebook
def test_display_equations_come_from_the_catalogue(path):
    """An equation in the text could be wrong; one that `cnnmath.catalogue` shows has been run."""
    for cell in read(path)["cells"]:
        if cell["cell_type"] == "markdown":
            found = _DISPLAY_MATHS.search(_CODE.sub("", text(cell["source"])))
            assert not found, f"{found[0]!r} in the text of cell {cell['id']}"


_LINK = re.compile(r"\]\((?:<([^>]*)>|([^)\s]*))")
_ADDRESS = re.compile(r"[a-z]+:", re.IGNORECASE)


def links_to_files(path: Path) -> list[str]:
    """What the links of the text name, but for places on their own page and on the network."""
    cells = (cell for cell in read(path)["cells"] if cell["cell_type"] == "markdown")
    found = [link for cell in cells for link in _LINK.findall(_CODE.sub("", text(cell["source"])))]
    files = ["".join(link).partition("#")[0] for link in found]
    return [file for file in files if file and not _ADDRESS.match(file)]


@each_notebook
def test_links_name_files_so_that_they_open_in_jupyterlab_too(path):
    for link in links_to_files(path):
        assert (path.parent / link).is_file(), (
            f"{link}: there is no such file. A link to another page ends in .ipynb or .md"
        )


_DIRECTIVE = re.compile(r"^\s*(?::{3,}|`{3,}|~{3,})\s*\{.*|\{[\w:-]+\}`[^`\n]*`", re.MULTILINE)


@each_notebook
def test_no_text_needs_sphinx_to_be_read(path):
    """JupyterLab, nbconvert and GitHub show a directive or a role of MyST as it is written."""
    for cell in read(path)["cells"]:
        if cell["cell_type"] == "markdown":
            found = _DIRECTIVE.search(text(cell["source"]))
            assert not found, f"{found[0]!r} in cell {cell['id']}: use a quotation or <details>"


_PROSE = re.compile(
    r'<details class="solution"><summary>(Solution \d+)</summary>\n\n'
    r"\S(?:(?!</details>).)*\n\n</details>\s*\Z",
    re.DOTALL,
)


@each_notebook
def test_a_solution_is_prose_in_a_fold_and_right_below_it_the_code_that_proves_it(path):
    cells = read(path)["cells"]
    prose = [found[1] if (found := _PROSE.search(text(c["source"]))) else None for c in cells]
    for above, cell in zip([None, *prose], [*cells, {"metadata": {}}], strict=True):
        said = cell["metadata"].get("mystnb", {})
        is_code = "solution" in said.get("code_prompt_show", "").lower()
        assert is_code == (above is not None), (
            f"prose without code, or code without: {above}, {cell}"
        )
        if is_code:
            assert "hide-cell" in cell["metadata"]["tags"], cell["id"]
            assert said["code_prompt_show"] == f"Show the code of {above.lower()}"
            assert said["code_prompt_hide"] == f"Hide the code of {above.lower()}"
            # The first line is what JupyterLab shows of a cell that is folded.
            assert text(cell["source"]).splitlines()[0] == f"# {above}", cell["id"]
    count = sum("<summary>Solution" in text(cell["source"]) for cell in cells)
    numbers = [f"Solution {number}" for number in range(1, count + 1)]
    assert [one for one in prose if one] == numbers, "in order, each the end of its cell"


@each_notebook
def test_what_the_page_hides_is_hidden_in_jupyterlab_too(path):
    for cell in code_cells(read(path)):
        if "hide-cell" in cell["metadata"].get("tags", []):
            hidden = cell["metadata"].get("jupyter", {})
            assert hidden == {"outputs_hidden": True, "source_hidden": True}, cell["id"]


def test_few_outputs_are_exempt_from_comparison():
    exempt = {"nbval-ignore-output", "nbval-skip", "nbval-raises-exception", "raises-exception"}
    found = [
        f"{path.relative_to(ROOT)}, cell {cell['execution_count']}: {tag}"
        for path in NOTEBOOKS
        for cell in code_cells(read(path))
        for tag in cell["metadata"].get("tags", [])
        if tag.lower().replace("_", "-") in exempt
        or text(cell["source"]).lstrip().upper().startswith("# NBVAL")
    ]
    assert len(found) <= MOST_EXEMPTIONS, found
