"""Which names live at which address, as far as the gateway has seen lately: a bare address is judged by them.

A name that resolves to an address proves little: whoever owns a name may point it anywhere. So such a name may make the
address stricter, but only a name that showed a certificate there proves that the address is shared with others.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from cachetools import LRUCache

LATELY: Final = 6 * 3_600.0  # seconds
_ADDRESSES: Final = 10_000
_NAMES: Final = 64  # at one address; the oldest go
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Residents:
    """The names at one address (canonical). `certified` stand in the certificate that it shows to whom names no host.

    `shown` showed a certificate of their own there; `resolved` are all whose name led there, the shown ones among them.
    """

    certified: Collection[str] = ()
    resolved: Collection[str] = ()
    shown: Collection[str] = frozenset()

    def taken_over(self, refused: Callable[[str], bool]) -> tuple[str, ...]:
        """The names whose refusal the address takes over; `refused` says of a name whether it may not be opened.

        A certificate names whose address it is. Else every name that is known to live here has to be refused: at a
        CDN or a hoster, the address of one site is that of its neighbours.
        """
        by_certificate = tuple(name for name in self.certified if refused(name))
        if by_certificate or any(not refused(name) for name in self.shown):
            return by_certificate
        return tuple(name for name in self.resolved if refused(name))


@dataclass(slots=True)
class _Page:
    names: dict[str, float] = field(default_factory=dict)  # name → when it was last seen; the oldest first
    shown: dict[str, float] = field(default_factory=dict)


class AddressBook:
    """Bounded and expiring. Moments are monotonic seconds of whoever asks.

    `on_news` is told (name, addresses, shown) of what was not known or is about to be forgotten.
    """

    def __init__(self) -> None:
        self._pages: LRUCache[str, _Page] = LRUCache(_ADDRESSES)
        self.on_news: Callable[[str, tuple[str, ...], bool], object] = lambda _name, _addresses, _shown: None

    def note(self, name: str, addresses: tuple[str, ...], now: float, *, shown: bool = False) -> None:
        """`name` (canonical) lives at the addresses; `shown`: it showed a certificate there that is believed."""
        if is_address(name):
            return
        if self._take(name, addresses, now, shown):
            self.on_news(name, addresses, shown)

    def copy(self, name: str, addresses: tuple[str, ...], now: float, *, shown: bool) -> bool:
        """As `note`, of what another book has told; `on_news` is not told. Whether it was news."""
        return self._take(name, addresses, now, shown)

    def at(self, address: str, now: float) -> Residents:
        """Who lives at an address, in any of its forms."""
        page = self._pages.get(one_form(address))
        if page is None:
            return Residents()
        return Residents(resolved=_recent(page.names, now), shown=_recent(page.shown, now))

    def all(self, now: float) -> Iterator[tuple[str, tuple[str, ...], bool]]:
        """Everything that holds, as `copy` takes it."""
        for address, page in list(self._pages.items()):
            shown = frozenset(_recent(page.shown, now))
            yield from ((name, (address,), name in shown) for name in _recent(page.names, now))

    def _take(self, name: str, addresses: tuple[str, ...], now: float, shown: bool) -> bool:
        news = False
        for address in addresses:
            key = one_form(address)
            page = self._pages.get(key)
            if page is None:
                page = self._pages[key] = _Page()
            for kept in (page.names, page.shown) if shown else (page.names,):
                if kept.get(name, -LATELY) <= now - LATELY / 2:
                    news = True
                    kept.pop(name, None)
                    kept[name] = now
                    while len(kept) > _NAMES:
                        del kept[next(iter(kept))]
        return news


@lru_cache(maxsize=8_192)
def one_form(address: str) -> str:
    """An IP address as the book files it: an IPv6 form of an IPv4 address is that address."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            found = found.ipv4_mapped
        elif found in _NAT64:
            found = IPv4Address(int(found) & 0xFFFF_FFFF)
    return str(found)


@lru_cache(maxsize=8_192)
def is_address(host: str) -> bool:
    """Whether a canonical host is an IP address."""
    if ":" not in host and not host[-1:].isdigit():
        return False
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _recent(names: Mapping[str, float], now: float) -> tuple[str, ...]:
    return tuple(name for name, moment in names.items() if now - moment < LATELY)
