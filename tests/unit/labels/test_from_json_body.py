"""The reader of JSON bodies where a case cannot say it: many labels, types without text, what is not even parsed."""

import json

import pytest

from gateway.document.document import Document, Headers
from gateway.document.read import read_document
from gateway.labels.data import FOLDERS, LabelData, build_label_data
from gateway.labels.from_json_body import JsonBodyReader
from gateway.labels.label import Reading, Scope, Status
from gateway.labels.page import Page
from gateway.labels.read import read_labels
from gateway.shipped import texts


@pytest.fixture(scope="module")
def data() -> LabelData:
    return build_label_data({path: text for folder in FOLDERS for path, text in texts(folder).items()})


def document_of(body: bytes, essence: str = "application/json", *, complete: bool = True) -> Document:
    headers = Headers([("Content-Type", essence)])
    read = read_document(url="https://site.test/api", status=200, headers=headers, body=body, complete=complete)
    assert isinstance(read, Document)
    return read


def reading_of(value: object, data: LabelData) -> Reading:
    return read_labels(document_of(json.dumps(value).encode()), data)


def test_the_strictest_of_very_many_items_is_the_page_s(data: LabelData) -> None:
    reading = reading_of([{"n": n, "ageRating": "18+" if n == 1_999 else "6+"} for n in range(2_000)], data)
    assert reading.status is Status.RATED
    assert reading.min_age == 18
    assert [label.min_age for label in reading.labels if label.scope is Scope.PAGE] == [18]


def test_what_a_page_says_of_many_things_it_says_once(data: LabelData) -> None:
    reading = reading_of({"byId": {str(n): {"ageRating": "12+", "nsfw": n == 7} for n in range(3_000)}}, data)
    assert sorted(label.mark for label in reading.labels) == ["12+", "adult"]
    assert all(label.scope is Scope.PAGE for label in reading.labels)


def test_a_body_that_names_nothing_is_not_parsed(data: LabelData) -> None:
    assert JsonBodyReader().reach(Page(document_of(b"[" * 1_000), data)) is None


def test_a_body_cut_short_behind_a_name_is_unreadable(data: LabelData) -> None:
    reading = read_labels(document_of(b'{"ageRating": "6+", "x": [', complete=False), data)
    assert reading.status is Status.UNREADABLE
    assert reading.reason == "malformed"


def test_what_stands_before_the_fault_is_still_read(data: LabelData) -> None:
    value = {"ageRating": "18+", "x": {}}
    deep: dict[str, object] = value
    for _ in range(200):
        inner: dict[str, object] = {"x": 1}
        deep["x"] = inner
        deep = inner
    reading = reading_of(value, data)
    assert reading.status is Status.UNREADABLE
    assert reading.min_age == 18


@pytest.mark.parametrize("essence", ["application/x-ndjson", "application/jsonl", "application/json-seq"])
def test_lines_are_read_from_their_bytes(essence: str, data: LabelData) -> None:
    body = '\x1e{"название": "Фильм", "ageRating": "18+"}\n'.encode()
    [label] = read_labels(document_of(body, essence), data).labels
    assert (label.min_age, label.place) == (18, "/ageRating")


@pytest.mark.parametrize("charset", ["utf-8", "utf-16le", "windows-1251"])
def test_a_charset_makes_no_difference(charset: str, data: LabelData) -> None:
    body = '{"название": "Фильм", "ageRating": "18+"}'.encode(charset)
    reading = read_labels(document_of(body, f"application/json; charset={charset}"), data)
    assert reading.min_age == 18


def test_without_vocabulary_only_schema_org_is_read() -> None:
    data = build_label_data({**texts("scales"), **texts("signs")})
    assert not reading_of({"ageRating": "18+"}, data).labels
    assert reading_of({"contentRating": "18+"}, data).min_age == 18
