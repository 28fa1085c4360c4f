"""One entry of a list: a host or an address, and how much of it is meant."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

from gateway.hosts.record import Exempt, ExemptGround


class Covers(IntEnum):
    """How much of a name an entry speaks of."""

    ALL = 0  # the name and all below it
    ONLY = 1  # the name, not what is below it
    BELOW = 2  # what is below the name, not the name


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """What an entry says by itself of its host, besides what its list says of all."""

    kind: str | None = None
    topics: frozenset[str] = frozenset()
    exempt: Exempt | None = None
    audience: str = "public"  # or "limited"


def nature_of(plain: dict[str, Any]) -> Nature:
    """A nature out of its JSON form. Raises KeyError, TypeError, ValueError."""
    exempt = plain["exempt"]
    return Nature(
        kind=plain["kind"],
        topics=frozenset(plain["topics"]),
        exempt=Exempt(ExemptGround(exempt["ground"]), exempt["evidence"]) if exempt else None,
        audience=plain["audience"],
    )


class Entry(NamedTuple):
    """`host` is canonical. `path` ("/a", "/a?b=c") narrows the entry to that path and all below it; "" is the host."""

    host: str
    covers: Covers = Covers.ALL
    path: str = ""
    exception: bool = False  # the list takes back what it says of this host
    nature: Nature | None = None


class Expression(NamedTuple):
    """A regular expression for whole addresses, in RE2's syntax."""

    pattern: str
