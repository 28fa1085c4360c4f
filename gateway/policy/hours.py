"""Written hours and minutes → each person's timetable."""

from collections.abc import Iterable, Mapping
from datetime import tzinfo

from gateway.hosts.vocabulary import TOPICS
from gateway.policy.audience import Shelf, audience_of
from gateway.policy.draft import Draft
from gateway.policy.fitting import OF_TOPICS
from gateway.policy.hours_shape import PagesShape, QuotaShape, TimetableShape
from gateway.policy.lists import declared_topics
from gateway.policy.source import Written
from gateway.profiles.calendar import Calendar
from gateway.profiles.hours import Does, Hours
from gateway.profiles.pages import Pages, Subject
from gateway.profiles.quota import Quota
from gateway.profiles.timetable import Timetable


class HoursTable:
    """Whose hours and minutes are whose. People for whom the same is written share one timetable."""

    def __init__(
        self, draft: Draft, groups: Mapping[str, frozenset[str]], zone: tzinfo, calendar: Calendar | None = None
    ) -> None:
        self._zone, self._calendar = zone, calendar or Calendar()
        self._hours: Shelf[Hours] = Shelf()
        self._quotas: Shelf[Quota] = Shelf()
        self._made: dict[tuple[tuple[Hours, ...], tuple[Quota, ...]], Timetable] = {}
        declared = {topic for host in draft.hosts for topic in host.value.topics}.union(declared_topics(draft))
        for number, hours in enumerate(draft.timetable, 1):
            _check_topics(draft, hours, declared)
            self._hours.add(_hours_of(hours, number), audience_of(draft, groups, hours.value.for_, hours))
        for number, quota in enumerate(draft.quota, 1):
            _check_topics(draft, quota, declared)
            self._quotas.add(_quota_of(quota, number), audience_of(draft, groups, quota.value.for_, quota))

    def is_ordinary(self, name: str) -> bool:
        """Whether nothing here names this person."""
        return self._hours.is_ordinary(name) and self._quotas.is_ordinary(name)

    def shared(self, *, adult: bool) -> Timetable:
        """What holds for everybody whom nothing names, while a child or as an adult."""
        return self._timetable(self._hours.shared(adult=adult), self._quotas.shared(adult=adult))

    def of(self, name: str, *, adult: bool) -> Timetable:
        return self._timetable(self._hours.of(name, adult=adult), self._quotas.of(name, adult=adult))

    def strictest(self, names: Iterable[str], *, adult: bool) -> Timetable:
        """The timetable of somebody who may be any of these people."""
        timetables = {id(each): each for each in (self.of(name, adult=adult) for name in names)}
        if len(timetables) == 1:
            return next(iter(timetables.values()))
        return Timetable.strictest(timetables.values(), self._zone)

    def _timetable(self, hours: Iterable[Hours], quotas: Iterable[Quota]) -> Timetable:
        key = (tuple(dict.fromkeys(hours)), tuple(dict.fromkeys(quotas)))
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Timetable.of(key[0], self._zone, key[1], self._calendar)
        return found


def _hours_of(written: Written[TimetableShape], number: int) -> Hours:
    shape = written.value
    start, end = shape.minutes
    return Hours(
        does=Does.BLOCK if shape.block else Does.OPEN if shape.open else Does.FREE,
        days=shape.days,
        start=start,
        end=end,
        subject=_subject_of(shape.only, shape.except_),
        rule=f"timetable {number}",
        where=written.where,
    )


def _quota_of(written: Written[QuotaShape], number: int) -> Quota:
    shape = written.value
    subject = _subject_of(shape.only, shape.except_)
    return Quota(shape.minutes, f"quota {number}", written.where, shape.on, subject)


def _subject_of(only: PagesShape | None, but: PagesShape | None) -> Subject:
    return Subject(_pages_of(only), _pages_of(but))


def _pages_of(shape: PagesShape | None) -> Pages | None:
    return None if shape is None else Pages(frozenset(shape.host), frozenset(shape.topic), frozenset(shape.kind))


def _check_topics(draft: Draft, written: Written[TimetableShape] | Written[QuotaShape], declared: set[str]) -> None:
    """A topic that no list has would never match: it is a slip."""
    for key, pages in (("only", written.value.only), ("except", written.value.except_)):
        for index, topic in enumerate(pages.topic if pages is not None else ()):
            if topic not in TOPICS and topic not in declared and not draft.unfit.hides(OF_TOPICS):
                known = TOPICS | declared
                draft.note_unknown(written, f"no list has the topic {topic!r}", topic, known, (key, "topic", index))
