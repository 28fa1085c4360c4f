"""What else is asked before a request leaves: the host as what it shows itself to be, and the addresses it carries."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from gateway.decision.question import Tier
from gateway.document.url import Url
from gateway.edge.counters import Counters
from gateway.edge.inquiry import Inquiry, Probe, Ruling, Standing
from gateway.edge.reading import address_of, known_of
from gateway.hosts.record import HostRecord
from gateway.labels.label import Label
from gateway.profiles.profile import Profile

# What no request can make of a host: a help line is never blocked, private traffic never judged.
_LASTING: Final = frozenset({"help-line", "private"})


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


def as_kind(inquiry: Inquiry, kind: str) -> Inquiry:
    """The inquiry about a host that shows itself to be of `kind`, whatever lists know of it."""
    record = inquiry.question.host
    if record is None:
        record = HostRecord(host=address_of(inquiry.question).host)
    if record.kind in _LASTING:
        return inquiry
    return replace(inquiry, question=replace(inquiry.question, host=replace(record, kind=kind)))


def carried(inquiry: Inquiry, probe: Probe | None) -> Iterator[Inquiry]:
    """The same asked about each address that the address of a translator, archive or cache carries."""
    ruling, question = inquiry.ruling, inquiry.question
    for url in ruling.carriers.carried(address_of(question)):
        record, _ = record_of(ruling, probe, url, question.tier)
        yield replace(inquiry, question=replace(question, url=url, host=record))
