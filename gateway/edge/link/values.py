"""The values that go over the line, as JSON values and back."""

import time
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from gateway.hosts.address_book import AddressBook
from gateway.hosts.pinning import Pinned
from gateway.hosts.record import HostRecord
from gateway.hosts.traffic import Learned
from gateway.profiles.grant import Grant
from gateway.profiles.quota import Tally, Used
from gateway.store.heard import HeardLabel
from gateway.store.masking import JournalEntry


@cache
def _grants() -> TypeAdapter[tuple[Grant, ...]]:
    return TypeAdapter(tuple[Grant, ...])


@cache
def _record() -> TypeAdapter[HostRecord]:
    return TypeAdapter(HostRecord)


@cache
def _heard() -> TypeAdapter[tuple[HeardLabel, ...]]:
    return TypeAdapter(tuple[HeardLabel, ...])


@cache
def _learned() -> TypeAdapter[tuple[Learned, ...]]:
    return TypeAdapter(tuple[Learned, ...])


@cache
def _pinned() -> TypeAdapter[tuple[Pinned, ...]]:
    return TypeAdapter(tuple[Pinned, ...])


def pack_learned(learned: Iterable[Learned]) -> Any:
    return _learned().dump_python(tuple(learned), mode="json")


def unpack_learned(packed: Any) -> tuple[Learned, ...]:
    return _learned().validate_python(packed)


def pack_pinned(pinned: Iterable[Pinned]) -> Any:
    return _pinned().dump_python(tuple(pinned), mode="json")


def unpack_pinned(packed: Any) -> tuple[Pinned, ...]:
    return _pinned().validate_python(packed)


def pack_grants(grants: Iterable[Grant]) -> Any:
    return _grants().dump_python(tuple(grants), mode="json")


def unpack_grants(packed: Any) -> tuple[Grant, ...]:
    return _grants().validate_python(packed)


def pack_record(record: HostRecord | None) -> Any:
    return _record().dump_python(record, mode="json") if record is not None else None


def unpack_record(packed: Any) -> HostRecord | None:
    return _record().validate_python(packed) if packed is not None else None


def pack_heard(told: Iterable[HeardLabel]) -> Any:
    return _heard().dump_python(tuple(told), mode="json")


def unpack_heard(packed: Any) -> tuple[HeardLabel, ...]:
    return _heard().validate_python(packed)


def pack_used(used: Iterable[Used]) -> list[Any]:
    """Tallies; those of no day are left out."""
    return [
        [person, service, tally.day.isoformat(), tally.minutes, tally.last]
        for person, service, tally in used
        if tally.day is not None
    ]


def unpack_used(packed: Iterable[Any]) -> list[Used]:
    return [(person, service, Tally(date.fromisoformat(day), *count)) for person, service, day, *count in packed]


def pack_entries(entries: Mapping[JournalEntry, int]) -> list[Any]:
    return [[entry.moment.isoformat(), entry.to_json(), times] for entry, times in entries.items()]


def unpack_entries(packed: Iterable[Any]) -> list[tuple[JournalEntry, int]]:
    return [(JournalEntry.of_json(datetime.fromisoformat(moment), fields), times) for moment, fields, times in packed]


def copy_lives(book: AddressBook, message: Mapping[str, Any]) -> list[Any]:
    """Takes up which names live where, and gives back what was news; moments are those of the one who hears it."""
    now = time.monotonic()
    told = message["names"]
    return [one for one in told if book.copy(one[0], tuple(one[1]), now, shown=one[2])]
