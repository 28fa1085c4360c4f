"""Cases of profiles: clues and a moment → the profile; a timetable and a moment → what blocks; activity → minutes.

`policy` is a file. Then `clues`, `at` and `profile` (a part of it, or null); or `person` with `ages` (moment → age),
`hours` (moment → what blocks), or `active` (moments of activity), `used` (the minutes they make) and `then` (moment →
what blocks after it). `soon` (moment → flag and end) is asked after the activity. `page` (host, kind, topics) is what
is asked for and what the person is active on, `calendars` are files beside the policy, `given` grants given since.
"""

from datetime import date, datetime
from functools import cache
from typing import Any

from gateway.hosts.record import HostRecord
from gateway.policy.compile import compile_policy
from gateway.policy.policy import Policy
from gateway.profiles.clue import Clues
from gateway.profiles.grant import Grant
from gateway.profiles.profile import Profile
from gateway.profiles.quota import NONE_USED, Tally
from gateway.profiles.recognise import profile_of, recognise, with_grants
from gateway.profiles.spent_time import Ending
from gateway.profiles.timetable import Timetable
from gateway.shipped import texts


@cache
def policy_of(text: str, calendars: tuple[tuple[str, str], ...] = ()) -> Policy:
    return compile_policy({"home.yaml": text}, texts("presets"), texts("law"), date(2026, 11, 22), dict(calendars))


def run(case: dict[str, Any]) -> None:
    policy = policy_of(case["policy"], tuple(case.get("calendars", {}).items()))
    if "clues" in case:
        profile = recognise(policy, Clues(**case["clues"]), datetime.fromisoformat(case.get("at", "2026-11-22T12:00Z")))
        compare(case["profile"], profile)
    if "ages" in case:
        for moment, age in case["ages"].items():
            seen = policy.people[case["person"]].age_at(datetime.fromisoformat(moment))
            assert seen == age, f"at {moment}: want {age}, got {seen}"
    for moment, wanted in case.get("hours", {}).items():
        blocked = said(policy, case, datetime.fromisoformat(moment), {})
        assert blocked == wanted, f"at {moment}: want {wanted}, got {blocked}"
    for moment, wanted in case.get("unknown", {}).items():
        stranger = recognise(policy, Clues(listener="home"), datetime.fromisoformat(moment))
        assert stranger is not None
        blocked = told(stranger.timetable, case, datetime.fromisoformat(moment))
        assert blocked == wanted, f"a stranger at {moment}: want {wanted}, got {blocked}"
    tallies = check_activity(policy, case) if "active" in case else {}
    for moment, wanted in case.get("soon", {}).items():
        at = datetime.fromisoformat(moment)
        found = timetable_of(policy, case, at).with_tallies(tallies).at(at, *page_of(case))
        seen = f"{found.flag} {found.until.isoformat()}" if isinstance(found, Ending) else None
        assert seen == wanted, f"at {moment}: want {wanted}, got {seen}"


def compare(wanted: dict[str, Any] | None, profile: Profile | None) -> None:
    if wanted is None or profile is None:
        assert (wanted is None) == (profile is None), f"want {wanted}, got {profile and profile.person}"
        return
    seen = {
        "person": profile.person,
        "age": profile.age,
        "groups": sorted(profile.groups),
        "language": profile.language,
        "rules": "none" if profile.rules.empty else "some",
        "hours": "none" if profile.timetable.empty else "some",
        "grants": [grant.id for grant in profile.grants],
        "adults-opened": profile.stances.adults_opened,
        "unlabelled": profile.stances.for_unlabelled(profile.age).word,
    }
    assert seen | wanted == seen


def timetable_of(policy: Policy, case: dict[str, Any], moment: datetime) -> Timetable:
    profile = profile_of(policy, policy.people[case["person"]], moment)
    given = (
        Grant(
            **{
                "id": "1",
                "by": "dana",
                "people": frozenset({case["person"]}),
                "host": "",
                **grant,
                **{key: datetime.fromisoformat(grant[key]) for key in ("since", "until")},
            }
        )
        for grant in case.get("given", ())
    )
    return with_grants(profile, given).timetable


def page_of(case: dict[str, Any]) -> tuple[str, HostRecord | None]:
    page = case.get("page")
    if page is None:
        return "", None
    known = HostRecord(host=page["host"], kind=page.get("kind"), topics=frozenset(page.get("topics", ())))
    return page["host"], known


def said(policy: Policy, case: dict[str, Any], moment: datetime, tallies: dict[str, Tally]) -> str | None:
    return told(timetable_of(policy, case, moment).with_tallies(tallies), case, moment)


def told(timetable: Timetable, case: dict[str, Any], moment: datetime) -> str | None:
    blocked = timetable.block_at(moment, *page_of(case))
    if blocked is None:
        return None
    until = blocked.until.isoformat() if blocked.until else "never ends"
    return f"{blocked.reason} {until} {blocked.rule} {blocked.where}"


def check_activity(policy: Policy, case: dict[str, Any]) -> dict[str, Tally]:
    """`used`: the minutes of everything counted, or by service when there are several."""
    tallies: dict[str, Tally] = {}
    for text in case["active"]:
        moment = datetime.fromisoformat(text)
        for service in timetable_of(policy, case, moment).services_of(*page_of(case)):
            tallies[service] = tallies.get(service, NONE_USED).count(moment.astimezone(policy.zone))
    used = {service: tally.minutes for service, tally in tallies.items()}
    wanted = case["used"]
    assert (used if isinstance(wanted, dict) else sum(used.values())) == wanted, f"want {wanted}, got {used}"
    for moment, wanted in case.get("then", {}).items():
        blocked = said(policy, case, datetime.fromisoformat(moment), tallies)
        assert blocked == wanted, f"at {moment}: want {wanted}, got {blocked}"
    return tallies
