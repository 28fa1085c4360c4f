"""The packs of one country, read and checked → their compiled Codex: every ground is built here, once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from gateway.decision.verdict import Action, Effect, Ground
from gateway.labels.category import CATEGORIES
from gateway.law import house
from gateway.law.article import (
    Adult,
    Article,
    BroadcastHours,
    Composite,
    Consent,
    Dated,
    Estimated,
    Exemption,
    Film,
    Flag,
    Ladder,
    OutOfScope,
    Registration,
    Restricted,
    SiteSign,
    TopicFilter,
    TopicList,
)
from gateway.law.codex import (
    MISSING_SIGN,
    Codex,
    EstimateRange,
    FilmMark,
    Parts,
    Provision,
    RegistrationBan,
    SiteSignRule,
    Step,
    TopicEntry,
    Watershed,
)
from gateway.law.pack import Pack

_OLDEST: Final = 21  # completed years: no scale asks for more
_CHILD_BELOW: Final = 18  # Law 345-II Art. 1(2), and the Convention on the Rights of the Child, Art. 1
_READINGS: Final = ("text", "ministry")  # what the stance registration-scope may say


def assemble_country(packs: Sequence[Pack], day: date, revision: str) -> Codex:
    """The Codex of `packs`, the first of which speaks first, with what is in force on `day`; `beside` is empty."""
    found = _InForce(packs, day)
    private = found.all(OutOfScope)
    adult = found.first(Adult)
    return Codex(
        ids=tuple(pack.id for pack in packs),
        day=day,
        revision=revision,
        packs=tuple(packs),
        # Of several acts the one that protects longest holds.
        child_below=max((value.age for _, value in found.all(Adult)), default=_CHILD_BELOW),
        private_kinds=house.PRIVATE_KINDS.union(*(value.kinds for _, value in private)),
        private_audiences=house.PRIVATE_AUDIENCES.union(*(value.audiences for _, value in private)),
        private=found.provision(private[0][0], Action.ALLOW, Effect.OUT_OF_SCOPE) if private else house.PRIVATE,
        adult=found.provision(adult[0], Action.ALLOW, Effect.ALLOW) if adult else house.ADULT,
        exempt=_exempt(found),
        steps=_steps(packs, found),
        scales=frozenset(scale for pack in packs for scale in pack.act.scales),
        film=_film(found),
        estimates=_estimates(found),
        topics=_topics(found),
        parts=_parts(found),
        site_sign=_site_sign(found),
        flags=_flags(found),
        signed_kinds=frozenset(k for _, value in found.all(Flag) if value.flag == MISSING_SIGN for k in value.kinds),
        watershed=_watershed(found),
        registration=_registration(found),
        stances=MappingProxyType({name: stances for pack in reversed(packs) for name, stances in pack.stances.items()}),
        has_ladder=found.first(Ladder) is not None,
    )


class _InForce:
    """The articles that are in force on a day, by what their values are."""

    def __init__(self, packs: Sequence[Pack], day: date) -> None:
        self._packs = {name: pack for pack in packs for name in pack.places}
        self._pairs = [
            (article, value)
            for pack in packs
            for article in pack.articles
            if (value := article.value_on(day)) is not None
        ]

    def all[V: Dated](self, kind: type[V]) -> list[tuple[Article[Any], V]]:
        """Articles whose value is a `kind`, in the order of the packs and of their files."""
        return [(article, value) for article, value in self._pairs if isinstance(value, kind)]

    def first[V: Dated](self, kind: type[V]) -> tuple[Article[Any], V] | None:
        return next(iter(self.all(kind)), None)

    def ground(self, article: Article[Any], says: Action, *cites: str) -> Ground:
        """What `article` says, citing `cites` before its own citations."""
        own = tuple(cite for cite in article.cites if cite not in cites)
        pack = self._packs[article.id]
        return Ground(
            rule=article.id,
            where=pack.places[article.id],
            says=says,
            cites=(*cites, *own),
            draft=pack.act.status == "draft",
        )

    def age(self, article: Article[Any], sign: str) -> int:
        """The age of a category in the pack of `article`."""
        return self._packs[article.id].act.categories[sign].min_age

    def provision(self, article: Article[Any], says: Action, effect: Effect, *cites: str) -> Provision:
        return Provision(ground=self.ground(article, says, *cites), effect=effect)


def _exempt(found: _InForce) -> Mapping[str, Provision]:
    return MappingProxyType(
        {
            ground.value: found.provision(article, Action.ALLOW, Effect.ALLOW)
            for article, value in found.all(Exemption)
            for ground in value.grounds
        }
    )


def _steps(packs: Sequence[Pack], found: _InForce) -> tuple[Step, ...]:
    """One step for each exact minimum age, so that a decision indexes instead of searching."""
    ages = _ages(packs)
    by_sign = {sign: _step(sign, reached, found) for sign, reached in ages.items()}
    return tuple(by_sign[_sign_of(age, ages)] for age in range(_OLDEST + 1))


def _ages(packs: Sequence[Pack]) -> Mapping[str, int]:
    """The categories of the first pack that has any, youngest first; the law's six when none has."""
    own = next((pack.act.categories for pack in packs if pack.act.categories), None)
    return CATEGORIES if own is None else {sign: category.min_age for sign, category in own.items()}


def _sign_of(age: int, ages: Mapping[str, int]) -> str:
    """The category of `age`, or the next one up; the oldest stands for all above it."""
    return next((sign for sign, reached in ages.items() if age <= reached), tuple(ages)[-1])


def _step(sign: str, reached: int, found: _InForce) -> Step:
    ladder = next(((article, value) for article, value in found.all(Ladder) if sign in value.steps), None)
    limits = {
        value.channel: found.provision(article, Action.BLOCK, Effect(value.effect))
        for article, value in reversed(found.all(Restricted))
        if value.category == sign
    }
    if ladder is None:
        internet = limits.get("internet", house.LABEL)
        fits = _said_to_fit(internet)
        broadcast = limits.get("broadcast", internet)
        return Step(category=sign, reached=reached, internet=internet, broadcast=broadcast, fits=fits)
    article, value = ladder
    blocks = found.provision(article, Action.BLOCK, Effect.BLOCK, *value.steps[sign])
    return Step(
        category=sign,
        reached=reached,
        internet=limits.get("internet", blocks),
        broadcast=limits.get("broadcast", blocks),
        fits=found.provision(article, Action.ALLOW, Effect.ALLOW, *value.steps[sign]),
    )


def _said_to_fit(provision: Provision) -> Provision:
    return replace(provision, ground=replace(provision.ground, says=Action.ALLOW), effect=Effect.ALLOW)


def _film(found: _InForce) -> FilmMark | None:
    first = found.first(Film)
    if first is None:
        return None
    article, value = first
    provision = found.provision(article, Action.BLOCK, Effect(value.effect))
    return FilmMark(kinds=frozenset(value.kinds), min_age=value.min_age, provision=provision)


def _estimates(found: _InForce) -> tuple[EstimateRange, ...]:
    return tuple(
        EstimateRange(
            above=value.above,
            up_to=value.up_to,
            provision=found.provision(article, Action.BLOCK, Effect(value.effect)),
            beats_labels=article.kind == "gap",
        )
        for article, value in found.all(Estimated)
    )


def _topics(found: _InForce) -> Mapping[str, TopicEntry]:
    entries = [
        (topic, TopicEntry(found.age(article, value.category), found.ground(article, Action.BLOCK, cite)))
        for article, value in found.all(TopicList)
        for topic, cite in value.topics.items()
    ]
    for article, value in found.all(TopicFilter):
        kept = found.provision(article, Action.BLOCK, Effect(value.effect))
        entries += [(topic, TopicEntry(value.below, kept.ground, kept)) for topic in value.topics]
    # The first to name a topic speaks of it.
    return MappingProxyType(dict(reversed(entries)))


def _parts(found: _InForce) -> Parts:
    first = found.first(Composite)
    if first is None:
        return house.PARTS
    article, value = first
    return Parts(
        whole=frozenset(value.whole),
        listings=frozenset(value.listings),
        ground=found.ground(article, Action.MASK),
    )


def _site_sign(found: _InForce) -> SiteSignRule | None:
    first = found.first(SiteSign)
    if first is None:
        return None
    article, value = first
    provision = found.provision(article, Action.BLOCK, Effect(value.effect))
    return SiteSignRule(
        kinds=frozenset(value.kinds),
        scales=frozenset(value.scales),
        provision=provision,
        set_aside=replace(provision.ground, overruled_by=house.SITE_SIGN_STANCE),
    )


def _flags(found: _InForce) -> Mapping[str, Ground]:
    flags = {value.flag: found.ground(article, Action.ALLOW) for article, value in found.all(Flag)}
    hours = {value.flag: found.ground(article, Action.ALLOW) for article, value in found.all(BroadcastHours)}
    return MappingProxyType(flags | hours)


def _watershed(found: _InForce) -> Watershed | None:
    first = found.first(BroadcastHours)
    if first is None:
        return None
    article, value = first
    begins, ends = (time.fromisoformat(hour) for hour in value.hours)
    return Watershed(
        flag=value.flag,
        begins=begins,
        ends=ends,
        zone=ZoneInfo(value.zone),
        min_age=found.age(article, value.category),
        simulcasts=frozenset(value.kinds),
    )


def _registration(found: _InForce) -> tuple[RegistrationBan, ...]:
    return tuple(_ban(found, article, value) for article, value in found.all(Registration))


def _ban(found: _InForce, article: Article[Any], value: Registration) -> RegistrationBan:
    says, effect = (
        (Action.ASK, Effect.RESTRICT) if isinstance(value, Consent) else (Action.BLOCK, Effect.BLOCK_REGISTRATION)
    )
    scopes = {
        reading: frozenset(value.scopes.get(reading, value.scopes["text"])).difference(value.outside)
        for reading in _READINGS
    }
    return RegistrationBan(
        below=value.below, scopes=MappingProxyType(scopes), provision=found.provision(article, says, effect)
    )
