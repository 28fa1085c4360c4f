"""A client of few lines that believes nothing: it keeps every byte that it is sent, over HTTP/1 and HTTP/2."""

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cache

import h2.config
import h2.connection
import h2.events
import h2.exceptions

from tests.canary.exchange import Exchange, Visit

PATIENCE = 20.0  # seconds for one answer
_LISTEN = 0.25  # seconds after a handshake or a broken answer
_CLOSED = (OSError, EOFError, ValueError, asyncio.LimitOverrunError, ssl.SSLError)


@dataclass(slots=True)
class Seen:
    """What came of one exchange. `raw`: as it came; `body`: what the framing left of it. Status 0: no answer."""

    status: int = 0
    fields: list[tuple[str, str]] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    body: bytearray = field(default_factory=bytearray)
    seconds: float = 0.0
    begun: float = 0.0
    fault: str = ""
    near: int = 0  # the client's own port

    def all(self, name: str) -> str:
        return ",".join(value for key, value in self.fields if key.lower() == name)


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where the gateway listens for each person, and the origin's ports."""

    ports: dict[str, int]
    plain: int
    secure: int


@cache
def trusting(way: str) -> ssl.SSLContext:
    """Trusts everybody: what comes is what matters, and lies are to be told."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if way == "h2":
        context.set_alpn_protocols(["h2"])
    return context


async def pay(visit: Visit, proxy: Proxy) -> list[Seen]:
    """Makes the visit; as many Seen as it has exchanges. A connection that ends in between is opened again."""
    seen: list[Seen] = []
    while len(seen) < len(visit.exchanges):
        before, near = len(seen), 0
        try:
            async with _connected(visit, proxy) as (reader, writer):
                near = writer.get_extra_info("sockname")[1]
                refused = await _tunnelled(visit, proxy, reader, writer)
                if refused:
                    seen.append(refused)
                elif visit.way == "h2":
                    await _Http2(visit, proxy, reader, writer).go(seen)
                else:
                    await _http1(visit, proxy, reader, writer, seen)
        except _CLOSED as fault:
            if len(seen) == before:
                seen.append(Seen(fault=repr(fault)))
        for answer in seen[before:]:
            answer.near = near
    return seen


@contextlib.asynccontextmanager
async def _connected(visit: Visit, proxy: Proxy) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.ports[visit.person], limit=1 << 26)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def _tunnelled(
    visit: Visit, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Seen | None:
    """None: the visit can begin; else the answer that refused the tunnel."""
    if visit.way == "plain":
        return None
    port = proxy.plain if visit.way == "plain-in-tunnel" else proxy.secure
    writer.write(f"CONNECT {visit.host}:{port} HTTP/1.1\r\nHost: {visit.host}:{port}\r\n\r\n".encode())
    answer = Seen()
    async with asyncio.timeout(PATIENCE):
        await _read_head(reader, answer)
        if answer.status != 200:
            return answer
        if visit.way != "plain-in-tunnel":
            await writer.start_tls(trusting(visit.way), server_hostname=visit.host)
    return None


# -- HTTP/1 --------------------------------------------------------------------------------------------------------


async def _http1(
    visit: Visit, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: list[Seen]
) -> None:
    left = visit.exchanges[len(seen) :]
    if visit.pipelined:
        for exchange in left:
            writer.write(_request(exchange, visit, proxy))
    for exchange in left:
        if not visit.pipelined:
            writer.write(_request(exchange, visit, proxy))
        answer = Seen(begun=time.monotonic())
        seen.append(answer)
        try:
            async with asyncio.timeout(PATIENCE):
                await _read(reader, answer, exchange)
        except _CLOSED as fault:
            answer.fault = repr(fault)
        answer.seconds = time.monotonic() - answer.begun
        answer.raw += bytes(reader._buffer) if answer.fault else b""  # type: ignore[attr-defined]
        if answer.fault or reader.at_eof() or not exchange.lawful or "close" in answer.all("connection").lower():
            await _listen_on(reader, answer)
            return


async def _listen_on(reader: asyncio.StreamReader, answer: Seen) -> None:
    """What comes behind the end of an answer is looked at too."""
    with contextlib.suppress(*_CLOSED):
        async with asyncio.timeout(_LISTEN):
            while data := await reader.read(65_536):
                answer.raw += data


def _request(exchange: Exchange, visit: Visit, proxy: Proxy) -> bytes:
    port = proxy.secure if visit.way == "tunnel" else proxy.plain
    host = f"{exchange.authority}:{port}"
    target = exchange.target
    if visit.way == "plain" and target.startswith("/"):
        target = f"http://{host}{target}"
    fields = [("Host", host), *exchange.fields]
    if exchange.body or exchange.method in {"POST", "PUT"}:
        fields.append(("Content-Length", str(len(exchange.body))))
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"{exchange.method} {target} HTTP/1.1\r\n{lines}\r\n".encode() + exchange.body


async def _read_head(reader: asyncio.StreamReader, answer: Seen) -> None:
    """The first head that is no 1xx; a 101 counts as last."""
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        answer.raw += head
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        answer.status = int(first.split()[1])
        answer.fields = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        if answer.status == 101 or not 100 <= answer.status < 200:
            return


async def _read(reader: asyncio.StreamReader, answer: Seen, exchange: Exchange) -> None:
    await _read_head(reader, answer)
    if answer.status == 101:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LISTEN):
                while data := await reader.read(65_536):
                    _take(answer, data)
        raise EOFError("a WebSocket")
    if exchange.method == "HEAD" or answer.status in {204, 304}:
        return
    if "chunked" in answer.all("transfer-encoding").lower():
        while size := int((await _line(reader, answer)).split(b";")[0], 16):
            _take(answer, await reader.readexactly(size))
            await _line(reader, answer)
        while (await _line(reader, answer)) not in {b"\r\n", b"\n", b""}:
            pass
    elif length := answer.all("content-length"):
        left = int(length.split(",")[0])
        while left and (data := await reader.read(min(left, 65_536))):
            _take(answer, data)
            left -= len(data)
        if left:
            raise EOFError(f"{left} bytes are missing")
    else:
        while data := await reader.read(65_536):
            _take(answer, data)


async def _line(reader: asyncio.StreamReader, answer: Seen) -> bytes:
    line = await reader.readline()
    answer.raw += line
    return line


def _take(answer: Seen, data: bytes) -> None:
    answer.raw += data
    answer.body += data


# -- HTTP/2 --------------------------------------------------------------------------------------------------------


class _Http2:
    """All exchanges of the visit as streams of one connection, at the same time."""

    def __init__(self, visit: Visit, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._visit, self._proxy, self._reader, self._writer = visit, proxy, reader, writer
        config = h2.config.H2Configuration(
            client_side=True,
            header_encoding="latin-1",
            validate_outbound_headers=False,
            normalize_outbound_headers=False,
            validate_inbound_headers=False,
        )
        self._h2 = h2.connection.H2Connection(config)

    async def go(self, seen: list[Seen]) -> None:
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(1 << 28)
        streams: dict[int, Seen] = {}
        for exchange in self._visit.exchanges[len(seen) :]:
            stream, answer = self._h2.get_next_available_stream_id(), Seen(begun=time.monotonic())
            streams[stream] = answer
            seen.append(answer)
            self._h2.send_headers(stream, self._fields(exchange), end_stream=not exchange.body)
            if exchange.body:
                self._h2.send_data(stream, exchange.body, end_stream=True)
        self._writer.write(self._h2.data_to_send())
        waiting, raw = set(streams), b""
        try:
            async with asyncio.timeout(PATIENCE):
                while waiting and (data := await self._reader.read(65_536)):
                    raw = data
                    for event in self._h2.receive_data(data):
                        self._take(event, streams, waiting)
                    self._writer.write(self._h2.data_to_send())
        except (*_CLOSED, h2.exceptions.H2Error) as fault:
            for stream in waiting:
                streams[stream].fault = repr(fault)
                streams[stream].raw += raw  # in which there is what the library does not hand out
        for stream in waiting:
            streams[stream].fault = streams[stream].fault or "the connection ended"

    def _fields(self, exchange: Exchange) -> list[tuple[str, str]]:
        port = self._proxy.secure
        authority = f"{exchange.authority}:{port}".encode().decode("latin-1")
        fields = [(":method", exchange.method), (":scheme", "https"), (":authority", authority),
                  (":path", exchange.target), *((name.lower(), value) for name, value in exchange.fields)]  # fmt: skip
        if exchange.body:
            fields.append(("content-length", str(len(exchange.body))))
        return fields

    def _take(self, event: h2.events.Event, streams: dict[int, Seen], waiting: set[int]) -> None:
        if isinstance(event, h2.events.ConnectionTerminated):
            raise EOFError(f"GOAWAY {event.error_code}")
        answer = streams.get(getattr(event, "stream_id", None) or 0)
        if answer is None:
            return
        if isinstance(event, (h2.events.ResponseReceived, h2.events.InformationalResponseReceived)):
            answer.fields = [(str(name), str(value)) for name, value in event.headers]
            answer.status = int(dict(answer.fields).get(":status", "0"))
            answer.raw += repr(answer.fields).encode()
        elif isinstance(event, h2.events.TrailersReceived):
            answer.raw += repr(event.headers).encode()
        elif isinstance(event, h2.events.DataReceived):
            _take(answer, event.data)
            self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamReset):
            answer.fault = f"reset {event.error_code}"
        if isinstance(event, (h2.events.StreamEnded, h2.events.StreamReset)):
            answer.seconds = time.monotonic() - answer.begun
            waiting.discard(event.stream_id)
