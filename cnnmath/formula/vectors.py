"""Arrays that leave out their last indices within the bars of a norm, as x_i of a matrix does."""

from collections.abc import Callable

from cnnmath.formula.nodes import Binder, Index, Node, Read, indices_in


class Vectors:
    """The indices that the arrays within one pair of bars leave out."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.binders: list[Binder] = []
        self.along: list[list[tuple[str, int]]] = []  # the axes that each index runs along
        self.left: dict[str, int] = {}  # how many indices each array leaves out

    def left_out(
        self, name: str, shown: int, rank: int, along: Callable[[str, int, str], Binder]
    ) -> list[Node]:
        """The indices of an array of `rank` axes beyond the `shown` ones.

        along : an index that runs along an axis of an array
        """
        self.left[name] = rank - shown
        for place, axis in enumerate(range(shown, rank)):
            if place == len(self.binders):
                self.binders.append(along(name, axis, f"{self.prefix}{place}"))
                self.along.append([])
            self.along[place].append((name, axis))
        return [Index(binder.name) for binder in self.binders[: rank - shown]]

    def arrays_in(self, node: Node) -> set[str]:
        """The arrays in an expression that leave an index out."""
        own = {binder.name for binder in self.binders}
        return {
            read.name
            for read in node.walk()
            if isinstance(read, Read) and any(n.name in own for n in indices_in(read))
        }
