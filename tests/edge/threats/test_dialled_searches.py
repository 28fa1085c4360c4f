"""Search engines that answer safely at another address: a minor's connection is made there, whatever is named."""

from collections.abc import Iterator

import pytest

from tests.edge.mitm.origin import Origin, Page
from tests.edge.mitm.world import POLICY, World, ruling_of

ENTRY = "  - {{id: {0}, says: x, hosts: [{0}], stance: safe-search, dial: {1}, source: test, verified: true}}\n"
DIALLED = {
    "blog.test": "elsewhere.test",
    "social.test": "127.0.0.2",
    "chat.test": "private.test",
    "wrong.test": "elsewhere.test",
}
SERVICES = "about: test\nchecked: 2026-11-28\nservices:\n" + "".join(ENTRY.format(*each) for each in DIALLED.items())


@pytest.fixture(scope="module")
def elsewhere(the_world: World) -> Iterator[Origin]:
    """The same sites on another machine, which the engine's own certificate vouches for as well."""
    origin = Origin({(host, "/"): Page(b"<!doctype html>family") for host in ("blog.test", "social.test", "chat.test")})
    ports = the_world.origin.tls_port, the_world.origin.plain_port
    the_world.thread.run(origin.start(the_world.origin.context, "127.0.0.2", ports))
    yield origin
    the_world.thread.call(origin.stop)


@pytest.fixture
def searched(world: World, elsewhere: Origin) -> Iterator[World]:
    elsewhere.asked.clear()
    usual = {(host, "/"): Page(b"<!doctype html>usual") for host in ("blog.test", "social.test", "chat.test")}
    world.origin.pages.update(usual)
    policy = POLICY + "stances: {adults-opened: true, safe-search: true}\n"
    with world.ruled_by(ruling_of(policy, {"safe/test.yaml": SERVICES})):
        yield world


@pytest.mark.parametrize("http2", [False, True])
@pytest.mark.parametrize("host", ["blog.test", "social.test"])
def test_a_minor_is_connected_elsewhere(searched: World, elsewhere: Origin, host: str, http2: bool) -> None:
    assert "family" in searched.get("child", f"{host}/", http2=http2).text
    assert elsewhere.asked[-1].host == f"{host}:{searched.origin.tls_port}"
    assert not searched.origin.asked


def test_without_tls_as_well(searched: World, elsewhere: Origin) -> None:
    assert "family" in searched.get("child", "http://blog.test/").text
    assert elsewhere.asked[-1].host == f"blog.test:{searched.origin.plain_port}"


def test_another_name_in_tls_changes_nothing(searched: World) -> None:
    with searched.tls("child", "blog.test", sni="kids.test") as secure:
        secure.sendall(f"GET / HTTP/1.1\r\nHost: blog.test:{searched.origin.tls_port}\r\n\r\n".encode())
        assert secure.recv(65_536).startswith(b"HTTP/1.1 421")
    assert not searched.origin.asked


def test_an_adult_is_connected_as_ever(searched: World, elsewhere: Origin) -> None:
    assert "usual" in searched.get("adult", "blog.test/").text
    assert not elsewhere.asked


def test_several_hosts_on_one_connection_keep_their_places(searched: World, elsewhere: Origin) -> None:
    with searched.client("child") as client:
        assert "family" in client.get(searched.url("http://blog.test/")).text
        searched.origin.pages["kids.test", "/"] = Page(b"<!doctype html>kids")
        assert "kids" in client.get(searched.url("http://kids.test/")).text
    assert [asked.host.partition(":")[0] for asked in elsewhere.asked] == ["blog.test"]


def test_nothing_private_is_dialled(searched: World) -> None:
    assert searched.get("child", "chat.test/").status_code == 502
    assert not searched.origin.asked


def test_whoever_answers_there_must_show_the_name(searched: World, elsewhere: Origin) -> None:
    assert searched.get("child", "wrong.test/").status_code == 502
    assert not elsewhere.asked
