"""A change between two policies, and how changes are said in few words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from gateway.decision.verdict import Action
from gateway.proof.axis import PLAIN, Page, names_of
from gateway.proof.scene import Scene


@dataclass(frozen=True, slots=True)
class Change:
    """In a scene the pages whose verdict goes from `before` to `after`. `whole`: all that had `before` in it.

    `hours`: it is the time that opens or closes; `but`: the words of what it does not, though it is in the scene.
    """

    scene: Scene
    before: Action
    after: Action
    pages: tuple[Page, ...]
    whole: bool
    hours: bool = False
    but: tuple[str, ...] = ()


def left_of(change: Change, plainer: Iterable[Change]) -> Change | None:
    """The change without what is said of plainer scenes already; None when nothing is left of it."""
    same = change.before, change.after, change.hours
    said = [other for other in plainer if (other.before, other.after, other.hours) == same]
    if any(other.whole for other in said) and change.whole:
        return None
    pages = tuple(page for page in change.pages if not any(page in other.pages for other in said))
    if not pages or change.whole:
        return change if pages else None
    return replace(change, pages=pages)


def together(changes: Iterable[Change], axis: str) -> Iterator[Change]:
    """Changes that are the same but for their value of an axis, said once with the words of all values."""
    found: dict[object, list[Change]] = {}
    for change in changes:
        timeless = replace(change.scene, **{axis: PLAIN})
        found.setdefault(replace(change, scene=timeless), []).append(change)
    for first, *others in found.values():
        if not others:
            yield first
            continue
        values = [getattr(each.scene, axis) for each in (first, *others)]
        values.sort(key=lambda value: str(value.line.get("moment", "")))
        words = dict.fromkeys(value.words for value in values if value.words)
        value = replace(values[0], words=names_of(words, most=3))
        yield replace(first, scene=replace(first.scene, **{axis: value}))
