"""What else is asked before a request leaves: the host as what it shows itself to be, and the addresses it carries."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from gateway.decision.decide import decide
from gateway.decision.question import Question, Tier
from gateway.decision.sight import Sight, sight
from gateway.decision.verdict import Reason
from gateway.document.url import Url, canonical
from gateway.edge.counters import Counters
from gateway.edge.inquiry import Inquiry, Probe, Ruling, Standing
from gateway.edge.reading import address_of, known_of, page_record
from gateway.hosts.address_book import Residents
from gateway.hosts.record import HostRecord
from gateway.labels.label import Label, Reading, Status
from gateway.profiles.clue import Clues
from gateway.profiles.person import ADULT
from gateway.profiles.profile import Profile

# What no request can make of a host: a help line is never blocked, private traffic never judged.
_LASTING: Final = frozenset({"help-line", "private"})
_ALLOWED: Final = frozenset({Reason.LOCAL_ALLOW, Reason.GRANT})


def record_of(ruling: Ruling, probe: Probe | None, url: Url, tier: Tier) -> tuple[HostRecord | None, bool]:
    """What lists and earlier visits know of an address, and whether there was a visit."""
    known = probe.known(url.host, port=url.port) if probe is not None else None
    listed = ruling.hosts.lookup(url.host) if tier is Tier.HOST else ruling.hosts.lookup_address(url)
    return known_of(url, listed, known, ruling.labels), known is not None


def what_holds(
    standing: Standing | None, profile: Profile, url: Url, moment: datetime, tier: Tier
) -> tuple[Profile, tuple[Label, ...]]:
    """The profile with what was granted and used, and the labels that devices told of the page.

    At the host tier none is asked for: there the address stands for every page of the host.
    """
    if standing is None:
        return profile, ()
    heard = standing.heard(profile, url, moment) if tier is not Tier.HOST else ()
    return standing.profile_now(profile), heard


async def visited(probe: Probe, url: Url, seconds: float, counters: Counters) -> HostRecord | None:
    """What the probe finds at the host. Its failing or taking long means only that nothing more is known."""
    try:
        return await asyncio.wait_for(probe.record(url.host, port=url.port, scheme=url.scheme), seconds)
    except Exception:  # noqa: BLE001 - an unvisited host is judged by the stance for unlabelled pages
        counters.faults.labels("probe").inc()
        return None


def dialled(ruling: Ruling, clues: Clues, host: str, clock: Callable[[], datetime]) -> str | None:
    """Where a minor's connection to `host` is made, as a service asks for it (`policies/safe`); None: at its own."""
    if not ruling.services.dialled(host):
        return None
    profile = ruling.recognise(clues, clock())
    return ruling.services.dial(host, profile.stances) if profile is not None and profile.age < ADULT else None


async def with_reading(
    inquiry: Inquiry, reading: Reading, probe: Probe | None, seconds: float, counters: Counters
) -> Question:
    """The question with what was read, and, where the page says nothing, with what a visit to its host found."""
    question = inquiry.question.with_reading(reading)
    silent = reading.status is Status.UNLABELLED and question.profile.age < ADULT
    if not silent or inquiry.visited or probe is None:
        return question
    url = address_of(question)
    found = await visited(probe, url, seconds, counters)
    return replace(question, host=known_of(url, question.host, found, inquiry.ruling.labels))


def as_kind(inquiry: Inquiry, kind: str) -> Inquiry:
    """The inquiry about a host that shows itself to be of `kind`, whatever lists know of it."""
    record = inquiry.question.host
    if record is None:
        record = HostRecord(host=address_of(inquiry.question).host)
    if record.kind in _LASTING:
        return inquiry
    return replace(inquiry, question=replace(inquiry.question, host=replace(record, kind=kind)))


def as_shown(inquiry: Inquiry, page: str | None, kind: str | None) -> Inquiry:
    """The inquiry with what the request shows: the page that loads this as its part, the kind of its host."""
    if page is not None and inquiry.question.profile.timetable.selective:
        known = page_record(page, inquiry.ruling.hosts)
        inquiry = replace(inquiry, question=replace(inquiry.question, part_of=known))
    return as_kind(inquiry, kind) if kind is not None else inquiry


def taken_over(inquiry: Inquiry, probe: Probe | None, residents: Residents) -> Inquiry | None:
    """The inquiry about a host at the bare address that is asked for, whose refusal the address takes over.

    The strictest of them; None when there is none, or when somebody has allowed this very address.
    """
    if decide(inquiry.question).reason in _ALLOWED:
        return None
    names = {*residents.certified, *residents.resolved}
    asked = {name: _at_name(inquiry, probe, name) for name in sorted(names)}
    found = residents.taken_over(lambda name: sight(asked[name].question) is Sight.REFUSE)
    strictness = {name: decide(asked[name].question).action for name in found}
    return asked[max(strictness, key=strictness.__getitem__)] if strictness else None


def _at_name(inquiry: Inquiry, probe: Probe | None, name: str) -> Inquiry:
    """The same asked of `name` in place of the host of the address."""
    question = inquiry.question
    asked = address_of(question)
    scheme, _, rest = asked.href.partition("://")
    url = canonical(f"{scheme}://{name}{rest[len(_shown(asked.host)) :]}")
    record, _ = record_of(inquiry.ruling, probe, url, question.tier)
    return replace(inquiry, question=replace(question, url=url, host=record))


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def carried(inquiry: Inquiry, probe: Probe | None) -> Iterator[Inquiry]:
    """The same asked about each address that the address of a translator, archive or cache carries."""
    ruling, question = inquiry.ruling, inquiry.question
    for url in ruling.carriers.carried(address_of(question)):
        record, _ = record_of(ruling, probe, url, question.tier)
        yield replace(inquiry, question=replace(question, url=url, host=record))
