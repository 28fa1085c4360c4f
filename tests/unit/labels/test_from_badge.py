"""The reader of badges where a case cannot say it: what stands behind many that count for nothing."""

import pytest

from gateway.document.document import Headers
from gateway.document.read import read_document
from gateway.edge.ruling import label_data
from gateway.labels.from_badge import MOST_LOOKS, BadgeReader
from gateway.labels.label import Reading, Status
from gateway.labels.read import read_with

BADGE = '<a href="https://www.rtalabel.org/"><img src="/a.png"></a>'
NOTICE = '<footer><a href="/2257">18 U.S.C. 2257 statement</a></footer>'


def reading_of(html: str) -> Reading:
    headers = Headers([("Content-Type", "text/html; charset=utf-8")])
    document = read_document(url="https://site.test/a", status=200, headers=headers, body=html.encode())
    return read_with((BadgeReader(),), document, label_data())


@pytest.mark.parametrize(
    ("harmless", "last"),
    [
        ('<a href="https://www.rtalabel.org/?{n}">a word</a> ', BADGE),
        ('<div class="comment">' + BADGE + "</div>", BADGE),
        ("<p>Part 2257 of {n} things</p>", NOTICE),
        ("<i>2257</i>, ", NOTICE),
    ],
    ids=["links", "links in comments", "numbers", "numbers in one line"],
)
@pytest.mark.parametrize("count", [150, MOST_LOOKS - 2])
def test_a_badge_is_found_behind_hundreds_of_others(harmless: str, last: str, count: int) -> None:
    reading = reading_of("<body>" + "".join(harmless.format(n=n) for n in range(count)) + last)
    assert reading.status is Status.RATED, reading.notes
    assert reading.min_age == 18


@pytest.mark.parametrize(
    ("harmless", "last"),
    [
        ('<a href="https://www.rtalabel.org/?{n}">a word</a> ', BADGE),
        ("<p>Part 2257 of {n} things</p>", NOTICE),
    ],
    ids=["links", "numbers"],
)
def test_a_page_of_more_than_anybody_writes_is_unreadable(harmless: str, last: str) -> None:
    for end in (last, ""):
        reading = reading_of("<body>" + "".join(harmless.format(n=n) for n in range(MOST_LOOKS + 1)) + end)
        assert reading.status is Status.UNREADABLE
        assert any(f"more than {MOST_LOOKS} places like" in note for note in reading.notes)


def test_the_first_badge_is_enough_however_many_follow() -> None:
    reading = reading_of("<footer>" + BADGE * (2 * MOST_LOOKS))
    assert (reading.status, len(reading.labels)) == (Status.RATED, 1)


def test_a_number_in_other_numbers_is_no_look_of_a_notice() -> None:
    reading = reading_of("<p>No. 2257</p>" + "<p>122570</p>" * (2 * MOST_LOOKS))
    assert reading.status is Status.UNLABELLED, reading.notes
