"""Cases of profiles: clues and a moment → the profile; a timetable and a moment → what blocks; activity → minutes.

`policy` is a file. Then `clues`, `at` and `profile` (a part of it, or null); or `person` with `ages` (moment → age),
`hours` (moment → what blocks), or `active` (moments of activity), `used` (the minutes they make) and `then` (moment →
what blocks after it).
"""

from datetime import date, datetime
from functools import cache
from typing import Any

from gateway.policy.compile import compile_policy
from gateway.policy.policy import Policy
from gateway.profiles.clue import Clues
from gateway.profiles.profile import Profile
from gateway.profiles.quota import Tally
from gateway.profiles.recognise import profile_of, recognise
from gateway.shipped import texts


@cache
def policy_of(text: str) -> Policy:
    return compile_policy({"home.yaml": text}, texts("presets"), texts("law"), date(2026, 11, 22))


def run(case: dict[str, Any]) -> None:
    policy = policy_of(case["policy"])
    if "clues" in case:
        profile = recognise(policy, Clues(**case["clues"]), datetime.fromisoformat(case.get("at", "2026-11-22T12:00Z")))
        compare(case["profile"], profile)
    if "ages" in case:
        for moment, age in case["ages"].items():
            seen = policy.people[case["person"]].age_at(datetime.fromisoformat(moment))
            assert seen == age, f"at {moment}: want {age}, got {seen}"
    for moment, wanted in case.get("hours", {}).items():
        blocked = said(policy, case, datetime.fromisoformat(moment), Tally())
        assert blocked == wanted, f"at {moment}: want {wanted}, got {blocked}"
    if "active" in case:
        check_activity(policy, case)


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


def said(policy: Policy, case: dict[str, Any], moment: datetime, tally: Tally) -> str | None:
    profile = profile_of(policy, policy.people[case["person"]], moment)
    blocked = profile.timetable.with_tally(tally).block_at(moment)
    if blocked is None:
        return None
    until = blocked.until.isoformat() if blocked.until else "never ends"
    return f"{blocked.reason} {until} {blocked.rule} {blocked.where}"


def check_activity(policy: Policy, case: dict[str, Any]) -> None:
    tally = Tally()
    for text in case["active"]:
        tally = tally.count(datetime.fromisoformat(text).astimezone(policy.zone))
    assert tally.minutes == case["used"], f"want {case['used']}, got {tally.minutes}"
    for moment, wanted in case.get("then", {}).items():
        blocked = said(policy, case, datetime.fromisoformat(moment), tally)
        assert blocked == wanted, f"at {moment}: want {wanted}, got {blocked}"
