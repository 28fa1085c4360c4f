"""What time costs: microseconds of `Timetable.at`, of a decision with and without hours, and of compiling.

Run it from the checkout: `python tests/bench/bench_hours.py`.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gateway.decision.decide import decide
from gateway.hosts.record import HostRecord
from gateway.policy.compile import compile_policy
from gateway.profiles.quota import Tally
from gateway.profiles.timetable import Timetable
from gateway.shipped import texts
from tests.bench.bench_decide import questions

DAY = date(2026, 11, 22)
NOON, NIGHT = datetime(2026, 11, 23, 7, tzinfo=UTC), datetime(2026, 11, 23, 17, tzinfo=UTC)
GAMES = HostRecord(host="play.example", topics=frozenset({"games"}))
PLAIN = 'people: {p: {age: 8}}\ntimetable: [{block: daily, from: "21:30", to: "07:00"}]\nquota: [{minutes: 60}]\n'
RICH = """
people: {p: {age: 8}}
holidays: [2026-12-16..2026-12-17, 2026-12-31..2027-01-10, 2027-03-20..2027-03-29]
timetable:
  - {open: weekdays, from: "14:00", to: "21:00"}
  - {block: daily, from: "21:30", to: "07:00"}
  - {block: weekdays, from: "14:00", to: "18:00", only: {topic: games}}
  - {free: 2026-12-31, from: "21:00", to: "01:00"}
  - {free: daily, from: "20:00", to: "22:00", only: {topic: education}}
quota: [{minutes: 120, except: {topic: education}}, {minutes: 60, only: {topic: games}}]
"""


def timetable_of(text: str) -> Timetable:
    policy = compile_policy({"home.yaml": text}, texts("presets"), texts("law"), DAY)
    timetable = policy.people["p"].as_child.timetable
    return timetable.with_tallies({quota.service: Tally(DAY, 10, 1) for quota in timetable.quotas})


def cost(work: Callable[[], object], calls: int = 20_000) -> float:
    """The least of seven rounds, in microseconds of processor time a call."""
    rounds = []
    for _ in range(7):
        began = time.process_time()
        for _ in range(calls):
            work()
        rounds.append((time.process_time() - began) / calls * 1e6)
    return min(rounds)


def show(name: str, work: Callable[[], object], calls: int = 20_000) -> None:
    print(f"{name:58} {cost(work, calls):8.2f} µs")


def main() -> None:
    plain, rich = timetable_of(PLAIN), timetable_of(RICH)
    show("a night and a limit: free", lambda: plain.at(NOON))
    show("a night and a limit: it ends soon", lambda: plain.at(NIGHT.replace(hour=16, minute=27)))
    show("a night and a limit: blocked, with its end", lambda: plain.at(NIGHT))
    show("hours of all kinds, holidays: free", lambda: rich.at(NOON.replace(hour=14)))
    homework = NOON.replace(hour=10)
    show("hours of all kinds, holidays: a game, blocked", lambda: rich.at(homework, "play.example", GAMES))
    ask = questions()["a page without a label"]
    open_page = replace(ask, moment=NOON)
    show("decide: no hours", lambda: decide(open_page))
    with_hours = replace(open_page, profile=replace(ask.profile, timetable=plain))
    show("decide: a night and a limit", lambda: decide(with_hours))
    show("compile a home policy with all kinds of hours", lambda: timetable_of(RICH), 5)


if __name__ == "__main__":
    main()
