"""The origin of the benches: `python tests/bench/origin.py` serves pages over HTTP and HTTPS on loopback, keep-alive.

Prints one JSON line with its ports and the path of its CA, then serves until its standard input ends.
"""

import asyncio
import json
import ssl
import sys
import tempfile
from pathlib import Path

import trustme

PARAGRAPH = "<p>An ordinary paragraph about bicycles, gears and roads, of which there are {n} here and 24 there.</p>\n"
HEAD = "<!doctype html><html lang=en><head><meta charset=utf-8><title>Bench</title></head><body>\n"


def page(size: int) -> bytes:
    """An HTML page of about `size` bytes without any label, as most of the web."""
    body = "".join(PARAGRAPH.format(n=n) for n in range(size // len(PARAGRAPH)))
    return (HEAD + body + "</body></html>").encode()


BODIES = {
    "/html20": ("text/html; charset=utf-8", page(20_000)),
    "/html100": ("text/html; charset=utf-8", page(100_000)),
    "/image100": ("image/jpeg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 390),
}


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            kind, body = BODIES.get(head.split(b" ", 2)[1].decode(), ("text/plain", b"ok"))
            writer.write(
                f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        authority, ca = trustme.CA(), Path(folder, "origin-ca.pem")
        authority.cert_pem.write_to_path(str(ca))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost", "bench.demo.test").configure_cert(context)
        plain = await asyncio.start_server(serve, "127.0.0.1", 0)
        secure = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        ports = {"http": plain.sockets[0].getsockname()[1], "https": secure.sockets[0].getsockname()[1], "ca": str(ca)}
        print(json.dumps(ports), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        plain.close()
        secure.close()


if __name__ == "__main__":
    asyncio.run(main())
