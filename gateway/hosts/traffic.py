"""What the traffic through the gateway teaches of a host: that it only ever serves parts of pages, or one label.

A host of which that is known can be passed through unopened for a time (gateway.decision.splice says for whom).

Who might teach the gateway a lie? Whoever sends the requests: a pupil who asks a site for its pictures alone, again and
again, with whatever `Sec-Fetch-Dest` he likes, until nobody looks at its pages any more. Against that:

* What a request says of itself never counts for a host, only against it. What counts is the type that the answer names:
  a browser shows no page out of an answer with a picture's, a script's or a font's type (MIME Sniffing, section 7).
* It takes many answers, to two people over ten minutes or over a day: one afternoon of one person is not enough.
* Neither is ever enough. The gateway visits the host itself, from an address and at a time that the pupil does not
  choose: a host whose front page is a page, leads elsewhere, or cannot be told, is never taken for one of parts; and a
  label counts only where the front page says the same of the whole site. A site with pages for people has a front page.
* A page that appears, a label on a picture, a refusal or a WebSocket ends it at once, and for a month; a share of the
  connections is opened for that (gateway.edge.sights), which ones the client cannot know.

What remains: a host that hides its pages from the gateway and from whoever asks for "/". It is found out by the share.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from gateway.document.media_type import is_document
from gateway.hosts.record import Front, HostRecord
from gateway.labels.label import Reading, Scope

ENOUGH_PARTS: Final = 40
ENOUGH_PAGES: Final = 30
PEOPLE: Final = 2
LEAST: Final = timedelta(minutes=10)  # between the first answer and the last, to several people
LEAST_ALONE: Final = timedelta(days=1)  # to one person
LIFETIME: Final = {"parts": timedelta(days=1), "label": timedelta(hours=6)}
BARRED: Final = timedelta(days=30)
FORGOTTEN: Final = timedelta(days=30)  # after the last answer

_SCRIPTS: Final = frozenset({"application/javascript", "application/x-javascript", "application/wasm", "text/css"})
_MEDIA: Final = frozenset({"application/mp4", "application/vnd.yt-ump"})
_FONTS: Final = frozenset({"application/font-woff", "application/font-woff2", "application/vnd.ms-fontobject"})
# What lists films may carry their ages, and names are looked up in what speaks of DNS.
_TELLING: Final = ("mpegurl", "dns")
_OPENED: Final = frozenset({"document", "embed", "fencedframe", "frame", "iframe", "object"})


class Served(StrEnum):
    """What one answer was."""

    PART = "part"  # a script, a style or a font: nobody looks at it
    SHOWN = "shown"  # a picture, sound or film
    NEUTRAL = "neutral"  # tells nothing
    ERROR = "error"  # a page that says that something is not there
    PAGE = "page"
    TELLING = "telling"  # it was refused, has a label, lists films, goes on as a WebSocket: it has to be looked at


@dataclass(frozen=True, slots=True, order=True)
class Sign:
    """A label as far as two pages can have the same."""

    scale: str
    mark: str
    min_age: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """What one worker saw of a host within a short time, of one person's requests.

    `signs`: the labels of its pages when all of them had the same, and for the whole site; None when there was no page,
    or they were not alike (`uneven`). `person` is a digest.
    """

    host: str  # as in HostRecord.host
    person: str
    moment: datetime
    served: Mapping[Served, int]
    signs: frozenset[Sign] | None = None
    uneven: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What was seen of a host since `since`. `paged`: when a page was last seen; `told`: when anything TELLING was."""

    host: str
    since: datetime
    last: datetime
    parts: int = 0
    shown: int = 0
    pages: int = 0
    people: frozenset[str] = frozenset()  # digests, no more than are needed
    signs: frozenset[Sign] | None = None
    paged: datetime | None = None
    told: datetime | None = None
    uneven: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What holds of a host until `until`. `what`: "parts", or "label" with `signs`; `shown`: pictures or films too."""

    host: str
    what: str
    until: datetime
    signs: frozenset[Sign] = frozenset()
    shown: bool = False


def served_of(status: int, essence: str | None, destination: str) -> Served:
    """What an answer is, by its status, the type that it names, and what the request says that it is for.

    `destination`: Sec-Fetch-Dest in small letters. It can only take a part's weight away.
    """
    if essence is None or status in (204, 205, 304) or status < 200 or (300 <= status < 400):
        return Served.NEUTRAL
    if any(word in essence for word in _TELLING):
        return Served.TELLING
    if is_document(essence):
        return Served.PAGE if status < 400 else Served.ERROR
    if status >= 400 or destination in _OPENED:
        return Served.NEUTRAL
    if essence.startswith(("image/", "audio/", "video/")) or essence in _MEDIA:
        return Served.SHOWN
    if essence.startswith("font/") or essence in _FONTS or essence in _SCRIPTS or essence.endswith("/javascript"):
        return Served.PART
    return Served.NEUTRAL


def signs_of(reading: Reading | None) -> frozenset[Sign] | None:
    """The labels of a page that speak for its whole site; None when it has none, or one of another scope."""
    if reading is None or not reading.labels or any(label.scope is not Scope.SITE for label in reading.labels):
        return None
    return frozenset(Sign(label.scale, label.mark, label.min_age) for label in reading.labels)


def add(known: Traffic | None, glimpse: Glimpse) -> Traffic:
    """What is known of the host with this glimpse of it."""
    moment, served = glimpse.moment, glimpse.served
    if known is None or known.last < moment - FORGOTTEN:
        known = Traffic(host=glimpse.host, since=moment, last=moment)
    pages, telling = served.get(Served.PAGE, 0), served.get(Served.TELLING, 0)
    differs = pages > 0 and known.signs is not None and glimpse.signs != known.signs
    if served.get(Served.ERROR, 0) and not pages:
        known = replace(known, since=moment, parts=0, shown=0, people=frozenset())  # earned anew
    return replace(
        known,
        last=max(known.last, moment),
        parts=known.parts + served.get(Served.PART, 0),
        shown=known.shown + served.get(Served.SHOWN, 0),
        pages=known.pages + pages,
        people=known.people if len(known.people) >= PEOPLE else known.people | {glimpse.person},
        signs=glimpse.signs if pages and known.signs is None else known.signs,
        paged=moment if pages else known.paged,
        told=moment if telling else known.told,
        uneven=moment if glimpse.uneven or differs or telling else known.uneven,
    )


def ends(learned: Learned, glimpse: Glimpse) -> bool:
    """Whether what was seen contradicts what was learned."""
    served = glimpse.served
    if served.get(Served.TELLING, 0):
        return True
    if learned.what == "label":
        return glimpse.uneven or (served.get(Served.PAGE, 0) > 0 and glimpse.signs != learned.signs)
    return bool(served.get(Served.PAGE, 0) or served.get(Served.ERROR, 0))


def is_candidate(traffic: Traffic, moment: datetime) -> bool:
    """Whether enough was seen for a visit to be worth it."""
    return _what(traffic, moment) is not None


def conclude(traffic: Traffic, visited: HostRecord | None, moment: datetime) -> Learned | None:
    """What may be taken for granted of the host, now that the gateway has visited it itself; None: nothing."""
    what = _what(traffic, moment)
    if what is None or visited is None or (visited.until is not None and visited.until <= moment):
        return None
    until = moment + LIFETIME[what]
    shown = traffic.shown > 0
    if what == "parts":
        if visited.front is not Front.NOTHING or visited.site_files:
            return None
        return Learned(host=traffic.host, what=what, until=until, shown=shown)
    assert traffic.signs is not None
    if visited.site_files or signs_of(visited.reading) != traffic.signs:
        return None
    return Learned(host=traffic.host, what=what, until=until, signs=traffic.signs, shown=True)


def _what(traffic: Traffic, moment: datetime) -> str | None:
    span = traffic.last - traffic.since
    if span < (LEAST if len(traffic.people) >= PEOPLE else LEAST_ALONE) or _recent(traffic.told, moment):
        return None
    if not _recent(traffic.paged, moment):
        return "parts" if traffic.parts + traffic.shown >= ENOUGH_PARTS else None
    even = traffic.signs is not None and not _recent(traffic.uneven, moment)
    return "label" if even and traffic.pages >= ENOUGH_PAGES else None


def _recent(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and now - moment < BARRED
