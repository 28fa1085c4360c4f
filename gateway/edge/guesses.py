"""How often somebody may guess a password: one count for all workers, which the keeper has.

A guess is counted before it is heard and given back when it was right, so that many at one time are no more than many
one after the other. While the keeper cannot be asked, each worker has its share of the number.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from cachetools import TTLCache

MISTAKES: Final = 10  # of one address, within a minute, before its guesses are refused unheard
_SECONDS: Final = 60.0
_KEPT: Final = 10_000  # addresses

Check = Callable[[str, str], Awaitable[bool]]  # login, password


class Guesses:
    """Counts by address; belongs to one event loop."""

    def __init__(self, most: int = MISTAKES) -> None:
        self._most = most
        self._counts: TTLCache[str, int] = TTLCache(_KEPT, _SECONDS)

    def take(self, address: str) -> bool:
        """Counts a guess; False when there have been too many: then it is not to be heard."""
        count = self._counts.get(address, 0)
        if count >= self._most:
            return False
        self._counts[address] = count + 1
        return True

    def give_back(self, address: str) -> None:
        """A guess was right, and so it was none."""
        if (count := self._counts.get(address, 0)) > 0:
            self._counts[address] = count - 1


class Guarded:
    """Checks a password when a guess may be heard. `take` and `give_back` count, here or at the keeper."""

    def __init__(self, check: Check, take: Callable[[str], Awaitable[bool]], give_back: Callable[[str], None]) -> None:
        self._check, self._take, self._give_back = check, take, give_back

    async def verify(self, login: str, password: str, address: str) -> bool:
        """Whether this is the password of `login`; False, too, when `address` has guessed too often."""
        if not await self._take(address):
            return False
        if not await self._check(login, password):
            return False
        self._give_back(address)
        return True
