"""Bounds of site files; what they mean is in tests/cases/labels/site-file.yaml."""

from gateway.document.document import UnreadableReason
from gateway.document.url import canonical
from gateway.labels.data import build_label_data
from gateway.labels.from_site_file import LARGEST, MOST_LABELS, read_site_file
from gateway.labels.label import Status
from gateway.shipped import texts

DATA = build_label_data({**texts("scales"), **texts("signs")})
FILE, PAGE = canonical("https://site.test/age-de.xml"), canonical("https://site.test/a")


def test_a_file_over_the_limit_of_the_format_is_refused() -> None:
    reading = read_site_file("<age-declaration>" + " " * LARGEST + "</age-declaration>", FILE, PAGE, DATA)
    assert reading.reason == UnreadableReason.MALFORMED


def test_a_file_with_more_labels_than_anybody_writes_is_refused() -> None:
    reading = read_site_file(
        "<age-declaration>" + "<label/>" * (MOST_LABELS + 1) + "</age-declaration>", FILE, PAGE, DATA
    )
    assert reading.reason == UnreadableReason.MALFORMED


def file_of(encoding: str, age: int) -> str:
    default = f"<ageblock-labeltype><default-age>{age}</default-age></ageblock-labeltype>"
    return f'<?xml version="1.0" encoding="{encoding}"?><age-declaration>{default}</age-declaration>'


def test_bytes_are_read_by_their_own_declaration() -> None:
    assert read_site_file(file_of("utf-16", 16).encode("utf-16"), FILE, PAGE, DATA).min_age == 16


def test_text_is_read_whatever_it_declares() -> None:
    assert read_site_file(file_of("koi8-r", 12), FILE, PAGE, DATA).min_age == 12


def test_a_foreign_scope_is_told_and_not_followed() -> None:
    text = "<age-declaration><label><age>0</age><scope>*.test/*</scope></label></age-declaration>"
    reading = read_site_file(text, FILE, PAGE, DATA)
    assert reading.status is Status.UNLABELLED
    assert "not of this site" in reading.notes[0]
