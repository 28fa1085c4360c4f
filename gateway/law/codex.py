"""The packs in force on one day, compiled so that a decision only looks things up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from typing import Final

from gateway.decision.verdict import Effect, Ground, Layer
from gateway.law.pack import Pack
from gateway.policy.stances import Stances

MISSING_SIGN: Final = "missing-sign"  # the one flag that the decision itself can see


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """An article as it speaks in a verdict. Without a citation it is the house that speaks, not the law.

    A draft is no law: where it speaks, it does so because the household or school chose it.
    """

    ground: Ground
    effect: Effect

    @property
    def layer(self) -> Layer:
        if not self.ground.cites:
            return Layer.SYSTEM
        return Layer.LOCAL if self.ground.draft else Layer.LAW


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What holds for one exact minimum age: its category, and what is said to somebody below that age."""

    category: str
    reached: int  # the age of the category
    internet: Provision
    broadcast: Provision
    fits: Provision  # said to somebody who has reached the age


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmMark:
    kinds: frozenset[str]
    min_age: int
    provision: Provision


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateRange:
    """Estimates above `above` and up to `up_to` completed years."""

    above: int
    up_to: int
    provision: Provision
    beats_labels: bool  # whether it counts beside a label that says less


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """A topic that puts a product into the category of `min_age`, whose provision then speaks.

    With a `provision` of its own it is kept from those below `min_age` and has no category.
    """

    min_age: int
    ground: Ground
    provision: Provision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """How parts of a page count: of the kinds in `whole` none can be taken out; in `listings` all are mentions."""

    whole: frozenset[str]
    listings: frozenset[str]
    ground: Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSignRule:
    """Signs of these scales that a whole resource of these kinds wears. `set_aside`: said where they do not bind."""

    kinds: frozenset[str]
    scales: frozenset[str]
    provision: Provision
    set_aside: Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Watershed:
    """Hours in which the category of `min_age` is not broadcast. `simulcasts`: kinds that broadcast on the web."""

    flag: str
    begins: time
    ends: time
    zone: tzinfo
    min_age: int
    simulcasts: frozenset[str]

    def covers(self, moment: datetime) -> bool:
        """Whether `moment` (aware) lies in the hours, the first included and the last excluded."""
        return self.begins <= moment.astimezone(self.zone).time() < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationBan:
    """Below `below` completed years nobody signs up with these kinds: reading (`text`, `ministry`) → kinds.

    Where its ground says ASK, a guardian's permission is what it wants.
    """

    below: int
    scopes: Mapping[str, frozenset[str]]
    provision: Provision


@dataclass(frozen=True, slots=True, kw_only=True)
class Codex:
    """Immutable and shared. `revision` changes with the texts and with what is in force on `day`.

    The acts of one country speak as one. Those of others are codices of their own, in `beside`: they are asked as well,
    the strictest counts, and every ground names its own article. Categories, and what is read of a sign that a whole
    site wears, are those of the first country.
    """

    ids: tuple[str, ...]
    day: date
    revision: str
    packs: tuple[Pack, ...] = field(repr=False)  # with all their texts
    child_below: int
    private_kinds: frozenset[str]
    private_audiences: frozenset[str]
    private: Provision
    adult: Provision
    exempt: Mapping[str, Provision]  # by the Art. 2 ground
    steps: tuple[Step, ...] = field(repr=False)  # by exact minimum age; the last one stands for all above
    scales: frozenset[str]  # the packs' own; all others are foreign
    film: FilmMark | None
    estimates: tuple[EstimateRange, ...]
    topics: Mapping[str, TopicEntry]
    parts: Parts
    site_sign: SiteSignRule | None
    flags: Mapping[str, Ground]  # articles that only flag, by their flag
    signed_kinds: frozenset[str]  # kinds of resource whose missing sign is flagged
    watershed: Watershed | None
    registration: tuple[RegistrationBan, ...]
    stances: Mapping[str, Stances]  # by their base: "default", "strict", "lenient"
    has_ladder: bool = False  # whether an act of the country rates by age at all
    beside: tuple["Codex", ...] = field(default=(), repr=False)  # one for each further country

    @property
    def countries(self) -> tuple[str, ...]:
        """Whose acts these are, the first one first."""
        return tuple(dict.fromkeys(pack.act.jurisdiction for pack in self.packs))

    def step(self, min_age: int) -> Step:
        """The step of an exact minimum age; an age outside the table counts as the nearest in it."""
        last = len(self.steps) - 1
        return self.steps[min_age if 0 <= min_age < last else last if min_age > 0 else 0]
