"""How often somebody may ask: so many times in a while, counted by who asks."""

import math
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Final

from cachetools import TTLCache

_MOST_SIDES: Final = 10_000
_HOUSE_BITS: Final = 64  # of an IPv6 address belong to the network; whoever asks may choose the rest


class TooOften(Exception):  # noqa: N818 - reads as a sentence
    """Refused; `seconds` until it may be tried again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"this is asked too often: try again in {seconds} seconds")
        self.seconds = seconds


class Pace:
    """At most `most` times in `seconds`. Belongs to one event loop: the keeper's, so all workers share it."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._counts: TTLCache[str, tuple[float, int]] = TTLCache(_MOST_SIDES, seconds, timer=clock)

    def check(self, side: str) -> None:
        """Raises TooOften when `side` has used up its number."""
        begun, count = self._of(side)
        if count >= self._most:
            raise TooOften(max(1, math.ceil(begun + self._seconds - self._clock())))

    def count(self, side: str) -> None:
        """One more of `side`."""
        begun, count = self._of(side)
        self._counts[side] = (begun, count + 1)

    def take(self, side: str) -> None:
        """Counts one more of `side`. Raises TooOften when that is one too many."""
        self.check(side)
        self.count(side)

    def _of(self, side: str) -> tuple[float, int]:
        """When the while of `side` began, and how often it asked since."""
        now = self._clock()
        begun, count = self._counts.get(side, (now, 0))
        return (begun, count) if now - begun < self._seconds else (now, 0)


def side_of(address: str | None) -> str:
    """By what a peer is counted: its address, of IPv6 the network."""
    try:
        parsed = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unix"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(int(parsed) >> _HOUSE_BITS)
    return str(parsed)
