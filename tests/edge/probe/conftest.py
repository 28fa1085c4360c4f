"""A site on loopback that answers what a test tells it to, over real sockets and TLS, and counts what it is asked."""

import asyncio
import contextlib
import gzip
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from gateway.edge.authority.certificates import Signer, make_root, pem
from gateway.edge.probe.probe import Probe
from gateway.edge.probe.visiting import Limits
from gateway.edge.reach import Reach
from gateway.hosts.record import HostRecord
from gateway.labels.data import LabelData, build_label_data
from gateway.shipped import texts

NOW = datetime.now(UTC)
RTA = '<meta name="rating" content="RTA-5042-1996-1400-1577-RTA">'

XML = {"Content-Type": "application/xml"}

type Stream = Callable[[asyncio.StreamWriter], Awaitable[None]]


def html(head: str = "", body: str = "<p>salem") -> bytes:
    return f"<!doctype html><html><head><title>t</title>{head}</head><body>{body}</body></html>".encode()


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    stream: Stream | None = None  # in place of the body, without a length

    def gzipped(self) -> "Answer":
        return replace(self, body=gzip.compress(self.body), headers={**self.headers, "Content-Encoding": "gzip"})


# The form of the German definition (facts: labels, section 3): 18 below /over/, 12 everywhere else.
LABEL_FILE = Answer(
    b"""<?xml version="1.0" encoding="UTF-8"?>
<age-declaration>
 <ageblock-basic><age-issuer>a.example</age-issuer><country>de</country><label-version>1.0</label-version></ageblock-basic>
 <ageblock-labeltype><xmlfile>true</xmlfile><default-age>12</default-age><min-age>6</min-age></ageblock-labeltype>
 <ageblock-labeltype-definition><labeltype-xmlfile>
  <label class="over"><age>18</age><scope>*.a.example/over/*</scope></label>
 </labeltype-xmlfile></ageblock-labeltype-definition>
</age-declaration>""",
    headers=XML,
)


@dataclass
class Site:
    """One listening socket. `answers` maps a path to what it gives; everything else is 404."""

    answers: dict[str, Answer] = field(default_factory=dict)
    port: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    asked: list[dict[str, str]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                path = lines[0].split(" ")[1]
                self.hits[path] += 1
                self.asked.append({k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:] if line)})
                answer = self.answers.get(path, Answer(b"<h1>not found</h1>", 404))
                head = [f"HTTP/1.1 {answer.status} X", *(f"{k}: {v}" for k, v in answer.headers.items())]
                length = "Connection: close" if answer.stream else f"Content-Length: {len(answer.body)}"
                writer.write("\r\n".join([*head, length, "", ""]).encode() + answer.body)
                await writer.drain()
                if answer.stream:
                    await answer.stream(writer)
                    break
        writer.close()


@dataclass
class Store:
    """Records in a dictionary; with `broken` it fails as a database can."""

    records: dict[str, HostRecord] = field(default_factory=dict)
    broken: bool = False

    async def load(self, host: str) -> HostRecord | None:
        if self.broken:
            raise OSError("the disk is gone")
        return self.records.get(host)

    async def save(self, record: HostRecord) -> None:
        if self.broken:
            raise OSError("the disk is gone")
        self.records[record.host] = record


class Clock:
    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, time: timedelta) -> None:
        self.moment += time


@pytest.fixture(scope="session")
def data() -> LabelData:
    return build_label_data({**texts("scales"), **texts("signs")})


@pytest.fixture(scope="session")
def ca() -> Signer:
    return make_root("the public CA of this test", "", NOW)


@pytest.fixture(scope="session")
def trust(ca: Signer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("trust") / "trust.pem"
    file.write_bytes(pem(ca.certificate))
    return file


def _server_side(ca: Signer, name: str, folder: Path) -> ssl.SSLContext:
    issuer = ca.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    leaf = (
        x509.CertificateBuilder(
            ca.certificate.subject,
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
            ca.key.public_key(),
            x509.random_serial_number(),
            NOW - timedelta(days=1),
            NOW + timedelta(days=1),
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name), x509.DNSName(f"*.{name}")]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer), critical=False)
        .sign(ca.key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(ca.key_pem() + leaf.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


type OpenSite = Callable[..., Awaitable[Site]]


@pytest.fixture
async def open_site(ca: Signer, tmp_path: Path) -> AsyncIterator[OpenSite]:
    """Opens a Site: `await open_site({"/": Answer(...)}, tls="a.example")`; without `tls` it speaks plain HTTP."""
    async with contextlib.AsyncExitStack() as stack:

        async def open_site(answers: Mapping[str, Answer] | None = None, *, tls: str | None = "a.example") -> Site:
            site = Site(dict(answers or {}))
            context = _server_side(ca, tls, tmp_path) if tls else None
            server = await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=context)
            stack.callback(server.close)
            site.port = server.sockets[0].getsockname()[1]
            return site

        yield open_site


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def clock() -> Clock:
    return Clock()


type OpenProbe = Callable[..., Probe]


@pytest.fixture
async def open_probe(data: LabelData, store: Store, trust: Path, clock: Clock) -> AsyncIterator[OpenProbe]:
    """Makes a Probe that may reach the given sites: `open_probe(site, limits=…)`."""
    async with contextlib.AsyncExitStack() as stack:

        def open_probe(*sites: Site, limits: Limits | None = None, reach: Reach | None = None) -> Probe:
            names = ("a.example", "www.a.example", "b.example")
            reach = reach or Reach(
                dict.fromkeys(names, "127.0.0.1"), frozenset(("127.0.0.1", site.port) for site in sites)
            )
            probe = Probe(data, store, trust, reach=reach, limits=limits or Limits(seconds=5), clock=clock)
            stack.push_async_callback(probe.close)
            return probe

        yield open_probe
