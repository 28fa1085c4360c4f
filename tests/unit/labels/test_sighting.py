"""Bounds of the look for signs; what counts as one is in tests/cases/labels/."""

from selectolax.lexbor import LexborHTMLParser

from gateway.document.document import Headers, UnreadableReason
from gateway.document.read import read_document
from gateway.labels.data import build_label_data
from gateway.labels.most_sightings import MOST_SIGHTINGS
from gateway.labels.read import read_labels
from gateway.labels.sighting import sightings
from gateway.shipped import texts

DATA = build_label_data({**texts("scales"), **texts("signs")})


def reading_of(body: str) -> object:
    headers = Headers([("content-type", "text/html; charset=utf-8")])
    return read_labels(read_document(url="https://site.test/a", status=200, headers=headers, body=body.encode()), DATA)


def test_a_page_with_more_marks_than_anybody_writes_is_not_guessed_at() -> None:
    reading = reading_of("<p>6+</p>" * (MOST_SIGHTINGS + 1))
    assert reading.reason == UnreadableReason.MALFORMED


def test_marks_in_scripts_are_not_counted() -> None:
    reading = reading_of("<script>" + "a=18+b;" * (MOST_SIGHTINGS + 1) + "</script><p>18+</p>")
    assert (reading.reason, reading.min_age) == (None, 18)


def test_a_listing_of_many_items_has_a_part_for_each() -> None:
    items = "".join(f"<li><a href=/{number}>Film {number}</a> <sup>16+</sup></li>" for number in range(300))
    found = sightings(LexborHTMLParser(f"<ul>{items}</ul>"), DATA.signs, ())
    assert len({seen.part.mem_id for seen in found if seen.part is not None}) == 300
