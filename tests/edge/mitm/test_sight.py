"""Selective sight on real connections: what is learned is passed with the site's own certificate, until it ends."""

import contextlib
import ssl
from datetime import timedelta

import pytest

from gateway.decision.splice import Why
from gateway.edge import sights
from gateway.hosts.record import Front
from tests.edge.mitm.origin import CANARY
from tests.edge.mitm.taught import Taught, issuer, issuer_of, whys
from tests.edge.mitm.websocket import open_websocket
from tests.edge.mitm.world import POLICY, World, ruling_of

PNG = b"\x89PNG\r\n\x1a\n" + b"p" * 100
TWO = POLICY + "  - {host: social.test, topics: [gambling], source: test}\n"


@pytest.fixture
def never_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sights, "SHARES", {Why.PARTS_ONLY: 1 << 32, Why.ONE_LABEL: 1 << 32})


@pytest.mark.usefixtures("never_sampled")
class TestParts:
    def test_a_host_of_pictures_is_passed_once_it_is_known(self, taught: Taught) -> None:
        taught.teach("blog.test")
        assert issuer(taught.world, "child", "blog.test") == "origin CA"
        assert whys(taught, "blog.test") >= {"labels", "parts-only"}
        assert taught.visited == ["blog.test"]

    def test_a_site_with_a_front_page_is_not(self, taught: Taught) -> None:
        taught.fronts["blog.test"] = Front.PAGE
        taught.teach("blog.test")
        assert issuer(taught.world, "child", "blog.test") == "test CA"

    def test_what_a_request_says_of_itself_teaches_nothing(self, taught: Taught) -> None:
        taught.teach("blog.test", "/page", **{"sec-fetch-dest": "image", "accept": "image/*"})
        assert taught.visited == []
        assert issuer(taught.world, "child", "blog.test") == "test CA"

    def test_one_page_ends_it_at_once_and_open_connections_with_it(self, taught: Taught) -> None:
        taught.teach("blog.test")
        world = taught.world
        with world.tls("child", "blog.test") as passed:
            assert issuer_of(passed) == "origin CA"
            taught.saw_page("blog.test", tell=False)
            world.thread.run(_look_at_all(world))
            passed.settimeout(5)
            assert passed.recv(1) == b""
        assert issuer(world, "child", "blog.test") == "test CA"
        taught.tell()
        taught.now += timedelta(hours=2)
        assert issuer(world, "child", "blog.test") == "test CA"

    def test_it_runs_out_without_the_keeper(self, taught: Taught) -> None:
        taught.teach("blog.test")
        taught.now += timedelta(days=2)
        assert issuer(taught.world, "child", "blog.test") == "test CA"

    def test_all_names_must_agree(self, taught: Taught) -> None:
        taught.teach("blog.test")
        assert issuer(taught.world, "child", "adult.test", sni="blog.test") == "test CA"
        assert issuer(taught.world, "child", "blog.test", sni="adult.test") == "test CA"
        assert whys(taught, "adult.test") == {"names"}
        with taught.world.tls("child", "adult.test", sni="blog.test") as secure:
            secure.sendall(f"GET / HTTP/1.1\r\nHost: blog.test:{taught.world.origin.tls_port}\r\n\r\n".encode())
            with contextlib.suppress(OSError):
                assert CANARY not in secure.recv(65_536)

    def test_a_connection_without_a_name_is_opened(self, taught: Taught) -> None:
        taught.teach("blog.test")
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with taught.world.tunnel("child", "blog.test") as raw, context.wrap_socket(raw) as secure:
            assert issuer_of(secure) == "test CA"

    def test_it_leads_where_the_name_leads(self, taught: Taught) -> None:
        """The address that is dialled is the resolver's for the one name that all of the connection has."""
        taught.teach("blog.test")
        world, before = taught.world, taught.world.origin.connections
        with world.tls("child", "blog.test") as secure:
            secure.sendall(f"GET /picture.png HTTP/1.1\r\nHost: blog.test:{world.origin.tls_port}\r\n\r\n".encode())
            assert secure.recv(12) == b"HTTP/1.1 200"
            assert issuer_of(secure) == "origin CA"
        assert world.origin.connections == before + 1

    def test_a_list_that_names_it_ends_it(self, taught: Taught) -> None:
        taught.teach("social.test")
        world = taught.world
        with world.tls("child", "social.test") as passed:
            assert issuer_of(passed) == "origin CA"
            with world.ruled_by(ruling_of(TWO)):
                world.thread.run(_look_at_all(world))
                passed.settimeout(5)
                assert passed.recv(1) == b""
                assert world.get("child", "social.test/picture.png").status_code == 403

    def test_a_websocket_bars_its_host(self, taught: Taught) -> None:
        with taught.world.tls("child", "blog.test") as secure:
            open_websocket(secure, f"blog.test:{taught.world.origin.tls_port}", "/echo")
        taught.teach("blog.test")
        assert taught.visited == []


def test_a_share_of_the_connections_is_opened_again(taught: Taught, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sights, "SHARES", {Why.PARTS_ONLY: 2})
    monkeypatch.setattr(taught.sights, "_seed", b"a seed of this test")
    taught.teach("blog.test")
    seen = [issuer(taught.world, "child", "blog.test") for _ in range(12)]
    assert {"origin CA", "test CA"} == set(seen)
    for _ in range(6):
        taught.world.get("child", "blog.test/page")
    assert issuer(taught.world, "child", "blog.test") == "test CA", "a page was found, so it is not passed any more"


async def _look_at_all(world: World) -> None:
    addon = world.proxy._addon
    assert addon is not None
    spliced = addon.handshakes.spliced
    for key in list(spliced._open):
        spliced.look(key)
