"""What a worker knows for selective sight: copies of what the keeper learned, and glimpses on their way to it.

Nothing here waits, and nothing of it is ever wider than what the keeper said: without it, what was learned runs out.
A page that contradicts what was learned ends that here at once, whatever the keeper says during the next hour.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Final

from cachetools import LRUCache, TTLCache

from gateway.decision.decide import decide
from gateway.decision.sight import Sight
from gateway.decision.splice import Known, Seen, Why, see
from gateway.decision.verdict import Reason, Verdict
from gateway.document.url import Url
from gateway.edge.inquiry import Inquiry, Ruling
from gateway.hosts.pinning import Pinned
from gateway.hosts.record import record_name
from gateway.hosts.traffic import Glimpse, Learned, Served, Sign, ends
from gateway.store.masking import KEEPING, Keeping
from gateway.store.opened import Opened, kept_of, merged

MOST_WAITING: Final = 5_000  # glimpses, and counts of what was opened; more are lost until the keeper has taken these
MOST_STRIKES: Final = 1_000
_REMEMBERED: Final = 20_000  # hosts and clients, of each
_ENDED_SECONDS: Final = 3_600.0
_USED_SECONDS: Final = 3_600.0  # until it is told again that a client takes our certificate at a host
# One connection of so many to a host that was learned is opened all the same; which one, no client can tell.
SHARES: Final[Mapping[Why, int]] = {Why.PARTS_ONLY: 32, Why.ONE_LABEL: 4}
_UNSEEN: Final = frozenset({Why.PRIVATE, Why.ADULT, Why.HELP_LINE})


class Stage(StrEnum):
    """When a connection is looked at."""

    CONNECT = "connect"  # before there is TLS: only to refuse what cannot be opened
    HELLO = "hello"
    UNNAMED = "unnamed"  # a ClientHello without the name, or with another one: never spliced
    AGAIN = "again"  # one that was passed, some time later


@dataclass(slots=True)
class _Glimpse:
    served: dict[Served, int] = field(default_factory=dict)
    signs: frozenset[Sign] | None = None
    uneven: bool = False

    def add(self, served: Served, signs: frozenset[Sign] | None) -> None:
        if served is Served.PAGE:
            first = Served.PAGE not in self.served
            self.uneven = self.uneven or signs is None or not (first or signs == self.signs)
            self.signs = None if self.uneven else signs
        self.served[served] = self.served.get(served, 0) + 1


class Sights:
    """Belongs to one worker. `seed` decides which connections are opened again; without one nobody knows it.

    `on_lost` is told of what found no room.
    """

    def __init__(
        self,
        keeping: Keeping = KEEPING["isp"],
        *,
        seed: bytes | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        on_lost: Callable[[str], None] = lambda _what: None,
    ) -> None:
        self._keeping, self._clock, self._on_lost = keeping, clock, on_lost
        self._seed = seed or secrets.token_bytes(16)
        self._learned: LRUCache[str, Learned] = LRUCache(_REMEMBERED)
        self._pinned: LRUCache[tuple[str, str], Pinned] = LRUCache(_REMEMBERED)
        self._ended: TTLCache[str, bool] = TTLCache(_REMEMBERED, _ENDED_SECONDS)
        self._turns: LRUCache[str, int] = LRUCache(_REMEMBERED)
        self._used: TTLCache[tuple[str, str], bool] = TTLCache(_REMEMBERED, _USED_SECONDS)
        self._glimpses: dict[tuple[str, str], _Glimpse] = {}
        self._strikes: list[tuple[str, str]] = []
        self._trusted: set[tuple[str, str]] = set()
        self._opened: dict[Opened, int] = {}

    # -- the question at the connection -----------------------------------------------------------------------------

    def see(self, asked: Inquiry | Verdict, client: str | None, url: Url, stage: Stage) -> Seen:
        """What to do with a connection of the client at address `client` to the host of `url`; it is counted.

        `asked` is a verdict when nobody may ask.
        """
        if isinstance(asked, Verdict):
            nobody = asked.reason is Reason.NO_PROFILE
            seen, person = Seen(Sight.REFUSE, Why.NOBODY if nobody else Why.TROUBLE), ""
        elif stage is Stage.UNNAMED:
            seen, person = Seen(Sight.LOOK, Why.NAMES), asked.question.profile.person
        else:
            seen, person = self._seen(asked, client, url, stage), asked.question.profile.person
        if stage in (Stage.HELLO, Stage.UNNAMED) or (stage is Stage.CONNECT and seen.sight is Sight.REFUSE):
            self._count(person, url.host, seen)
        return seen

    def is_pinned(self, client: str | None, url: Url) -> bool:
        """Whether this client cannot be looked into at this host."""
        return self._pin(client, record_name(url.host, url.port)) is not None

    def _seen(self, asked: Inquiry, client: str | None, url: Url, stage: Stage) -> Seen:
        name = record_name(url.host, url.port)
        known = Known(
            learned=self._holding(name), pinned=self._pin(client, name), special=_is_special(asked.ruling, url)
        )
        seen = see(asked.question, decide(asked.question), known)
        if stage is Stage.HELLO and seen.why in SHARES and self._is_sampled(name, SHARES[seen.why]):
            return Seen(Sight.LOOK, Why.SAMPLED)
        return seen

    def _holding(self, name: str) -> Learned | None:
        learned = self._learned.get(name)
        return learned if learned is not None and learned.until > self._clock() else None

    def _pin(self, client: str | None, name: str) -> Pinned | None:
        pinned = self._pinned.get((client, name)) if client is not None else None
        return pinned if pinned is not None and pinned.until > self._clock() else None

    def _is_sampled(self, name: str, share: int) -> bool:
        turn = self._turns.get(name, 0)
        self._turns[name] = turn + 1
        digest = blake2b(f"{turn} {name}".encode(), key=self._seed, digest_size=4).digest()
        return int.from_bytes(digest) % share == 0

    def _count(self, person: str, host: str, seen: Seen) -> None:
        unseen = seen.why in _UNSEEN
        kept = kept_of(person, host, seen.sight.value, seen.why.value, self._keeping, unseen=unseen)
        if kept is not None and merged(self._opened, [(kept, 1)], MOST_WAITING):
            self._on_lost("opened")

    # -- what was seen ------------------------------------------------------------------------------------------------

    def saw(self, person: str, url: Url, served: Served, signs: frozenset[Sign] | None = None) -> None:
        """An answer of a host that was read; `signs` are a page's (gateway.hosts.traffic.signs_of)."""
        secure = url.scheme in ("https", "wss")
        if served is Served.NEUTRAL or (not secure and served in (Served.PART, Served.SHOWN)):
            return  # what came in the clear may be anybody's: it only counts against
        name = record_name(url.host, url.port)
        glimpse = self._glimpses.get((name, person))
        if glimpse is None:
            if len(self._glimpses) >= MOST_WAITING:
                self._on_lost("glimpses")
                return
            glimpse = self._glimpses[name, person] = _Glimpse()
        glimpse.add(served, signs)
        learned = self._learned.get(name)
        if learned is not None and ends(learned, self._told(name, person, glimpse)):
            self._ended[name] = True
            del self._learned[name]

    def struck(self, client: str, url: Url) -> None:
        """A handshake of the client failed after our certificate, or it closed at once after it."""
        if len(self._strikes) < MOST_STRIKES:
            self._strikes.append((client, record_name(url.host, url.port)))
        else:
            self._on_lost("strikes")

    def trusted(self, client: str, url: Url) -> None:
        """The client has sent a request through a connection that was opened: it takes our certificate there."""
        key = (client, record_name(url.host, url.port))
        if key not in self._used and len(self._trusted) < MOST_WAITING:
            self._used[key] = True
            self._pinned.pop(key, None)
            self._trusted.add(key)

    # -- to the keeper and from it ------------------------------------------------------------------------------------

    def take(self) -> dict[str, Any] | None:
        """What waits for the keeper, in JSON values, and waits no longer; None when nothing does."""
        if not (self._glimpses or self._strikes or self._trusted or self._opened):
            return None
        told = {
            "glimpses": [_packed(self._told(name, person, each)) for (name, person), each in self._glimpses.items()],
            "strikes": [list(key) for key in self._strikes],
            "trusted": [list(key) for key in self._trusted],
            "opened": [[each.person, each.host, each.sight, each.why, n] for each, n in self._opened.items()],
        }
        self._glimpses, self._strikes, self._trusted, self._opened = {}, [], set(), {}
        return told

    def hold(
        self, learned: Iterable[Learned], pinned: Iterable[Pinned], gone: Iterable[str], unpinned: Iterable[Any]
    ) -> None:
        """What the keeper has learned, and what does not hold any more."""
        for each in gone:
            self._learned.pop(each, None)
        for client, host in unpinned:
            self._pinned.pop((client, host), None)
        for learnt in learned:
            if learnt.host not in self._ended:
                self._learned[learnt.host] = learnt
        for pin in pinned:
            self._pinned[pin.client, pin.host] = pin

    def forget(self) -> None:
        """Everything learned: another keeper tells it anew."""
        self._learned.clear()
        self._pinned.clear()

    def _told(self, name: str, person: str, each: _Glimpse) -> Glimpse:
        return Glimpse(
            host=name,
            person=person,
            moment=self._clock(),
            served=each.served,
            signs=each.signs,
            uneven=each.uneven,
        )


def _packed(glimpse: Glimpse) -> list[Any]:
    signs = None if glimpse.signs is None else [[s.scale, s.mark, s.min_age] for s in sorted(glimpse.signs)]
    return [glimpse.host, glimpse.person, glimpse.moment.isoformat(), dict(glimpse.served), signs, glimpse.uneven]


def unpack_glimpse(packed: list[Any]) -> Glimpse:
    """What `take` told of a host."""
    host, person, moment, served, signs, uneven = packed
    return Glimpse(
        host=host,
        person=person,
        moment=datetime.fromisoformat(moment),
        served={Served(name): int(count) for name, count in served.items()},
        signs=None if signs is None else frozenset(Sign(*sign) for sign in signs),
        uneven=bool(uneven),
    )


def _is_special(ruling: Ruling, url: Url) -> bool:
    """Whether more than the page's labels matters at this host: its addresses, or what is asked of it."""
    listed = ruling.hosts.listed
    return (
        bool(ruling.services.of_host(url.host))
        or ruling.carriers.has(url.host)
        or (listed is not None and listed.may_name_pages_of(url.host))
    )
