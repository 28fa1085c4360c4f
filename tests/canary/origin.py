"""The origin: answers each request with the reply that its exchange has, over HTTP/1 byte by byte, or over HTTP/2."""

import asyncio
import base64
import contextlib
import hashlib
import re
import ssl
from collections.abc import Iterator

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions

from tests.canary.exchange import Exchange, Fields, Reply

_TOKEN = re.compile(r"t([0-9a-f]{16})")
_KEY = re.compile(rb"(?i)sec-websocket-key:\s*(\S+)")
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
STALL = 40.0  # seconds: longer than the gateway waits


class Origin:
    """`exchanges` by token are those that are going on."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.exchanges: dict[str, Exchange] = {}
        self._context = context
        self._context.set_alpn_protocols(["h2", "http/1.1"])
        self._servers: list[asyncio.Server] = []

    async def start(self, plain: int, secure: int) -> None:
        """Listens on these ports of 127.0.0.1."""
        self._servers = [
            await asyncio.start_server(self._serve, "127.0.0.1", plain, backlog=512),
            await asyncio.start_server(self._serve, "127.0.0.1", secure, ssl=self._context, backlog=512),
        ]

    def stop(self) -> None:
        for server in self._servers:
            server.close()

    def _of(self, target: str) -> Exchange | None:
        found = _TOKEN.search(target)
        return self.exchanges.get(found[1]) if found else None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tls = writer.get_extra_info("ssl_object")
        with contextlib.suppress(OSError, EOFError, ValueError, asyncio.LimitOverrunError, h2.exceptions.H2Error):
            if tls is not None and tls.selected_alpn_protocol() == "h2":
                await _Http2(self, reader, writer).serve()
            else:
                while await self._answer(reader, writer):
                    pass
        writer.transport.abort() if writer.transport.is_closing() else writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        await _read_body(reader, head.lower())
        exchange = self._of(head.split(b"\r\n", 1)[0].decode("latin-1"))
        reply = exchange.reply if exchange else Reply(status=404, body=b"nobody asked for this")
        if reply.fault:
            return await _fail(reply, writer)
        pieces = [*_head(reply, _KEY.search(head)), *([] if head.startswith(b"HEAD ") else _body(reply))]
        step = reply.pieces[0] if reply.pieces and reply.framing != "chunked" else 1 << 20
        for piece in pieces:
            for start in range(0, len(piece), step):
                writer.write(piece[start : start + step])
                await writer.drain()
        if reply.after == "websocket" and exchange:
            await asyncio.sleep(0.02)
            writer.write(bytes([0x81, len(exchange.canary)]) + exchange.canary.encode())
            await writer.drain()
            await asyncio.sleep(0.3)
            return False
        return not reply.closes


async def _fail(reply: Reply, writer: asyncio.StreamWriter) -> bool:
    whole = b"".join([*_head(reply, None), *_body(reply)])
    if reply.fault == "garbage":
        writer.write(b"\x16\x03\x00" + whole[::-1])
    elif reply.fault == "cut":
        writer.write(whole[: len(whole) * 2 // 3])
    elif reply.fault == "stall":
        writer.write(whole[: len(whole) // 2])
        await writer.drain()
        await asyncio.sleep(STALL)
    await writer.drain()
    if reply.fault == "reset":
        writer.transport.abort()
    return False


async def _read_body(reader: asyncio.StreamReader, head: bytes) -> None:
    if b"\r\ntransfer-encoding:" in head:
        while size := int((await reader.readline()).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    elif found := re.search(rb"\r\ncontent-length:\s*(\d+)", head):
        await reader.readexactly(int(found[1]))


def _head(reply: Reply, key: re.Match[bytes] | None) -> Iterator[bytes]:
    for status in reply.interim:
        yield f"HTTP/1.1 {status} X\r\nLink: </x>; rel=preload\r\n\r\n".encode()
    fields = [*reply.fields, *_framing(reply.framing, len(reply.body))]
    if reply.status == 101:
        accept = base64.b64encode(hashlib.sha1((key[1] if key else b"") + _GUID).digest()).decode()
        fields = [*reply.fields, ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", accept)]
    if reply.closes:
        fields.append(("Connection", "close"))
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    yield f"{reply.version} {reply.status} X\r\n{lines}\r\n".encode("latin-1")


def _framing(name: str, size: int) -> Fields:
    length, chunked = ("Content-Length", str(size)), ("Transfer-Encoding", "chunked")
    framings: dict[str, Fields] = {
        "length": [length],
        "short": [("Content-Length", str(max(0, size - 3)))],
        "long": [("Content-Length", str(size + 50))],
        "both": [length, chunked],
        "twice": [length, ("Content-Length", str(size + 1))],
        "space": [("Content-Length ", str(size))],
        "lone-cr": [("X-A", "b\rContent-Length: 0"), length],
        "te-gzip": [("Transfer-Encoding", "gzip, chunked")],
        "te-x": [("Transfer-Encoding", "xchunked")],
        "chunked": [chunked],
        "bad-chunk": [chunked],
        "no-end": [chunked],
    }
    return framings.get(name, [])


def _body(reply: Reply) -> Iterator[bytes]:
    if reply.status == 101:
        return
    if reply.framing not in {"chunked", "bad-chunk", "no-end", "both", "te-gzip"}:
        yield reply.body
        return
    sizes, place, turn = reply.pieces or [4_096], 0, 0
    while place < len(reply.body):
        piece = reply.body[place : place + sizes[turn % len(sizes)]]
        yield f"{len(piece):x}{reply.extension}\r\n".encode() + piece + b"\r\n"
        place, turn = place + len(piece), turn + 1
    if reply.framing == "bad-chunk":
        yield b"zz\r\n"
    elif reply.framing != "no-end":
        yield b"0\r\n" + "".join(f"{name}: {value}\r\n" for name, value in reply.trailing).encode() + b"\r\n"


class _Http2:
    def __init__(self, origin: Origin, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._origin, self._reader, self._writer = origin, reader, writer
        config = h2.config.H2Configuration(
            client_side=False,
            header_encoding="latin-1",
            validate_outbound_headers=False,
            normalize_outbound_headers=False,
        )
        self._h2 = h2.connection.H2Connection(config)
        self._left: dict[int, tuple[memoryview, Reply]] = {}

    async def serve(self) -> None:
        self._h2.initiate_connection()
        await self._flush()
        asked: dict[int, Exchange | None] = {}
        heads: set[int] = set()
        while data := await self._reader.read(65_536):
            for event in self._h2.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    named = dict(event.headers)
                    asked[event.stream_id] = self._origin._of(str(named[":path"]))
                    if named[":method"] == "HEAD":
                        heads.add(event.stream_id)
                elif isinstance(event, h2.events.DataReceived):
                    self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded):
                    self._begin(event.stream_id, asked.get(event.stream_id), head=event.stream_id in heads)
                elif isinstance(event, h2.events.StreamReset):
                    self._left.pop(event.stream_id, None)
            while self._send_some():
                await self._flush()
            await self._flush()

    async def _flush(self) -> None:
        self._writer.write(self._h2.data_to_send())
        await self._writer.drain()

    def _begin(self, stream: int, exchange: Exchange | None, *, head: bool) -> None:
        reply = exchange.reply if exchange else Reply(status=404, body=b"nobody asked for this")
        if reply.fault:
            self._h2.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)
            return
        for status in reply.interim:
            self._h2.send_headers(stream, [(":status", str(status)), ("link", "</x>")])
        fields = [(":status", str(reply.status)), *((name.lower(), value) for name, value in reply.fields)]
        size = len(reply.body)
        said = {"length": size, "short": max(0, size - 3), "long": size + 50}.get(reply.framing)
        if said is not None and not head:
            fields.append(("content-length", str(said)))
        bodiless = head and exchange is not None and exchange.lawful
        self._h2.send_headers(stream, fields, end_stream=bodiless)
        if not bodiless:
            self._left[stream] = (memoryview(reply.body), reply)

    def _send_some(self) -> bool:
        sent = False
        for stream, (body, reply) in list(self._left.items()):
            if not body:
                self._end(stream, reply)
                continue
            most = reply.pieces[0] if reply.pieces else 1 << 20
            window = self._h2.local_flow_control_window(stream)
            if (size := min(most, window, self._h2.max_outbound_frame_size)) > 0:
                self._h2.send_data(stream, bytes(body[:size]))
                self._left[stream] = (body[size:], reply)
                sent = True
        return sent

    def _end(self, stream: int, reply: Reply) -> None:
        del self._left[stream]
        if reply.framing == "no-end":
            self._h2.reset_stream(stream)
        elif reply.trailing:
            self._h2.send_headers(stream, [(name.lower(), value) for name, value in reply.trailing], end_stream=True)
        else:
            self._h2.end_stream(stream)
