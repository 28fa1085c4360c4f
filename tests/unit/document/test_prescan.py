"""gateway.document.prescan: hostile shapes; the rules are in tests/cases/document/charset.yaml."""

import pytest

from gateway.document.prescan import declared_in_html, declared_in_xml, known_encoding

# "charset" is there so that the walk over the tags begins.
SHAPES = b"<a |<a a=|<a a='|<a \"|<a //|<!|<!-|<!--|<!-->|</|<?|<|=|<meta |<meta a=b>".split(b"|")


@pytest.mark.timeout(10)
@pytest.mark.parametrize("shape", SHAPES)
def test_hostile_shapes_take_linear_time(shape: bytes) -> None:
    start = shape * (65_536 // len(shape)) + b"charset"
    assert declared_in_html(start) is None
    assert declared_in_xml(b"<?xml encoding" + start) is None


@pytest.mark.parametrize("end", range(len(b"<meta charset='koi8-r'>")))
def test_a_cut_declaration_names_nothing(end: int) -> None:
    assert declared_in_html(b"<meta charset='koi8-r'>"[:end]) is None


def test_an_xml_declaration_counts_when_the_tags_run_out() -> None:
    assert declared_in_html(b"<?xml version='1.0' encoding='koi8-r'?><a b='") == "koi8-r"


@pytest.mark.parametrize(
    "start",
    [
        b"<?xml version='1.0'><a encoding='koi8-r'>",
        b"<?xml encoding 'koi8-r'?>",
        b"<?xml encoding=koi8-r?>",
        b"<?xml encoding='koi8-r?>",
        b"<?xml encoding='koi 8-r'?>",
        b"<?xml encoding=''?>",
        b" <?xml encoding='koi8-r'?>",
        b"<?xml encoding='koi8-r'",
        b"",
    ],
)
def test_a_broken_xml_declaration_names_nothing(start: bytes) -> None:
    assert declared_in_xml(start) is None


def test_utf_16_in_an_xml_declaration_means_utf_8() -> None:
    assert declared_in_xml(b'<?xml version="1.0" encoding = "UTF-16"?>') == "utf-8"


def test_labels_are_trimmed_and_have_no_case() -> None:
    assert known_encoding(" \tUtf8\n") == "utf-8"
    assert known_encoding("") is None
