"""Everything a test of the proxy needs: a raw origin, a real gate and a real proxy, each on loopback."""

import asyncio
import contextlib
import os
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from gateway.actions.build import build_recipes
from gateway.decision.question import Question
from gateway.decision.verdict import Verdict
from gateway.edge.gate import Gate
from gateway.edge.inquiry import Patience, Ruling
from gateway.edge.mitm.embed import Proxy
from gateway.edge.mitm.settings import Limits, Listener, ProxySettings
from gateway.enforce.services import build_services
from gateway.hosts.carriers import build_carriers
from gateway.hosts.lists import build_index
from gateway.labels.data import build_label_data
from gateway.policy.compile import compile_policy
from gateway.shipped import texts
from tests.edge.mitm.certificates import make_ca, make_origin_certificate
from tests.edge.mitm.origin import CANARY, RTA, Origin, Page

HOSTS = ("kids.test", "adult.test", "blog.test", "bank.test", "parts.test", "social.test", "chat.test")
POLICY = """
extends: home
zone: Asia/Almaty
default: nobody
people:
  dana: {age: adult, listeners: [adult]}
  daniyar: {age: 15, listeners: [teen]}
  aigerim: {age: 8, listeners: [child]}
  pupil: {age: 9, logins: [pupil]}
hosts:
  - {host: bank.test, kind: private, source: test}
"""


def ruling_of(
    policy: str = POLICY, services: dict[str, str] | None = None, carriers: dict[str, str] | None = None
) -> Ruling:
    compiled = compile_policy({"policy.yaml": policy}, texts("presets"), texts("law"), date(2026, 11, 22))
    labels = build_label_data({**texts("scales"), **texts("signs")})
    hosts = build_index(texts("hosts"), compiled.hosts)
    return Ruling(
        policy=compiled,
        labels=labels,
        hosts=hosts,
        actions=build_recipes(texts("actions")),
        services=build_services({**texts("safe"), **(services or {})}),
        carriers=build_carriers({**texts("carriers"), **(carriers or {})}),
    )


class Http2Only(ssl.SSLContext):
    """httpx offers HTTP/1.1 first and takes HTTP/2 for granted; browsers offer HTTP/2 first."""

    def set_alpn_protocols(self, alpn_protocols: list[str]) -> None:
        super().set_alpn_protocols(["h2"])


class Thread:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def call(self, work: Callable[[], Any]) -> None:
        self.loop.call_soon_threadsafe(work)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()


@dataclass
class World:
    origin: Origin
    gate: Gate
    proxy: Proxy
    folder: Path
    thread: Thread
    written: list[tuple[Verdict, Question | None]] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)  # the points at which a fault is injected
    trouble: str | None = None

    @contextlib.contextmanager
    def untouched(self) -> Iterator[None]:
        """For one test: nothing was asked or written yet, and pages that it adds are gone after it."""
        self.origin.asked.clear()
        self.written.clear()
        pages = dict(self.origin.pages)
        try:
            yield
        finally:
            self.origin.pages = pages

    def client(
        self, listener: str, *, http2: bool = False, login: str | None = None, long_way: bool = False
    ) -> httpx.Client:
        """`long_way`: with a CONNECT that is not as browsers send it (gateway.edge.mitm.plain_connect)."""
        host, port = self.proxy.addresses()[listener]
        secret = f"{login}@" if login else ""
        odd = {"x-odd": "1"} if long_way else None
        return httpx.Client(
            proxy=httpx.Proxy(f"http://{secret}{host}:{port}", headers=odd),
            verify=self.trust(http2=http2),
            http2=http2,
            http1=not http2,
            timeout=20,
            trust_env=False,
        )

    def trust(self, *, http2: bool) -> ssl.SSLContext:
        """Trusts the gateway's CA and the origin's."""
        context = (Http2Only if http2 else ssl.SSLContext)(ssl.PROTOCOL_TLS_CLIENT)
        for name in ("mitmproxy-ca.pem", "origin-ca.pem"):
            context.load_verify_locations(self.folder / name)
        return context

    def get(self, listener: str, url: str, *, http2: bool = False, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with self.client(listener, http2=http2) as client:
            return client.get(self.url(url), headers=named)

    def url(self, text: str) -> str:
        """ "kids.test/x" → the address on the origin's port; "http://…" on its plain one."""
        if text.startswith("http://"):
            host, slash, path = text.removeprefix("http://").partition("/")
            return f"http://{host}:{self.origin.plain_port}{slash}{path}"
        host, slash, path = text.partition("/")
        return f"https://{host}:{self.origin.tls_port}{slash}{path}"

    @contextlib.contextmanager
    def tunnel(
        self, listener: str, host: str, *, port: int | None = None, long_way: bool = False
    ) -> Iterator[socket.socket]:
        """A raw connection after CONNECT; `long_way` as in `client`."""
        with self.raw(listener) as raw:
            target, odd = f"{host}:{port or self.origin.tls_port}", "X-Odd: 1\r\n" if long_way else ""
            raw.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{odd}\r\n".encode())
            head = raw.recv(4096)
            assert head.startswith(b"HTTP/1.1 200"), head[:200]
            yield raw

    @contextlib.contextmanager
    def tls(
        self, listener: str, host: str, *, sni: str | None = None, alpn: list[str] | None = None
    ) -> Iterator[ssl.SSLSocket]:
        """TLS inside a tunnel; nothing of the certificate is checked, so that lies can be told."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if alpn:
            context.set_alpn_protocols(alpn)
        with self.tunnel(listener, host) as raw, context.wrap_socket(raw, server_hostname=sni or host) as secure:
            yield secure

    @contextlib.contextmanager
    def raw(self, listener: str) -> Iterator[socket.socket]:
        with socket.create_connection(self.proxy.addresses()[listener], timeout=15) as raw:
            yield raw

    @contextlib.contextmanager
    def fault_at(self, *points: str) -> Iterator[None]:
        self.struck[:] = points
        try:
            yield
        finally:
            self.struck.clear()

    @contextlib.contextmanager
    def ruled_by(self, ruling: Ruling | None) -> Iterator[None]:
        before = self.gate.ruling
        self.gate.swap(ruling)
        try:
            yield
        finally:
            self.gate.swap(before)


def everything(raw: socket.socket) -> bytes:
    """All that comes until the peer closes, or is silent: two seconds at first, a quarter once something came."""
    raw.settimeout(2.0)
    received = b""
    with contextlib.suppress(OSError, ssl.SSLError):
        while data := raw.recv(65_536):
            received += data
            raw.settimeout(0.25)
    return received


def pages() -> dict[tuple[str, str], Page]:
    rated = b"<!doctype html><html><head><meta name=rating content=" + RTA + b"></head><body>" + CANARY
    return {
        ("kids.test", "/"): Page(b"<!doctype html><title>kids</title><p>Welcome"),
        ("adult.test", "/"): Page(rated),
        ("adult.test", "/header"): Page(CANARY, {"Content-Type": "text/html", "Rating": RTA.decode()}),
        ("adult.test", "/picture"): Page(CANARY, {"Content-Type": "image/png", "Rating": RTA.decode()}),
        ("adult.test", "/big"): Page(rated + b"x" * 300_000),
        ("adult.test", "/untyped"): Page(rated, {}),
        ("adult.test", "/rot13"): Page(rated, {"Content-Type": "text/html", "Content-Encoding": "rot13"}),
        ("adult.test", "/charset"): Page(rated, {"Content-Type": "text/html; charset=rot13"}),
        ("kids.test", "/picture.png"): Page(b"\x89PNG\r\n\x1a\n" + b"p" * 200_000, {"Content-Type": "image/png"}),
        ("blog.test", "/deep"): Page(b"<!doctype html><title>deep</title><p>deep"),
        ("parts.test", "/"): Page(
            b"<!doctype html><html lang=en><head><title>Tonight</title></head><body><h1>Tonight</h1>"
            b"<article id=a><h2>A fairy tale <span class=age>6+</span></h2><p>For all.</p></article>"
            b"<article id=b><h2>A late show <span class=age>18+</span></h2><p>"
            + CANARY
            + b"</p></article></body></html>"
        ),
        ("kids.test", "/away"): Page(b"moved", {"Content-Type": "text/html", "Location": "/"}, 302),
    }


@contextlib.contextmanager
def make_world(folder: Path, limits: Limits | None = None) -> Iterator[World]:
    thread = Thread()
    os.chmod(folder, 0o700)
    make_ca(folder / "mitmproxy-ca.pem", with_key=True)
    origin_ca, leaf = make_origin_certificate(folder, HOSTS)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(leaf)
    context.set_alpn_protocols(["h2", "http/1.1"])
    origin = Origin(pages())
    thread.run(origin.start(context))
    written: list[tuple[Verdict, Question | None]] = []
    struck: list[str] = []
    world: World

    def before(point: str) -> None:
        if point in struck:
            raise RuntimeError(f"injected at {point}")

    async def verify(login: str, password: str, _address: str) -> bool:
        return (login, password) == ("pupil", "secret")

    gate = Gate(
        ruling_of(),
        record=lambda verdict, question: written.append((verdict, question)),
        before=before,
        trouble=lambda: world.trouble,
        patience=Patience(inline_bytes=64 * 1024),
    )
    settings = ProxySettings(
        listeners=tuple(
            Listener(name=name, login=name == "login") for name in ("adult", "teen", "child", "stray", "login")
        ),
        confdir=folder,
        connect_ports=frozenset({80, 443, origin.tls_port, origin.plain_port}),
        # 127.0.0.2 is another machine of the same sites (`elsewhere.test`); to 127.0.0.3 nobody may connect.
        allow_private=frozenset(
            (address, port) for address in ("127.0.0.1", "127.0.0.2") for port in (origin.tls_port, origin.plain_port)
        ),
        fixed_hosts=dict.fromkeys((*HOSTS, "wrong.test"), "127.0.0.1")
        | {"elsewhere.test": "127.0.0.2", "private.test": "127.0.0.3"},
        upstream_ca=origin_ca,
        limits=limits or Limits(hold_seconds=1.5, hold_bytes=1024 * 1024, connect_seconds=5),
    )
    proxy = Proxy(settings, gate, verify=verify)
    thread.run(proxy.start())
    world = World(origin, gate, proxy, folder, thread, written, struck)
    try:
        yield world
    finally:
        thread.run(proxy.drain(0))
        gate.close()
        thread.call(origin.stop)
        thread.stop()
