"""What the probe learns, remembers, shares and survives."""

import asyncio
from datetime import timedelta

import pytest

from gateway.document.url import canonical
from gateway.edge.probe.visiting import Limits
from gateway.hosts.learn import reading_for
from gateway.hosts.record import Learned
from gateway.labels.data import LabelData
from gateway.labels.label import Scope, Status
from tests.edge.probe.conftest import LABEL_FILE, RTA, XML, Answer, Clock, OpenProbe, OpenSite, Store, html


async def test_front_page_label_speaks_for_the_site(open_site: OpenSite, open_probe: OpenProbe) -> None:
    site = await open_site({"/": Answer(html(RTA))})
    record = await open_probe(site).record("A.Example.", port=site.port)
    assert record is not None
    assert record.host == f"a.example:{site.port}"
    assert record.learned is Learned.VISIT
    assert record.source == f"https://a.example:{site.port}/"
    assert record.reading is not None
    assert [(label.scale, label.min_age, label.scope) for label in record.reading.labels] == [("rta", 18, Scope.SITE)]
    assert record.reading.status is Status.RATED
    assert site.hits == {"/": 1, "/age-de.xml": 1, "/age.xml": 1, "/miracle.xml": 1}


async def test_header_label_is_read(open_site: OpenSite, open_probe: OpenProbe) -> None:
    page = Answer(html(), headers={"Content-Type": "text/html", "Rating": "RTA-5042-1996-1400-1577-RTA"})
    site = await open_site({"/": page.gzipped()})
    record = await open_probe(site).record("a.example", port=site.port)
    assert record is not None
    assert record.reading is not None
    assert record.reading.min_age == 18


async def test_page_without_label_is_known_to_be_unlabelled(open_site: OpenSite, open_probe: OpenProbe) -> None:
    site = await open_site({"/": Answer(html())})
    record = await open_probe(site).record("a.example", port=site.port)
    assert record is not None
    assert record.reading is not None
    assert (record.reading.status, record.reading.labels) == (Status.UNLABELLED, ())


async def test_rating_of_one_article_does_not_speak_for_the_site(open_site: OpenSite, open_probe: OpenProbe) -> None:
    article = '<script type="application/ld+json">{"@type":"Movie","name":"x","contentRating":"18+"}</script>'
    site = await open_site({"/": Answer(html(article))})
    record = await open_probe(site).record("a.example", port=site.port)
    assert record is not None
    assert record.reading is not None
    assert record.reading.min_age is None


async def test_label_file_rates_each_path_by_itself(
    open_site: OpenSite, open_probe: OpenProbe, data: LabelData
) -> None:
    site = await open_site({"/": Answer(html()), "/age-de.xml": LABEL_FILE})
    record = await open_probe(site).record("a.example", port=site.port)
    assert record is not None
    assert record.reading is not None
    assert record.reading.min_age == 12
    assert {label.scope for label in record.reading.labels} == {Scope.SITE}
    for path, age in (("/", 12), ("/over/deep", 18), ("/other", 12)):
        reading = reading_for(record, canonical(f"https://a.example:{site.port}{path}"), data)
        assert reading is not None
        assert reading.min_age == age, path


@pytest.mark.parametrize(
    "answer",
    [
        Answer(html(body="<h1>404</h1>")),
        Answer(b"<?xml version='1.0'?><people><age>18</age></people>", headers=XML),
        Answer(b"<age-declaration>" + b"<x>" * 20_000, headers=XML),
        Answer(
            b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>'
            b"<age-declaration><default-age>&y;18</default-age></age-declaration>",
            headers=XML,
        ),
        Answer(b"<age-declaration>" + b" " * 5_000_000, headers=XML).gzipped(),
        Answer(b"<age-declaration>" + b" " * 60_000, headers=XML),
        Answer(b"\x1f\x8b broken", headers={**XML, "Content-Encoding": "gzip"}),
        Answer(b"", headers=XML),
    ],
    ids=["soft-404", "other-xml", "deep", "entities", "gzip-bomb", "too-long", "damaged", "empty"],
)
async def test_what_is_no_label_file_says_nothing(open_site: OpenSite, open_probe: OpenProbe, answer: Answer) -> None:
    site = await open_site({"/": Answer(html()), "/age.xml": answer})
    record = await open_probe(site).record("a.example", port=site.port)
    assert record is not None
    assert record.site_files == ()
    assert record.reading is not None
    assert record.reading.labels == ()


async def test_visitor_is_named_and_carries_nothing(open_site: OpenSite, open_probe: OpenProbe) -> None:
    page = Answer(html(), headers={"Content-Type": "text/html", "Set-Cookie": "id=1; Path=/"})
    site = await open_site({"/": page})
    await open_probe(site).record("a.example", port=site.port)
    for asked in site.asked:
        assert asked["user-agent"].startswith("Qorgan/")
        assert asked["accept-language"] == "kk,ru,en"
        assert "cookie" not in asked


async def test_many_askers_one_visit(open_site: OpenSite, open_probe: OpenProbe) -> None:
    async def slowly(writer: object) -> None:
        await asyncio.sleep(0.2)

    site = await open_site({"/": Answer(html(RTA), stream=slowly)})
    probe = open_probe(site)
    records = await asyncio.gather(*(probe.record("a.example", port=site.port) for _ in range(50)))
    assert site.hits["/"] == 1
    assert probe.counts["visits"] == 1
    assert len(set(map(id, records))) == 1


async def test_one_who_stops_waiting_does_not_stop_the_visit(open_site: OpenSite, open_probe: OpenProbe) -> None:
    async def slowly(writer: object) -> None:
        await asyncio.sleep(0.3)

    site = await open_site({"/": Answer(html(RTA), stream=slowly)})
    probe = open_probe(site)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(probe.record("a.example", port=site.port), 0.1)
    assert probe.known("a.example", port=site.port) is None
    record = await probe.record("a.example", port=site.port)
    assert record is not None
    assert site.hits["/"] == 1
    assert probe.known("a.example", port=site.port) is record


@pytest.mark.parametrize(
    ("control", "time"),
    [
        (None, timedelta(days=1)),
        ("max-age=7200", timedelta(hours=2)),
        ("public, max-age=5", timedelta(hours=1)),
        ("max-age=99999999", timedelta(days=7)),
        ("no-store", timedelta(days=1)),
    ],
)
async def test_record_is_fresh_as_long_as_the_site_says(
    open_site: OpenSite, open_probe: OpenProbe, clock: Clock, control: str | None, time: timedelta
) -> None:
    headers = {"Content-Type": "text/html", **({"Cache-Control": control} if control else {})}
    site = await open_site({"/": Answer(html(RTA), headers=headers)})
    probe = open_probe(site)
    await probe.record("a.example", port=site.port)
    clock.pass_by(time - timedelta(seconds=1))
    await probe.record("a.example", port=site.port)
    assert site.hits["/"] == 1
    clock.pass_by(timedelta(seconds=2))
    await probe.record("a.example", port=site.port)
    assert site.hits["/"] == 2


async def test_failure_is_remembered_for_ten_minutes(open_site: OpenSite, open_probe: OpenProbe, clock: Clock) -> None:
    site = await open_site({"/": Answer(html(RTA), status=503)})
    probe = open_probe(site)
    record = await probe.record("a.example", port=site.port)
    assert record is not None
    assert record.reading is None
    clock.pass_by(timedelta(minutes=9))
    await probe.record("a.example", port=site.port)
    assert site.hits["/"] == 1
    clock.pass_by(timedelta(minutes=2))
    await probe.record("a.example", port=site.port)
    assert site.hits["/"] == 2
    assert probe.counts["failed"] == 2


async def test_label_outlives_a_failing_visit(open_site: OpenSite, open_probe: OpenProbe, clock: Clock) -> None:
    site = await open_site({"/": Answer(html(RTA))})
    probe = open_probe(site)
    await probe.record("a.example", port=site.port)
    site.answers["/"] = Answer(html(), status=403)
    clock.pass_by(timedelta(days=2))
    record = await probe.record("a.example", port=site.port)
    assert record is not None
    assert record.reading is not None
    assert record.reading.min_age == 18
    assert record.until == clock() + timedelta(minutes=10)


async def test_new_process_starts_from_the_store(
    open_site: OpenSite, open_probe: OpenProbe, store: Store, clock: Clock
) -> None:
    site = await open_site({"/": Answer(html(RTA))})
    first = await open_probe(site).record("a.example", port=site.port)
    assert store.records == {f"a.example:{site.port}": first}
    again = open_probe(site)
    assert await again.record("a.example", port=site.port) == first
    assert site.hits["/"] == 1
    clock.pass_by(timedelta(days=2))
    await open_probe(site).record("a.example", port=site.port)
    assert site.hits["/"] == 2


async def test_broken_store_is_counted_and_does_no_harm(
    open_site: OpenSite, open_probe: OpenProbe, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store.broken = True
    site = await open_site({"/": Answer(html(RTA))})
    probe = open_probe(site)
    record = await probe.record("a.example", port=site.port)
    assert record is not None
    assert record.reading is not None
    assert record.reading.min_age == 18
    assert probe.counts["faults"] == 2
    assert "the disk is gone" in caplog.text


async def test_fault_of_our_own_is_no_record(
    open_site: OpenSite, open_probe: OpenProbe, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("injected")

    monkeypatch.setattr("gateway.edge.probe.probe.learn", fail)
    site = await open_site({"/": Answer(html(RTA))})
    probe = open_probe(site)
    assert await probe.record("a.example", port=site.port) is None
    assert probe.counts["faults"] == 1
    assert "injected" in caplog.text


@pytest.mark.parametrize("host", ["", "a b", "a/b", "a.example:443", "a@b", "x" * 300, "."])
async def test_what_is_no_host_is_not_visited(open_probe: OpenProbe, host: str) -> None:
    probe = open_probe()
    assert await probe.record(host) is None
    assert probe.counts == {"refused": 1}


async def test_too_many_hosts_at_once_are_not_taken_on(
    open_site: OpenSite, open_probe: OpenProbe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.edge.probe.probe._MOST_WAITING", 3)

    async def never(writer: object) -> None:
        await asyncio.sleep(30)

    site = await open_site({"/": Answer(b"", stream=never)})
    probe = open_probe(site, limits=Limits(seconds=0.5))
    hosts = ["a.example", "www.a.example", "b.example", "a.example"]
    other = asyncio.gather(*(probe.record(host, port=site.port) for host in hosts))
    await asyncio.sleep(0)
    assert await probe.record("c.example", port=site.port) is None
    assert all(record is not None and record.reading is None for record in await other)


async def test_closing_lets_nobody_wait(open_site: OpenSite, open_probe: OpenProbe) -> None:
    async def never(writer: object) -> None:
        await asyncio.sleep(30)

    site = await open_site({"/": Answer(b"", stream=never)})
    probe = open_probe(site)
    waiting = asyncio.create_task(probe.record("a.example", port=site.port))
    await asyncio.sleep(0.1)
    await probe.close()
    assert await asyncio.wait_for(waiting, 2) is None
