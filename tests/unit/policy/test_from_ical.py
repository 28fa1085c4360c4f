"""A calendar file: bounds that a case would be too long for."""

from datetime import date
from zoneinfo import ZoneInfo

from gateway.policy import from_ical
from gateway.policy.from_ical import MOST_EVENTS, days_of_calendar

ALMATY = ZoneInfo("Asia/Almaty")
FIRST, LAST = date(2026, 11, 1).toordinal(), date(2027, 1, 1).toordinal()
EVENT = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261216\nEND:VEVENT\n"


def test_a_calendar_has_an_end() -> None:
    text = "BEGIN:VCALENDAR\n" + EVENT * (MOST_EVENTS + 1) + "END:VCALENDAR\n"
    days, problems = days_of_calendar(text, "a.ics", FIRST, LAST, ALMATY)
    assert days == {date(2026, 12, 16).toordinal()}
    assert [problem.message for problem in problems] == ["the calendar has 5001 events; at most 5000 are read"]


def test_not_every_fault_is_told() -> None:
    text = "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nEND:VEVENT\n" * 100 + "END:VCALENDAR\n"
    _, problems = days_of_calendar(text, "a.ics", FIRST, LAST, ALMATY)
    assert len(problems) == from_ical._MOST_PROBLEMS


def test_only_days_that_are_asked_for_are_told() -> None:
    text = "BEGIN:VCALENDAR\n" + EVENT.replace("END", "RRULE:FREQ=DAILY\nEND") + "END:VCALENDAR\n"
    days, problems = days_of_calendar(text, "a.ics", FIRST, LAST, ALMATY)
    assert problems == ()
    assert (min(days), max(days)) == (date(2026, 12, 16).toordinal(), LAST)
