"""Laws of hours and minutes: a block ends when it says, a window added never opens, a calendar file never breaks."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from types import MappingProxyType
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.hosts.record import HostRecord
from gateway.policy.from_ical import days_of_calendar
from gateway.profiles.calendar import Calendar, Days
from gateway.profiles.grant import Grant
from gateway.profiles.hours import Does, Hours
from gateway.profiles.pages import EVERYTHING, Pages, Subject
from gateway.profiles.quota import NONE_USED, SITTING_MINUTES, Tally
from gateway.profiles.timetable import Timetable

MINUTE = timedelta(minutes=1)
# Days around which the clocks change: Berlin both ways, Almaty's last hour of UTC+6, midnights that are left out, half
# an hour of summer time.
CHANGES = (
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Asia/Almaty", date(2024, 3, 1)),
    ("Asia/Almaty", date(2026, 11, 23)),
    ("Asia/Beirut", date(2026, 3, 29)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
)
GAMES = HostRecord(host="play.example", topics=frozenset({"games"}))
clocks = st.one_of(st.integers(0, 1440), st.sampled_from([0, 60, 119, 120, 121, 150, 179, 180, 1439, 1440]))
subjects = st.sampled_from(
    [
        EVERYTHING,
        EVERYTHING,
        Subject(only=Pages(topics=frozenset({"games"}))),
        Subject(but=Pages(hosts=frozenset({"a.kz"}))),
    ]
)


def days_near(day: date) -> st.SearchStrategy[Days]:
    return st.builds(
        Days,
        week=st.one_of(st.frozensets(st.integers(0, 6)), st.just(frozenset(range(7)))),
        dates=st.frozensets(st.integers(-3, 6).map(lambda ahead: day.toordinal() + ahead), max_size=3),
        holidays=st.booleans(),
    )


def hours_near(day: date, does: st.SearchStrategy[Does]) -> st.SearchStrategy[Hours]:
    return st.builds(
        Hours,
        does=does,
        days=days_near(day),
        start=clocks,
        end=clocks,
        subject=subjects,
        rule=st.sampled_from(["a", "b"]),
        where=st.just("home.yaml:1"),
    )


@st.composite
def timetables(draw: st.DrawFn) -> tuple[Timetable, datetime]:
    name, day = draw(st.sampled_from(CHANGES))
    hours = draw(st.lists(hours_near(day, st.sampled_from(Does)), min_size=1, max_size=4))
    special = st.integers(-2, 5).map(lambda ahead: day.toordinal() + ahead)
    calendar = Calendar(MappingProxyType(draw(st.dictionaries(special, st.integers(0, 7), max_size=3))))
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    moment = midnight + timedelta(minutes=draw(st.integers(-30 * 60, 40 * 60)), seconds=draw(st.integers(0, 59)))
    timetable = Timetable.of(hours, ZoneInfo(name), (), calendar)
    return timetable.with_grants(draw(extras_near(moment))), moment


def extras_near(moment: datetime) -> st.SearchStrategy[list[Grant]]:
    given_at = st.integers(-60, 600).map(lambda ahead: moment + ahead * MINUTE)
    return st.lists(
        st.builds(
            Grant,
            id=st.just("1"),
            by=st.just("dana"),
            people=st.just(frozenset({"p"})),
            host=st.just(""),
            since=given_at,
            until=given_at.map(lambda at: at + timedelta(days=1)),
            minutes=st.integers(1, 90),
        ),
        max_size=1,
    )


@given(timetables(), st.sampled_from([("", None), ("play.example", GAMES), ("www.a.kz", None)]))
@settings(max_examples=400, deadline=None)
def test_a_block_ends_at_the_first_moment_that_is_free(
    drawn: tuple[Timetable, datetime], page: tuple[str, HostRecord | None]
) -> None:
    timetable, moment = drawn
    blocked = timetable.block_at(moment, *page)
    if blocked is None:
        return
    step = moment.replace(second=0, microsecond=0)
    end = step + timedelta(days=4)
    lifts = [extra.start for extra in timetable.extras if extra.start > moment]
    while step < end:
        step = min([step + MINUTE, *(lift for lift in lifts if lift > step)])
        if timetable.block_at(step, *page) is None:
            assert blocked.until is not None
            assert blocked.until.timestamp() == step.timestamp()
            return
    assert blocked.until is None or blocked.until >= end


def blocked_by_hand(hours: list[Hours], calendar: Calendar, zone: tzinfo, moment: datetime) -> bool:
    """What the words of the language say, one minute at a time; hours of everything only."""
    local = moment.astimezone(zone)
    today, minute = local.toordinal(), local.hour * 60 + local.minute

    def inside(each: Hours) -> bool:
        return any(
            each.days.hold(today - back, calendar) and each.start <= minute + back * 1440 < each.start + each.length
            for back in (0, 1)
        )

    def closes(each: Hours) -> bool:
        return each.does is Does.BLOCK and inside(each)

    opens = [each for each in hours if each.does is Does.OPEN]
    named = any(each.days.hold(today, calendar) for each in opens)
    shut = named and not any(inside(each) for each in opens)
    return (shut or any(closes(each) for each in hours)) and not any(
        each.does is Does.FREE and inside(each) for each in hours
    )


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_the_compiled_week_says_what_the_words_say(data: st.DataObject) -> None:
    name, day = data.draw(st.sampled_from(CHANGES))
    zone = ZoneInfo(name)
    hours = data.draw(st.lists(hours_near(day, st.sampled_from(Does)), max_size=4))
    hours = [Hours(does=h.does, days=h.days, start=h.start, end=h.end, rule=h.rule, where="") for h in hours]
    special = st.integers(-2, 5).map(lambda ahead: day.toordinal() + ahead)
    calendar = Calendar(MappingProxyType(data.draw(st.dictionaries(special, st.integers(0, 7), max_size=3))))
    timetable = Timetable.of(hours, zone, (), calendar)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=data.draw(st.integers(-2880, 2880)))
    for step in range(0, 600, 13):
        moment = start + step * MINUTE
        assert (timetable.block_at(moment) is not None) == blocked_by_hand(hours, calendar, zone, moment), moment


@given(timetables(), st.data(), st.sampled_from([("", None), ("play.example", GAMES), ("www.a.kz", None)]))
@settings(max_examples=300, deadline=None)
def test_a_window_added_never_opens(
    drawn: tuple[Timetable, datetime], data: st.DataObject, page: tuple[str, HostRecord | None]
) -> None:
    timetable, moment = drawn
    hours = data.draw(st.lists(hours_near(moment.date(), st.sampled_from(Does)), max_size=3))
    added = data.draw(hours_near(moment.date(), st.just(Does.BLOCK)))
    before = Timetable.of(hours, timetable.zone, (), timetable.calendar)
    after = Timetable.of([*hours, added], timetable.zone, (), timetable.calendar)
    for step in range(0, 1440, 37):
        at = moment + step * MINUTE
        assert before.block_at(at, *page) is None or after.block_at(at, *page) is not None


@given(st.lists(timetables(), min_size=1, max_size=3), st.sampled_from([("", None), ("play.example", GAMES)]))
@settings(max_examples=300, deadline=None)
def test_whoever_may_be_several_people_is_blocked_like_any_of_them(
    drawn: list[tuple[Timetable, datetime]], page: tuple[str, HostRecord | None]
) -> None:
    zone, moment = drawn[0][0].zone, drawn[0][1]
    people = [Timetable(each.layers, zone, dated=each.dated, selective=each.selective) for each, _ in drawn]
    stranger = Timetable.strictest(people, zone)
    for step in range(0, 2880, 61):
        at = moment + step * MINUTE
        assert (stranger.block_at(at, *page) is not None) == any(each.block_at(at, *page) for each in people)


@given(st.lists(st.integers(0, 3000), max_size=30), st.lists(st.integers(0, 3000), max_size=10))
def test_more_activity_never_counts_less_and_each_minute_once(some: list[int], more: list[int]) -> None:
    begun = datetime(2026, 11, 23, 10, tzinfo=UTC)

    def counted(seconds: list[int]) -> Tally:
        tally = NONE_USED
        for each in sorted(seconds):
            tally = tally.count(begun + timedelta(seconds=each))
        return tally

    assert counted(some).minutes <= counted(some + more).minutes <= 3000 // 60 + 1
    assert counted(some).minutes >= len({each // 60 for each in some})
    assert SITTING_MINUTES == 5


FIRST, LAST = date(2026, 11, 1).toordinal(), date(2028, 1, 1).toordinal()
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//School//1//EN
BEGIN:VEVENT
UID:1
SUMMARY:Autumn holidays
DTSTART;VALUE=DATE:20261026
DTEND;VALUE=DATE:20261102
RRULE:FREQ=YEARLY;COUNT=3;BYDAY=MO
EXDATE;VALUE=DATE:20271025
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;TZID=Asia/Almaty:20261216T000000
DURATION:P2D
CATEGORIES:holiday,day off
RDATE;VALUE=DATE:20270101,20270308
END:VEVENT
END:VCALENDAR
"""


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_byte_changed_in_a_calendar_gives_days_or_problems(data: st.DataObject) -> None:
    whole = bytearray(CALENDAR.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        match data.draw(st.sampled_from(["change", "cut", "insert", "double"])):
            case "change":
                whole[at] = data.draw(st.integers(0, 255))
            case "cut":
                del whole[at : at + data.draw(st.integers(1, 40))]
            case "insert":
                whole[at:at] = bytes([data.draw(st.integers(0, 255))])
            case _:
                whole[at:at] = whole[at : at + data.draw(st.integers(1, 80))]
        whole = whole or bytearray(b"\n")
    check_calendar(whole.decode("utf-8", "replace"))


@given(
    st.text(max_size=200), st.sampled_from(["DTSTART", "DTEND", "RRULE", "EXDATE", "DURATION", "RECURRENCE-ID", "X"])
)
@settings(max_examples=200, deadline=None)
@example("99990101", "DTSTART")
@example("FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2", "RRULE")
@example("FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2", "RRULE")
@example("FREQ=YEARLY;BYDAY=MO;UNTIL=99991231", "RRULE")
@example("FREQ=SECONDLY", "RRULE")
@example("FREQ=DAILY;INTERVAL=0", "RRULE")
@example("FREQ=DAILY;INTERVAL=-1", "RRULE")
@example("P99999999999D", "DURATION")
def test_any_value_of_a_property_gives_days_or_problems(value: str, name: str) -> None:
    check_calendar(CALENDAR.replace("SUMMARY:", f"{name}:{value}\nSUMMARY:"))
    check_calendar(CALENDAR.replace(f"{name};VALUE=DATE:2", f"{name}:{value}"))


def check_calendar(text: str) -> None:
    days, problems = days_of_calendar(text, "school.ics", FIRST, LAST, ZoneInfo("Asia/Almaty"), ("holiday",))
    assert all(FIRST <= day <= LAST for day in days)
    assert all(0 < problem.line <= text.count("\n") + text.count("\r") + 2 for problem in problems)
