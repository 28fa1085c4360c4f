"""Parts of mitmproxy that are replaced to make it faster, each only when the replaced source is the one we know.

Unlike the replacements for safety (gateway.edge.mitm.replacements), these may be missing: with a source that is not
known mitmproxy's own part stays, and that is said, counted and shown. The figures are in tests/bench.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from types import SimpleNamespace
from typing import Any, Final

from hpack import hpack, table
from hyperframe import frame
from mitmproxy import addonmanager, certs, connection, ctx, flow, hooks, http, version
from mitmproxy.addons import next_layer, tlsconfig
from mitmproxy.coretypes import multidict
from mitmproxy.net.http import http1
from mitmproxy.net.http.http1 import read
from mitmproxy.proxy import commands, events, layer, mode_servers, server, tunnel, utils
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import http as layers_http
from mitmproxy.proxy.layers import modes, tcp, tls
from mitmproxy.proxy.layers.http import HttpStream
from mitmproxy.utils import asyncio_utils

from gateway.edge.mitm import lean
from gateway.edge.mitm.dispatch import DirectHooks, Tell
from gateway.edge.mitm.early import Early
from gateway.edge.mitm.handler import DirectHandler
from gateway.edge.mitm.hold import HeldStream
from gateway.edge.mitm.leaves import LeafStore
from gateway.edge.mitm.passing import PassingLayer
from gateway.edge.mitm.sources import unknown_parts

_log = logging.getLogger(__name__)

Place = tuple[Any, str, Any]  # owner, name, ours
_INHERITED: Final = object()
_SILENT: Final = SimpleNamespace(debug="".format)  # the cheapest call that takes anything


@dataclass(frozen=True, slots=True)
class Speedup:
    """`leans_on`: the parts of mitmproxy whose source must be known; `places`: what is put in place of what."""

    name: str
    leans_on: tuple[Any, ...]
    places: Callable[[], tuple[Place, ...]]
    needs: str | None = None  # another one, without which this one does not work


def _begin(name: str, data: Any) -> Awaitable[None] | None:
    addons: Any = ctx.master.addons
    return addons.begin(name, data)  # type: ignore[no-any-return]


def _ids() -> SimpleNamespace:
    # Unique in this process, which is all that they have to be: nobody outside ever sees one.
    numbers = count(1)
    return SimpleNamespace(uuid4=lambda: next(numbers))


def _unwrapped(name: str) -> Any:
    """A method as it is under mitmproxy's `expect`, which python -O leaves out too."""
    return vars(HttpStream)[name].__wrapped__


SPEEDUPS: Final = (
    Speedup(
        "direct hooks",
        (addonmanager.AddonManager, addonmanager.traverse),
        lambda: ((addonmanager, "AddonManager", DirectHooks),),
    ),
    Speedup(
        "direct connections",
        (
            server.ConnectionHandler,
            server.LiveConnectionHandler,
            server.TimeoutWatchdog,
            mode_servers.ProxyConnectionHandler,
            mode_servers.ServerInstance.handle_stream,
        ),
        lambda: (
            (mode_servers, "ProxyConnectionHandler", DirectHandler),
            (HeldStream, "takes_over", True),
            (HeldStream, "begin", staticmethod(_begin)),
        ),
        needs="direct hooks",
    ),
    Speedup(
        "standing TLS",
        (tls.TLSLayer, tls.ClientTLSLayer, tls.ServerTLSLayer, tunnel.TunnelLayer, layer.NextLayer),
        lambda: ((DirectHandler, "stands_by", True),),
        needs="direct connections",
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
    Speedup(
        "connections told apart as objects",
        (connection.Connection,),
        lambda: (
            (connection.Connection, "__eq__", object.__eq__),
            (connection.Connection, "__hash__", object.__hash__),
        ),
    ),
    Speedup(
        "header fields without detours",
        (http.Headers, multidict.MultiDict),
        lambda: (
            (http.Headers, "__init__", lean.make_headers),
            (http.Headers, "get_all", lean.get_all),
            (http.Headers, "get", lean.get_one),
            (http.Headers, "pop", lean.pop),
            (http.Headers, "__getitem__", lean.get_item),
            (http.Headers, "__contains__", lean.has),
            (http.Headers, "__bytes__", lean.to_bytes),
        ),
    ),
    Speedup(
        "lengths of plain messages",
        (read.expected_http_body_size, read.connection_close),
        lambda: (
            (http1, "expected_http_body_size", lean.expected_http_body_size),
            (layers_http, "expected_http_body_size", lean.expected_http_body_size),
            (http1, "connection_close", lean.connection_close),
        ),
    ),
    Speedup(
        "leaves kept by how lately they were used",
        (certs.CertStore, certs.dummy_cert),
        lambda: ((certs, "CertStore", LeafStore),),
    ),
    Speedup(
        "hooks without a look at their class",
        (hooks.Hook, commands.StartHook, events.CommandCompleted),
        lambda: (
            (commands.StartHook, "__new__", lean.make_plainly),
            (events.CommandCompleted, "__new__", lean.make_plainly),
        ),
    ),
    Speedup(
        "states without a look at the class of an event",
        (utils.expect,),  # HttpStream itself has been looked at by gateway.edge.mitm.replacements
        lambda: tuple((HttpStream, name, _unwrapped(name)) for name in lean.STATES),
    ),
    Speedup(
        "commands asked for by how often they come",
        (layers_http.HttpLayer.event_to_child,),
        lambda: ((layers_http.HttpLayer, "event_to_child", lean.event_to_child),),
    ),
    Speedup(
        "frames that are not spelt out for a log that nobody keeps",
        (),  # whatever they are, nobody needs them
        lambda: (
            (frame.Frame, "__repr__", lambda _frame: "a frame"),
            (hpack, "log", _SILENT),
            (table, "log", _SILENT),
        ),
    ),
    Speedup(
        "bytes that pass unread",
        (tcp.TCPLayer,),
        lambda: ((tcp, "TCPLayer", PassingLayer),),
        needs="direct connections",
    ),
    Speedup(
        "connections passed before they are taken apart",
        (next_layer.NextLayer.next_layer, layer.NextLayer, tcp.TCPLayer),
        lambda: ((Early, "active", True),),
        needs="bytes that pass unread",
    ),
    Speedup(
        "a plain CONNECT answered at once",
        (layer.NextLayer, modes.HttpProxy, next_layer.NextLayer._next_layer, tlsconfig.TlsConfig.tls_start_client),
        lambda: ((DirectHandler, "answers", True),),
        needs="direct connections",
    ),
    Speedup(
        "tasks without notes",
        (asyncio_utils.create_task, asyncio_utils.set_current_task_debug_info),
        lambda: (
            (asyncio_utils, "create_task", lean.create_task),
            (asyncio_utils, "set_current_task_debug_info", lean.note_nothing),
        ),
    ),
    Speedup("contexts that share a server", (Context,), lambda: ((Context, "fork", lean.fork),)),
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
                    before.append((owner, name, vars(owner).get(name, _INHERITED)))
                    setattr(owner, name, ours)
        yield tuple(speedup.name for speedup in SPEEDUPS if speedup.name not in used)
    finally:
        for owner, name, theirs in reversed(before):
            if theirs is _INHERITED:
                delattr(owner, name)
            else:
                setattr(owner, name, theirs)
