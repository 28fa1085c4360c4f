"""A raw origin: HTTP/1.1 by hand, so that it can misbehave byte by byte, and HTTP/2 by ALPN; plain and over TLS."""

import asyncio
import base64
import hashlib
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events

CANARY = b"CANARY-7f3ad1"
RTA = b"RTA-5042-1996-1400-1577-RTA"

Write = Callable[[bytes], Awaitable[None]]


@dataclass
class Page:
    """What a path answers. `raw`: the exact bytes over HTTP/1.1; `drip`: (seconds, chunk) forever after them."""

    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    status: int = 200
    raw: bytes | None = None
    drip: tuple[float, bytes] | None = None
    close: bool = False


@dataclass
class Asked:
    """A request as the origin saw it."""

    method: str
    target: str
    host: str
    headers: list[tuple[str, str]]
    body: bytes = b""
    version: str = "HTTP/1.1"

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass
class Origin:
    pages: dict[tuple[str, str], Page] = field(default_factory=dict)  # (host, path) → page
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    connections_open: int = 0
    tls_port: int = 0
    plain_port: int = 0
    context: ssl.SSLContext = field(default_factory=lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    _servers: list[asyncio.Server] = field(default_factory=list)

    async def start(self, context: ssl.SSLContext, address: str = "127.0.0.1", ports: tuple[int, int] = (0, 0)) -> None:
        self.context = context
        secure = await asyncio.start_server(self._serve, address, ports[0], ssl=context)
        plain = await asyncio.start_server(self._serve, address, ports[1])
        self._servers = [secure, plain]
        self.tls_port, self.plain_port = (server.sockets[0].getsockname()[1] for server in self._servers)

    def stop(self) -> None:
        for server in self._servers:
            server.close()

    def page(self, host: str, path: str) -> Page:
        return self.pages.get((host.partition(":")[0], path.partition("?")[0])) or Page(b"nothing here", status=404)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.connections_open += 1
        tls = writer.get_extra_info("ssl_object")
        with suppress(OSError, asyncio.IncompleteReadError, ssl.SSLError):
            if tls is not None and tls.selected_alpn_protocol() == "h2":
                await self._serve_h2(reader, writer)
            else:
                while await self._serve_h1(reader, writer):
                    pass
        self.connections_open -= 1
        with suppress(OSError, ssl.SSLError):
            writer.close()

    async def _serve_h1(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        method, target, version = first.split(" ")
        headers = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        asked = Asked(
            method, target, next((v for k, v in headers if k.lower() == "host"), ""), headers, version=version
        )
        self.asked.append(asked)
        asked.body = await _body(reader, asked)
        page = self.page(asked.host, target)
        if asked.all("upgrade") and target.startswith("/echo"):
            await _echo(asked, reader, writer)
            return False
        if page.raw is not None:
            writer.write(page.raw)
        else:
            fields = {**page.headers, "Content-Length": str(len(page.body))} if page.drip is None else page.headers
            lines_out = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
            writer.write(f"HTTP/1.1 {page.status} X\r\n{lines_out}\r\n".encode())
            writer.write(b"" if method == "HEAD" else page.body)
        await writer.drain()
        while page.drip is not None:
            await asyncio.sleep(page.drip[0])
            writer.write(page.drip[1])
            await writer.drain()
        return not page.close

    async def _serve_h2(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        open_streams: dict[int, Asked] = {}
        left: dict[int, tuple[memoryview, bytes]] = {}  # stream → what is to be sent, and what after that without end
        while data := await reader.read(65_536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    headers = [(str(k), str(v)) for k, v in event.headers]
                    named = dict(headers)
                    asked = Asked(named[":method"], named[":path"], named[":authority"], headers, version="HTTP/2")
                    self.asked.append(asked)
                    open_streams[event.stream_id] = asked
                elif isinstance(event, h2.events.DataReceived):
                    open_streams[event.stream_id].body += event.data
                    connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded):
                    left[event.stream_id] = self._answer_h2(connection, event.stream_id, open_streams[event.stream_id])
                elif isinstance(event, h2.events.StreamReset):
                    left.pop(event.stream_id, None)
            sending = True
            while sending:
                sending = _send_some(connection, left)
                writer.write(connection.data_to_send())
                await writer.drain()

    def _answer_h2(self, connection: h2.connection.H2Connection, stream: int, asked: Asked) -> tuple[memoryview, bytes]:
        page = self.page(asked.host, asked.target)
        fields = [(":status", str(page.status)), *((name.lower(), value) for name, value in page.headers.items())]
        connection.send_headers(stream, fields)
        return memoryview(b"" if asked.method == "HEAD" else page.body), page.drip[1] if page.drip else b""


def _send_some(connection: h2.connection.H2Connection, left: dict[int, tuple[memoryview, bytes]]) -> bool:
    """A frame of each stream whose windows are open; whether there was any."""
    sent = False
    for stream, (body, endless) in list(left.items()):
        if not body and not endless:
            connection.end_stream(stream)
            del left[stream]
            continue
        size = min(connection.local_flow_control_window(stream), connection.max_outbound_frame_size)
        if size > 0:
            connection.send_data(stream, bytes((body or endless)[:size]))
            left[stream] = (body[size:], endless)
            sent = True
    return sent


async def _body(reader: asyncio.StreamReader, asked: Asked) -> bytes:
    if asked.all("transfer-encoding"):
        body = b""
        while size := int((await reader.readline()).split(b";")[0], 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
        return body
    length = asked.all("content-length")
    return await reader.readexactly(int(length[0])) if length else b""


async def _echo(asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """RFC 6455, sections 4.2.2 and 5: accepts, then sends every short unfragmented message back."""
    guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    digest = hashlib.sha1((asked.all("sec-websocket-key")[0] + guid).encode()).digest()
    accept = base64.b64encode(digest).decode()
    writer.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
    )
    while True:
        first, second = await reader.readexactly(2)
        mask = await reader.readexactly(4)
        data = bytes(byte ^ mask[i % 4] for i, byte in enumerate(await reader.readexactly(second & 0x7F)))
        writer.write(bytes([first, len(data)]) + data)
        await writer.drain()
        if first & 0x0F == 8:
            return
