"""Writes what editors and mypy know of `cnnmath.layers`, `cnnmath/layers/__init__.pyi`.

    python -m tools.layer_types

The package finds its files when it is imported, which nobody sees who only reads it.
"""

from cnnmath import layers
from tools import chapters

STUB = chapters.ROOT / "cnnmath/layers/__init__.pyi"


def main() -> None:
    STUB.write_text(stub(), "utf-8")


def stub() -> str:
    """A line for each file of layers, which hands on all that the file offers."""
    files = "".join(f"from cnnmath.layers.{file} import *  # noqa: F403\n" for file in layers.FILES)
    return f"# Written by `make notebooks`.\n\n{files}\nFILES: dict[str, list[str]]\n"


if __name__ == "__main__":
    main()
