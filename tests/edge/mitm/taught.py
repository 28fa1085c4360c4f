"""A world that has been taught: what was seen of hosts goes to a keeper's learning and comes back to it."""

import asyncio
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID

from gateway.document.url import canonical
from gateway.edge.keeper.kept import Nowhere
from gateway.edge.keeper.learning import Learning
from gateway.edge.sights import Sights
from gateway.hosts.record import Front, HostRecord, Learned
from gateway.hosts.traffic import ENOUGH_PARTS, Served
from gateway.store.masking import KEEPING
from tests.edge.mitm.world import POLICY, World

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


def issuer_of(secure: ssl.SSLSocket) -> str:
    certificate = x509.load_der_x509_certificate(secure.getpeercert(binary_form=True) or b"")
    return str(certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def issuer(world: World, listener: str, host: str, sni: str | None = None) -> str:
    with world.tls(listener, host, sni=sni) as secure:
        return issuer_of(secure)


def whys(taught: Taught, host: str) -> set[str]:
    taught.tell()
    return {why for _, named, _, why, _ in taught.opened if named == host}
