"""What arrays, sizes, indices and values on the way are called in the Python that is written."""

import builtins
import keyword
import re
from collections.abc import Collection

_OURS = {"np", "math", "place", "windows"}


class Names:
    """Names that are taken, and free ones.

    reserved : arrays, sizes and functions, which keep their names as far as Python allows
    """

    def __init__(self, reserved: Collection[str]) -> None:
        self.taken = {spelt(name) for name in reserved}

    def copy(self) -> "Names":
        return Names(self.taken)

    def fresh(self, wanted: str, scope: Collection[str] = ()) -> str:
        """A name like the one that is wanted that nothing has; for an index, nothing around it."""
        base = spelt(wanted.partition("~")[0])
        found, number = base, 1
        while found in self.taken or found in scope:
            number += 1
            found = f"{base}_{number}"
        return found

    def kept(self, wanted: str) -> str:
        """The same, and from then on it is taken."""
        found = self.fresh(wanted)
        self.taken.add(found)
        return found


def spelt(name: str) -> str:
    """A name as Python takes it: `lambda_` for lambda."""
    is_taken = keyword.iskeyword(name) or hasattr(builtins, name) or name in _OURS
    return f"{name}_" if is_taken else name


def function_name(name: str, result: str, taken: Collection[str]) -> str:
    """What a function is called that calculates what a formula with a name says."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    # By W and by w are two gradients.
    found = "_".join(word if len(word) == 1 else word.lower() for word in words)
    if name in ("", result) or not words or words[0][0].isdigit() or found in taken:
        found = f"find_{result or 'value'}"
    return spelt(found)
