"""The TLS handshakes of clients: whether each is passed, opened or refused, and how the opened ones went.

A client that breaks off after our certificate may be an app that takes none but its site's own, or a device without
the CA. Some break off within the handshake, some complete it and close at once (facts: mitmproxy, section 6); a browser
that opens a connection ahead and does not need it closes later than that.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mitmproxy.connection import Client
from mitmproxy.tls import ClientHelloData

from gateway.decision.sight import Sight
from gateway.document.url import Url
from gateway.edge.gate import Gate
from gateway.edge.mitm.names import Tunnel, same_name, tunnel_url
from gateway.edge.mitm.spliced import Spliced
from gateway.edge.sights import Stage
from gateway.profiles.clue import Clues

_AT_ONCE_SECONDS: Final = 1.0
# What mitmproxy says of a handshake that ended at our certificate (mitmproxy.proxy.layers.tls, ClientTLSLayer).
_OF_OUR_CERTIFICATE: Final = (
    "The client does not trust the proxy's certificate",
    "The client disconnected during the handshake",
)


@dataclass(slots=True)
class _Opened:
    """A connection that is opened. `certified`: our certificate is on its way; `done`: when the handshake was."""

    url: Url
    certified: bool = False
    done: float | None = None


class Handshakes:
    """Belongs to one proxy; knows connections by their client's id until they end."""

    def __init__(self, gate: Gate, clock: Callable[[], float] = time.monotonic) -> None:
        self.spliced = Spliced(gate)
        self._gate, self._clock = gate, clock
        self._opened: dict[str, _Opened] = {}

    def is_pinned(self, tunnel: Tunnel, clues: Clues) -> bool:
        """Whether this client is known to take no certificate of ours for the tunnel's host."""
        return self._gate.sights.is_pinned(clues.address, tunnel_url(tunnel))

    def is_hopeless(self, tunnel: Tunnel, clues: Clues) -> bool:
        """Whether a CONNECT is better refused: this client takes no certificate of ours, and nothing else is left.

        It is a clean answer in HTTP where a block page could not be shown.
        """
        if not self.is_pinned(tunnel, clues):
            return False
        seen = self._gate.judge_host(clues, tunnel_url(tunnel), Stage.CONNECT)
        return seen is None or seen.sight is Sight.REFUSE

    def passes(self, client: Client, tunnel: Tunnel, clues: Clues) -> bool:
        """Whether a connection is passed unread whose ClientHello names the tunnel's host; kept for `hello`."""
        url = tunnel_url(tunnel)
        tunnel.seen = self._gate.judge_host(clues, url)
        if tunnel.seen is None:
            tunnel.failed = True
        if tunnel.seen is None or tunnel.seen.sight is not Sight.PASS:
            return False
        client.sni = tunnel.host
        self.spliced.add(client, clues, url, tunnel.seen)
        return True

    def hello(self, data: ClientHelloData, tunnel: Tunnel, clues: Clues) -> bool:
        """A ClientHello inside a tunnel: sets in `data` what is to happen; whether the connection is passed unread."""
        client, url = data.context.client, tunnel_url(tunnel)
        if tunnel.failed:
            return False
        if not same_name(data.client_hello.sni, tunnel.host):
            # Without the name, or with another one, it is opened, and each request is judged by all its names.
            if self._gate.judge_host(clues, url, Stage.UNNAMED) is None:
                tunnel.failed = True
            return False
        client.sni = tunnel.host
        seen = tunnel.seen or self._gate.judge_host(clues, url)
        if seen is None:
            tunnel.failed = True
        elif seen.sight is Sight.PASS:
            data.ignore_connection = True
            self.spliced.add(client, clues, url, seen)
            return True
        else:
            # The origin's own choice of HTTP/1.1 or HTTP/2 is mirrored; a refused host is never contacted.
            data.establish_server_tls_first = seen.sight is Sight.LOOK
            self._opened[client.id] = _Opened(url)
        return False

    def begun(self, client: Client) -> None:
        """Our certificate is about to be sent."""
        opened = self._opened.get(client.id)
        if opened is not None:
            opened.certified = True

    def done(self, client: Client) -> None:
        """The handshake is complete."""
        opened = self._opened.get(client.id)
        if opened is not None:
            opened.done = self._clock()

    def failed(self, client: Client) -> None:
        """The handshake failed; `client.error` says how."""
        opened = self._opened.pop(client.id, None)
        if opened is not None and opened.certified and (client.error or "").startswith(_OF_OUR_CERTIFICATE):
            self._gate.sights.struck(client.peername[0], opened.url)

    def used(self, client: Client) -> None:
        """A request came through the connection."""
        if self._opened and (opened := self._opened.pop(client.id, None)) is not None:
            self._gate.sights.trusted(client.peername[0], opened.url)

    def left(self, client: Client, *, by_us: bool) -> None:
        """The connection has ended. `by_us`: the gateway may have ended it."""
        self.spliced.drop(client)
        opened = self._opened.pop(client.id, None)
        at_once = opened is not None and opened.done is not None and self._clock() - opened.done < _AT_ONCE_SECONDS
        if opened is not None and at_once and not by_us:
            self._gate.sights.struck(client.peername[0], opened.url)
