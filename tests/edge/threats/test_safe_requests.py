"""What leaves for the site in a minor's name: safe search, restricted mode, no word of anybody else."""

from collections.abc import Iterator

import pytest

from tests.edge.mitm.world import POLICY, World, everything, ruling_of

SERVICES = """
about: test
checked: 2026-11-28
services:
  - {id: test-search, says: safe, hosts: [blog.test], paths: [/search], stance: safe-search,
     query: {safe: active}, cookies: {safe: "on"}, source: test, verified: true}
  - {id: test-videos, says: restricted, hosts: [social.test], stance: restricted-videos,
     value: moderate, headers: {Test-Restrict: Moderate}, source: test, verified: true}
"""


@pytest.fixture
def searched(world: World) -> Iterator[World]:
    with world.ruled_by(ruling_of(services={"safe/test.yaml": SERVICES})):
        yield world


@pytest.mark.parametrize("http2", [False, True])
def test_a_minor_searches_safely(searched: World, http2: bool) -> None:
    searched.get("child", "blog.test/search?q=cats&%73afe=off&safe=off", http2=http2, cookie="safe=off; id=1")
    asked = searched.origin.asked[-1]
    assert asked.target == "/search?q=cats&safe=active"
    assert "; ".join(asked.all("cookie")) == "id=1; safe=on"
    assert asked.all("prefer") == ["safe"]


def test_a_form_is_changed_as_well(searched: World) -> None:
    with searched.client("child") as client:
        client.post(searched.url("blog.test/search?safe=off"), data={"q": "cats", "safe": "off"})
    asked = searched.origin.asked[-1]
    assert asked.target == "/search?safe=active"
    assert asked.body == b"q=cats&safe=active"
    assert asked.all("content-length") == [str(len(asked.body))]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("Transfer-Encoding: chunked\r\n\r\n8\r\nsafe=off\r\n0\r\n\r\n", b"411"),
        ("Content-Length: 100000\r\n\r\nsafe=off", b"413"),
        ("Content-Length: 8\r\nContent-Encoding: gzip\r\n\r\nsafe=off", b"411"),
    ],
)
def test_a_form_that_cannot_be_changed_is_refused(searched: World, head: str, status: bytes) -> None:
    with searched.tls("child", "blog.test") as secure:
        request = f"POST /search HTTP/1.1\r\nHost: blog.test:{searched.origin.tls_port}\r\n"
        secure.sendall((request + "Content-Type: application/x-www-form-urlencoded\r\n" + head).encode())
        assert everything(secure).startswith(b"HTTP/1.1 " + status)
    assert not searched.origin.asked


def test_other_pages_of_the_site_are_not_changed(searched: World) -> None:
    searched.get("child", "blog.test/deep?safe=off")
    assert searched.origin.asked[-1].target == "/deep?safe=off"


def test_a_video_host_is_asked_to_restrict(searched: World) -> None:
    searched.get("teen", "social.test/watch", test_restrict="None")
    assert searched.origin.asked[-1].all("test-restrict") == ["Moderate"]


def test_over_http_nobody_is_told_of_the_young(searched: World) -> None:
    searched.get("child", "http://blog.test/search?q=cats")
    asked = searched.origin.asked[-1]
    assert asked.target == "/search?q=cats&safe=active"
    assert asked.all("prefer") == []


def test_an_adult_searches_as_they_like(world: World) -> None:
    with world.ruled_by(ruling_of(POLICY + "stances: {adults-opened: true}\n", {"safe/test.yaml": SERVICES})):
        world.get("adult", "blog.test/search?safe=off")
    assert world.origin.asked[-1].target == "/search?safe=off"
    assert world.origin.asked[-1].all("prefer") == []


def test_a_house_may_do_without(world: World) -> None:
    policy = POLICY + "stances: {safe-search: false, prefer-safe: false}\n"
    with world.ruled_by(ruling_of(policy, {"safe/test.yaml": SERVICES})):
        world.get("child", "blog.test/search?safe=off")
    assert world.origin.asked[-1].target == "/search?safe=off"
    assert world.origin.asked[-1].all("prefer") == []


@pytest.mark.parametrize("http2", [False, True])
def test_nobody_is_named_by_the_client(world: World, http2: bool) -> None:
    claimed = {
        *("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "true-client-ip", "x-client-ip"),
        *("x-user-age", "x-age", "x-remote-user", "remote-user", "cf-connecting-ip", "proxy-authorization"),
    }
    world.get("child", "kids.test/", http2=http2, **dict.fromkeys(claimed, "10.0.0.1"))
    assert claimed.isdisjoint(name.lower() for name, _ in world.origin.asked[-1].headers)
