"""Clients that do not take our certificate: apps pass where the family wants it, sites do not pass by it."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from datetime import timedelta

import pytest

from gateway.hosts.record import Front
from tests.edge.mitm.taught import Taught, issuer, issuer_of, whys
from tests.edge.mitm.world import POLICY, World, ruling_of

PNG = b"\x89PNG\r\n\x1a\n" + b"p" * 100
TWO = POLICY + "  - {host: social.test, topics: [gambling], source: test}\n"


def alert(world: World, listener: str, host: str) -> None:
    """A client that trusts the origin's CA alone: it breaks off with an alert."""
    context = ssl.create_default_context(cafile=str(world.folder / "origin-ca.pem"))
    with world.tunnel(listener, host) as raw, pytest.raises(ssl.SSLError):
        context.wrap_socket(raw, server_hostname=host)


def alert_12(world: World, listener: str, host: str) -> None:
    context = ssl.create_default_context(cafile=str(world.folder / "origin-ca.pem"))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with world.tunnel(listener, host) as raw, pytest.raises(ssl.SSLError):
        context.wrap_socket(raw, server_hostname=host)


def silence(world: World, listener: str, host: str) -> None:
    """A client that sees our certificate and goes without a word."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    tls = context.wrap_bio(incoming, outgoing, server_hostname=host)
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    with world.tunnel(listener, host) as raw:
        raw.sendall(outgoing.read())
        assert raw.recv(4_096).startswith(b"\x16\x03")


def no_request(world: World, listener: str, host: str) -> None:
    """An app that checks the certificate itself, after the handshake."""
    with world.tls(listener, host) as secure:
        issuer_of(secure)


WAYS: tuple[Callable[[World, str, str], None], ...] = (alert, alert_12, silence, no_request)


def fail_twice(taught: Taught, host: str, way: Callable[[World, str, str], None] = alert) -> None:
    for _ in range(2):
        way(taught.world, "child", host)
        _until_struck(taught)
        taught.tell()


def _until_struck(taught: Taught) -> None:
    async def wait() -> None:
        async with asyncio.timeout(5):
            while not taught.sights._strikes:
                await asyncio.sleep(0.01)

    taught.world.thread.run(wait())


@pytest.mark.parametrize("way", WAYS)
def test_an_app_that_breaks_off_twice_passes_where_the_family_wants_it(
    taught: Taught, way: Callable[[World, str, str], None]
) -> None:
    fail_twice(taught, "chat.test", way)
    context = ssl.create_default_context(cafile=str(taught.world.folder / "origin-ca.pem"))
    with taught.world.tunnel("child", "chat.test") as raw, context.wrap_socket(raw, server_hostname="chat.test"):
        pass
    assert "pinned" in whys(taught, "chat.test")


def connect(world: World, host: str, listener: str = "child") -> bytes:
    with world.raw(listener) as raw:
        place = f"{host}:{world.origin.tls_port}"
        raw.sendall(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode())
        return raw.recv(4_096)


def test_a_site_does_not_pass_by_handshakes_that_are_failed_on_purpose(taught: Taught) -> None:
    taught.fronts["adult.test"] = Front.PAGE
    fail_twice(taught, "adult.test")
    assert connect(taught.world, "adult.test").startswith(b"HTTP/1.1 403")
    assert [person for person, host, *_ in taught.opened if host == "adult.test"] != ["daniyar"]
    assert "pinned" in whys(taught, "adult.test")
    taught.now += timedelta(minutes=11)  # somebody may have installed the CA
    assert connect(taught.world, "adult.test").startswith(b"HTTP/1.1 200")


def test_a_host_of_which_a_page_was_seen_does_not_pass_either(taught: Taught) -> None:
    taught.saw_page("chat.test")
    fail_twice(taught, "chat.test")
    assert connect(taught.world, "chat.test").startswith(b"HTTP/1.1 403")


def test_a_page_that_comes_later_ends_it(taught: Taught) -> None:
    fail_twice(taught, "chat.test")
    assert connect(taught.world, "chat.test").startswith(b"HTTP/1.1 200")
    taught.saw_page("chat.test")
    assert connect(taught.world, "chat.test").startswith(b"HTTP/1.1 403")


def test_a_blocked_host_is_refused_cleanly_to_a_device_without_the_ca(taught: Taught) -> None:
    with taught.world.ruled_by(ruling_of(TWO)):
        fail_twice(taught, "social.test")
        before = taught.world.origin.connections
        assert connect(taught.world, "social.test").startswith(b"HTTP/1.1 403")
        assert taught.world.origin.connections == before


def test_a_browser_beside_an_app_goes_on(taught: Taught) -> None:
    """A client that has sent a request through an opened connection takes the certificate: failures mean nothing."""
    taught.world.get("child", "kids.test/")
    taught.tell()
    fail_twice(taught, "kids.test")
    assert taught.world.get("child", "kids.test/").status_code == 200


def test_whoever_leaves_before_the_certificate_is_not_counted(taught: Taught) -> None:
    with taught.world.tunnel("child", "chat.test") as raw:
        raw.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
    with taught.world.tunnel("child", "chat.test"):
        pass
    taught.world.get("child", "kids.test/")
    assert taught.sights._strikes == []


def test_an_adult_is_counted_without_the_host(taught: Taught) -> None:
    issuer(taught.world, "adult", "blog.test")
    issuer(taught.world, "child", "bank.test")
    taught.tell()
    assert ["dana", "", "pass", "adult", 1] in taught.opened
    assert ["aigerim", "", "pass", "private", 1] in taught.opened
