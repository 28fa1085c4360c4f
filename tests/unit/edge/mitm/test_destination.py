"""Where the proxy may connect to, with names that resolve as a test wants it."""

import asyncio
import socket

import pytest

from gateway.edge.mitm import destination
from gateway.edge.mitm.destination import Destinations
from gateway.edge.reach import AddressRefused, Reach


def destinations(reach: Reach | None = None) -> Destinations:
    return Destinations(reach or Reach(), resolve_seconds=1.0, connect_seconds=2.0)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}

    def look_up(host: str) -> tuple[str, ...]:
        if host not in table:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return table[host]

    monkeypatch.setattr(destination, "_look_up", look_up)
    return table


async def test_only_public_addresses_are_left(names: dict[str, tuple[str, ...]]) -> None:
    names["mixed.test"] = ("10.0.0.1", "93.184.216.34", "::1")
    assert await destinations().addresses("mixed.test", 443) == ("93.184.216.34",)


async def test_a_name_with_private_addresses_only_is_refused(names: dict[str, tuple[str, ...]]) -> None:
    names["inside.test"] = ("192.168.1.1", "127.0.0.1")
    with pytest.raises(AddressRefused, match="not on the public internet"):
        await destinations().addresses("inside.test", 443)


async def test_a_private_address_is_reached_at_the_named_port_only() -> None:
    reach = Reach({"demo.test": "127.0.0.1"}, frozenset({("127.0.0.1", 8443)}))
    assert await destinations(reach).addresses("demo.test", 8443) == ("127.0.0.1",)
    with pytest.raises(AddressRefused):
        await destinations(reach).addresses("demo.test", 8444)


async def test_the_addresses_of_this_machine_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reach, "allows", lambda *_: True)  # as if loopback were a public address of this machine
    with pytest.raises(AddressRefused):
        await destinations().addresses("127.0.0.1", 443)


async def test_a_second_answer_of_the_resolver_has_no_effect(names: dict[str, tuple[str, ...]]) -> None:
    names["rebound.test"] = ("93.184.216.34",)
    places = destinations()
    assert await places.addresses("rebound.test", 443)
    names["rebound.test"] = ("127.0.0.1",)
    assert await places.addresses("rebound.test", 443) == ("93.184.216.34",)


async def test_the_address_that_was_checked_is_dialled_and_the_next_is_tried(
    names: dict[str, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    names["two.test"] = ("93.184.216.34", "93.184.216.35")
    dialled: list[str] = []

    async def connect(host: str, port: int, **_: object) -> str:
        dialled.append(host)
        if host.endswith("34"):
            raise ConnectionRefusedError(111, "refused")
        return "connected"

    monkeypatch.setattr(asyncio, "open_connection", connect)
    assert await destinations().open_connection("two.test", 443) == "connected"
    assert dialled == ["93.184.216.34", "93.184.216.35"]


async def test_no_answer_is_an_error_with_the_name(
    names: dict[str, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    names["dead.test"] = ("93.184.216.34",)

    async def connect(*_: object, **__: object) -> None:
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(asyncio, "open_connection", connect)
    with pytest.raises(OSError, match=r"dead\.test cannot be reached: Connection refused"):
        await destinations().open_connection("dead.test", 443)


async def test_an_unknown_name_is_remembered_for_a_moment(names: dict[str, tuple[str, ...]]) -> None:
    places = destinations()
    for _ in range(2):
        with pytest.raises(OSError, match="has no address"):
            await places.addresses("unknown.test", 443)
        names["unknown.test"] = ("93.184.216.34",)


async def test_many_who_ask_for_one_name_share_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def look_up(host: str) -> tuple[str, ...]:
        asked.append(host)
        return ("93.184.216.34",)

    monkeypatch.setattr(destination, "_look_up", look_up)
    places = destinations()
    answers = await asyncio.gather(*(places.addresses("busy.test", 443) for _ in range(20)))
    assert asked == ["busy.test"]
    assert set(answers) == {("93.184.216.34",)}


async def test_a_client_that_leaves_does_not_take_the_answer_away(monkeypatch: pytest.MonkeyPatch) -> None:
    go = asyncio.Event()
    loop = asyncio.get_running_loop()

    def look_up(_host: str) -> tuple[str, ...]:
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result(5)
        return ("93.184.216.34",)

    monkeypatch.setattr(destination, "_look_up", look_up)
    places = destinations()
    first = asyncio.ensure_future(places.addresses("slow.test", 443))
    second = asyncio.ensure_future(places.addresses("slow.test", 443))
    await asyncio.sleep(0.05)
    first.cancel()
    go.set()
    assert await second == ("93.184.216.34",)


async def test_a_name_server_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    go = asyncio.Event()
    loop = asyncio.get_running_loop()

    def look_up(_host: str) -> tuple[str, ...]:
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result(5)
        return ()

    monkeypatch.setattr(destination, "_look_up", look_up)
    places = Destinations(Reach(), resolve_seconds=0.05, connect_seconds=1.0)
    with pytest.raises(OSError, match="has no address"):
        await places.addresses("hanging.test", 443)
    go.set()
