import gzip
import json

import pytest

from gateway.actions.form import LARGEST_FORM, field_names, is_form
from gateway.document.document import Headers


def headers(media_type: str, **more: str) -> Headers:
    return Headers([("Content-Type", media_type), *((name.replace("_", "-"), value) for name, value in more.items())])


FORM = headers("application/x-www-form-urlencoded")
JSON = headers("application/json")
PARTS = headers("multipart/form-data; boundary=b")


FORMS = [
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "application/json",
    "text/plain;charset=UTF-8",
    "application/ld+json",
]


@pytest.mark.parametrize("media_type", FORMS)
def test_what_may_be_a_form(media_type):
    assert is_form(headers(media_type))


@pytest.mark.parametrize("media_type", ["image/png", "application/octet-stream", "text/html", "nonsense"])
def test_what_is_none(media_type):
    assert not is_form(headers(media_type))
    assert field_names(headers(media_type), b"a=b") is None


def test_a_request_without_a_type_has_no_form():
    assert not is_form(Headers([]))
    assert field_names(Headers([]), b"a=b") is None


def test_each_name_is_given_once_and_no_value():
    assert field_names(FORM, b"a=secret&b=&a=other&=x&c") == ("a", "b", "c")
    assert field_names(FORM, "п%D0%B0=1&a+b=2".encode()) == ("\ufffd\ufffdа", "a b")


def test_an_empty_body_has_no_names():
    assert field_names(FORM, b"") == ()
    assert field_names(PARTS, b"") == ()
    assert field_names(JSON, b"") is None


def test_names_in_parts():
    first = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    body = first + b"--b\r\ncontent-disposition: form-data; NAME=c\r\n\r\n2"
    assert field_names(PARTS, body) == ("a", "c")
    assert field_names(PARTS, b'--b\r\nContent-Disposition: form-data; name=""\r\n\r\n1') == ("",)
    assert field_names(PARTS, b'--b\r\nContent-Disposition: form-data; name="cut') == ()


def test_names_in_json_at_every_depth():
    assert set(field_names(JSON, json.dumps([{"a": {"b": [{"c": "v"}]}}]).encode()) or ()) == {"a", "b", "c"}
    assert field_names(JSON, b'"text"') == ()
    assert field_names(JSON, b"\xff\xfe") is None
    assert field_names(JSON, b"[" * 60_000) is None


def test_a_coded_body_is_decoded_within_bounds():
    coded = headers("application/x-www-form-urlencoded", content_encoding="gzip")
    assert field_names(coded, gzip.compress(b"a=1&b=2")) == ("a", "b")
    assert field_names(coded, b"a=1") is None
    assert field_names(coded, gzip.compress(b"a=" + b"1" * 300_000)) is None


def test_a_long_body_is_not_read():
    assert field_names(FORM, b"a=" + b"1" * (LARGEST_FORM - 2)) == ("a",)
    assert field_names(FORM, b"a=" + b"1" * (LARGEST_FORM - 1)) is None


def test_no_more_names_than_a_form_has():
    assert len(field_names(FORM, b"&".join(b"f%d=1" % number for number in range(500))) or ()) == 200
    assert len(field_names(JSON, json.dumps({f"f{number}": 1 for number in range(500)}).encode()) or ()) == 200
    assert field_names(FORM, b"n" * 5_000 + b"=1") == ("n" * 100,)
