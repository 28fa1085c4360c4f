"""What each step of the decision leaves in the verdict for those who show it: grounds, ages, evidence, layers."""

from dataclasses import replace
from datetime import UTC

import pytest

from gateway.decision.decide import decide
from gateway.decision.question import Estimate
from gateway.decision.verdict import Action, Effect, Layer, Reason
from gateway.hosts.record import Exempt, ExemptGround, HostRecord
from gateway.labels.label import Reading, Scope, Status
from gateway.policy.rules import Hit, Rule, Rules
from gateway.policy.stances import Stances
from gateway.profiles.grant import Grant
from gateway.profiles.hours import Hours
from gateway.profiles.timetable import Timetable

PART = {"scope": Scope.PART, "part": "#item"}
STRICT = Stances(unlabelled=((0, Action.BLOCK),))
EXEMPT = HostRecord(host="page.example", exempt=Exempt(ExemptGround.EDUCATIONAL, "a list"))


def of_profile(question, **changes):
    return replace(question, profile=replace(question.profile, **changes))


def rules(*said):
    hits = [Hit(reason.value, f"home.yaml:{line}", says, reason) for line, (says, reason) in enumerate(said, 1)]
    return Rules.of([Rule(hit=hit, host="page.example") for hit in hits])


def spoken(verdict):
    return [("!" if ground.overruled_by else "") + ground.rule for ground in verdict.grounds]


def test_an_adult_s_verdict_has_the_age_of_what_was_read_and_none_of_what_was_not(ask, label):
    assert decide(ask(labels=(label(18),), age=30)).min_age == 18
    assert decide(ask(age=30)).min_age is None


def test_what_fits_is_no_ground_that_an_exemption_overrules(ask, label):
    assert spoken(decide(ask(labels=(label(6),), host=EXEMPT))) == ["kz.169-VI.2.1"]
    verdict = decide(ask(labels=(label(18),), host=EXEMPT))
    assert spoken(verdict) == ["kz.169-VI.2.1", "!kz.169-VI.16.3"]
    assert (verdict.category, verdict.min_age) == (None, None)
    masked = decide(ask(labels=(label(6), label(18, **PART)), host=EXEMPT))
    assert spoken(masked) == ["kz.169-VI.2.1", "!kz.169-VI.16.3", "!kz.169-VI.15.3"]


def test_the_detail_speaks_of_an_exemption_only_where_it_decided(ask):
    blocked = of_profile(ask(host=EXEMPT), rules=rules((Action.BLOCK, Reason.LOCAL_BLOCK)))
    assert (decide(blocked).reason, decide(blocked).detail) == (Reason.LOCAL_BLOCK, "")


def test_parts_that_fit_label_a_page_where_pages_without_a_label_are_closed(ask, label):
    verdict = decide(of_profile(ask(labels=(label(6, **PART),)), stances=STRICT))
    assert (verdict.action, verdict.reason) == (Action.ALLOW, Reason.LABEL_FITS)


def test_a_page_with_a_label_of_its_own_is_masked_where_pages_without_one_are_closed(ask, label):
    labels = (label(6), label(18, **PART))
    assert decide(of_profile(ask(labels=labels), stances=STRICT)).action == Action.MASK
    closed = decide(of_profile(ask(labels=labels[1:]), stances=STRICT))
    assert (closed.action, closed.reason, closed.layer) == (Action.BLOCK, Reason.UNLABELLED, Layer.LOCAL)
    assert (closed.min_age, closed.evidence) == (18, labels[1:])


PUBLICATION = HostRecord(host="page.example", kind="online-publication")


@pytest.mark.parametrize(("age", "told"), [(15, ["!kz.169-VI.15.3-site"]), (16, [])])
def test_a_site_s_sign_is_told_only_to_those_below_it(ask, label, age, told):
    sign, page = label(16, scope=Scope.SITE), label(12)
    assert spoken(decide(ask(labels=(sign,), host=PUBLICATION, age=age))) == ["stance.unlabelled", *told]
    assert spoken(decide(ask(labels=(sign, page), host=PUBLICATION, age=age))) == ["kz.169-VI.9.3-label", *told]


@pytest.mark.parametrize(("signed", "age"), [(6, 12), (12, 12), (14, 14)])
def test_of_a_binding_sign_and_a_page_label_that_fit_the_older_is_told(ask, label, signed, age):
    sign, page = label(signed, scope=Scope.SITE), label(12)
    question = of_profile(ask(labels=(sign, page), host=PUBLICATION), stances=Stances(site_sign_binds=True))
    verdict = decide(question)
    assert (verdict.min_age, verdict.evidence) == (age, (sign,) if signed > 12 else (page,))


def test_of_a_page_and_a_part_that_fit_equally_the_page_is_told(ask, label):
    page, part = label(6), label(6, **PART)
    assert decide(ask(labels=(part, page))).evidence == (page,)


@pytest.mark.parametrize(("part", "grounds"), [(6, 1), (8, 1), (9, 2)])
def test_a_page_that_is_kept_back_names_only_the_parts_above_the_age(ask, label, part, grounds):
    verdict = decide(ask(labels=(label(12), label(part, **PART)), age=8))
    assert len(verdict.evidence) == grounds
    assert {ground.says for ground in verdict.grounds} == {Action.BLOCK}


def granted(question, **changes):
    grant = Grant(id="1", by="dana", people=frozenset({"aru"}), host="page.example", where="home.yaml:9")
    return of_profile(question, grants=(replace(grant, **changes),))


def test_a_grant_keeps_what_it_opens_in_the_verdict(ask, label):
    verdict = decide(granted(ask(labels=(label(18),))))
    assert spoken(verdict) == ["grant.1", "!kz.169-VI.16.3"]
    assert (verdict.category, verdict.min_age, verdict.evidence) == ("18+", 18, (label(18),))
    assert (verdict.effect, verdict.layer, verdict.grounds[0].says) == (Effect.ALLOW, Layer.LOCAL, Action.ALLOW)


COVERED = [
    {"host": "page.example"},
    {"host": "www.page.example"},
    *({"path": path} for path in ("/a", "/a/b", "/a/", "/")),
]
NOT_COVERED = [{"host": ""}, {"host": "e"}, {"path": "/a/b/c"}, {"path": "/b"}]
PLACES = [*((place, True) for place in COVERED), *((place, False) for place in NOT_COVERED)]


@pytest.mark.parametrize(("place", "opens"), PLACES)
def test_what_a_grant_covers(ask, label, place, opens):
    assert (decide(granted(ask(labels=(label(18),)), **place)).reason == Reason.GRANT) == opens


def test_what_overrules_a_rule_that_asks_keeps_its_own_evidence(ask, label):
    verdict = decide(of_profile(ask(labels=(label(18),)), rules=rules((Action.ASK, Reason.LOCAL_ASK))))
    assert spoken(verdict) == ["kz.169-VI.16.3", "!local-ask"]
    assert (verdict.min_age, verdict.evidence) == (18, (label(18),))


def test_of_several_rules_that_limit_the_strictest_counts(ask):
    both = rules((Action.ASK, Reason.LOCAL_ASK), (Action.BLOCK, Reason.LOCAL_BLOCK))
    assert decide(of_profile(ask(), rules=both)).reason == Reason.LOCAL_BLOCK


@pytest.mark.parametrize(("rated", "closes"), [(0, False), (6, False), (12, False), (14, True), (16, True), (21, True)])
def test_a_rule_for_a_category_closes_it_and_the_older_ones(ask, label, rated, closes):
    hit = Hit("older", "home.yaml:1", Action.BLOCK, Reason.LOCAL_BLOCK)
    question = of_profile(ask(labels=(label(rated),), age=17), rules=Rules.of([Rule(hit=hit, category="14+")]))
    assert (decide(question).reason == Reason.LOCAL_BLOCK) == closes


def test_a_rule_that_opens_a_category_opens_the_youngest_too(ask, label):
    hit = Hit("younger", "home.yaml:1", Action.ALLOW, Reason.LOCAL_ALLOW)
    opened = Rules.of([Rule(hit=hit, category="6-")])
    assert decide(of_profile(ask(labels=(label(0),)), rules=opened)).reason == Reason.LOCAL_ALLOW
    assert decide(of_profile(ask(labels=(label(1),)), rules=opened)).reason == Reason.LABEL_FITS
    assert decide(of_profile(ask(), rules=opened)).reason == Reason.UNLABELLED


def test_a_stance_speaks_for_the_house(ask):
    assert decide(ask()).layer == Layer.LOCAL
    assert decide(ask(reading=Reading(status=Status.UNREADABLE))).layer == Layer.SYSTEM


def test_a_rule_that_asks_stands_beside_one_that_allows_but_not_beside_a_grant(ask):
    both = rules((Action.ALLOW, Reason.LOCAL_ALLOW), (Action.ASK, Reason.LOCAL_ASK))
    question = of_profile(ask(), rules=both)
    assert (decide(question).action, decide(question).reason) == (Action.ASK, Reason.LOCAL_ASK)
    verdict = decide(granted(question))
    assert (verdict.action, verdict.reason) == (Action.ALLOW, Reason.GRANT)
    assert spoken(verdict) == ["grant.1", "stance.unlabelled", "!local-ask"]


def test_where_a_stance_and_a_rule_both_ask_the_stance_decides(ask):
    question = of_profile(ask(), rules=rules((Action.ASK, Reason.LOCAL_ASK)))
    asked = of_profile(question, stances=Stances(unlabelled=((0, Action.ASK),)))
    assert spoken(decide(asked)) == ["stance.unlabelled", "!local-ask"]


def test_what_the_house_allows_anyway_keeps_what_was_read(ask, label):
    question = of_profile(ask(labels=(label(12),)), rules=rules((Action.ALLOW, Reason.LOCAL_ALLOW)))
    verdict = decide(question)
    assert verdict.reason == Reason.LOCAL_ALLOW
    assert (verdict.category, verdict.min_age, verdict.evidence) == ("12+", 12, (label(12),))


@pytest.mark.parametrize(("up_to", "action"), [(11, Action.BLOCK), (12, Action.ALLOW), (13, Action.ALLOW)])
def test_a_local_allow_opens_up_to_its_age(ask, label, up_to, action):
    question = of_profile(
        ask(labels=(label(12),), age=8),
        rules=rules((Action.ALLOW, Reason.LOCAL_ALLOW)),
        stances=Stances(local_allow_up_to=up_to),
    )
    assert decide(question).action == action


def test_the_ground_of_a_closed_hour_says_block(ask):
    always = Timetable.of([Hours(rule="night", where="home.yaml:5")], UTC)
    ground = decide(of_profile(ask(), timetable=always)).grounds[0]
    assert (ground.rule, ground.says, ground.where) == ("night", Action.BLOCK, "home.yaml:5")


@pytest.mark.parametrize(
    ("min_age", "confidence", "speaks"), [(15, 1, False), (16, 1, True), (16, 0.79, False), (16, 0.8, True)]
)
def test_an_estimate_speaks_above_the_age_and_from_its_confidence(ask, min_age, confidence, speaks):
    verdict = decide(ask(estimate=Estimate(min_age, confidence)))
    assert (verdict.reason == Reason.ESTIMATE) == speaks


def test_an_estimate_beyond_every_scale_counts_as_the_oldest(ask):
    verdict = decide(ask(estimate=Estimate(99, 1)))
    assert (verdict.action, verdict.min_age, verdict.layer) == (Action.BLOCK, 21, Layer.SYSTEM)
