"""The formulas as they were read, kept where Python keeps what it compiles.

Reading them takes most of a second, and every notebook imports them. They are read again when
anything of the package has changed, and each time where nothing can be written or Python is told
to write nothing.
"""

import hashlib
import os
import pickle
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from cnnmath.formula import Formula

_PACKAGE = Path(__file__).parents[1]
_FILE = Path(__file__).parent / "__pycache__" / "formulas.pickle"
_LENGTH = hashlib.sha256().digest_size


class Kept:
    """Formulas by what was stated: the LaTeX, and all that was said of it."""

    def __init__(self, file: Path = _FILE) -> None:
        self._file = file
        self._before = self._load()
        self._now: dict[str, Formula] = {}
        self._keys: dict[int, str] = {}

    def formula(self, latex: str, said: Mapping[str, Any]) -> Formula:
        """Stated before, or read now."""
        key = self._key(latex, said)
        if key is None or key in self._now:
            return Formula(latex, **said)
        found = self._before.get(key) or Formula(latex, **said)
        self._now[key] = found
        self._keys[id(found)] = key
        return found

    def save(self) -> None:
        """Keep those that were stated now, if they are not the ones from before."""
        if self._now.keys() == self._before.keys() or sys.dont_write_bytecode:
            return
        held = pickle.dumps(self._now)
        own = self._file.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._file.parent.mkdir(exist_ok=True)
            own.write_bytes(_seal(held) + held)
            own.replace(self._file)  # at once: others may be reading it

    def _load(self) -> dict[str, Formula]:
        if sys.dont_write_bytecode:
            return {}
        try:
            found = self._file.read_bytes()
        except OSError:
            return {}
        held = found[_LENGTH:]
        known: dict[str, Formula] = pickle.loads(held) if found == _seal(held) + held else {}
        return known

    def _key(self, latex: str, said: Mapping[str, Any]) -> str | None:
        """The same for the same words; None if a function was given, which has no words."""
        words = [latex]
        for name, value in sorted(said.items()):
            if isinstance(value, Formula):
                known = self._keys.get(id(value))
            else:
                known = None if callable(value) else repr(value)
            if known is None:
                return None
            words += [name, known]
        return hashlib.sha256(repr(words).encode()).hexdigest()


def _seal(held: bytes) -> bytes:
    """What no other content has, nor the same one that another package or Python has made."""
    digest = hashlib.sha256(sys.version.encode() + held)
    for path in sorted(_PACKAGE.rglob("*.py")) + sorted(_PACKAGE.rglob("*.lark")):
        digest.update(path.read_bytes())
    return digest.digest()
