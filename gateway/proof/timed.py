"""What hours and quotas name: pages of some hosts, topics and kinds are closed when others are not."""

from collections.abc import Hashable, Iterator
from itertools import chain, product
from typing import NamedTuple

from gateway.hosts.record import HostRecord
from gateway.profiles.pages import Pages, Subject
from gateway.profiles.person import Person
from gateway.profiles.timetable import Timetable

type HostPage = tuple[str, HostRecord | None]  # a host ("": any), and what is known of it


class Saying(NamedTuple):
    """An hour or a quota: what it `says` of which pages, and whether it names those that it is about or the others."""

    says: Hashable
    subject: Subject
    side: str
    pages: Pages


def tables_of(person: Person) -> tuple[Timetable, ...]:
    """The different timetables of a person, as a child and as an adult."""
    return tuple({table.key: table for table in (person.as_child.timetable, person.as_adult.timetable)}.values())


def sayings_of(person: Person) -> Iterator[Saying]:
    """The hours and quotas of a person that are about some pages and not about others."""
    for table in tables_of(person):
        hours = (((each.does, each.days, each.start, each.end), each.subject) for each in table.written)
        quotas = (((quota.days, quota.minutes), quota.subject) for quota in table.quotas)
        for says, subject in chain[tuple[Hashable, Subject]](hours, quotas):
            if subject.only is not None:
                yield Saying(says, subject, "only", subject.only)
            if subject.but is not None:
                yield Saying(says, subject, "but", subject.but)


def hosts_of(person: Person) -> frozenset[str]:
    """The hosts that hours and quotas name."""
    return frozenset[str]().union(*(saying.pages.hosts for saying in sayings_of(person)))


def said_of_host(person: Person, host: str) -> frozenset[Hashable]:
    """What hours and quotas say of a host by its name, or by the name of one above it."""
    return frozenset(
        (saying.says, saying.side, saying.subject.only is None, saying.pages.topics, saying.pages.kinds)
        for saying in sayings_of(person)
        if Pages(hosts=saying.pages.hosts).hold(host, None)
    )


def pages_of(person: Person) -> tuple[HostPage, ...]:
    """One page for each different choice of hours and quotas that are about it; first one of which nobody knows."""
    sayings = list(sayings_of(person))
    subjects = dict.fromkeys(saying.subject for saying in sayings)
    hosts = ["", *sorted(hosts_of(person))]
    kinds = [None, *sorted({kind for saying in sayings for kind in saying.pages.kinds})]
    topics = [None, *sorted({topic for saying in sayings for topic in saying.pages.topics})]
    found: dict[tuple[bool, ...], HostPage] = {}
    for host, kind, topic in product(hosts, kinds, topics):
        record = HostRecord(host=host, kind=kind, topics=frozenset() if topic is None else frozenset((topic,)))
        found.setdefault(tuple(subject.holds(host, record) for subject in subjects), (host, record))
    return tuple(found.values())
