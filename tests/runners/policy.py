"""Cases of policy: files in → what they compile to, or the exact problems.

A case has `policy` (one file, home.yaml) or `files` (name → text), and `problems` (each "file:line:col: message", with
" (hint)" where there is one), or `compiled` (a part of the summary below), or both where the problems are a tenant's
alone. `padded` makes the file so many bytes long. `calendars`: name → text of a calendar
file, or what is `repeated` in it how many `times`. `who` says whom a clue means: "address 10.0.0.1" → a name, or null.
`day` is 2026-11-22 if it says nothing.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from gateway.policy.check import check
from gateway.policy.compile import compile_policy
from gateway.policy.lists import ListSource
from gateway.policy.policy import Policy
from gateway.policy.rules import Rules
from gateway.problems import Problem, ProblemsFound
from gateway.profiles.clue import Clues
from gateway.profiles.person import Limits, Person
from gateway.profiles.timetable import Timetable
from gateway.shipped import texts

DAY = date(2026, 11, 22)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def run(case: dict[str, Any]) -> None:
    files = case.get("files") or {"home.yaml": case["policy"]}
    if "padded" in case:  # with a comment to so many bytes
        files = {name: text + "#" * (case["padded"] - len(text.encode())) for name, text in files.items()}
    presets = case.get("presets") or texts("presets")
    day = date.fromisoformat(case["day"]) if "day" in case else DAY
    calendars = {name: _calendar(text) for name, text in case.get("calendars", {}).items()}
    problems = check(files, presets, texts("law"), day, calendars)
    said = [show(problem) for problem in problems]
    if "problems" in case:
        assert said == case["problems"], "problems:\n" + "\n".join(f"  - {line!r}" for line in said)
    if "problems" in case and not {"compiled", "who"} & set(case):
        with pytest.raises(ProblemsFound) as found:
            compile_policy(files, presets, texts("law"), day, calendars)
        assert list(found.value.problems) == problems
        return
    policy = compile_policy(files, presets, texts("law"), day, calendars)
    assert list(policy.problems) == problems
    assert said == case.get("problems", [])
    compare(case.get("compiled", {}), summary(policy, day), "")
    for clue, name in case.get("who", {}).items():
        kind, _, value = clue.partition(" ")
        person = policy.clues.person_for(Clues(**{kind: value}))
        assert (person.name if person else None) == name, f"{clue}: {person.name if person else None}"


def _calendar(text: str | dict[str, Any]) -> str:
    """The text of a calendar file; a long one is written as what is repeated in it how many times."""
    if isinstance(text, str):
        return text
    return f"BEGIN:VCALENDAR\n{text['repeated'] * text['times']}END:VCALENDAR\n"


def show(problem: Problem) -> str:
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"{problem.file}:{problem.line}:{problem.column}: {problem.message}{hint}"


def compare(wanted: Any, got: Any, path: str) -> None:
    """`wanted` may leave out keys of a mapping; all else must be equal."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key, value in wanted.items():
            assert key in got, f"{path}.{key} is missing; there are {sorted(got)}"
            compare(value, got[key], f"{path}.{key}")
    else:
        assert wanted == got, f"{path}: want {wanted!r}, got {got!r}"


def summary(policy: Policy, day: date) -> dict[str, Any]:
    stances = policy.stances
    return {
        "zone": str(policy.zone),
        "packs": list(policy.codex.ids),
        "default": policy.default.name if policy.default else None,
        "stances": {
            "base": stances.base,
            "unlabelled": {age: action.word for age, action in stances.unlabelled},
            "unreadable": stances.unreadable.word,
            "foreign": stances.foreign.value,
            "site-sign-binds": stances.site_sign_binds,
            "unlabelled-online-publication": stances.unlabelled_online_publication,
            "simulcast-is-broadcast": stances.simulcast_is_broadcast,
            "local-allow-up-to": stances.local_allow_up_to,
            "estimate-from": stances.estimate_from,
            "registration-scope": stances.registration_scope,
            "adults-opened": stances.adults_opened,
            "safe-search": stances.safe_search,
            "restricted-videos": stances.restricted_videos,
            "prefer-safe": stances.prefer_safe,
            "google-domains": list(stances.google_domains),
            "microsoft-tenants": list(stances.microsoft_tenants),
            "microsoft-directory": stances.microsoft_directory,
        },
        "groups": {name: sorted(people) for name, people in policy.groups.items()},
        "people": {name: person_summary(person, day) for name, person in policy.people.items()},
        "unknown": person_summary(policy.default, day) if policy.default else None,
        "listeners": {name: person_summary(person, day) for name, person in policy.clues.listeners.items()},
        "hosts": {record.host: host_summary(record) for record in policy.hosts},
        "lists": {source.name: list_summary(source) for source in policy.lists},
        "notes": [show(note) for note in policy.notes],
        "tenants": sorted(policy.parts),
    }


def host_summary(record: Any) -> dict[str, Any]:
    return {
        "kind": record.kind,
        "topics": sorted(record.topics),
        "exempt": record.exempt.ground.value if record.exempt else None,
        "audience": record.audience,
        "source": record.source,
    }


def person_summary(person: Person, day: date) -> dict[str, Any]:
    noon = datetime.combine(day, time(12), person.zone)
    return {
        "name": person.name,
        "age": person.age_at(noon),
        "groups": sorted(person.groups),
        "base": person.stances.base,
        "unlabelled": {age: action.word for age, action in person.stances.unlabelled},
        "local-allow-up-to": person.stances.local_allow_up_to,
        "zone": str(person.zone),
        "language": person.language,
        "as-child": limits_summary(person.as_child),
        "as-adult": limits_summary(person.as_adult),
        "grants": [
            {
                "by": grant.by,
                "host": grant.host,
                "path": grant.path,
                "minutes": grant.minutes,
                "until": grant.until.isoformat() if grant.until else None,
                "where": grant.where,
            }
            for grant in person.grants
        ],
    }


def limits_summary(limits: Limits) -> dict[str, Any]:
    return {
        "rules": rules_summary(limits.rules),
        "hours": hours_summary(limits.timetable),
        "dates": dates_summary(limits.timetable),
        "minutes": [
            f"{quota.minutes} on {','.join(DAYS[day] for day in sorted(quota.days.week))}"
            for quota in limits.timetable.quotas
        ],
    }


def hours_summary(timetable: Timetable) -> list[str]:
    """The spans of an ordinary week, layer by layer; one that runs past midnight is one."""
    found: list[list[Any]] = []
    for layer in timetable.layers:
        week = [(day * 1440 + span.start, day * 1440 + span.end, span.rule)
                for day, drawn in enumerate(layer.week) for span in drawn.spans]  # fmt: skip
        for start, end, rule in week:
            if found and found[-1][1:] == [start, rule]:
                found[-1][1] = end
            else:
                found.append([start, end, rule])
    return [f"{clock(start)} to {clock(end)}, {rule}" for start, end, rule in found]


def dates_summary(timetable: Timetable) -> list[str]:
    """The spans of every date that is unlike its day of the week."""
    found = []
    for layer in timetable.layers:
        for day, drawn in layer.dates.items():
            spans = (f"{clock(span.start)[4:]} to {clock(span.end)[4:]}, {span.rule}" for span in drawn.spans)
            found.append(f"{date.fromordinal(day)}: {'; '.join(spans)}".removesuffix(": "))
    return found


def rules_summary(rules: Rules) -> list[str]:
    """Each rule once, those without a host first."""
    found = [*rules.hostless, *(rule for named in rules.by_host.values() for rule in named)]
    return list(dict.fromkeys(f"{rule.hit.rule} | {rule.hit.reason} {rule.hit.where}" for rule in found))


def clock(minute: int) -> str:
    day, rest = divmod(minute, 1440)
    return f"{DAYS[day % 7]} {rest // 60:02}:{rest % 60:02}"


def list_summary(source: ListSource) -> dict[str, Any]:
    return {
        "origin": source.origin,
        "format": source.format,
        "topics": sorted(source.topics),
        "kind": source.kind,
        "below": source.below,
        "every": source.every // timedelta(minutes=1),
        "at-most": source.at_most,
        "sha256": source.sha256,
    }
