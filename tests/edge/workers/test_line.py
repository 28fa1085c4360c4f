"""The line between a worker and the keeper on real sockets: bounded, in order, and closed by whatever is no message."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator

import pytest

from gateway.edge.link.address import name_of, open_address, path_of
from gateway.edge.link.line import Line, LineClosed

Pair = tuple[Line, Line]


async def line_on(end: socket.socket, most: int = 1 << 20) -> Line:
    return Line(*await asyncio.open_connection(sock=end), most=most)


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    here, there = socket.socketpair()
    lines = await line_on(here), await line_on(there)
    yield lines
    for line in lines:
        line.cut()


async def test_messages_come_whole_and_in_order(pair: Pair) -> None:
    one, other = pair
    texts = ["", "Қорған", "\udcff", "x" * 500_000]
    for text in texts:
        assert one.say("text", text=text)
    assert [(await other.hear())["text"] for _ in texts] == texts
    await one.close()
    with pytest.raises(LineClosed):
        await other.hear()
    assert not one.say("text", text="too late")


async def test_one_who_does_not_listen_is_not_waited_for() -> None:
    here, there = socket.socketpair()
    line = await line_on(here, most=100_000)
    said = [line.say("text", text="x" * 10_000) for _ in range(200)]
    assert said[0]
    assert not said[-1]
    assert said == sorted(said, reverse=True), "nothing in between is left out"
    there.close()
    line.cut()


@pytest.mark.parametrize(
    "content",
    [
        struct.pack("!I", 0xFFFFFFFF),
        struct.pack("!I", 3) + b"{{{",
        struct.pack("!I", 2) + b"[]",
        struct.pack("!I", 2) + b"{}",
        struct.pack("!I", 8) + b'{"is":1}',
        struct.pack("!I", 9) + b'{"is"',
        b"\0",
    ],
)
async def test_what_is_no_message_closes_the_line(content: bytes) -> None:
    here, there = socket.socketpair()
    line = await line_on(here)
    there.sendall(content)
    there.close()
    with pytest.raises(LineClosed):
        await line.hear()
    line.cut()


async def test_long_messages_wait_for_the_other_end(pair: Pair) -> None:
    one, other = pair
    messages = [{"is": "piece", "number": number, "text": "x" * 100_000} for number in range(50)]
    sending = asyncio.create_task(one.say_all(messages))
    assert [(await other.hear())["number"] for _ in messages] == list(range(50))
    await sending
    other.cut()
    with pytest.raises(LineClosed):
        await one.say_all(messages * 100)


async def test_the_address_is_found_by_its_name_alone_and_knows_who_comes() -> None:
    listening = open_address()
    came: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line(reader, writer, most=1)
        came.set_result(line.is_ours())
        line.cut()

    server = await asyncio.start_unix_server(serve, sock=listening)
    _, writer = await asyncio.open_unix_connection(path_of(name_of(listening)))
    assert await asyncio.wait_for(came, 5)
    writer.close()
    server.close()
