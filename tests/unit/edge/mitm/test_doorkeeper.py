"""Who may come in, without a network."""

import pytest
from mitmproxy.connection import Client

from gateway.edge.mitm.doorkeeper import Doorkeeper
from gateway.edge.mitm.names import RequestRefused
from gateway.edge.mitm.settings import Limits


def client(address: str = "10.0.0.1") -> Client:
    return Client(peername=(address, 1), sockname=("10.0.0.254", 8080))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_each_address_has_its_own_count() -> None:
    door = Doorkeeper(Limits(client_connections=2, connections=4))
    first, second, third = client(), client(), client()
    assert door.enter(first) is None
    assert door.enter(second) is None
    assert door.enter(third) == "too many connections of one client"
    assert door.enter(client("10.0.0.2")) is None
    assert door.enter(client("10.0.0.3")) == "too many connections"
    door.leave(third)
    door.leave(first)
    assert door.enter(client()) is None


def test_a_place_that_is_left_is_free() -> None:
    door = Doorkeeper(Limits(client_connections=1))
    for _ in range(3):
        visitor = client()
        assert door.enter(visitor) is None
        door.leave(visitor)


def test_late_is_who_owes_a_head_for_too_long() -> None:
    clock = Clock()
    door = Doorkeeper(Limits(head_seconds=10), clock)
    slow, quick = client(), client()
    door.enter(slow)
    door.enter(quick)
    door.head_came(quick)
    clock.now = 9.0
    assert list(door.late()) == []
    door.expect_head(slow)  # more of the same head does not give it more time
    door.expect_head(quick)
    clock.now = 11.0
    assert list(door.late()) == [slow]
    assert list(door.late()) == []
    clock.now = 20.0
    assert list(door.late()) == [quick]


def test_hosts_are_counted_by_the_minute() -> None:
    clock = Clock()
    door = Doorkeeper(Limits(hosts_a_minute=2), clock)
    visitor = client()
    for host in ("a", "b", "a"):
        door.count_host(visitor, host)
    with pytest.raises(RequestRefused, match="too many different hosts") as refused:
        door.count_host(visitor, "c")
    assert refused.value.status == 429
    door.count_host(visitor, "b")
    door.count_host(client("10.0.0.2"), "c")
    clock.now = 61.0
    door.count_host(visitor, "c")
