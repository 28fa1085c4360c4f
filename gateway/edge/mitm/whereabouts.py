"""Where hosts live: checked before a request leaves, and remembered, so that a bare address counts as its hosts.

A minor's connection to a search engine may be made to another host of the engine; who is named in the request and in
TLS, and whose certificate is asked for, stays the same.
"""

import asyncio
import contextlib
import ssl
import time
from functools import cache
from typing import Final

from cachetools import TTLCache
from cryptography import x509
from mitmproxy.connection import Client, ConnectionState
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.tls import TlsData

from gateway.document.url import Url, canonical_host
from gateway.edge.gate import Gate
from gateway.edge.inquiry import Judged
from gateway.edge.mitm.destination import ELSEWHERE, Destinations
from gateway.hosts.address_book import Residents, is_address
from gateway.profiles.clue import Clues

_LOOK_SECONDS: Final = 2.0
_KNOWN_SECONDS: Final = 600.0
_KNOWN: Final = 2_000  # addresses
_LOOKS_AT_ONCE: Final = 32
_NAMES: Final = 100  # of one certificate
_TLS_PORTS: Final = {"http": 443, "ws": 443}  # where a certificate is looked for when the request is without TLS


class Whereabouts:
    """One worker's. mitmproxy calls its hooks with every connection to an origin."""

    def __init__(self, gate: Gate, destinations: Destinations) -> None:
        self._gate, self._destinations = gate, destinations
        self._certified: TTLCache[tuple[str, int], tuple[str, ...]] = TTLCache(_KNOWN, _KNOWN_SECONDS)
        self._looks: dict[tuple[str, int], asyncio.Task[tuple[str, ...]]] = {}
        self._learning: set[asyncio.Task[tuple[str, ...]]] = set()
        self._elsewhere: dict[str, dict[str, str]] = {}  # client id → host → what is dialled

    def tls_established_server(self, data: TlsData) -> None:
        """The origin's certificate was believed for its name: it lives where it was dialled."""
        name, peer = data.conn.sni, data.conn.peername
        if name is not None and peer is not None:
            self._destinations.book.note(name, (peer[0],), time.monotonic(), shown=True)

    async def expect(self, client: Client, clues: Clues, host: str, port: int) -> None:
        """Raises RequestRefused where `host` may not be reached; else fixes where this client's connections to it go.

        Also raises what the gate raises.
        """
        await self._destinations.expect(host, port)
        self._choose(client, clues, host)

    def expects(self, client: Client, clues: Clues, host: str, port: int) -> bool:
        """As `expect`, where nothing has to be looked up and the host may be reached; else nothing is done."""
        known = self._destinations.reaches(host, port)
        if known:
            self._choose(client, clues, host)
        return known

    def _choose(self, client: Client, clues: Clues, host: str) -> None:
        dial, chosen = self._gate.dial(clues, host), self._elsewhere.get(client.id)
        if dial is not None and client.state is not ConnectionState.CLOSED:  # it may have left meanwhile
            self._elsewhere.setdefault(client.id, {})[host] = dial
        elif chosen is not None:
            chosen.pop(host, None)

    def server_connect(self, data: ServerConnectionHookData) -> None:
        """Called in the task that opens the connection, before it does."""
        chosen, address = self._elsewhere.get(data.client.id), data.server.address
        ELSEWHERE.set(chosen.get(address[0]) if chosen is not None and address is not None else None)

    def client_disconnected(self, client: Client) -> None:
        self._elsewhere.pop(client.id, None)

    async def judge(self, clues: Clues, url: Url, method: str, page: str | None, kind: str | None) -> Judged:
        """As the gate's `judge_request`; a bare address is judged by the hosts that live there as well."""
        judged = self._gate.judge_request(clues, url, method, page, kind)
        if judged.final and not judged.passes and url.scheme in _TLS_PORTS:
            self._learn(url)
        if judged.final or judged.inquiry is None or not is_address(url.host):
            return judged
        known = self._destinations.book.at(url.host, time.monotonic())
        certified = await self._certified_at(url.host, _TLS_PORTS.get(url.scheme, url.port))
        residents = Residents(certified=certified, resolved=known.resolved, shown=known.shown)
        other = self._gate.judge_address(judged.inquiry, residents, method)
        return other if other is not None and other.final and not other.passes else judged

    def _learn(self, url: Url) -> None:
        """Has the address of a refused host looked up: without a tunnel to it, nothing else has asked for it."""
        if len(self._learning) < _LOOKS_AT_ONCE:
            task = asyncio.ensure_future(self._destinations.addresses(url.host, url.port))
            self._learning.add(task)
            task.add_done_callback(self._learned)

    def _learned(self, task: asyncio.Task[tuple[str, ...]]) -> None:
        self._learning.discard(task)
        if not task.cancelled():
            task.exception()  # a name without an address is no fault

    async def _certified_at(self, address: str, port: int) -> tuple[str, ...]:
        """The names in the certificate that is shown at an address to whom names no host; none when it shows none."""
        key = (address, port)
        found = self._certified.get(key)
        if found is not None:
            return found
        look = self._looks.get(key)
        if look is None:
            if len(self._looks) >= _LOOKS_AT_ONCE:
                return ()
            look = self._looks[key] = asyncio.ensure_future(self._look(address, port))
            look.add_done_callback(lambda _: self._looks.pop(key, None))
        return await asyncio.shield(look)

    async def _look(self, address: str, port: int) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                names = await self._shown_at(address, port)
        except Exception:  # noqa: BLE001 - whatever is wrong there, it only means that nothing more is known
            names = ()
        self._certified[address, port] = names
        return names

    async def _shown_at(self, address: str, port: int) -> tuple[str, ...]:
        _, writer = await self._destinations.open_connection(address, port)
        try:
            await writer.start_tls(_anybody(), server_hostname=address)  # of an address, no SNI is sent
            shown: ssl.SSLObject = writer.get_extra_info("ssl_object")
            return certified_names(shown.getpeercert(binary_form=True) or b"")
        finally:
            writer.transport.abort()


def certified_names(certificate: bytes) -> tuple[str, ...]:
    """The host names of an X.509 certificate (DER), canonical; of `*.name` the name. Raises ValueError."""
    try:
        held = x509.load_der_x509_certificate(certificate).extensions
        names = held.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    except x509.ExtensionNotFound:
        return ()
    found = []
    for name in names[:_NAMES]:
        with contextlib.suppress(ValueError):
            found.append(canonical_host(name.removeprefix("*.")))
    return tuple(name for name in dict.fromkeys(found) if not is_address(name))


@cache
def _anybody() -> ssl.SSLContext:
    """Believes any certificate: it may only make the address stricter, and nothing is asked of whoever shows it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
