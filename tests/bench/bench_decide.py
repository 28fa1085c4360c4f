"""What one decision costs: median microseconds of `decide` for typical questions, on one core.

Run it from the checkout: `python tests/bench/bench_decide.py`. The budget is 5 µs (DESIGN.md, section 8).
"""

import statistics
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gateway.decision.decide import decide
from gateway.decision.question import Question
from gateway.decision.verdict import Action, Reason
from gateway.document.url import canonical
from gateway.hosts.record import HostRecord
from gateway.labels.label import Label, Reading, Scope, Status, Trust
from gateway.law.build import build_codex
from gateway.policy.rules import Hit, Rule, Rules
from gateway.policy.stances import Stances
from gateway.profiles.profile import Profile
from gateway.profiles.timetable import Timetable
from gateway.shipped import texts

ROUNDS, CALLS = 15, 20_000
MOMENT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def label(mark: str, min_age: int, scope: Scope = Scope.PAGE) -> Label:
    return Label(
        scale="kz", mark=mark, min_age=min_age, scope=scope, trust=Trust.B, carrier="meta", raw=mark, place="byte 1"
    )


def questions() -> dict[str, Question]:
    codex = build_codex(texts("law"), ["kz/169-vi"], MOMENT.date())
    pupil = Profile(
        person="pupil", age=15, codex=codex, rules=Rules(), stances=Stances(), timetable=Timetable(), revision="1"
    )
    blocks = Hit(rule="block games", where="home.yaml:7", says=Action.BLOCK, reason=Reason.LOCAL_BLOCK)
    ruled = replace(pupil, rules=Rules.of([Rule(hit=blocks, host=f"games{i}.example") for i in range(50)]))
    url = canonical("https://www.news.example/2026/11/22/a-page.html?id=1")
    publication = HostRecord(host="news.example", kind="online-publication")
    fits = Reading(status=Status.RATED, labels=(label("12+", 12), label("6+", 6)))
    over = Reading(status=Status.RATED, labels=(label("18+", 18),))
    unlabelled = Reading(status=Status.UNLABELLED)
    site = Reading(status=Status.RATED, labels=(label("18+", 18, Scope.SITE),))
    ask = Question(profile=pupil, url=url, moment=MOMENT, reading=unlabelled)
    return {
        "a page without a label": ask,
        "labels that fit": replace(ask, reading=fits),
        "18+ for a minor": replace(ask, reading=over),
        "a site-wide sign on a publication": replace(ask, host=publication, reading=site),
        "labels that fit, fifty local rules": replace(ask, profile=ruled, reading=fits),
        "an adult": replace(ask, profile=replace(pupil, age=34), reading=over),
    }


def measure(question: Question) -> float:
    """Median microseconds of processor time for one decision, over the rounds."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(CALLS):
            decide(question)
        rounds.append((time.process_time() - began) / CALLS * 1e6)
    return statistics.median(rounds)


def main() -> None:
    print(f"{'decide, compiled and warm':40} {'µs':>6} {'per s':>10}")
    for name, question in questions().items():
        cost = measure(question)
        print(f"{name:40} {cost:6.2f} {1e6 / cost:10,.0f}")


if __name__ == "__main__":
    main()
