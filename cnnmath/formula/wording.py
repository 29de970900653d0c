"""Words of the messages: how many axes an array has, and how many indices it is read with."""


def axes(number: int) -> str:
    """`1 axis`, `2 axes`."""
    return f"{number} {'axis' if number == 1 else 'axes'}"


def indices(number: int) -> str:
    """`1 index`, `2 indices`."""
    return f"{number} {'index' if number == 1 else 'indices'}"
