"""A visit ends in time, in size, and where it began."""

import asyncio
import socket
import ssl
import time
from pathlib import Path

import pytest

from gateway.document.document import Unreadable, UnreadableReason
from gateway.document.url import canonical
from gateway.edge.probe.dialling import connector
from gateway.edge.probe.fetching import open_session
from gateway.edge.probe.probe import Probe
from gateway.edge.probe.visiting import Limits, starts, visit
from gateway.edge.reach import AddressRefused, Reach
from gateway.hosts.learn import Visit
from gateway.hosts.record import HostRecord, record_name
from gateway.labels.data import LabelData
from tests.edge.probe.conftest import LABEL_FILE, NOW, RTA, Answer, Clock, OpenProbe, OpenSite, Store, html


def _redirect(to: str, status: int = 302) -> Answer:
    return Answer(b"moved", status, {"Location": to})


async def _drip(writer: asyncio.StreamWriter) -> None:
    for _ in range(1_000):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def _pour(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"<p>x" * 16_384)
        await writer.drain()
        await asyncio.sleep(0.001)  # the visitor lives in the same loop, and drain may never wait


def _nothing_learned(record: HostRecord | None, why: str) -> None:
    assert record is not None
    assert record.reading is None
    assert why in record.source


async def test_slow_drip_ends_at_the_time_limit(open_site: OpenSite, open_probe: OpenProbe) -> None:
    site = await open_site({"/": Answer(html(RTA), stream=_drip)})
    started = time.monotonic()
    record = await open_probe(site, limits=Limits(seconds=0.6)).record("a.example", port=site.port)
    assert time.monotonic() - started < 3
    _nothing_learned(record, "longer than 0.6 seconds")


async def test_slow_label_file_does_not_take_the_others_away(open_site: OpenSite, open_probe: OpenProbe) -> None:
    site = await open_site({"/": Answer(html()), "/age.xml": Answer(b"<", stream=_drip), "/age-de.xml": LABEL_FILE})
    record = await open_probe(site, limits=Limits(seconds=0.6)).record("a.example", port=site.port)
    assert record is not None
    assert record.reading is not None
    assert record.reading.min_age == 12


async def test_endless_page_is_cut_and_its_head_read(open_site: OpenSite, open_probe: OpenProbe) -> None:
    site = await open_site({"/": Answer(html(RTA)[:-14], stream=_pour)})
    record = await open_probe(site).record("a.example", port=site.port)
    assert record is not None
    assert record.reading is not None
    assert record.reading.min_age == 18


async def test_bomb_of_a_front_page_teaches_nothing(open_site: OpenSite, open_probe: OpenProbe) -> None:
    site = await open_site({"/": Answer(html() + b" " * 40_000_000).gzipped()})
    record = await open_probe(site).record("a.example", port=site.port)
    assert record is not None
    assert record.reading is None


async def test_bytes_are_taken_as_they_come_and_undone_within_bounds(open_site: OpenSite, trust: Path) -> None:
    site = await open_site({"/": Answer(html() + b" " * 40_000_000).gzipped()})
    seen = await _visit(trust, f"https://a.example:{site.port}/", ports=[site.port])
    assert isinstance(seen.front, Unreadable)
    assert seen.front.reason in (UnreadableReason.BOMB, UnreadableReason.TOO_LARGE)


async def test_unknown_coding_teaches_nothing_but_headers_count(open_site: OpenSite, open_probe: OpenProbe) -> None:
    headers = {"Content-Type": "text/html", "Content-Encoding": "rot13", "Rating": "RTA-5042-1996-1400-1577-RTA"}
    site = await open_site({"/": Answer(html(), headers=headers)})
    record = await open_probe(site).record("a.example", port=site.port)
    assert record is not None
    assert record.reading is not None
    assert record.reading.min_age == 18


async def test_endless_head_is_refused(open_site: OpenSite, open_probe: OpenProbe) -> None:
    site = await open_site({"/": Answer(html(RTA), headers={"X": "y" * 200_000})})
    record = await open_probe(site).record("a.example", port=site.port)
    assert record is not None
    assert record.reading is None


async def test_redirects_within_the_site_are_followed(open_site: OpenSite, open_probe: OpenProbe) -> None:
    site = await open_site()
    site.answers |= {
        "/": _redirect("/one", 301),
        "/one": _redirect(f"//www.a.example:{site.port}/two", 307),
        "/two": Answer(html(RTA)),
    }
    record = await open_probe(site).record("a.example", port=site.port)
    assert record is not None
    assert record.reading is not None
    assert record.reading.min_age == 18
    assert record.host == f"a.example:{site.port}"
    assert record.source == f"https://www.a.example:{site.port}/two"


async def test_endless_redirects_end(open_site: OpenSite, open_probe: OpenProbe) -> None:
    site = await open_site({"/": _redirect("/")})
    record = await open_probe(site).record("a.example", port=site.port)
    _nothing_learned(record, "more than 4 redirects")
    assert site.hits["/"] == 5


async def test_redirect_to_another_site_is_told_not_followed(open_site: OpenSite, open_probe: OpenProbe) -> None:
    other = await open_site({"/": Answer(html(RTA))}, tls="b.example")
    site = await open_site({"/": _redirect(f"https://b.example:{other.port}/")})
    record = await open_probe(site, other).record("a.example", port=site.port)
    _nothing_learned(record, "redirects to another site, b.example")
    assert not other.hits


@pytest.mark.parametrize(
    "target",
    [
        "ftp://a.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://a.example:22/",
        "https://a.example:1/",
        "https://[",
        "http://169.254.169.254/latest/",
        "http://localhost/",
        "http://2130706433/",
        "\ufffd",
    ],
)
async def test_redirect_elsewhere_is_refused(open_site: OpenSite, open_probe: OpenProbe, target: str) -> None:
    site = await open_site({"/": _redirect(target)})
    record = await open_probe(site).record("a.example", port=site.port)
    assert record is not None
    assert record.reading is None
    assert site.hits["/"] == 1


async def test_redirect_to_a_private_address_of_the_same_site_is_refused(
    open_site: OpenSite, data: LabelData, store: Store, trust: Path, clock: Clock
) -> None:
    inner = await open_site({"/": Answer(html(RTA))})
    site = await open_site()
    site.answers["/"] = _redirect(f"https://www.a.example:{site.port}/")
    fixed = {"a.example": "127.0.0.1", "www.a.example": "127.0.0.2"}
    probe = Probe(
        data, store, trust, reach=Reach(fixed, frozenset({("127.0.0.1", site.port)})), limits=Limits(3), clock=clock
    )
    record = await probe.record("a.example", port=site.port)
    await probe.close()
    _nothing_learned(record, "127.0.0.2 port")
    assert not inner.hits


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "0", "::1", "::ffff:127.0.0.1", "b.example"]
)
async def test_own_machine_is_not_visited(open_site: OpenSite, open_probe: OpenProbe, host: str) -> None:
    site = await open_site(tls=None)
    probe = open_probe(reach=Reach({"b.example": "127.0.0.1"}))
    record = await probe.record(host, port=site.port, scheme="http")
    _nothing_learned(record, "not on the public internet")
    assert not site.hits


async def test_own_name_is_not_visited(open_site: OpenSite, open_probe: OpenProbe) -> None:
    site = await open_site(tls=None)
    record = await open_probe(reach=Reach()).record("localhost", port=site.port, scheme="http")
    assert record is not None
    assert record.reading is None
    assert not site.hits


async def test_named_private_address_is_visited(open_site: OpenSite, open_probe: OpenProbe) -> None:
    site = await open_site({"/": Answer(html(RTA))}, tls=None)
    record = await open_probe(site).record("127.0.0.1", port=site.port, scheme="http")
    assert record is not None
    assert record.reading is not None
    assert record.reading.min_age == 18


async def test_wrong_certificate_is_not_believed(open_site: OpenSite, open_probe: OpenProbe) -> None:
    site = await open_site({"/": Answer(html(RTA))}, tls="other.example")
    record = await open_probe(site).record("a.example", port=site.port)
    _nothing_learned(record, "certificate")
    assert not site.hits


async def _visit(trust: Path, *front_pages: str, ports: list[int]) -> Visit:
    reach = Reach({"a.example": "127.0.0.1"}, frozenset(("127.0.0.1", port) for port in ports))
    context = ssl.create_default_context(cafile=str(trust))
    async with open_session(connector(reach, context, connections=4), connect_seconds=0.5) as session:
        return await visit(session, "a.example", [canonical(page) for page in front_pages], Limits(5), NOW)


async def test_http_is_asked_where_nobody_speaks_https(open_site: OpenSite, trust: Path) -> None:
    site = await open_site({"/": Answer(html(RTA))}, tls=None)
    pages = (f"https://a.example:{site.port}/", f"http://a.example:{site.port}/")
    seen = await _visit(trust, *pages, ports=[site.port])
    assert seen.front is not None
    assert seen.front.url is not None
    assert seen.front.url.href == pages[1]
    assert pages[0] in seen.notes[0]


async def test_http_is_not_asked_behind_a_wrong_certificate(open_site: OpenSite, trust: Path) -> None:
    secure = await open_site({"/": Answer(html(RTA))}, tls="other.example")
    plain = await open_site({"/": Answer(html())}, tls=None)
    pages = (f"https://a.example:{secure.port}/", f"http://a.example:{plain.port}/")
    seen = await _visit(trust, *pages, ports=[secure.port, plain.port])
    assert seen.front is None
    assert not plain.hits


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "fe80::1", "fc00::1", "0.0.0.0"]
)
def test_private_addresses_get_no_socket(address: str) -> None:
    v6 = ":" in address
    info = (
        socket.AF_INET6 if v6 else socket.AF_INET,
        socket.SOCK_STREAM,
        6,
        "",
        (address, 443, 0, 0) if v6 else (address, 443),
    )
    with pytest.raises(AddressRefused):
        Reach().open_socket(info)


def test_zone_of_an_address_is_not_forgotten() -> None:
    with pytest.raises(AddressRefused):
        Reach().open_socket((socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2606:4700::1", 443, 0, 2)))


def test_public_address_gets_a_socket() -> None:
    Reach().open_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("9.9.9.9", 443))).close()


def test_usual_ports_are_one_host_and_others_their_own() -> None:
    assert [url.href for url in starts("a.example", 443, "https")] == ["https://a.example/", "http://a.example/"]
    assert [url.href for url in starts("::1", 8080, "http")] == ["http://[::1]:8080/"]
    assert [url.href for url in starts("a.example", 8443, "wss")] == ["https://a.example:8443/"]
    assert (record_name("a.example", 80), record_name("a.example", 8443)) == ("a.example", "a.example:8443")
    assert record_name("2606:4700::1", 8443) == "[2606:4700::1]:8443"
