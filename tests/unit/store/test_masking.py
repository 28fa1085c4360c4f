"""What may be kept of a verdict."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decision.question import Question
from gateway.decision.verdict import Action, Effect, Layer, Reason, Verdict
from gateway.store.masking import KEEPING, JournalEntry, Keeping, band_of, lost, mask

EVERYTHING = Keeping(days=7, bucket=timedelta(minutes=1), host=True, person=True, rules=True)


@pytest.mark.parametrize("keeping", [*KEEPING.values(), EVERYTHING])
def test_an_allowed_visit_is_never_kept(verdict: Verdict, question: Question, keeping: Keeping) -> None:
    assert mask(replace(verdict, action=Action.ALLOW), question, keeping) is None


@pytest.mark.parametrize("action", [Action.MASK, Action.ASK, Action.BLOCK])
def test_what_is_not_an_allow_is_kept(verdict: Verdict, question: Question, action: Action) -> None:
    kept = mask(replace(verdict, action=action), question, KEEPING["home"])
    assert kept is not None
    assert kept.action == action.word


def test_zero_days_keep_nothing(verdict: Verdict, question: Question) -> None:
    assert mask(verdict, question, replace(EVERYTHING, days=0)) is None


@pytest.mark.parametrize("keeping", [*KEEPING.values(), EVERYTHING])
def test_address_query_detail_and_age_are_kept_by_nobody(
    verdict: Verdict, question: Question, keeping: Keeping
) -> None:
    kept = mask(verdict, question, keeping)
    assert kept is not None
    text = json.dumps(kept.to_json())
    assert "secret" not in text
    assert "watch" not in text
    assert '"age"' in text  # as the name of something erased
    assert {"age", "detail", "evidence", "url"} <= set(kept.masked)
    assert kept.band == "12-13"


@pytest.mark.parametrize("preset", list(KEEPING))
def test_no_preset_keeps_the_host_by_itself_nor_a_rule_named_after_it(
    verdict: Verdict, question: Question, preset: str
) -> None:
    kept = mask(verdict, question, KEEPING[preset])
    assert kept is not None
    assert kept.host is None
    assert "tube" not in json.dumps(kept.to_json())
    assert {"host", "rules"} <= set(kept.masked)


def test_a_home_that_opted_in_keeps_the_host_and_its_rules(verdict: Verdict, question: Question) -> None:
    kept = mask(verdict, question, replace(KEEPING["home"], host=True))
    assert kept is not None
    assert kept.host == "m.tube.example"
    assert kept.rules == ("kz/169-vi:16(3)", "home:block:tube.example")  # the overruled one did not decide
    assert kept.cites == ("Art. 16(3)",)
    assert "host" not in kept.masked


@pytest.mark.parametrize(
    ("preset", "moment"),
    [
        ("home", datetime(2026, 11, 22, 9, 41, tzinfo=UTC)),
        ("school", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ("library", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ("isp", datetime(2026, 11, 22, 9, tzinfo=UTC)),
    ],
)
def test_the_moment_is_cut_as_the_preset_says(
    verdict: Verdict, question: Question, preset: str, moment: datetime
) -> None:
    kept = mask(verdict, question, KEEPING[preset])
    assert kept is not None
    assert kept.moment == moment
    assert "moment" in kept.masked


def test_an_operator_counts_only(verdict: Verdict, question: Question) -> None:
    kept = mask(verdict, question, KEEPING["isp"])
    assert kept == JournalEntry(
        moment=datetime(2026, 11, 22, 9, tzinfo=UTC),
        action="block",
        reason="label",
        layer="law",
        category="18+",
        band="12-13",
        tier="page",
        masked=("age", "detail", "evidence", "host", "moment", "person", "rules", "url"),
    )


def test_a_failure_before_the_question_is_kept_without_a_person() -> None:
    refused = Verdict(
        action=Action.BLOCK, reason=Reason.NO_PROFILE, effect=Effect.BLOCK, layer=Layer.SYSTEM, detail="x"
    )
    kept = mask(refused, None, KEEPING["school"], datetime(2026, 11, 22, 9, 41, tzinfo=UTC))
    assert kept is not None
    assert (kept.person, kept.band, kept.host, kept.tier) == (None, None, None, None)
    assert kept.masked == ("detail", "moment")


def test_without_question_and_moment_is_a_mistake(verdict: Verdict) -> None:
    with pytest.raises(ValueError, match="needs the moment"):
        mask(verdict, None, KEEPING["home"])


@pytest.mark.parametrize(
    ("age", "band"),
    [(0, "0-5"), (5, "0-5"), (6, "6-11"), (11, "6-11"), (12, "12-13"), (14, "14-15"), (17, "16-17"), (18, "18+")],
)
def test_bands_are_those_of_the_law(age: int, band: str) -> None:
    assert band_of(age) == band


def test_the_entry_comes_back_from_json(verdict: Verdict, question: Question) -> None:
    kept = mask(verdict, question, EVERYTHING)
    assert kept is not None
    again = JournalEntry.of_json(kept.moment, json.loads(json.dumps({**kept.to_json(), "of-a-later-version": 1})))
    assert again == kept
    assert again.key == kept.key


def test_keys_differ_when_anything_differs(verdict: Verdict, question: Question) -> None:
    kept = mask(verdict, question, EVERYTHING)
    assert kept is not None
    others = {
        replace(kept, person="pupil-18").key,
        replace(kept, moment=kept.moment + timedelta(minutes=1)).key,
        replace(kept, masked=()).key,
        lost(kept.moment).key,
    }
    assert len(others | {kept.key}) == 5


@given(st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)), st.integers(1, 100_000))
def test_a_cut_moment_is_not_later_and_within_its_bucket(moment: datetime, seconds: int) -> None:
    refused = Verdict(action=Action.BLOCK, reason=Reason.FAULT, effect=Effect.BLOCK, layer=Layer.SYSTEM)
    bucket = timedelta(seconds=seconds)
    kept = mask(refused, None, Keeping(days=1, bucket=bucket), moment)
    assert kept is not None
    assert kept.moment <= moment < kept.moment + bucket
