"""Whose verdicts differ between two policies: the same questions, put to both."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from gateway.decision.sources import Sources
from gateway.decision.verdict import Action
from gateway.policy.lists import ListSource
from gateway.policy.policy import Policy
from gateway.profiles.person import Person
from gateway.profiles.recognise import profile_of
from gateway.proof.alike import Spot, alike, all_spots, said_of
from gateway.proof.axis import Page, Value, names_of
from gateway.proof.change import Change, left_of, together
from gateway.proof.hour_changes import hour_changes, is_time
from gateway.proof.lattice import PAGES, Lattice
from gateway.proof.mention import Mentions
from gateway.proof.scene import Scene, place_of

_FOR_ALL: Final = tuple(page for page in PAGES if page.words == "pages labelled 6-")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two policies. `sources` are those of `qorgan decide` under it."""

    sources: Sources
    policy: Policy


@dataclass(frozen=True, slots=True)
class Changed:
    """People whose verdicts change in the same way, with their ages under the new policy."""

    people: Mapping[str, int]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`ages`: name → old and new age; `packs`: those of the old and of the new policy.

    `lists`: of each list that one of them loads otherwise what its hosts are, in the old and in the new policy.
    """

    added: Mapping[str, int] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    ages: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    packs: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    lists: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    changed: tuple[Changed, ...] = ()
    unchanged: tuple[str, ...] = ()
    asked: int = 0

    @property
    def empty(self) -> bool:
        same_packs = self.packs[0] == self.packs[1]
        return not (self.added or self.removed or self.ages or self.lists or self.changed) and same_packs


def compare(old: Side, new: Side, moment: datetime) -> Difference:
    """Everybody of both policies, at their own ages from `moment` (aware) on; groups of equals are asked once."""
    before, after = _ages(old.policy, moment), _ages(new.policy, moment)
    both = [name for name in old.policy.people if name in new.policy.people]
    groups: dict[tuple[int, int, int, int], list[str]] = {}
    ours, theirs = _group_of(old), _group_of(new)
    for name in both:
        groups.setdefault((ours[name], theirs[name], before[name], after[name]), []).append(name)
    told: dict[tuple[Change, ...], dict[str, int]] = {}
    unchanged: list[str] = []
    asked = 0
    for names in groups.values():
        person = names[0]
        lattices = _pair(old, new, person, moment)
        changes = lattices.changes(before[person], after[person])
        asked += lattices.old.asked + lattices.new.asked
        if changes:
            told.setdefault(changes, {}).update({name: after[name] for name in names})
        else:
            unchanged += names
    return Difference(
        added={name: age for name, age in after.items() if name not in before},
        removed={name: age for name, age in before.items() if name not in after},
        ages={name: (before[name], after[name]) for name in both if before[name] != after[name]},
        packs=(old.policy.codex.ids, new.policy.codex.ids),
        lists=_lists(old.policy, new.policy),
        changed=tuple(Changed(people, changes) for changes, people in told.items()),
        unchanged=tuple(unchanged),
        asked=asked,
    )


def _ages(policy: Policy, moment: datetime) -> dict[str, int]:
    return {name: person.age_at(moment) for name, person in policy.people.items()}


def _lists(old: Policy, new: Policy) -> dict[str, tuple[str, str]]:
    """The lists that are not loaded alike: their hosts are not asked one by one, since there may be millions."""
    one, other = ({each.name: each for each in policy.lists} for policy in (old, new))
    return {
        name: (_hosts_of(one.get(name)), _hosts_of(other.get(name)))
        for name in one | other
        if _loaded(one.get(name)) != _loaded(other.get(name))
    }


def _loaded(source: ListSource | None) -> object:
    return source and (source.origin, source.format, source.topics, source.kind, source.below, source.sha256)


def _hosts_of(source: ListSource | None) -> str:
    """What a list says that its hosts are; "" when it is not loaded."""
    if source is None:
        return ""
    said = [*sorted(source.topics), *([source.kind] if source.kind else [])]
    return f"{', '.join(said) or 'as the list says'} from {source.origin}"


def _group_of(side: Side) -> dict[str, int]:
    groups = alike(side.policy.people.values(), side.sources.hosts, named=True)
    return {name: number for number, group in enumerate(groups) for name in group.names}


def _pair(old: Side, new: Side, name: str, moment: datetime) -> "_Pair":
    sides = (old, old.policy.people[name]), (new, new.policy.people[name])
    places = _differing(sides)
    mentions: Mentions | None = None
    for side, person in sides:
        mentions = Mentions(profile_of(side.policy, person, moment).codex, person, beside=mentions)
    one, other = (Lattice(side.sources, side.policy, person, moment, places, mentions) for side, person in sides)
    return _Pair(one, other)


def _differing(sides: Iterable[tuple[Side, Person]]) -> Mapping[Spot, Value]:
    """Where rules, grants or what is known of a host differ; spots that differ alike are one, with all their names."""
    named: dict[Spot, None] = {}
    for side, person in sides:
        named.update(dict.fromkeys(all_spots(person)))
        named.update(dict.fromkeys(Spot(record.host, "/") for record in side.policy.hosts))
    groups: dict[object, list[Spot]] = {}
    for spot in named:
        one, other = ((said_of(person, spot), _known(side, spot.host)) for side, person in sides)
        if one != other:
            groups.setdefault((one, other), []).append(spot)
    values = {}
    for alike_spots in groups.values():
        shown = [f"{spot.host}{spot.path.rstrip('/')}" for spot in alike_spots]
        value = place_of(alike_spots[0], "on " + names_of(shown))
        values.update(dict.fromkeys(alike_spots, value))
    return values


def _known(side: Side, host: str) -> object:
    record = side.sources.hosts.lookup(host)
    return record and (record.kind, record.topics, record.exempt, record.audience)


@dataclass(frozen=True, slots=True)
class _Pair:
    """One person under both policies."""

    old: Lattice
    new: Lattice

    def changes(self, before: int, after: int) -> tuple[Change, ...]:
        """What changes for the person at the ages `before` and `after`, each said where it is plainest."""
        found: dict[Scene, tuple[Change, ...]] = {}
        now = (self.old.plain.when, self.new.plain.when)
        scenes = [scene for scene in (*self.old.scenes(), *self.new.scenes()) if scene.when in now]
        for scene in dict.fromkeys((*scenes, *self.old.scenes_after_ends(), *self.new.scenes_after_ends())):
            found[scene] = tuple(self._in_scene(scene, before, after))
        moments = dict.fromkeys((*self.old.closed, *self.new.closed)) if self._hours_differ else ()
        hours = (scene for when in moments for side in (self.old, self.new) for scene in side.scenes_at(when))
        found |= hour_changes(self.old, self.new, dict.fromkeys(hours), (before, after))
        told = [
            left
            for scene, changes in found.items()
            for change in changes
            if (left := left_of(change, self._plainer(scene, found))) is not None
        ]
        return tuple(together(together(told, "when"), "kind"))

    @property
    def _hours_differ(self) -> bool:
        one, other = self.old.person, self.new.person
        return (
            one.as_child.timetable.key != other.as_child.timetable.key
            or one.as_adult.timetable.key != other.as_adult.timetable.key
            or [grant for grant in one.grants if grant.minutes] != [grant for grant in other.grants if grant.minutes]
        )

    def _plainer(self, scene: Scene, found: Mapping[Scene, tuple[Change, ...]]) -> list[Change]:
        return [change for plainer in scene.plainer(self.old.plain) for change in found.get(plainer, ())]

    def _in_scene(self, scene: Scene, before: int, after: int) -> Iterator[Change]:
        """What changes in a scene, but for what only the hours change."""
        pairs: dict[tuple[Action, Action], list[Page]] = {}
        rows = zip(PAGES, self.old.table(scene, PAGES, [before]), self.new.table(scene, PAGES, [after]), strict=True)
        for page, [one], [other] in rows:
            if is_time(one) == is_time(other):
                pairs.setdefault((one.action, other.action), []).append(page)
        for (one_action, other_action), pages in pairs.items():
            if one_action != other_action:
                whole = sum(len(each) for (action, _), each in pairs.items() if action == one_action) == len(pages)
                yield Change(scene, one_action, other_action, tuple(pages), whole)
