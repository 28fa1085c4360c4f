"""How many parts of one response are labelled one by one: a catalogue has more offers than anybody masks singly."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from gateway.labels.label import Label, Scope, Trust
from gateway.labels.reader import Found, Note

MOST_PARTS: Final = 500


def limited(found: Iterable[Found]) -> Iterator[Found]:
    """`found`, where the strictest of the part labels past the first MOST_PARTS speaks for the page instead.

    Nothing is lost by it: the oldest category of the parts that are not masked is the page's (law 169-VI, Art. 15(3)).
    """
    parts = 0
    strictest: Label | None = None
    for each in found:
        if not isinstance(each, Label) or each.scope is not Scope.PART:
            yield each
            continue
        parts += 1
        if parts <= MOST_PARTS:
            yield each
        elif strictest is None or _strictness(each) > _strictness(strictest):
            strictest = each
    if strictest is not None:
        yield Note(f"{parts} items carry a label; the strictest of those after the first {MOST_PARTS} is the page's")
        yield replace(strictest, scope=Scope.PAGE, part=None)


def _strictness(label: Label) -> tuple[bool, int]:
    return label.trust > Trust.D, label.min_age
