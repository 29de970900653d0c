"""A network in a file, and out of it again: an .npz of its parameters and of what it is made of.

Nothing in such a file is run: it holds arrays and one text in JSON, and is read without pickle.
"""

import dataclasses
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from cnnmath.errors import CnnMathError
from cnnmath.layers.arguments import FloatArray
from cnnmath.network.network import Network
from cnnmath.network.parts import Conv, Dense, MaxPool, Part, ReLU, Row, Sum, Together

KINDS: dict[str, type[Part]] = {one.__name__: one for one in (Conv, ReLU, MaxPool, Dense, Row, Sum)}
DESCRIPTION = "network"
"""The name in the file of the text that says what the network is made of."""


class NetworkFileError(CnnMathError):
    """A file holds no network, or not all of it."""


def save(network: Network, path: str | Path) -> None:
    """Write a network into the file `path`, which should end in .npz."""
    described = {"shape": network.shape, "parts": described_parts(network.row)}
    with Path(path).open("wb") as file:
        arrays: dict[str, Any] = {DESCRIPTION: json.dumps(described), **network.parameters}
        np.savez_compressed(file, **arrays)


def load(path: str | Path) -> Network:
    """The network in the file `path`, as it was saved.

    Raises FileNotFoundError if there is no such file, and NetworkFileError if it is damaged or
    holds something else; the message says what was found.
    """
    arrays = read(Path(path))
    try:
        described = json.loads(str(arrays.pop(DESCRIPTION)))
        network = Network(described["shape"], *map(part_of, described["parts"]))
    except (KeyError, TypeError, ValueError) as error:
        raise NetworkFileError(f"{path} holds no network that cnnmath saved: {error!r}") from error
    found = {name: one.shape for name, one in arrays.items()}
    expected = {name: one.shape for name, one in network.parameters.items()}
    if found != expected:
        raise NetworkFileError(f"{path}: expected the parameters {expected}, got {found}")
    for name, one in arrays.items():
        if one.dtype.kind != "f" or not np.isfinite(one).all():
            raise NetworkFileError(f"{path}: {name} holds what is no finite number")
    network.parameters = arrays
    return network


def read(path: Path) -> dict[str, FloatArray]:
    """All arrays in a file."""
    with path.open("rb") as file:
        try:
            npz = np.load(file, allow_pickle=False)
            if isinstance(npz, np.lib.npyio.NpzFile):
                return {name: npz[name] for name in npz.files}
            wrong: object = "it holds one array"
        except (ValueError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
            wrong = error
    raise NetworkFileError(f"{path} is no .npz file, or a damaged one: {wrong}")


def described_parts(row: Together) -> list[list[Any]]:
    """Each part as its kind and what it was made with."""
    return [
        [type(part).__name__, described_parts(part) if isinstance(part, Together) else vars(part)]
        for part in row.parts.values()
    ]


def part_of(described: list[Any]) -> Part:
    name, made_with = described
    kind = KINDS[name]
    if issubclass(kind, Together):
        return kind(*map(part_of, made_with))
    sizes = {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    if not sizes >= made_with.keys() or not all(type(one) is int for one in made_with.values()):
        raise ValueError(f"{name} is not made with {made_with}")
    return kind(**made_with)
