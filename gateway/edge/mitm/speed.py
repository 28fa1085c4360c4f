"""Parts of mitmproxy that are replaced to make it faster, each only when the replaced source is the one we know.

Unlike the replacements for safety (gateway.edge.mitm.replacements), these may be missing: with a source that is not
known mitmproxy's own part stays, and that is said, counted and shown. The figures are in tests/bench.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from types import SimpleNamespace
from typing import Any, Final

from mitmproxy import addonmanager, connection, flow, http, version
from mitmproxy.proxy import mode_servers, server

from gateway.edge.mitm.dispatch import DirectHooks, Tell
from gateway.edge.mitm.handler import DirectHandler
from gateway.edge.mitm.hold import HeldStream
from gateway.edge.mitm.sources import unknown_parts

_log = logging.getLogger(__name__)

Place = tuple[Any, str, Any]  # owner, name, ours


@dataclass(frozen=True, slots=True)
class Speedup:
    """`leans_on`: the parts of mitmproxy whose source must be known; `places`: what is put in place of what."""

    name: str
    leans_on: tuple[Any, ...]
    places: Callable[[], tuple[Place, ...]]
    needs: str | None = None  # another one, without which this one does not work


def _ids() -> SimpleNamespace:
    # Unique in this process, which is all that they have to be: nobody outside ever sees one.
    numbers = count(1)
    return SimpleNamespace(uuid4=lambda: next(numbers))


SPEEDUPS: Final = (
    Speedup(
        "direct hooks",
        (addonmanager.AddonManager, addonmanager.traverse),
        lambda: ((addonmanager, "AddonManager", DirectHooks),),
    ),
    Speedup(
        "direct connections",
        (server.ConnectionHandler, mode_servers.ProxyConnectionHandler, mode_servers.ServerInstance.handle_stream),
        lambda: ((mode_servers, "ProxyConnectionHandler", DirectHandler), (HeldStream, "takes_over", True)),
        needs="direct hooks",
    ),
    Speedup(
        "messages without type checks",
        (http.MessageData,),
        lambda: ((http.MessageData, "__post_init__", lambda _message: None),),
    ),
    Speedup(
        "numbers for identities",
        (flow.Flow.__init__, connection.Connection),
        lambda: ((flow, "uuid", _ids()), (connection, "uuid", _ids())),
    ),
)


@contextmanager
def faster(tell: Tell = lambda _place, _fault: None) -> Iterator[tuple[str, ...]]:
    """Our parts in place of mitmproxy's, until the context ends; gives the names of those that could not be used.

    `tell` is called with the place and the exception when a layer or an add-on of mitmproxy fails.
    """
    DirectHooks.tell = DirectHandler.tell = staticmethod(tell)
    used: set[str] = set()
    before: list[Place] = []
    try:
        for speedup in SPEEDUPS:
            if unknown := unknown_parts(speedup.leans_on):
                _log.warning(
                    "slower than it could be: %s of mitmproxy %s is not known, so %r is left out",
                    unknown[0],
                    version.VERSION,
                    speedup.name,
                )
            elif speedup.needs is None or speedup.needs in used:
                used.add(speedup.name)
                for owner, name, ours in speedup.places():
                    before.append((owner, name, getattr(owner, name)))
                    setattr(owner, name, ours)
        yield tuple(speedup.name for speedup in SPEEDUPS if speedup.name not in used)
    finally:
        for owner, name, theirs in reversed(before):
            setattr(owner, name, theirs)
