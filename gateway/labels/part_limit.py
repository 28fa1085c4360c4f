"""How many labels of one response are built one by one: a catalogue has more offers than anybody masks singly.

Of what says the same of the whole page again and again the first labels are enough.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from gateway.labels.label import Label, Scope, Trust
from gateway.labels.reader import Found, Note
from gateway.labels.scales import Mark

MOST_PARTS: Final = 1_000
MOST_ALIKE: Final = 100  # labels of the whole page with the same mark


@dataclass(frozen=True, slots=True)
class Part:
    """The label of an item, or with `of_page` one of the page. Its place takes time to tell, so it is built late."""

    mark: Mark
    trust: Trust
    build: Callable[[], Label]
    of_page: bool = False

    @property
    def strictness(self) -> tuple[bool, int]:
        return self.trust > Trust.D, self.mark.min_age


def limited(found: Iterable[Found | Part]) -> Iterator[Found]:
    """`found`, where the strictest of the parts past the first MOST_PARTS speaks for the page instead.

    A part is a `Part`, or a label of scope part that is built already. Nothing is lost by it: the oldest category of
    the parts that are not masked is the page's (law 169-VI, Art. 15(3)). Nor is it by labels of the page that are left
    out because MOST_ALIKE before them have the same mark and trust.
    """
    parts = 0
    strictest: Part | None = None
    alike: Counter[tuple[Mark, Trust]] = Counter()
    for each in found:
        if isinstance(each, Part) and each.of_page:
            alike[each.mark, each.trust] += 1
            if alike[each.mark, each.trust] <= MOST_ALIKE:
                yield each.build()
            continue
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
    for (mark, _), count in alike.items():
        if count > MOST_ALIKE:
            yield Note(f"{count} places say {mark.mark} of the whole page; {MOST_ALIKE} of them are shown")
    if strictest is not None:
        yield Note(f"{parts} items carry a label; the strictest of those after the first {MOST_PARTS} is the page's")
        yield replace(strictest.build(), scope=Scope.PAGE, part=None)


def _built(label: Label) -> Part:
    return Part(Mark(label.scale, label.mark, label.min_age), label.trust, lambda: label)
