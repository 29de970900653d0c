"""One colour for each role that a symbol plays: in the formula, in the grids and in the sums.

What you can do with it: ask `colours_of` for the colours of the symbols that stand together in
one formula or figure, each as a pair for a light and a dark page, or `colour_of` for that of one
symbol alone; ask `role_of` what a symbol does; read all of them from `ROLES`.

A reader who has learnt that the kernel is orange should never meet it in another colour, so
the formulas, the live figure and the matplotlib figures all take their colours from here.

The six were chosen by calculation. Each has a contrast of at least 4.5 : 1 with its page
(white, or #14181e), enough for text. Any two differ by at least 14 in CAM02-UCS, with
full deuteranopia, protanopia or tritanopia simulated after Machado, Oliveira and Fernandes
(2009), and by at least 20 in normal vision. They were then moved as near as that allows to
plain blue, orange, green, magenta, gold and violet. `tests/test_colours.py` repeats the
simulation, with OKLab for the differences. The four for names without a role were then chosen to
lie as far from the six, from each other, from the ink and from the slate of what is below 0.
"""

import re
import zlib
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from cnnmath.core.derivative import Derivative

__all__ = ["FALLBACKS", "ROLES", "Colour", "colour_of", "colours_of", "role_of"]


class Colour(NamedTuple):
    """One colour as two hexadecimal strings, such as "#146fdc"."""

    light: str
    """For a light page: dark enough to be read as text on white."""

    dark: str
    """For a dark page: bright enough to be read as text on #14181e."""


ROLES: Final[dict[str, Colour]] = {
    "input": Colour("#146fdc", "#adc9fc"),
    "kernel": Colour("#bb5708", "#f7844b"),
    "bias": Colour("#1e6947", "#4cc68f"),
    "output": Colour("#882a64", "#dd97c0"),
    "incoming gradient": Colour("#5e4600", "#ecd25e"),
    "outgoing gradient": Colour("#5e1eae", "#b692fb"),
}
"""The colour of each role."""

FALLBACKS: Final[tuple[Colour, ...]] = (
    Colour("#6a4d92", "#c552ee"),
    Colour("#a30822", "#f0448c"),
    Colour("#25768b", "#3a8fbb"),
    Colour("#6d793d", "#aa8418"),
)
"""The colours of names without a role: plum, ruby, teal, olive."""

_ROLE_OF_NAME: Final[dict[str, str]] = {
    "x": "input",
    "W": "kernel",
    "w": "kernel",
    "V": "kernel",
    "b": "bias",
    "d": "bias",
    "a": "output",
    "h": "output",
    "p": "output",
    "y": "output",
    "delta": "incoming gradient",
    "δ": "incoming gradient",
}

# The results of layers: the gradient with respect to one of them comes from the layer above.
_RESULTS: Final = {"a", "h", "p", "y", "z"}

_WHICH_ONE: Final = re.compile(r"[_ ].*$|[0-9]+$")


def role_of(name: str) -> str | None:
    """The role of the symbol called `name`: a key of `ROLES`, or None if it has none.

    A number at the end, or what follows an underscore or a space, only says which one it is: `W1`
    and `W_turned` are kernels, as `W` is. The gradient with respect to the result of a layer
    (`dE_da`, `dE_dh`, `dE_dp`, `dE_dy`, `dE_dz`, or `delta`) comes in from the layer above; with
    respect to anything else (`dE_dx`, `dE_dW`, `dE_db`, any `dE_d…`), it goes out.
    """
    derivative = Derivative.named(name)
    if derivative and derivative.of == "E":
        of_result = _WHICH_ONE.sub("", derivative.by) in _RESULTS
        return "incoming gradient" if of_result else "outgoing gradient"
    return _ROLE_OF_NAME.get(_WHICH_ONE.sub("", name))


def colour_of(name: str) -> Colour:
    """The colour of the symbol called `name`, as a pair for a light and a dark page.

    A name without a role gets one of `FALLBACKS`: the same one in every process and on every
    machine, for it depends on nothing but the name, without what says which one it is. Two
    such names may share a colour; those that stand together get theirs from `colours_of`.
    """
    return colours_of([name])[name]


def colours_of(names: Iterable[str], chosen: Mapping[str, str] | None = None) -> dict[str, Colour]:
    """The colours of symbols that stand together, told apart as long as there are enough.

    names : in order of appearance
    chosen : roles that an author gives to names

    Each name without a role has one of `FALLBACKS` that is its own. Where that is taken by a name
    before it, it gets the next that is free, and when there is none, the colour of a role that
    nothing here plays; beyond ten, colours are shared.
    """
    roles = {name: (chosen or {}).get(name) or role_of(name) for name in names}
    found = {name: ROLES[role] for name, role in roles.items() if role}
    own = {name: _WHICH_ONE.sub("", name) for name in roles if name not in found}
    taken: dict[str, Colour] = {}
    for which in dict.fromkeys(own.values()):
        if _preferred(which) not in taken.values():
            taken[which] = _preferred(which)
    unused = [colour for role, colour in ROLES.items() if role not in roles.values()]
    free = [colour for colour in (*FALLBACKS, *unused) if colour not in taken.values()]
    for which in dict.fromkeys(own.values()):
        if which not in taken:
            taken[which] = free.pop(0) if free else _preferred(which)
    return {name: found[name] if name in found else taken[own[name]] for name in roles}


def _preferred(name: str) -> Colour:
    # Python's own hash() of a string differs from run to run; a checksum does not.
    return FALLBACKS[zlib.crc32(name.encode()) % len(FALLBACKS)]
