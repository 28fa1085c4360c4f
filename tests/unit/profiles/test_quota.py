"""What several who count one person know together."""

from datetime import date

import pytest

from gateway.profiles.quota import Tally

NONE = Tally()
MONDAY, TUESDAY, THURSDAY = (Tally(date(2026, 11, day), 30, 100) for day in (23, 24, 26))


@pytest.mark.parametrize(
    ("own", "other", "known"),
    [
        (MONDAY, NONE, MONDAY),
        (NONE, MONDAY, MONDAY),
        (NONE, NONE, NONE),
        (MONDAY, Tally(MONDAY.day, 20, 110), Tally(MONDAY.day, 30, 110)),
        (MONDAY, Tally(MONDAY.day, 40, 90), Tally(MONDAY.day, 40, 100)),
        (MONDAY, TUESDAY, TUESDAY),
        (MONDAY, THURSDAY, THURSDAY),
        (TUESDAY, MONDAY, TUESDAY),
        (THURSDAY, MONDAY, MONDAY),
        (THURSDAY, TUESDAY, THURSDAY),
    ],
)
def test_the_more_of_one_day_and_the_later_of_two_unless_it_lies_too_far_ahead(
    own: Tally, other: Tally, known: Tally
) -> None:
    assert own.joined(other) == known
