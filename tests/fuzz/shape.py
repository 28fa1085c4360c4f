"""Shapes of hostile responses: one thing over and over, or inside itself, at whatever size is wanted.

A piece may say `{n}`, which counts, so that nothing is the same twice; braces of its own are doubled.
"""

from collections.abc import Callable, Mapping

type Shape = Callable[[int], str]


def rows(unit: str, head: str = "", tail: str = "") -> Shape:
    """`unit` again and again."""
    is_counted = "{n}" in unit

    def make(size: int) -> str:
        length = len(unit.format(n=10_000).encode())
        count = max(1, (size - len(head) - len(tail)) // length)
        body = "".join(unit.format(n=n) for n in range(count)) if is_counted else unit.format() * count
        return head + body + tail

    return make


def nest(opening: str, inner: str = "", closing: str = "", head: str = "", tail: str = "") -> Shape:
    """`opening` inside itself, then `inner`, then as many times `closing`."""

    def make(size: int) -> str:
        length = len(opening.format(n=10_000).encode()) + len(closing.encode())
        count = max(1, (size - len(head) - len(tail) - len(inner)) // length)
        openings = "".join(opening.format(n=n) for n in range(count)) if "{n}" in opening else opening.format() * count
        return head + openings + inner + closing * count + tail

    return make


def levels(opening: str, inner: str, closing: str, depth: int, head: str = "", tail: str = "") -> Shape:
    """Stacks of `depth`, one beside the other: as deep as people nest, as many as there is room for."""
    return rows(opening * depth + inner + closing * depth, head, tail)


def both(one: Shape, other: Shape) -> Shape:
    """Half of each."""
    return lambda size: one(size // 2) + other(size // 2)


def merged(*groups: Mapping[str, Shape]) -> dict[str, Shape]:
    """All groups as one; no name twice."""
    whole: dict[str, Shape] = {}
    for group in groups:
        assert not whole.keys() & group.keys(), whole.keys() & group.keys()
        whole.update(group)
    return whole
