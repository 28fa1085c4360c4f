"""Selective sight on real connections: what is learned is passed with the site's own certificate, until it ends."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from gateway.decision.splice import Why
from gateway.document.url import canonical
from gateway.edge import sights
from gateway.edge.keeper.kept import Nowhere
from gateway.edge.keeper.learning import Learning
from gateway.edge.sights import Sights
from gateway.hosts.record import Front, HostRecord, Learned
from gateway.hosts.traffic import ENOUGH_PARTS, Served
from gateway.store.masking import KEEPING
from tests.edge.mitm.origin import CANARY, Page
from tests.edge.mitm.websocket import open_websocket
from tests.edge.mitm.world import POLICY, World, ruling_of

PNG = b"\x89PNG\r\n\x1a\n" + b"p" * 100
TWO = POLICY + "  - {host: social.test, topics: [gambling], source: test}\n"


@dataclass
class Taught:
    """A world with a keeper's learning behind it; the hour and what the gateway's visits find are the test's."""

    world: World
    now: datetime = datetime(2026, 11, 22, 9, tzinfo=UTC)
    fronts: dict[str, Front | None] = field(default_factory=dict)
    visited: list[str] = field(default_factory=list)
    opened: list[list[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sights = Sights(KEEPING["home"], seed=b"no connection is sampled", clock=lambda: self.now)
        self.learning = Learning(Nowhere("no database"), Nowhere("no database"), self.visit, lambda: self.now, days=7)
        self.learning.on_change = lambda told: self.world.thread.call(lambda: self.hold(told))

    def hold(self, told: Any) -> None:
        from gateway.edge.link.values import unpack_learned, unpack_pinned

        learned, pinned = unpack_learned(told["learned"]), unpack_pinned(told["pinned"])
        self.sights.hold(learned, pinned, told["gone"], told["unpinned"])

    async def visit(self, host: str, _port: int) -> HostRecord:
        self.visited.append(host)
        front = self.fronts.get(host, Front.NOTHING)
        return HostRecord(host=host, learned=Learned.VISIT, until=self.now + timedelta(days=1), front=front)

    def tell(self) -> None:
        """What the worker saw goes to the keeper, and what follows comes back."""

        async def tell() -> None:
            told = self.sights.take()
            if told is not None:
                self.opened += told["opened"]
                self.learning.take(told)
            for _ in range(5):
                await asyncio.sleep(0)

        self.world.thread.run(tell())

    def saw_page(self, host: str, *, tell: bool = True) -> None:
        """A page came from the host, to a client at another address."""
        url = canonical(self.world.url(f"{host}/page"))

        async def saw() -> None:
            self.sights.saw("anybody", url, Served.PAGE)

        self.world.thread.run(saw())
        if tell:
            self.tell()

    def teach(self, host: str, path: str = "/picture.png", **headers: str) -> None:
        """Two people ask for a picture, often enough and for long enough."""
        for listener in ("child", "teen"):
            with self.world.client(listener) as client:
                for _ in range(ENOUGH_PARTS // 2 + 1):
                    assert client.get(self.world.url(host + path), headers=headers).status_code == 200
            self.tell()
            self.now += timedelta(hours=1)


@pytest.fixture
def taught(world: World) -> Iterator[Taught]:
    made, before = Taught(world), world.gate.sights
    for host in ("blog.test", "chat.test", "social.test"):
        world.origin.pages[host, "/picture.png"] = Page(PNG, {"Content-Type": "image/png"})
        world.origin.pages[host, "/page"] = Page(b"<!doctype html><title>x</title>" + CANARY)
    world.gate.sights = made.sights
    yield made
    world.gate.sights = before
    world.thread.run(made.learning.close())


def issuer_of(secure: ssl.SSLSocket) -> str:
    certificate = x509.load_der_x509_certificate(secure.getpeercert(binary_form=True) or b"")
    return str(certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def issuer(world: World, listener: str, host: str, sni: str | None = None) -> str:
    with world.tls(listener, host, sni=sni) as secure:
        return issuer_of(secure)


def whys(taught: Taught, host: str) -> set[str]:
    taught.tell()
    return {why for _, named, _, why, _ in taught.opened if named == host}


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


# -- clients that do not take our certificate --------------------------------------------------------------------------


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
