"""Clients that do not take the gateway's certificate for a host: apps that know the site's own, devices without the CA.

A client is told apart by its address, so that a phone's app does not open a host for the laptop beside it. Anybody can
make a handshake fail on purpose, as often as he likes. So a failure says only that this client cannot be looked into;
whether the host may be passed to it then is another question, to which the client has no say: `is_clean` asks what the
gateway saw of the host itself, and gateway.decision.splice asks the lists, the labels and the person's policy.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from gateway.hosts.record import Front, HostRecord
from gateway.hosts.traffic import BARRED, Traffic

ENOUGH: Final = 2  # failures
WITHIN: Final = timedelta(hours=1)  # of each other
PASSED: Final = timedelta(days=1)
REFUSED: Final = timedelta(minutes=10)  # then it is tried again: somebody may have installed the CA


@dataclass(frozen=True, slots=True, kw_only=True)
class Strikes:
    """Handshakes of one client for one host that failed after our certificate."""

    client: str
    host: str
    count: int
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A client that cannot be looked into at this host, until `until`. `clean`: nothing that was seen forbids it."""

    client: str  # its address
    host: str
    clean: bool
    until: datetime


def strike(known: Strikes | None, client: str, host: str, moment: datetime) -> Strikes:
    """One more failure."""
    if known is None or moment - known.last > WITHIN:
        return Strikes(client=client, host=host, count=1, last=moment)
    return replace(known, count=known.count + 1, last=moment)


def is_clean(visited: HostRecord | None, traffic: Traffic | None, moment: datetime) -> bool:
    """Whether the host has no pages as far as the gateway saw itself.

    Its own visit found none, and none came through the gateway within a month. A site for people fails the first: so
    nobody gets one passed by failing handshakes.
    """
    if visited is None or visited.front is not Front.NOTHING or visited.site_files:
        return False
    if visited.until is not None and visited.until <= moment:
        return False
    seen = () if traffic is None else (traffic.paged, traffic.told, traffic.uneven)
    return all(each is None or moment - each >= BARRED for each in seen)


def pin(strikes: Strikes, *, clean: bool, moment: datetime) -> Pinned:
    """What follows of enough strikes."""
    return Pinned(client=strikes.client, host=strikes.host, clean=clean, until=moment + (PASSED if clean else REFUSED))
