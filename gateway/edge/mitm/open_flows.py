"""What is open for long: downloads, films, event streams, WebSockets. Every few seconds each is judged again.

So bedtime, minutes that are used up, a grant that is taken back and a new policy reach what was let through before. A
connection that is passed through unopened is not among them: it carries private traffic, which no hour closes, or an
adult's.
"""

import asyncio
from typing import Final
from weakref import WeakValueDictionary

from mitmproxy.http import HTTPFlow

from gateway.edge.gate import Gate
from gateway.edge.mitm.closing import close_client
from gateway.edge.mitm.passage import passage_of
from gateway.profiles.activity import Sign

_LOOK_SECONDS: Final = 5.0
_AT_ONCE: Final = 50  # before other work on the event loop gets its turn


class OpenFlows:
    """Flows by their ids; one that mitmproxy lets go of is gone from here too."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._flows: WeakValueDictionary[str, HTTPFlow] = WeakValueDictionary()

    def add(self, flow: HTTPFlow) -> None:
        """A response that has been let through and goes on, or an open WebSocket."""
        self._flows[flow.id] = flow

    def drop(self, flow: HTTPFlow) -> None:
        self._flows.pop(flow.id, None)

    async def watch(self) -> None:
        """Looks for ever, until it is cancelled."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            for number, flow in enumerate(list(self._flows.values()), 1):
                self.look(flow)
                if number % _AT_ONCE == 0:
                    await asyncio.sleep(0)

    def look(self, flow: HTTPFlow) -> None:
        """Ends what may not go on; what plays, counts. Never raises: `judge_again` fails closed."""
        passage = passage_of(flow)
        if passage.inquiry is None or not self._gate.judge_again(passage.inquiry).passes:
            self.drop(flow)
            self._gate.counters.closed.labels("time").inc()
            close_client(flow.client_conn)
        elif passage.plays and passage.moved:
            passage.moved = False
            self._gate.active(passage.inquiry, Sign.MEDIA)
