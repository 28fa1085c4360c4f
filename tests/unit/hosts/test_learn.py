from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from gateway.document.document import Document, Headers, Unreadable
from gateway.document.read import read_document
from gateway.document.url import canonical
from gateway.hosts.learn import FAILED, LONGEST, SHORTEST, USUAL, Visit, learn, reading_for, still_known
from gateway.hosts.record import Front, HostRecord, Learned
from gateway.labels.data import LabelData, build_label_data
from gateway.labels.label import Scope, Status
from gateway.shipped import texts

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RTA = "RTA-5042-1996-1400-1577-RTA"


@pytest.fixture(scope="session")
def data() -> LabelData:
    return build_label_data({**texts("scales"), **texts("signs")})


def page(
    body: str = "<p>salem",
    *,
    head: str = "",
    status: int = 200,
    url: str = "https://a.example/",
    headers: Mapping[str, str] | None = None,
    complete: bool = True,
) -> Document | Unreadable:
    fields = Headers([("Content-Type", "text/html; charset=utf-8"), *(headers or {}).items()])
    text = f"<!doctype html><html><head><title>t</title>{head}</head><body>{body}"
    return read_document(url=url, status=status, headers=fields, body=text.encode(), complete=complete)


def label_file(age: int, default: int, path: str = "/over/", name: str = "age-de.xml") -> Document | Unreadable:
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
    <age-declaration>
      <ageblock-basic><age-issuer>a.example</age-issuer><label-version>1.0</label-version></ageblock-basic>
      <ageblock-labeltype><xmlfile>true</xmlfile><default-age>{default}</default-age></ageblock-labeltype>
      <ageblock-labeltype-definition><labeltype-xmlfile>
        <label class="x"><age>{age}</age><scope>*.a.example{path}*</scope></label>
      </labeltype-xmlfile></ageblock-labeltype-definition>
    </age-declaration>"""
    headers = Headers([("Content-Type", "application/xml")])
    return read_document(url=f"https://a.example/{name}", status=200, headers=headers, body=text.encode())


def learned(data: LabelData, front: Document | Unreadable | None, *files: Document | Unreadable) -> HostRecord:
    return learn(Visit(host="a.example", moment=NOW, front=front, site_files=files), data)


def test_record_says_how_it_was_learned(data: LabelData) -> None:
    record = learned(data, page())
    assert (record.host, record.learned, record.source) == ("a.example", Learned.VISIT, "https://a.example/")
    assert (record.kind, record.topics, record.exempt) == (None, frozenset(), None)


@pytest.mark.parametrize(
    ("head", "headers", "age"),
    [
        (f'<meta name="RATING" content="{RTA}">', {}, 18),
        ('<meta name="rating" content="adult">', {}, 18),
        ("", {"Rating": RTA}, 18),
        ('<meta name="age-de-meta-label" content="age=16 hash: x v=1.0 kind=sl protocol=all">', {}, 16),
    ],
    ids=["rta-meta", "rating-meta", "rta-header", "german-meta"],
)
def test_site_carriers_of_the_front_page_speak_for_the_site(
    data: LabelData, head: str, headers: dict[str, str], age: int
) -> None:
    reading = learned(data, page(head=head, headers=headers)).reading
    assert reading is not None
    assert reading.status is Status.RATED
    assert reading.min_age == age
    assert {label.scope for label in reading.labels} == {Scope.SITE}


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"@type":"Movie","name":"x","contentRating":"18+"}</script>',
        '<meta itemprop="contentRating" content="18+">',
    ],
    ids=["json-ld", "microdata"],
)
def test_what_describes_one_item_does_not(data: LabelData, head: str) -> None:
    reading = learned(data, page(head=head)).reading
    assert reading is not None
    assert (reading.status, reading.labels) == (Status.UNLABELLED, ())


@pytest.mark.parametrize("url", ["https://a.example/", "https://a.example/kk/", "https://www.a.example/home?x=1"])
def test_sign_in_the_frame_of_the_front_page_is_the_sites(data: LabelData, url: str) -> None:
    front = page('<main><p>жаңалық</p></main><footer><span class="age">12+</span></footer>', url=url)
    reading = learned(data, front).reading
    assert reading is not None
    assert reading.min_age == 12
    assert {label.scope for label in reading.labels} == {Scope.SITE}


@pytest.mark.parametrize("status", [204, 301, 401, 403, 404, 429, 500, 503])
def test_error_page_says_nothing_of_the_site(data: LabelData, status: int) -> None:
    assert learned(data, page(status=status, head=f'<meta name="rating" content="{RTA}">')).reading is None


def test_unreadable_page_says_nothing_but_its_headers_do(data: LabelData) -> None:
    unreadable = page(headers={"Content-Encoding": "rot13"})
    assert isinstance(unreadable, Unreadable)
    assert learned(data, unreadable).reading is None
    reading = learned(data, page(headers={"Content-Encoding": "rot13", "Rating": RTA})).reading
    assert reading is not None
    assert (reading.status, reading.min_age) == (Status.RATED, 18)


def test_label_file_speaks_for_the_front_page_and_for_each_path(data: LabelData) -> None:
    record = learned(data, page(), label_file(18, 6))
    assert [file.url for file in record.site_files] == ["https://a.example/age-de.xml"]
    assert record.reading is not None
    assert record.reading.min_age == 6
    over = reading_for(record, canonical("https://a.example/over/x?y=1"), data)
    other = reading_for(record, canonical("https://a.example/other"), data)
    assert over is not None
    assert other is not None
    assert (over.min_age, other.min_age) == (18, 6)
    assert {label.scope for label in (*over.labels, *other.labels)} == {Scope.SITE}


def test_label_of_the_front_page_holds_beside_a_milder_file(data: LabelData) -> None:
    record = learned(data, page(head=f'<meta name="rating" content="{RTA}">'), label_file(12, 0))
    deep = reading_for(record, canonical("https://a.example/deep"), data)
    assert deep is not None
    assert deep.min_age == 18


def test_two_files_are_both_asked(data: LabelData) -> None:
    record = learned(data, page(), label_file(16, 0, "/a/"), label_file(18, 0, "/b/", "age.xml"))
    assert len(record.site_files) == 2
    for path, age in (("/a/", 16), ("/b/", 18), ("/c/", 0)):
        reading = reading_for(record, canonical(f"https://a.example{path}"), data)
        assert reading is not None
        assert reading.min_age == age


def test_without_files_the_record_itself_answers(data: LabelData) -> None:
    for front in (page(), page(head=f'<meta name="rating" content="{RTA}">'), None):
        record = learned(data, front)
        assert reading_for(record, canonical("https://a.example/x"), data) is record.reading


def test_page_that_is_no_label_file_is_not_kept(data: LabelData) -> None:
    not_found = page("<h1>not found</h1>", url="https://a.example/age.xml")
    assert learned(data, page(), not_found).site_files == ()


def test_label_file_beside_an_error_page_still_counts(data: LabelData) -> None:
    reading = learned(data, page(status=404), label_file(18, 12)).reading
    assert reading is not None
    assert reading.min_age == 12


@pytest.mark.parametrize(
    ("front", "time"),
    [
        (page(), USUAL),
        (page(headers={"Cache-Control": "private, Max-Age=10800"}), timedelta(hours=3)),
        (page(headers={"Cache-Control": 'max-age="7200"'}), timedelta(hours=2)),
        (page(headers={"Cache-Control": "max-age=0, must-revalidate"}), SHORTEST),
        (page(headers={"Cache-Control": "max-age=9999999999"}), LONGEST),
        (page(headers={"Cache-Control": "max-age=99999999999999"}), LONGEST),
        (page(headers={"Cache-Control": "s-maxage=60"}), USUAL),
        (page(headers={"Cache-Control": "max-age=-1"}), USUAL),
        (page(url="http://a.example/", headers={"Cache-Control": "max-age=99999"}), SHORTEST),
        (page(headers={"Content-Encoding": "rot13", "Cache-Control": "max-age=99999"}), SHORTEST),
        (page(status=404, headers={"Cache-Control": "max-age=99999"}), SHORTEST),
        (page(status=403), SHORTEST),
        (page(status=429), FAILED),
        (page(status=503), FAILED),
        (None, FAILED),
    ],
)
def test_how_long_it_is_known(data: LabelData, front: Document | Unreadable | None, time: timedelta) -> None:
    assert learned(data, front).until == NOW + time


def test_host_that_leads_elsewhere_is_not_asked_again_soon(data: LabelData) -> None:
    why = "https://a.example/ redirects to another site, b.example"
    record = learn(Visit(host="a.example", moment=NOW, left=True, notes=(why,)), data)
    assert (record.reading, record.until, record.source) == (None, NOW + USUAL, why)


def test_older_label_is_kept_while_the_host_is_silent(data: LabelData) -> None:
    known = learned(data, page(head=f'<meta name="rating" content="{RTA}">'))
    kept = still_known(known, NOW + timedelta(days=3))
    assert kept.reading == known.reading
    assert kept.until == NOW + timedelta(days=3) + FAILED


@pytest.mark.parametrize(
    ("front", "found"),
    [
        (page(), Front.PAGE),
        (page(status=404), Front.NOTHING),
        (page(status=410), Front.NOTHING),
        (page(status=403), None),  # a wall, perhaps, that people pass
        (page(status=403, headers={"Content-Type": "application/xml"}), Front.NOTHING),
        (page(status=503), None),
        (page(status=429), None),
        (page(url="http://a.example/"), None),  # anybody on the way may have written it
        (page(url="http://a.example/", status=404), None),
        (page(headers={"Content-Encoding": "rot13"}), None),
        (page(headers={"Content-Type": "image/png", "X-Content-Type-Options": "nosniff"}), Front.NOTHING),
        (None, None),
    ],
)
def test_whether_there_is_a_front_page(
    data: LabelData, front: Document | Unreadable | None, found: Front | None
) -> None:
    assert learned(data, front).front is found


def test_a_host_that_leads_elsewhere_may_have_pages(data: LabelData) -> None:
    assert learn(Visit(host="a.example", moment=NOW, left=True), data).front is None
