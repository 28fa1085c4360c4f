"""One question in both languages: as Python asks it, and as a bundle and plain values for the add-on."""

import json
from typing import Any

from gateway.bundle.bundle import build_bundle, share
from gateway.bundle.from_codex import ground_values
from gateway.decision.decide import decide
from gateway.decision.jsonl import to_line
from gateway.decision.question import Question
from gateway.decision.verdict import Verdict
from gateway.decision.whole import decide_whole
from gateway.edge.verdict_api.judging import record_json
from gateway.hosts.index import HostIndex
from gateway.hosts.record import HostRecord
from gateway.labels.jsonl import as_json, label_json
from gateway.labels.label import Reading
from gateway.policy.policy import Policy
from gateway.profiles.clue import ClueIndex
from gateway.profiles.person import Age, Limits, Person
from gateway.profiles.profile import Profile
from gateway.profiles.timetable import Timetable


def person_of(profile: Profile) -> Person:
    """Somebody for whom that profile holds at any moment."""
    timetable = profile.timetable
    bare = Timetable(timetable.layers, timetable.zone, timetable.quotas, timetable.calendar)
    limits = Limits(rules=profile.rules, timetable=bare)
    return Person(
        name=profile.person,
        ages=(Age(profile.age),),
        zone=timetable.zone,
        stances=profile.stances,
        as_child=limits,
        as_adult=limits,
        grants=profile.grants,
    )


def policy_for(profile: Profile) -> Policy:
    """A policy that has the profile's law."""
    return Policy(
        people={},
        clues=ClueIndex(),
        codex=profile.codex,
        stances=profile.stances,
        zone=profile.timetable.zone,
        revision=profile.revision,
    )


def bundle_of(question: Question) -> dict[str, Any]:
    """The bundle of whoever asks, issued at the moment of the question."""
    profile = question.profile
    shared = share(policy_for(profile), HostIndex(), question.moment)
    bundle = build_bundle(shared, person_of(profile), used=profile.timetable.tallies)
    bundle["stances"]["adults_opened"] = profile.stances.adults_opened  # a line may say what no policy does
    return through_json(bundle)


def through_json(bundle: dict[str, Any]) -> dict[str, Any]:
    """The bundle as a device has it, without the words, of which no verdict speaks."""
    return json.loads(json.dumps({**bundle, "words": {}}))


def question_values(question: Question, *, alone: bool = False) -> dict[str, Any]:
    """The question as the add-on asks it; `alone`: what is known of the host is looked up in the bundle."""
    values = {
        "moment": question.moment.isoformat(),
        "url": None if question.url is None else question.url.href,
        "action": question.action.value,
        "host": record_values(question.host),
        "reading": reading_values(question.reading),
        "channel": question.channel.value,
        "estimate": None
        if question.estimate is None
        else {"min_age": question.estimate.min_age, "confidence": question.estimate.confidence},
        "part_of": record_values(question.part_of),
        "paid_decoder": question.paid_decoder,
    }
    if alone:
        del values["host"]
    return values


def record_values(record: HostRecord | None) -> dict[str, Any] | None:
    return None if record is None else {**record_json(record), "reading": reading_values(record.reading)}


def reading_values(reading: Reading | None) -> dict[str, Any] | None:
    return None if reading is None else {**as_json(reading), "labels": [label_json(label) for label in reading.labels]}


def verdict_values(verdict: Verdict) -> dict[str, Any]:
    """A verdict of Python's as the add-on gives it, but for what only a bundle has: `expired` and `lacks`."""
    values = {
        **to_line(None, verdict),
        "layer": verdict.layer.value,
        "min_age": verdict.min_age,
        "grounds": [ground_values(ground) for ground in verdict.grounds],
        "evidence": [label_json(label) for label in verdict.evidence],
        "revision": verdict.revision,
        "detail": verdict.detail,
    }
    del values["id"]
    return values


def answer_values(question: Question) -> dict[str, Any]:
    """What is wanted of the add-on, for a page and for one out of which nothing can be taken."""
    return {"verdict": verdict_values(decide(question)), "whole": verdict_values(decide_whole(question))}


def differences(wanted: dict[str, Any], got: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What differs, by its place: the wanted value and the one that was got."""
    return {
        f"{kind}.{key}": (wanted[kind].get(key), got[kind].get(key))
        for kind in ("verdict", "whole")
        for key in wanted[kind].keys() | (got[kind].keys() - {"expired", "lacks"})
        if wanted[kind].get(key) != got[kind].get(key)
    }
