"""The client of the benches: a process that takes orders, one JSON line each, and answers with one JSON line each.

An order: {"kind", "proxy": port, "ca": file or null, "target": host of the CONNECT, "name": host of SNI and Host
("{n}" in both is the number of the request), "port", "path", "requests", "connections", "streams", "reopen": whether
the client opens a connection again that a proxy closed between two answers of HTTP/1.1, instead of failing, "then": the
path of all requests on a connection but the first, if another}.
Kinds: "http" (absolute form), "h1" and "h2" (kept alive through CONNECT and TLS), "connect" (a TLS connection for each
request). An answer: seconds, requests, bytes, the statuses seen, and the median time to the first byte in ms.
"""

import asyncio
import json
import re
import ssl
import statistics
import sys
import time
from collections import Counter
from functools import cache
from typing import Any

import h2.config
import h2.connection
import h2.events
import h2.settings

# What a browser sends besides: the cost of a proxy grows with the number of fields.
FIELDS = {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
    "sec-ch-ua": '"Chromium";v="142", "Not_A Brand";v="99"',
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": '"Linux"',
    "accept-language": "kk,ru;q=0.9,en;q=0.8",
    "accept-encoding": "gzip, deflate, br, zstd",
    "cookie": "session=0123456789abcdef0123456789abcdef; theme=dark; consent=yes",
}
OF_A_PAGE = {
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "sec-fetch-dest": "document",
    "sec-fetch-mode": "navigate",
    "sec-fetch-site": "same-origin",
    "upgrade-insecure-requests": "1",
}
OF_A_PICTURE = {
    "accept": "image/avif,image/webp,image/apng,*/*;q=0.8",
    "sec-fetch-dest": "image",
    "sec-fetch-mode": "no-cors",
    "sec-fetch-site": "same-origin",
    "referer": "https://bench.demo.test/",
}
LENGTH = re.compile(rb"(?i)content-length: (\d+)")
WINDOW = 8 * 1024 * 1024
PATIENCE = 120  # seconds for one order
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Tally:
    """What was seen while an order was carried out."""

    def __init__(self) -> None:
        self.statuses: Counter[str] = Counter()
        self.bytes = 0
        self.first: list[float] = []


def fields_for(path: str) -> dict[str, str]:
    return FIELDS | (OF_A_PAGE if path.startswith("/html") else OF_A_PICTURE)


@cache
def context_for(ca: str, protocol: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca)
    context.set_alpn_protocols([protocol])
    return context


async def connect(order: dict[str, Any], number: int = 0) -> Streams:
    reader, writer = await asyncio.open_connection("127.0.0.1", order["proxy"], limit=1 << 20)
    if order["kind"] == "http":
        return reader, writer
    name, where = order["name"].format(n=number), f"{order['target'].format(n=number)}:{order['port']}"
    writer.write(f"CONNECT {where} HTTP/1.1\r\nHost: {where}\r\n\r\n".encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in answer:
        raise ConnectionError(answer.decode("latin-1"))
    protocol = "h2" if order["kind"] == "h2" else "http/1.1"
    await writer.start_tls(context_for(order["ca"], protocol), server_hostname=name)
    return reader, writer


def lines_for(path: str) -> str:
    return "".join(f"{name.title()}: {value}\r\n" for name, value in fields_for(path).items())


def paths_of(order: dict[str, Any]) -> tuple[str, str]:
    """What the first request on a connection asks for, and what the others do."""
    return order["path"], order.get("then", order["path"])


async def ask_http1(streams: Streams, order: dict[str, Any], count: int, tally: Tally, number: int = 0) -> int:
    """How many of `count` were answered: fewer only if the connection was closed then and may be."""
    reader, writer = streams
    plain = order["kind"] == "http"
    host = f"{order['target' if plain else 'name'].format(n=number)}:{order['port']}"
    # As browsers say it to a proxy and to an origin: HTTP/1.1 does not need it, e2guardian does.
    kept = "Proxy-Connection: keep-alive\r\n" if plain else "Connection: keep-alive\r\n"
    start = f"http://{host}" if plain else ""
    first, others = (
        f"GET {start}{path} HTTP/1.1\r\nHost: {host}\r\n{kept}{lines_for(path)}\r\n".encode()
        for path in paths_of(order)
    )
    for answered in range(count):
        request = others if answered else first
        asked = time.perf_counter()
        try:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
        except (ConnectionError, asyncio.IncompleteReadError):
            if answered and order.get("reopen"):
                return answered
            raise
        tally.first.append(time.perf_counter() - asked)
        found = LENGTH.search(head)
        tally.statuses[head[9:12].decode()] += 1
        # Not `+= await`, which adds to what the sum was before others added to it.
        length = await (read_length(reader, int(found[1])) if found else read_chunks(reader))
        tally.bytes += length
    return count


async def read_length(reader: asyncio.StreamReader, left: int) -> int:
    length = left
    while left:
        data = await reader.read(min(left, 1 << 18))
        if not data:
            raise ConnectionError("the response was cut")
        left -= len(data)
    return length


async def read_chunks(reader: asyncio.StreamReader) -> int:
    length = 0
    while size := await read_size(reader):
        length += await read_length(reader, size)
        await reader.readline()
    await reader.readline()
    return length


async def read_size(reader: asyncio.StreamReader) -> int:
    line = await reader.readline()
    try:
        return int(line, 16)
    except ValueError:  # a page of an error, say, that ends with the connection
        rest = await reader.read(4_000)
        raise ConnectionError(f"an answer without a length: {(line + rest).decode(errors='replace')}") from None


async def ask_http2(streams: Streams, order: dict[str, Any], count: int, tally: Tally) -> int:
    """`count` requests, at most `streams` of them at a time; returns `count`."""
    reader, writer = streams
    config = h2.config.H2Configuration(header_encoding="utf-8", validate_inbound_headers=False)
    connection = h2.connection.H2Connection(config)
    connection.initiate_connection()
    connection.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: WINDOW})
    connection.increment_flow_control_window(WINDOW)
    authority = f"{order['name']}:{order['port']}"
    heads = [
        [
            (":method", "GET"),
            (":scheme", "https"),
            (":authority", authority),
            (":path", path),
            *fields_for(path).items(),
        ]
        for path in paths_of(order)
    ]
    asked: dict[int, float] = {}
    begun = done = 0
    while done < count:
        while begun < count and len(asked) < order["streams"]:
            stream = connection.get_next_available_stream_id()
            connection.send_headers(stream, heads[1 if begun else 0], end_stream=True)
            asked[stream] = time.perf_counter()
            begun += 1
        writer.write(connection.data_to_send())
        data = await reader.read(1 << 18)
        if not data:
            raise ConnectionError("the connection was cut")
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.ResponseReceived):
                tally.first.append(time.perf_counter() - asked[event.stream_id])
                tally.statuses[dict(event.headers)[":status"]] += 1
            elif isinstance(event, h2.events.DataReceived):
                tally.bytes += len(event.data)
                connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                del asked[event.stream_id]
                done += 1
            elif isinstance(event, h2.events.StreamReset | h2.events.ConnectionTerminated):
                raise ConnectionError(str(event))
    return done


async def keep_alive(order: dict[str, Any], count: int, tally: Tally) -> None:
    ask = ask_http2 if order["kind"] == "h2" else ask_http1
    while count:
        streams = await connect(order)
        count -= await ask(streams, order, count, tally)
        streams[1].close()


async def connect_anew(order: dict[str, Any], numbers: range, tally: Tally) -> None:
    for number in numbers:
        streams = await connect(order, number)
        await ask_http1(streams, order, 1, tally, number)
        streams[1].close()


async def carry_out(order: dict[str, Any]) -> dict[str, Any]:
    tally = Tally()
    started = time.perf_counter()
    connections = order["connections"]
    each = order["requests"] // connections
    if order["kind"] == "connect":
        first = order["first"]
        ranges = [range(first + place * each, first + (place + 1) * each) for place in range(connections)]
        await asyncio.gather(*(connect_anew(order, numbers, tally) for numbers in ranges))
    else:
        await asyncio.gather(*(keep_alive(order, each, tally) for _ in range(connections)))
    return {
        "seconds": time.perf_counter() - started,
        "requests": each * connections,
        "bytes": tally.bytes,
        "statuses": dict(tally.statuses),
        "first_ms": statistics.median(tally.first) * 1e3,
    }


def main() -> None:
    with asyncio.Runner() as runner:
        for line in sys.stdin:
            try:
                answer = runner.run(asyncio.wait_for(carry_out(json.loads(line)), PATIENCE))
            except (OSError, ssl.SSLError, asyncio.IncompleteReadError) as fault:  # TimeoutError is an OSError
                answer = {"fault": repr(fault)}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
