"""A line of `decide --jsonl` → the question, in what no answer shows."""

from datetime import UTC, datetime

import pytest

from gateway.decision.from_line import question_of
from gateway.decision.line import BadLine
from gateway.decision.sources import build_sources
from gateway.decision.verdict import Action
from gateway.labels.data import build_label_data
from gateway.labels.label import Scope, Status, Trust
from gateway.shipped import texts

POLICY = {"home.yaml": "extends: home\nhosts:\n  - {host: a.example, audience: limited, source: test}\n"}


def sources(policy=None):
    scales = build_label_data({**texts("scales"), **texts("signs")}).scales
    moment = datetime(2026, 11, 22, 9, tzinfo=UTC)
    return build_sources(packs=texts("law"), presets=texts("presets"), scales=scales, moment=moment, policy=policy)


@pytest.fixture(scope="module")
def law():
    return sources()


@pytest.mark.parametrize(
    ("entry", "scale", "mark", "min_age", "raw"),
    [
        ({"mark": "12+"}, "kz", "12+", 12, "12+"),
        ({"mark": "PG-13"}, "mpa", "PG-13", 13, "PG-13"),
        ({"mark": "PG-13", "scale": "mpa"}, "mpa", "PG-13", 13, "PG-13"),
        ({"mark": "16+", "scale": "rars"}, "rars", "16+", 16, "16+"),
        ({"min_age": 13}, "kz", "13+", 13, "13+"),
        ({"min_age": 13, "mark": "teens"}, "kz", "teens", 13, "teens"),
        ({"min_age": 13, "scale": "mine"}, "mine", "13+", 13, "13+"),
        ({"mark": "23+", "scale": "mine"}, "mine", "23+", 23, "23+"),
        ({"mark": "08+"}, "age", "8+", 8, "08+"),
        ({"mark": "23 +"}, "age", "23+", 23, "23 +"),
    ],
)
def test_a_label_by_its_mark_its_scale_or_its_age(law, entry, scale, mark, min_age, raw):
    reading = question_of({"age": 8, "labels": [entry]}, law).reading
    assert reading is not None
    (label,) = reading.labels
    assert (label.scale, label.mark, label.min_age, label.raw) == (scale, mark, min_age, raw)
    assert (label.carrier, label.place, label.scope, label.trust) == ("question", "labels[0]", Scope.PAGE, Trust.B)


@pytest.mark.parametrize(
    ("scopes", "status"),
    [([], Status.UNLABELLED), (["ad"], Status.UNLABELLED), (["ad", "page"], Status.RATED), (["site"], Status.RATED)],
)
def test_a_reading_is_rated_by_what_is_no_hint(law, scopes, status):
    labels = [{"mark": "12+", "scope": scope} for scope in scopes]
    reading = question_of({"age": 8, "labels": labels}, law).reading
    assert reading is not None
    assert reading.status == status


def test_what_a_line_leaves_out(law):
    question = question_of({"age": 8}, law)
    assert question.profile.person == "somebody"
    assert question.profile.stances.base == "default"
    assert (question.host, question.url, question.estimate) == (None, None, None)
    assert question.paid_decoder is False
    assert question_of({"age": 8, "paid_decoder": True}, law).paid_decoder


def test_the_audience_of_a_line_and_of_what_is_known():
    under = sources(POLICY)
    for said, audience in ((None, "limited"), ("public", "public"), ("limited", "limited")):
        record = question_of({"age": 8, "url": "https://a.example/", "audience": said}, under).host
        assert record is not None
        assert record.audience == audience


@pytest.mark.parametrize(
    ("unlabelled", "age", "action"),
    [
        ("allow", 0, Action.ALLOW),
        ("restrict", 0, Action.ASK),
        ({"below_12": "block", "from_12": "allow"}, 11, Action.BLOCK),
        ({"below_12": "block", "from_12": "allow"}, 12, Action.ALLOW),
        ({"below-12": "ask", "12": "allow"}, 0, Action.ASK),
        ({"0": "ask", "6": "allow"}, 5, Action.ASK),
    ],
)
def test_the_stance_on_pages_without_a_label(law, unlabelled, age, action):
    stances = question_of({"age": age, "stances": {"unlabelled": unlabelled}}, law).profile.stances
    assert stances.for_unlabelled(age) == action


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"stances": {"unlabelled": {"soon": "allow"}}}, "'unlabelled' has 'soon'"),
        ({"stances": {"unlabelled": {"from_100": "allow"}}}, "'unlabelled' has 'from-100'"),
        ({"stances": {"unlabelled": "maybe"}}, "'unlabelled' is 'maybe'; it must be one of: allow, ask,"),
        ({"stances": {"unlabelled": {"0": None}}}, "'0' is None; it must be one of: allow, ask, restrict, block"),
        ({"stances": {"nothing": 1}}, "'stances' is 'nothing'; it must be one of: site-label-binding"),
        ({"stances": {"scope": "court"}}, "'scope' is 'court'; it must be one of: text, ministry"),
        ({"estimate": {"confidence": 1}}, "'estimate' has a min_age and a confidence"),
        ({"estimate": {"min_age": 1}}, "'estimate' has a min_age and a confidence"),
        ({"flags": "a"}, "'flags' must be a list"),
        ({"used": 60}, "'used': nobody limits the minutes of this person"),
    ],
)  # fmt: skip
def test_what_asks_no_question_says_why(law, line, message):
    with pytest.raises(BadLine) as bad:
        question_of({"age": 8, **line}, law)
    assert str(bad.value).startswith(message)
