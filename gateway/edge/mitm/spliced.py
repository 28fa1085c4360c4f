"""Connections that are passed unread to minors. Every few seconds each is asked about again.

What was learned may end, a grant be taken back, bedtime come, a list name the host. Private traffic and help lines are
not among them, which no hour closes, nor are an adult's connections.
"""

import asyncio
from typing import Final

from mitmproxy.connection import Client

from gateway.decision.sight import Sight
from gateway.decision.splice import Seen, Why
from gateway.document.url import Url
from gateway.edge.gate import Gate
from gateway.edge.mitm.closing import close_client
from gateway.edge.sights import Stage
from gateway.profiles.clue import Clues

_LOOK_SECONDS: Final = 5.0
_AT_ONCE: Final = 50  # before other work on the event loop gets its turn
_FOR_A_TIME: Final = frozenset({Why.ALLOWED, Why.PARTS_ONLY, Why.ONE_LABEL, Why.PINNED})


class Spliced:
    """By client id; one that has left is dropped."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._open: dict[str, tuple[Client, Clues, Url]] = {}

    def add(self, client: Client, clues: Clues, url: Url, seen: Seen) -> None:
        """A connection that is passed from now on."""
        if seen.why in _FOR_A_TIME:
            self._open[client.id] = (client, clues, url)

    def drop(self, client: Client) -> None:
        self._open.pop(client.id, None)

    async def watch(self) -> None:
        """Looks for ever, until it is cancelled."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            for number, key in enumerate(list(self._open), 1):
                self.look(key)
                if number % _AT_ONCE == 0:
                    await asyncio.sleep(0)

    def look(self, key: str) -> None:
        """Ends what may not go on. Never raises: `judge_host` fails closed."""
        if key not in self._open:
            return
        client, clues, url = self._open[key]
        seen = self._gate.judge_host(clues, url, Stage.AGAIN)
        if seen is None or seen.sight is not Sight.PASS:
            self.drop(client)
            self._gate.counters.closed.labels("passed before").inc()
            close_client(client)
