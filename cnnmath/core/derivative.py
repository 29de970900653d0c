"""The derivative of one quantity by another, as an array of its own: ∂E/∂x is called dE_dx."""

from typing import NamedTuple


class Derivative(NamedTuple):
    """What is derived, and by what; as text, the name of the array."""

    of: str
    by: str

    def __str__(self) -> str:
        return f"d{self.of}_d{self.by}"

    @classmethod
    def named(cls, name: str) -> "Derivative | None":
        """The derivative that goes by a name; None if that is another array's.

        `dE_dW_down` is ∂E by W_down, for what is derived has a short name.
        """
        of, mark, by = name.removeprefix("d").partition("_d")
        return cls(of, by) if name.startswith("d") and of and mark and by else None
