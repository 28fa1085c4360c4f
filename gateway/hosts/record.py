"""What is known of a host."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from gateway.labels.label import Reading


class Learned(StrEnum):
    LIST = "list"
    VISIT = "visit"
    TRAFFIC = "traffic"


class Front(StrEnum):
    """What stands at the front page of a host, as far as the gateway saw by a visit of its own."""

    PAGE = "page"
    NOTHING = "nothing"  # the host itself says that there is none


class ExemptGround(StrEnum):
    """Art. 2 of law 169-VI: the grounds on which the law does not apply to a product."""

    SCIENTIFIC = "scientific"
    SCIENTIFIC_METHODICAL = "scientific-methodical"
    EDUCATIONAL = "educational"
    EDUCATIONAL_METHODICAL = "educational-methodical"
    STATISTICAL = "statistical"
    CULTURAL_VALUE = "cultural-value"


@dataclass(frozen=True, slots=True)
class Exempt:
    """An Art. 2 ground with what it rests on (a curated list, a reviewer); a page's own claim is not evidence."""

    ground: ExemptGround
    evidence: str


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A label file of a host, as text: kept because it may give other ages to other paths (hosts/learn.py asks it)."""

    url: str  # canonical address, e.g. "https://a.kz/age-de.xml"
    text: str  # at most 50 kB


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRecord:
    """What is known of one host, and how and until when it is known."""

    host: str  # canonical, A-label, no trailing dot; "name:8443" for a visit to another port than the scheme's own
    kind: str | None = None  # "online-publication", "social-network", "private", …; None: nothing known
    topics: frozenset[str] = frozenset()
    exempt: Exempt | None = None
    audience: str = "public"  # or "limited": private traffic, Art. 1(1)
    reading: Reading | None = None  # labels with scope site
    learned: Learned = Learned.LIST
    source: str = ""  # list name, or the address that was visited
    until: datetime | None = None  # after this moment it must be learned again; None: as long as the list stands
    front: Front | None = None  # of a visit; None: that cannot be told
    site_files: tuple[SiteFile, ...] = ()  # of a visit; `reading` holds what they say of the front page


def record_name(host: str, port: int) -> str:
    """What a host record is filed under: the host, with its port when that is not a usual one."""
    if port in (80, 443):
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def host_and_port(name: str) -> tuple[str, int]:
    """The host and port behind a name that `record_name` made; 443 for one without."""
    host, colon, port = name.rpartition(":")
    if not colon or not port.isdigit() or (":" in host and not host.startswith("[")):
        return name, 443
    return host.removeprefix("[").removesuffix("]"), int(port)


class _Unsealed:
    """A record that is being filled: the same slots, and nothing that freezes them."""

    __slots__ = tuple(field.name for field in fields(HostRecord))


def alike(record: HostRecord) -> Callable[[str], HostRecord]:
    """A function that gives the record of another host of which the same is known.

    Lists answer with nothing else. To fill the slots of a plain object and then to seal it takes a fifth of the time
    of the constructor, which sets each through the frozen class's back door.
    """
    kind, topics, exempt, audience = record.kind, record.topics, record.exempt, record.audience
    reading, learned, source = record.reading, record.learned, record.source
    until, front, site_files = record.until, record.front, record.site_files

    def record_of(host: str) -> HostRecord:
        made: Any = _Unsealed()
        made.host = host
        made.kind = kind
        made.topics = topics
        made.exempt = exempt
        made.audience = audience
        made.reading = reading
        made.learned = learned
        made.source = source
        made.until = until
        made.front = front
        made.site_files = site_files
        made.__class__ = HostRecord
        sealed: HostRecord = made
        return sealed

    return record_of
