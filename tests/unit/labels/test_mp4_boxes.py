"""Boxes one after the other and inside each other, never past the bytes at hand."""

import struct

import pytest

from gateway.labels.mp4_boxes import MOST_BOXES, TooManyBoxes, boxes


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def test_boxes_come_in_the_order_of_the_file_with_their_paths() -> None:
    data = box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd") + box(b"udta", box(b"name", b"x"))) + box(b"mdat", b"abc")
    found = [(each.path, data[each.begin : each.end]) for each in boxes(data, frozenset({"moov", "moov/udta"}))]
    assert [path for path, _ in found] == ["ftyp", "moov", "moov/mvhd", "moov/udta", "moov/udta/name", "mdat"]
    assert found[4][1] == b"x"


def test_a_box_that_goes_on_elsewhere_is_cut() -> None:
    inner = struct.pack(">I4s", 100, b"name") + b"x"
    data = box(b"moov", inner) + box(b"free")
    assert [(each.path, each.is_cut) for each in boxes(data, frozenset({"moov"}))] == [
        ("moov", False),
        ("moov/name", True),
        ("free", False),
    ]


def test_a_file_of_nothing_but_boxes_is_refused() -> None:
    assert len(list(boxes(box(b"free") * MOST_BOXES, frozenset()))) == MOST_BOXES
    with pytest.raises(TooManyBoxes):
        list(boxes(box(b"free") * (MOST_BOXES + 1), frozenset()))
