"""The laws of the house (DESIGN.md, section 6) for every question."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.decision.decide import decide
from gateway.decision.explain import explain
from gateway.decision.jsonl import answer, judge
from gateway.decision.question import Asked, Tier
from gateway.decision.sight import Sight, sight
from gateway.decision.splice import Known, see
from gateway.decision.verdict import Action, Effect, Layer, Reason
from gateway.decision.whole import decide_whole
from gateway.hosts.record import HostRecord
from gateway.labels.label import Reading, Scope, Status
from gateway.policy.rules import Hit, Rule, Rules
from gateway.policy.stances import Foreign
from tests.property.questions import HOST, codex_of, labels, questions, readings, sources, with_profile


@given(questions)
@settings(max_examples=400)
def test_no_question_ends_in_a_fault(question):
    verdict = decide(question)
    assert verdict.reason != Reason.FAULT
    assert verdict.grounds[0].says == verdict.action
    assert verdict.grounds[0].overruled_by is None


@given(questions)
@settings(max_examples=300)
def test_the_legal_layer_always_cites(question):
    verdict = decide(question)
    if verdict.layer == Layer.LAW:
        assert verdict.grounds[0].cites
    if verdict.reason == Reason.ESTIMATE:
        assert verdict.layer == Layer.SYSTEM
        assert verdict.category is None
    assert (verdict.effect in (Effect.ALLOW, Effect.OUT_OF_SCOPE)) == (verdict.action == Action.ALLOW)
    assert (verdict.effect == Effect.BLOCK_ITEM) == (verdict.action == Action.MASK)


@given(questions, st.integers(0, 21))
@settings(max_examples=400)
def test_the_younger_never_get_more(question, age):
    younger, older = sorted((age, question.profile.age))
    assert decide(with_profile(question, age=younger)).action >= decide(with_profile(question, age=older)).action


@given(questions, labels)
@settings(max_examples=400)
def test_a_label_above_the_age_never_loosens(question, label):
    label = replace(label, min_age=question.profile.age + 1 + label.min_age)
    reading = question.reading or Reading(status=Status.UNLABELLED)
    question = replace(question, reading=reading)
    stricter = replace(question, reading=replace(reading, labels=(*reading.labels, label)))
    # A local rule may be written for a category: then a stricter label is another question to that rule.
    question, stricter = (with_profile(each, rules=Rules()) for each in (question, stricter))
    assert decide(stricter).action >= decide(question).action


@given(questions, st.integers(1, 10))
@settings(max_examples=300)
def test_raising_the_age_of_a_label_never_loosens(question, more):
    if question.reading is None or not question.reading.labels:
        return
    first, *rest = question.reading.labels
    raised = replace(first, min_age=first.min_age + more)
    question = with_profile(question, rules=Rules())
    stricter = replace(question, reading=replace(question.reading, labels=(raised, *rest)))
    assert decide(stricter).action >= decide(question).action


@given(questions)
@settings(max_examples=300)
def test_a_rule_that_blocks_or_asks_never_loosens(question):
    rules = question.profile.rules
    for says, reason in ((Action.BLOCK, Reason.LOCAL_BLOCK), (Action.ASK, Reason.LOCAL_ASK)):
        more = Rule(hit=Hit("more", "home.yaml:9", says, reason))
        tighter = with_profile(question, rules=Rules(rules.by_host, (*rules.hostless, more)))
        assert decide(tighter).action >= decide(question).action


@given(questions)
@settings(max_examples=300)
def test_help_lines_and_private_traffic_always_pass(question):
    for kind in ("help-line", "private"):
        record = replace(question.host or HostRecord(host=HOST), kind=kind)
        assert decide(replace(question, host=record)).action == Action.ALLOW
        assert sight(replace(question, host=record)) == Sight.PASS


@given(questions)
@settings(max_examples=300)
def test_no_minor_sees_18_but_by_a_guardian_or_art_2(question):
    verdict = decide(question)
    if question.profile.age < 17 and verdict.category == "18+" and verdict.action == Action.ALLOW:
        assert verdict.reason in (Reason.LOCAL_ALLOW, Reason.GRANT)


@given(questions, readings)
@settings(max_examples=400)
def test_what_sight_refuses_no_page_opens_and_what_it_passes_no_page_closes(question, reading):
    unread = replace(question, reading=None)
    seen = sight(unread)
    read = decide(replace(question, reading=reading))
    if seen == Sight.REFUSE:
        assert decide(unread).action > Action.ALLOW
        if question.tier != Tier.HOST:
            assert read.action > Action.ALLOW
    if seen == Sight.PASS:
        assert read.action == Action.ALLOW


@given(questions, readings, st.sampled_from(Asked))
@settings(max_examples=400)
def test_what_is_passed_as_allowed_no_page_closes_whatever_is_done_there(question, reading, asked):
    unread = replace(question, reading=None, estimate=None, tier=Tier.HOST)
    seen = see(unread, decide(unread), Known())
    if seen.sight is Sight.PASS:
        assert decide(replace(unread, reading=reading, action=asked, tier=Tier.PAGE)).action == Action.ALLOW
    if seen.sight is Sight.REFUSE:
        assert decide(unread).action > Action.ALLOW


@given(questions)
@settings(max_examples=300)
def test_another_country_s_act_never_loosens(question):
    # The labels of a country whose act holds are foreign no more, whatever is said of foreign ones.
    exact = replace(question.profile.stances, foreign=Foreign.EXACT)
    question = with_profile(question, stances=exact)
    alone = with_profile(question, codex=codex_of(("kz/169-vi",)))
    for others in (("kz/169-vi", "ru/436-fz"), ("kz/169-vi", "it/agcom-9-23", "au/smma", "br/eca-digital")):
        assert decide(with_profile(question, codex=codex_of(others))).action >= decide(alone).action


@given(questions)
@settings(max_examples=300)
def test_where_nothing_can_be_taken_out_nothing_is_masked(question):
    whole = decide_whole(question)
    assert whole.action != Action.MASK
    assert whole.reason != Reason.FAULT
    if decide(question).action != Action.MASK:
        assert whole == decide(question)


@given(questions)
@settings(max_examples=300)
def test_what_a_listing_mentions_never_gives_it_a_category(question):
    if question.reading is None:
        return
    record = replace(question.host or HostRecord(host=HOST), kind="search", reading=None)
    question = with_profile(replace(question, host=record), rules=Rules(), grants=())
    bare = tuple(label for label in question.reading.labels if label.scope is not Scope.PART)
    without = decide(replace(question, reading=replace(question.reading, labels=bare)))
    verdict = decide(question)
    assert verdict.action in (without.action, Action.MASK)
    if verdict.action != Action.MASK:
        assert verdict.category in (without.category, None)


@given(questions)
@settings(max_examples=100)
def test_every_verdict_can_be_explained(question):
    verdict = decide(question)
    assert verdict.reason.value in explain(question, verdict)


fields = st.sampled_from(
    ["id", "age", "moment", "url", "action", "channel", "kind", "audience", "exempt", "topics", "labels", "estimate",
     "stances", "packs", "paid_decoder", "preset", "base", "mark", "scale", "scope", "min_age", "confidence",
     "unlabelled", "unknown_page", "foreign"]
)  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 200) | st.floats() | st.text(max_size=6)
    | st.sampled_from(["18+", "kz", "page", "default", "home", "kz/169-vi", "view", "https://a.example/", "12"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(fields, inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(fields, values, max_size=8) | values)
@settings(max_examples=500)
def test_every_line_is_answered(line):
    got = answer(line, sources())
    assert got["action"] in ("allow", "mask", "ask", "block")
    assert got["reason"] != "fault"


@given(st.dictionaries(fields, values, max_size=8) | values)
@settings(max_examples=300)
def test_a_line_is_refused_only_with_a_problem_that_says_why(line):
    got, problem = judge(line, sources())
    assert (problem is None) == (got["reason"] != "bad-request")
    assert problem is None or problem.message == got["grounds"][0]["where"]
