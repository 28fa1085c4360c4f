"""Which hours open or close between two policies, and for which pages they do not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from gateway.decision.verdict import Action, Reason, Verdict
from gateway.proof.axis import Value
from gateway.proof.change import Change
from gateway.proof.lattice import PAGES, Lattice
from gateway.proof.scene import Scene

_FOR_ALL: Final = tuple(page for page in PAGES if page.words == "pages labelled 6-")

type _Pair = tuple[Verdict, Verdict]


def is_time(verdict: Verdict) -> bool:
    """Whether hours or minutes decided."""
    return verdict.reason in (Reason.SCHEDULE, Reason.QUOTA)


def hour_changes(
    old: Lattice, new: Lattice, scenes: Iterable[Scene], ages: tuple[int, int]
) -> Mapping[Scene, tuple[Change, ...]]:
    """For each scene whether the time opens or closes in it, for a page that is for everybody.

    `ages`: the person's under the old and under the new policy.
    """
    before, after = ages
    asked: dict[Scene, _Pair] = {}
    for scene in scenes:
        [[one]], [[other]] = old.table(scene, _FOR_ALL, [before]), new.table(scene, _FOR_ALL, [after])
        asked[scene] = one, other
    unlike = dict(_spared(old, new, asked))
    return {scene: tuple(_changes(scene, pair, unlike)) for scene, pair in asked.items()}


def _changes(scene: Scene, pair: _Pair, unlike: Mapping[tuple[Scene, bool], tuple[str, ...]]) -> Iterator[Change]:
    one, other = pair
    opens, closes = _opens(pair), _closes(pair)
    if opens or closes:
        but = unlike.get((scene, opens), ())
        yield Change(scene, one.action, other.action, _FOR_ALL, whole=True, hours=True, but=but)


def _opens(pair: _Pair) -> bool:
    return is_time(pair[0]) and (pair[0].action, pair[1].action) == (Action.BLOCK, Action.ALLOW)


def _closes(pair: _Pair) -> bool:
    return is_time(pair[1]) and (pair[0].action, pair[1].action) == (Action.ALLOW, Action.BLOCK)


def _spared(
    old: Lattice, new: Lattice, asked: Mapping[Scene, _Pair]
) -> Iterator[tuple[tuple[Scene, bool], tuple[str, ...]]]:
    """For each scene that opens (True) or closes, the words of those within it that hours name and that do not."""
    found: dict[tuple[Scene, bool], dict[str, None]] = {}
    timed = old.timed | new.timed
    for scene, (one, other) in asked.items():
        closed_still = is_time(one) and is_time(other)
        if closed_still or one.action == other.action == Action.ALLOW:
            for wider, value in _wider(scene, old.plain):
                pair = asked.get(wider)
                if value in timed and pair is not None and (_opens(pair) if closed_still else _closes(pair)):
                    found.setdefault((wider, closed_still), {})[value.words] = None
    yield from ((key, tuple(words)) for key, words in found.items())


def _wider(scene: Scene, plain: Scene) -> Iterator[tuple[Scene, Value]]:
    """The scenes that a scene is within, and the value that it is told by there."""
    for axis in ("where", "kind", "topic"):
        value = getattr(scene, axis)
        if value != getattr(plain, axis):
            yield replace(scene, **{axis: getattr(plain, axis)}), value
