"""The origin of the benches: serves pages on loopback, plain and over TLS (`python origin.py [ADDRESS:PORT]`).

The address, if one is given, is one more for TLS: e2guardian opens port 443 only. All connections are kept alive.

Over TLS it speaks HTTP/2 or HTTP/1.1, as ALPN says. Hosts n0.demo.test, n1.demo.test … have a certificate each, so that
a proxy that copies the origin's certificate has a new one to make for each. Prints one JSON line with its ports and the
path of its CA, then serves until its standard input ends.
"""

import asyncio
import json
import re
import ssl
import sys
import tempfile
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import trustme

PARAGRAPH = "<p>An ordinary paragraph about bicycles, gears and roads, of which there are {n} here and 24 there.</p>\n"
HEAD = "<!doctype html><html lang=en><head><meta charset=utf-8><title>Bench</title></head><body>\n"
# What sites send besides.
FIELDS = {
    "date": "Sun, 22 Nov 2026 09:00:00 GMT",
    "server": "nginx",
    "cache-control": "max-age=600, public",
    "etag": '"5f3c-61a0b2c3d4e5f"',
    "last-modified": "Sat, 21 Nov 2026 18:30:00 GMT",
    "vary": "Accept-Encoding",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}
# HTTP/1.1 keeps alive unsaid; nginx says it all the same, and e2guardian keeps alive only what says it.
HEAD_OF_ALL = "".join(f"{name.title()}: {value}\r\n" for name, value in FIELDS.items()) + "Connection: keep-alive\r\n"
RATED = b'<meta name=rating content="RTA-5042-1996-1400-1577-RTA">'
STREAM_BYTES = 300_000_000
PIXEL = b'<img src="/pixel.gif" width="1" height="1">'
SIGN = (
    b'<script type="application/ld+json">{"@context": "https://schema.org", "@type": "WebPage", '
    b'"contentRating": "RTA-5042-1996-1400-1577-RTA"}</script>'
)
NUMBERED = re.compile(r"n\d+\.demo\.test")
PIECE = bytes(range(256)) * 256


def page(size: int) -> bytes:
    """An HTML page of about `size` bytes without any label, as most of the web."""
    body = "".join(PARAGRAPH.format(n=n) for n in range(size // len(PARAGRAPH)))
    return (HEAD + body + "</body></html>").encode()


def tailed(size: int) -> bytes:
    """A page of about `size` bytes that a filter has to read to its end: what gives it away stands in its last lines.

    That is a phrase of e2guardian's banned ones (Debian's list `pornography/banned`: the three words together), a sign
    that Qorgan reads, and an image of one pixel, which Privoxy's filter `webbugs` takes out.
    """
    phrase = b"<p>altavista search: family filter is off</p>"
    tail = b"\n".join((PIXEL, phrase, SIGN, b"</body></html>"))
    return page(size).removesuffix(b"</body></html>") + tail


def image(size: int) -> bytes:
    return (b"\xff\xd8\xff\xe0" + bytes(range(256)) * (size // 256 + 1))[:size]


BODIES = {
    "/html20": ("text/html; charset=utf-8", page(20_000)),
    "/html100": ("text/html; charset=utf-8", page(100_000)),
    "/rated": ("text/html; charset=utf-8", page(2_000).replace(b"</head>", RATED + b"</head>")),
    "/tailed100": ("text/html; charset=utf-8", tailed(100_000)),
    "/image1": ("image/jpeg", image(1_024)),
    "/image100": ("image/jpeg", image(100_000)),
}


def described(path: str) -> tuple[str, bytes | None, int]:
    """Type, body and length of what a path answers; the body of the long stream is None: it is made as it is sent."""
    if path == "/stream":
        return "application/octet-stream", None, STREAM_BYTES
    kind, body = BODIES.get(path, ("text/plain", b"ok"))
    return kind, body, len(body)


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    secure = writer.get_extra_info("ssl_object")
    try:
        if secure is not None and secure.selected_alpn_protocol() == "h2":
            await Http2(reader, writer).serve()
        else:
            await serve_http1(reader, writer)
    except (asyncio.IncompleteReadError, OSError):
        pass
    finally:
        writer.close()


async def serve_http1(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while head := await reader.readuntil(b"\r\n\r\n"):
        kind, body, length = described(head.split(b" ", 2)[1].decode())
        own = f"Content-Type: {kind}\r\nContent-Length: {length}\r\n"
        writer.write(f"HTTP/1.1 200 OK\r\n{HEAD_OF_ALL}{own}\r\n".encode())
        if body is not None:
            writer.write(body)
            await writer.drain()
            continue
        for start in range(0, length, len(PIECE)):
            writer.write(PIECE[: length - start])
            await writer.drain()


class Http2:
    """One HTTP/2 connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        self._left: dict[int, tuple[bytes | None, int]] = {}  # stream → body and how much of it is to be sent

    async def serve(self) -> None:
        self._h2.initiate_connection()
        self._flush()
        while data := await self._reader.read(65_536):
            for event in self._h2.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    kind, body, length = described(dict(event.headers)[":path"])
                    fields = [(":status", "200"), ("content-type", kind), ("content-length", str(length))]
                    fields += FIELDS.items()
                    self._h2.send_headers(event.stream_id, fields)
                    self._left[event.stream_id] = (body, length)
                elif isinstance(event, h2.events.StreamReset):
                    self._left.pop(event.stream_id, None)
            while self._send_some():
                self._flush()
                await self._writer.drain()
            self._flush()

    def _send_some(self) -> bool:
        """One frame for each stream that may send; whether there was any."""
        sent = False
        for stream, (body, left) in list(self._left.items()):
            size = min(left, self._h2.local_flow_control_window(stream), self._h2.max_outbound_frame_size)
            if size <= 0:
                continue
            data = PIECE[:size] if body is None else body[len(body) - left :][:size]
            self._h2.send_data(stream, data, end_stream=len(data) == left)
            sent = True
            if len(data) == left:
                del self._left[stream]
            else:
                self._left[stream] = (body, left - len(data))
        return sent

    def _flush(self) -> None:
        if data := self._h2.data_to_send():
            self._writer.write(data)


def context_of(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.set_alpn_protocols(["h2", "http/1.1"])
    authority.issue_cert(*names).configure_cert(context)
    return context


def choose_by_name(authority: trustme.CA, connection: ssl.SSLObject, name: str | None) -> None:
    """Gives each numbered host a certificate of its own."""
    if name and NUMBERED.fullmatch(name):
        connection.context = context_of(authority, name)


async def main(*more: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        authority, ca = trustme.CA(), Path(folder, "origin-ca.pem")
        authority.cert_pem.write_to_path(str(ca))
        context = context_of(authority, "localhost", "*.demo.test")
        context.sni_callback = lambda connection, name, _context: choose_by_name(authority, connection, name)
        plain = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1_024)
        secure = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1_024, ssl=context)
        if more:
            address, _, port = more[0].rpartition(":")
            await asyncio.start_server(serve, address, int(port), backlog=1_024, ssl=context)
        ports = {"http": plain.sockets[0].getsockname()[1], "https": secure.sockets[0].getsockname()[1], "ca": str(ca)}
        print(json.dumps(ports), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        plain.close()
        secure.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
