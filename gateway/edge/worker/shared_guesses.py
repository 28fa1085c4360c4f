"""How a worker asks the keeper whether a guess at a password may be heard, and what it does when nobody answers."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Final

from gateway.edge.guesses import MISTAKES, Guesses

_PATIENCE: Final = 1.0  # seconds

Say = Callable[..., bool]  # a message to the keeper; False when it could not be sent


class SharedGuesses:
    """`workers`: among how many the number is shared out while the keeper is away."""

    def __init__(self, say: Say, workers: int) -> None:
        self._say = say
        self._alone = Guesses(max(1, MISTAKES // workers))
        self._numbers = count()
        self._asked: dict[int, asyncio.Future[bool | None]] = {}

    async def take(self, address: str) -> bool:
        """Whether a guess from `address` may be heard."""
        number = next(self._numbers)
        answered: asyncio.Future[bool | None] = asyncio.get_running_loop().create_future()
        self._asked[number] = answered
        may: bool | None = None
        try:
            if self._say("guess", number=number, address=address):
                async with asyncio.timeout(_PATIENCE):
                    may = await answered
        except TimeoutError:
            pass
        finally:
            del self._asked[number]
        return self._alone.take(address) if may is None else may

    def give_back(self, address: str) -> None:
        """The guess was right. Whoever counted it, here or there, counts it no more."""
        self._alone.give_back(address)
        self._say("right", address=address)

    def answer(self, number: int, may: bool | None) -> None:
        """The keeper's answer; None: there will be none."""
        asked = self._asked.get(number)
        if asked is not None and not asked.done():
            asked.set_result(may)

    def give_up(self) -> None:
        """Nobody answers any more."""
        for number in list(self._asked):
            self.answer(number, None)
