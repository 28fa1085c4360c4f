"""Hours as they are written, and what they make of one day.

A window belongs to the day on which it begins and may run past midnight. `block` closes its hours. `open` closes the
rest of the days that it names: several of one person add up. `free` opens its hours whatever blocks them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from gateway.profiles.calendar import DAILY, Calendar, Days
from gateway.profiles.pages import EVERYTHING, Subject
from gateway.profiles.week import DAY

WHOLE: Final = (1 << DAY) - 1  # a bit for each minute of a day


class Does(StrEnum):
    """What hours do."""

    BLOCK = "block"
    OPEN = "open"
    FREE = "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A window on each of `days`, in minutes of the day; an `end` at or before `start` lies on the next day."""

    does: Does = Does.BLOCK
    days: Days = DAILY
    start: int = 0
    end: int = DAY
    subject: Subject = EVERYTHING
    rule: str
    where: str

    @property
    def length(self) -> int:
        return self.end - self.start if self.end > self.start else self.end - self.start + DAY


class Piece(NamedTuple):
    """A window in minutes of one day; it may begin before the day and end after it."""

    start: int
    end: int
    rule: str
    where: str


class Span(NamedTuple):
    """Minutes of one day, `start` to before `end`, in which `rule` blocks."""

    start: int
    end: int
    rule: str
    where: str


@dataclass(frozen=True, slots=True)
class DayMap:
    """What is blocked of one day: a bit for each minute, the first one lowest; and the spans, in order."""

    bits: int = 0
    spans: tuple[Span, ...] = ()

    def span_at(self, minute: int) -> Span | None:
        return next((span for span in self.spans if span.start <= minute < span.end), None)


def blocked_on(day: int, hours: Sequence[Hours], freed: Sequence[Hours], calendar: Calendar) -> DayMap:
    """What `hours` block on `day`, less what the windows `freed` open."""
    blocks = [each for each in hours if each.does is Does.BLOCK]
    opens = [each for each in hours if each.does is Does.OPEN]
    pieces = [*pieces_on(day, blocks, calendar), *_closed_by(day, opens, calendar)]
    return _drawn(pieces, list(pieces_on(day, freed, calendar))) if pieces else _NOTHING


def pieces_on(day: int, hours: Iterable[Hours], calendar: Calendar) -> Iterator[Piece]:
    """The windows that touch `day`: its own, and those of the day before that run past midnight."""
    for each in hours:
        for begun in (-1, 0):
            start = each.start + begun * DAY
            end = start + each.length
            if end > 0 and start < DAY and each.days.hold(day + begun, calendar):
                yield Piece(start, end, each.rule, each.where)


def _closed_by(day: int, opens: Sequence[Hours], calendar: Calendar) -> Iterator[Piece]:
    """The rest of a day that has opening hours. Yesterday's may still run."""
    naming = [each for each in opens if each.days.hold(day, calendar)]
    if not naming:
        return
    rule, where = naming[0].rule, naming[0].where
    begin = 0
    for start, end, _, _ in sorted(pieces_on(day, opens, calendar)):
        if start > begin:
            yield Piece(begin, start, rule, where)
        begin = max(begin, end)
    if begin < DAY:
        yield Piece(begin, DAY, rule, where)


def _drawn(pieces: Sequence[Piece], freed: Sequence[Piece]) -> DayMap:
    """Where windows overlap, the one that ends last speaks."""
    marks = sorted({0, DAY} | {min(max(at, 0), DAY) for piece in (*pieces, *freed) for at in piece[:2]})
    bits, spans = 0, list[Span]()
    for start, end in pairwise(marks):
        speaking = [piece for piece in pieces if piece.start <= start and end <= piece.end]
        if not speaking or any(piece.start <= start and end <= piece.end for piece in freed):
            continue
        _, _, rule, where = max(speaking, key=lambda piece: piece.end)
        bits |= ((1 << (end - start)) - 1) << start
        if spans and spans[-1][1:] == (start, rule, where):
            start = spans.pop().start
        spans.append(Span(start, end, rule, where))
    return DayMap(bits, tuple(spans))


def united(maps: Iterable[DayMap]) -> DayMap:
    """What any of `maps` blocks."""
    found = list(dict.fromkeys(maps))
    return found[0] if len(found) == 1 else _drawn([Piece(*span) for each in found for span in each.spans], ())


_NOTHING: Final = DayMap()
