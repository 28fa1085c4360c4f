"""The tags of a Matroska file: nested, bounded, never past the bytes at hand."""

import pytest

from gateway.labels.ebml_tags import MOST_ELEMENTS, TooManyElements, tags

VOID = b"\xec\x80"


def element(kind: str, content: bytes) -> bytes:
    return bytes.fromhex(kind) + (len(content) | 1 << 28).to_bytes(4) + content


def simple(name: str, value: str, inner: bytes = b"") -> bytes:
    return element("67c8", element("45a3", name.encode()) + element("4487", value.encode()) + inner)


def segment(content: bytes) -> bytes:
    return element("18538067", content)


def test_a_tag_knows_the_tags_that_it_stands_in() -> None:
    nested = simple("COUNTRY", "DE", simple("OTHER", "x", simple("LAW_RATING", "16")))
    found = tags(segment(element("1254c367", element("7373", nested + simple("TITLE", "Film")))))
    assert [(each.name, each.value) for each in found] == [
        ("COUNTRY", "DE"),
        ("OTHER", "x"),
        ("LAW_RATING", "16"),
        ("TITLE", "Film"),
    ]
    assert (found[2].around("COUNTRY"), found[3].around("COUNTRY")) == ("DE", "")


def test_tags_that_nest_without_end_are_read_to_a_depth() -> None:
    nested = b""
    for number in range(200):
        nested = simple(str(number), "x", nested)
    assert 0 < len(tags(segment(element("1254c367", element("7373", nested))))) < 20


def test_a_file_of_nothing_but_elements_is_refused() -> None:
    assert tags(segment(VOID * (MOST_ELEMENTS - 1))) == []
    with pytest.raises(TooManyElements):
        tags(segment(VOID * MOST_ELEMENTS))
