"""Executes every chapter in place, so that the outputs stored in the notebooks are fresh.

    make notebooks

The chapters are those of `_toc.yml`, in its order. What is stored is the same on every machine:
counts from 1, no timings, no version of Python, nothing but the name of the kernel.
"""

import sys
import time
from pathlib import Path

import nbformat
import yaml
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).parents[1]
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def chapters() -> list[Path]:
    """The notebooks that are in the table of contents, in order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    entries = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    paths = [(ROOT / entry).with_suffix(".ipynb") for entry in [toc["root"], *entries]]
    return [path for path in paths if path.exists()]


def execute(path: Path) -> None:
    """Execute one notebook in its own folder, and write it back."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata = nbformat.from_dict(METADATA)
    NotebookClient(
        notebook,
        timeout=60,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    notebook.metadata = nbformat.from_dict(METADATA)
    # A widget's view is gone with its kernel; its still picture stays.
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)
    nbformat.validate(notebook)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def main() -> None:
    paths = chapters()
    for n, path in enumerate(paths, start=1):
        start = time.perf_counter()
        name = path.relative_to(ROOT)
        try:
            execute(path)
        except CellExecutionError as error:
            sys.exit(f"{name} stopped with an error, and was left as it was:\n\n{error}")
        print(f"      {n}/{len(paths)} {name}: {time.perf_counter() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
