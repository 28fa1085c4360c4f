"""How many parts of one response are labelled one by one: a catalogue has more offers than anybody masks singly."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from gateway.labels.label import Label, Scope, Trust
from gateway.labels.reader import Found, Note
from gateway.labels.scales import Mark

MOST_PARTS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Part:
    """The label of an item. Its place takes time to tell, so it is built only when it is wanted."""

    mark: Mark
    trust: Trust
    build: Callable[[], Label]

    @property
    def strictness(self) -> tuple[bool, int]:
        return self.trust > Trust.D, self.mark.min_age


def limited(found: Iterable[Found | Part]) -> Iterator[Found]:
    """`found`, where the strictest of the parts past the first MOST_PARTS speaks for the page instead.

    A part is a `Part`, or a label of scope part that is built already.
    Nothing is lost by it: the oldest category of the parts that are not masked is the page's (law 169-VI, Art. 15(3)).
    """
    parts = 0
    strictest: Part | None = None
    for each in found:
        if isinstance(each, Label) and each.scope is Scope.PART:
            part = _built(each)
        elif isinstance(each, Part):
            part = each
        else:
            yield each
            continue
        parts += 1
        if parts <= MOST_PARTS:
            yield part.build()
        elif strictest is None or part.strictness > strictest.strictness:
            strictest = part
    if strictest is not None:
        yield Note(f"{parts} items carry a label; the strictest of those after the first {MOST_PARTS} is the page's")
        yield replace(strictest.build(), scope=Scope.PAGE, part=None)


def _built(label: Label) -> Part:
    return Part(Mark(label.scale, label.mark, label.min_age), label.trust, lambda: label)
