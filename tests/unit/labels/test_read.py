"""What holds of every reader: one that fails is a note and never less, and the tree is parsed once at most."""

from collections.abc import Iterator

import pytest

from gateway.document.document import Headers, Unreadable, UnreadableReason
from gateway.document.read import read_document
from gateway.document.url import canonical
from gateway.labels import page as page_module
from gateway.labels.data import build_label_data
from gateway.labels.from_headers import HeaderReader
from gateway.labels.label import Label, Scope, Status, Trust
from gateway.labels.page import Page
from gateway.labels.read import MOST_LABELS, MOST_NOTES, read_labels, read_with
from gateway.labels.reader import EVERYTHING, Blocked, Flag, Found, Note
from gateway.shipped import texts

DATA = build_label_data({**texts("scales"), **texts("signs")})


def label(age: int, trust: Trust = Trust.B) -> Label:
    return Label(
        scale="age", mark=f"{age}+", min_age=age, scope=Scope.PAGE, trust=trust, carrier="x", raw="x", place="x"
    )


class Says:
    """A reader that finds what it is told to."""

    name = "says"

    def __init__(self, *found: Found, reach: int | None = 0) -> None:
        self._found, self._reach = found, reach

    def reach(self, page: Page) -> int | None:
        return self._reach

    def find(self, page: Page) -> Iterator[Found]:
        yield from self._found


class FailsToFind(Says):
    name = "broken"

    def find(self, page: Page) -> Iterator[Found]:
        yield label(6)
        raise RuntimeError("on the way")


class FailsToReach(Says):
    name = "blind"

    def reach(self, page: Page) -> int | None:
        raise LookupError("at once")


def document(body: str = "<p>x", **headers: str) -> object:
    pairs = [("content-type", "text/html; charset=utf-8"), *headers.items()]
    return read_document(url="https://site.test/a", status=200, headers=Headers(pairs), body=body.encode())


def test_a_reader_that_fails_keeps_what_was_found_and_makes_the_reading_unreadable() -> None:
    reading = read_with((Says(label(12)), FailsToFind(), Says(label(16))), document(), DATA)
    assert reading.status is Status.UNREADABLE
    assert reading.reason == UnreadableReason.FAULT
    assert [each.min_age for each in reading.labels] == [12, 6, 16]
    assert any("broken" in note and "RuntimeError" in note for note in reading.notes)


def test_a_reader_that_fails_to_look_makes_the_reading_unreadable() -> None:
    reading = read_with((FailsToReach(), Says(label(16))), document(), DATA)
    assert (reading.status, reading.reason, reading.min_age) == (Status.UNREADABLE, UnreadableReason.FAULT, 16)


def test_a_structure_that_must_not_be_guessed_at_makes_the_reading_unreadable() -> None:
    blocked = Blocked(UnreadableReason.MALFORMED, "too deep")
    reading = read_with((Says(label(6), blocked),), document(), DATA)
    assert (reading.status, reading.reason) == (Status.UNREADABLE, UnreadableReason.MALFORMED)
    assert reading.notes == ("too deep",)


def test_a_hint_alone_rates_nothing() -> None:
    reading = read_with((Says(label(18, Trust.D)),), document(), DATA)
    assert (reading.status, reading.min_age, len(reading.labels)) == (Status.UNLABELLED, None, 1)


def test_flags_are_told_once_and_notes_are_bounded() -> None:
    notes = [Note(f"note {number}") for number in range(MOST_NOTES + 5)]
    reading = read_with((Says(Flag("sign-form"), Flag("sign-form"), *notes),), document(), DATA)
    assert reading.flags == ("sign-form",)
    assert len(reading.notes) == MOST_NOTES


def test_so_are_the_reasons_why_it_cannot_be_read_but_there_is_room_for_them() -> None:
    notes = [Note(f"note {number}") for number in range(MOST_NOTES)]
    reasons = [Blocked(UnreadableReason.MALFORMED, f"script {number} is broken") for number in range(10 * MOST_NOTES)]
    reading = read_with((Says(*notes, *reasons),), document(), DATA)
    assert reading.reason is UnreadableReason.MALFORMED
    assert len(reading.notes) == 2 * MOST_NOTES
    assert "script 0 is broken" in reading.notes


def test_more_labels_than_the_cap_are_not_passed_over_in_silence() -> None:
    reading = read_with((Says(*[label(6)] * MOST_LABELS, label(18)),), document(), DATA)
    assert (reading.status, reading.reason) == (Status.UNREADABLE, UnreadableReason.MALFORMED)


def test_a_reader_without_anything_to_read_is_not_asked() -> None:
    assert read_with((FailsToFind(reach=None),), document(), DATA).status is Status.UNLABELLED


def test_an_unreadable_response_is_read_by_its_headers() -> None:
    response = Unreadable(
        url=canonical("https://site.test/"),
        status=200,
        headers=Headers([("Rating", "adult")]),
        reason=UnreadableReason.BOMB,
        detail="past the expansion ratio",
    )
    reading = read_labels(response, DATA)
    assert (reading.status, reading.reason, reading.min_age) == (Status.UNREADABLE, UnreadableReason.BOMB, 18)
    assert "past the expansion ratio" in reading.notes


def test_an_unreadable_response_without_an_address_is_read_too() -> None:
    response = Unreadable(url=None, status=200, headers=Headers(), reason=UnreadableReason.URL, detail="no address")
    assert read_labels(response, DATA).status is Status.UNREADABLE


def test_a_header_with_more_values_than_anybody_sends_is_not_guessed_at() -> None:
    reading = read_with((HeaderReader(),), document(rating=",".join(["general"] * 100)), DATA)
    assert reading.reason == UnreadableReason.MALFORMED


@pytest.mark.parametrize(
    ("body", "parses"),
    [("<p>nothing", 0), ("<meta name=rating content=adult>", 1), ("<p>18+</p><meta name=rating content=adult>", 1)],
)
def test_the_tree_is_parsed_once_at_most(body: str, parses: int, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    parse = page_module._parse

    def counting(source: bytes) -> object:
        counted.append(len(source))
        return parse(source)

    monkeypatch.setattr(page_module, "_parse", counting)
    read_labels(document(body), DATA)
    assert len(counted) == parses


def test_a_label_in_the_head_needs_the_head_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    parse = page_module._parse
    monkeypatch.setattr(page_module, "_parse", lambda source: counted.append(len(source)) or parse(source))
    reading = read_labels(document("<meta name=rating content=adult>" + "<p>text" * 1_000), DATA)
    assert reading.min_age == 18
    assert sum(counted) < 200


def test_everything_means_every_element() -> None:
    page = Page(document("<p>a<p>b"), DATA)
    page.reach(EVERYTHING)
    assert len(page.tree.css("p")) == 2
