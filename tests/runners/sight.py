"""Cases of selective sight.

With `who`: a policy, a person who comes through the listener of their name, a host and what is known of it (`record`,
`learned`, `pinned`, `special`); wanted is what happens to the connection, and why.
With `seen`: answers of a host by hours after the first, each with the person; a `visit` of the gateway; wanted is what
is learned. With `answer`: one answer, and what it is taken for.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from gateway.decision.decide import decide
from gateway.decision.question import Question, Tier
from gateway.decision.splice import Known, see
from gateway.document.url import canonical
from gateway.hosts.lists import build_index
from gateway.hosts.pinning import Pinned, Strikes, is_clean, pin, strike
from gateway.hosts.record import Front, HostRecord, SiteFile
from gateway.hosts.traffic import Glimpse, Learned, Served, Sign, Traffic, add, conclude, ends, served_of
from gateway.labels.label import Label, Reading, Scope, Status, Trust
from gateway.policy.compile import compile_policy
from gateway.policy.policy import Policy
from gateway.profiles.clue import Clues
from gateway.profiles.recognise import recognise
from gateway.shipped import texts

MOMENT = datetime(2026, 11, 22, 9, tzinfo=UTC)
LATER = MOMENT + timedelta(days=300)


@cache
def policy_of(text: str) -> Policy:
    return compile_policy({"policy.yaml": text}, texts("presets"), texts("law"), date(2026, 11, 22))


def signs_of(marks: list[list[Any]] | None) -> frozenset[Sign] | None:
    return None if marks is None else frozenset(Sign(*mark) for mark in marks)


def reading_of(marks: list[list[Any]]) -> Reading:
    labels = tuple(
        Label(
            scale=scale,
            mark=mark,
            min_age=age,
            scope=Scope.SITE,
            trust=Trust.A,
            carrier="meta",
            raw=mark,
            place="byte 1",
        )
        for scale, mark, age in marks
    )
    return Reading(status=Status.RATED if labels else Status.UNLABELLED, labels=labels)


def person_case(case: dict[str, Any]) -> dict[str, Any]:
    policy = policy_of(case["policy"])
    moment = datetime.fromisoformat(case.get("moment", MOMENT.isoformat()))
    profile = recognise(policy, Clues(listener=case["who"]), moment)
    assert profile is not None
    url = canonical(f"https://{case['host']}/")
    record = build_index(texts("hosts"), policy.hosts).lookup(url.host)
    if "record" in case:
        record = HostRecord(
            host=url.host,
            kind=case["record"].get("kind"),
            topics=frozenset(case["record"].get("topics", ())),
            reading=reading_of(case["record"]["labels"]) if "labels" in case["record"] else None,
            site_files=tuple(SiteFile(address, "") for address in case["record"].get("site_files", ())),
        )
    question = Question(profile=profile, url=url, moment=moment, host=record, tier=Tier.HOST)
    learned, pinned = case.get("learned"), case.get("pinned")
    known = Known(
        learned=learned
        and Learned(
            host=url.host,
            what=learned["what"],
            until=LATER,
            signs=signs_of(learned.get("signs", [])) or frozenset(),
            shown=learned.get("shown", True),
        ),
        pinned=pinned and Pinned(client="192.0.2.1", host=url.host, clean=pinned["clean"], until=LATER),
        special=case.get("special", False),
    )
    seen = see(question, decide(question), known)
    return {"sight": seen.sight.value, "why": seen.why.value}


def traffic_case(case: dict[str, Any]) -> dict[str, Any]:
    traffic: Traffic | None = None
    learned: Learned | None = None
    visit, moment = case.get("visit"), MOMENT
    visited = (
        None
        if visit is None
        else HostRecord(
            host="host.example",
            front=Front(visit["front"]) if visit.get("front") else None,
            reading=reading_of(visit["labels"]) if "labels" in visit else None,
        )
    )
    for each in case["seen"]:
        moment = MOMENT + timedelta(hours=each["hour"])
        glimpse = Glimpse(
            host="host.example",
            person=each["who"],
            moment=moment,
            served={Served(name): count for name, count in each.items() if name in set(Served)},
            signs=signs_of(each.get("signs")),
            uneven=each.get("uneven", False),
        )
        if learned is not None and ends(learned, glimpse):
            learned = None
        traffic = add(traffic, glimpse)
        if learned is None:
            learned = conclude(traffic, visited, moment)
    got: dict[str, Any] = {"learned": learned.what if learned is not None else None}
    if "failures" in case:
        strikes: Strikes | None = None
        for minute in case["failures"]:
            strikes = strike(strikes, "192.0.2.1", "host.example", MOMENT + timedelta(minutes=minute))
        assert strikes is not None
        clean = is_clean(visited, traffic, moment)
        got |= {
            "strikes": strikes.count,
            "clean": clean,
            "hours": (pin(strikes, clean=clean, moment=moment).until - moment).total_seconds() / 3600,
        }
    return got


def run(case: dict[str, Any]) -> None:
    if "who" in case:
        got = person_case(case)
    elif "answer" in case:
        got = {"served": served_of(*case["answer"]).value}
    else:
        got = traffic_case(case)
    for key, wanted in case["want"].items():
        assert got[key] == wanted, f"{key}: wanted {wanted!r}, got {got}"
