from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from gateway.decision.decide import decide
from gateway.decision.question import Asked, Channel
from gateway.decision.verdict import Action, Effect, Layer, Reason
from gateway.hosts.record import Exempt, ExemptGround, HostRecord
from gateway.labels.label import Reading, Scope, Status, Trust
from gateway.policy.rules import Hit, Rule, Rules
from gateway.policy.stances import Stances
from gateway.profiles.grant import Grant
from gateway.profiles.quota import Quota, Tally
from gateway.profiles.timetable import Timetable

UNREADABLE = Reading(status=Status.UNREADABLE, reason="damaged")


def with_stances(question, **stances):
    return replace(question, profile=replace(question.profile, stances=Stances(**stances)))


def with_rule(question, says, reason, **changes):
    rules = Rules.of([Rule(hit=Hit("rule", "home.yaml:3", says, reason, **changes), host="page.example")])
    return replace(question, profile=replace(question.profile, rules=rules))


def with_grant(question, **changes):
    grant = Grant(id="1", by="dana", people=frozenset({"aru"}), host="page.example", where="home.yaml:9")
    return replace(question, profile=replace(question.profile, grants=(replace(grant, **changes),)))


def test_a_verdict_carries_the_evidence_and_the_revision(ask, label):
    low, high = label(12), label(18)
    verdict = decide(ask(labels=(low, high)))
    assert (verdict.action, verdict.reason, verdict.layer) == (Action.BLOCK, Reason.LABEL, Layer.LAW)
    assert verdict.evidence == (high,)
    assert verdict.revision == "r1"
    assert verdict.min_age == 18


def test_without_a_policy_revision_the_codex_names_its_own(ask, codex):
    question = ask()
    assert decide(replace(question, profile=replace(question.profile, revision=""))).revision == codex.revision


@pytest.mark.parametrize("status", [Status.RATED, Status.UNLABELLED])
def test_a_hint_alone_decides_nothing(ask, label, status):
    reading = Reading(status=status, labels=(label(18, trust=Trust.D),))
    verdict = decide(ask(reading=reading))
    assert (verdict.action, verdict.reason, verdict.category) == (Action.ALLOW, Reason.UNLABELLED, None)


def test_the_labels_of_the_host_count_beside_those_of_the_page(ask, label):
    site = Reading(status=Status.RATED, labels=(label(18, scale="rta", scope=Scope.SITE),))
    record = HostRecord(host="page.example", reading=site)
    assert decide(ask(labels=(label(6),), host=record)).category == "18+"
    unread = decide(ask(reading=None, host=record))
    assert (unread.reason, unread.detail) == (
        Reason.LABEL,
        "Decided without seeing the page, by what is known of its host.",
    )


def test_a_page_not_yet_read_without_a_record_is_unlabelled_and_not_flagged(ask):
    verdict = decide(ask(reading=None, host=HostRecord(host="page.example", kind="online-publication")))
    assert (verdict.reason, verdict.flags) == (Reason.UNLABELLED, ())


def test_flags_of_the_reading_are_shown_with_their_articles(ask, label):
    reading = Reading(status=Status.RATED, labels=(label(12),), flags=("sign-form", "sign-language", "odd"))
    verdict = decide(ask(reading=reading))
    assert verdict.flags == ("sign-form", "sign-language", "odd")
    assert [ground.rule for ground in verdict.grounds[1:]] == ["kz.169-VI.15.1-form", "kz.169-VI.15.4"]


def test_a_missing_sign_is_for_the_decision_to_see(ask):
    reading = Reading(status=Status.UNLABELLED, flags=("missing-sign",))
    assert decide(ask(reading=reading)).flags == ()
    record = HostRecord(host="page.example", kind="online-publication")
    assert decide(ask(reading=reading, host=record)).flags == ("missing-sign",)


class TestUnreadable:
    def test_it_counts_as_18_for_a_minor(self, ask):
        verdict = decide(ask(reading=UNREADABLE, age=17))
        assert (verdict.action, verdict.reason) == (Action.BLOCK, Reason.UNREADABLE)
        assert (verdict.effect, verdict.layer) == (Effect.RESTRICT, Layer.SYSTEM)
        assert (verdict.category, verdict.min_age) == (None, 18)

    def test_it_is_nothing_to_an_adult(self, ask):
        assert decide(ask(reading=UNREADABLE, age=18)).action == Action.ALLOW

    def test_in_a_broadcast_it_is_blocked(self, ask):
        assert decide(ask(reading=UNREADABLE, channel=Channel.BROADCAST)).effect == Effect.BLOCK

    @pytest.mark.parametrize(
        ("stance", "action"),
        [
            (Action.BLOCK, Action.BLOCK),
            (Action.ASK, Action.ASK),
            (Action.ALLOW, Action.BLOCK),
            (Action.MASK, Action.BLOCK),
        ],
    )
    def test_a_stance_may_ask_and_never_allow(self, ask, stance, action):
        verdict = decide(with_stances(ask(reading=UNREADABLE), unreadable=stance))
        assert (verdict.action, verdict.effect) == (action, Effect.RESTRICT)

    def test_labels_in_its_headers_count(self, ask, label):
        reading = replace(UNREADABLE, labels=(label(18),))
        verdict = decide(ask(reading=reading))
        assert (verdict.reason, verdict.category) == (Reason.LABEL, "18+")

    def test_a_label_that_fits_does_not_open_it(self, ask, label):
        reading = replace(UNREADABLE, labels=(label(6),))
        assert decide(ask(reading=reading)).reason == Reason.UNREADABLE

    def test_a_lower_label_that_blocks_does_not_make_it_younger(self, ask, label):
        question = with_rule(ask(reading=replace(UNREADABLE, labels=(label(16),))), Action.ALLOW, Reason.LOCAL_ALLOW)
        profile = replace(question.profile, stances=Stances(local_allow_up_to=16))
        verdict = decide(replace(question, profile=profile))
        assert (verdict.action, verdict.reason, verdict.min_age) == (Action.BLOCK, Reason.UNREADABLE, 18)

    def test_its_parts_cannot_be_taken_out(self, ask, label):
        part = label(18, scope=Scope.PART, part="#film")
        assert decide(ask(reading=replace(UNREADABLE, labels=(label(6), part)))).action == Action.BLOCK

    def test_an_online_publication_that_cannot_be_read_is_not_flagged(self, ask):
        record = HostRecord(host="page.example", kind="online-publication")
        assert decide(ask(reading=UNREADABLE, host=record)).flags == ()

    def test_art_2_holds_for_it(self, ask):
        record = HostRecord(host="page.example", exempt=Exempt(ExemptGround.EDUCATIONAL, "a list"))
        assert decide(ask(reading=UNREADABLE, host=record)).reason == Reason.EXEMPT


class TestParts:
    def test_every_over_age_part_is_evidence_the_oldest_first(self, ask, label):
        parts = [label(age, scope=Scope.PART, part=f"#p{age}") for age in (16, 12, 18)]
        hint = label(18, scope=Scope.PART, part="#ad", trust=Trust.D)
        verdict = decide(ask(labels=(label(6), *parts, hint)))
        assert verdict.action == Action.MASK
        assert verdict.evidence == (parts[2], parts[0])

    @pytest.mark.parametrize("pointer", [None, "", "/0/contentRating"])
    def test_a_part_without_a_selector_cannot_be_taken_out(self, ask, label, pointer):
        verdict = decide(ask(labels=(label(6), label(18, scope=Scope.PART, part=pointer))))
        assert (verdict.action, verdict.category) == (Action.BLOCK, "18+")
        assert [ground.rule for ground in verdict.grounds] == ["kz.169-VI.16.3", "kz.169-VI.15.3"]

    def test_foreign_parts_count_by_the_stance(self, ask, label):
        part = label(13, scale="mpa", scope=Scope.PART, part="#film")
        question = ask(labels=(label(6), part), age=13)
        assert decide(question).action == Action.ALLOW
        assert decide(with_stances(question, foreign="step")).evidence == (part,)

    def test_a_guardians_allow_up_to_16_does_not_unmask_18(self, ask, label):
        part = label(18, scope=Scope.PART, part="#film")
        question = with_rule(ask(labels=(label(6), part)), Action.ALLOW, Reason.LOCAL_ALLOW)
        assert decide(question).action == Action.ALLOW
        limited = replace(question, profile=replace(question.profile, stances=Stances(local_allow_up_to=16)))
        assert decide(limited).action == Action.MASK

    def test_a_house_without_unlabelled_pages_cannot_mask_what_it_does_not_know(self, ask, label):
        part = label(18, scope=Scope.PART, part="#film")
        question = with_stances(ask(labels=(part,)), unlabelled=((0, Action.MASK),))
        assert decide(question).action == Action.BLOCK


class TestLocal:
    def test_a_rule_past_its_end_is_silent(self, ask):
        question = ask()
        over = with_rule(question, Action.BLOCK, Reason.LOCAL_BLOCK, until=question.moment)
        assert decide(over).action == Action.ALLOW
        still = with_rule(question, Action.BLOCK, Reason.LOCAL_BLOCK, until=question.moment + timedelta(seconds=1))
        assert decide(still).until == question.moment + timedelta(seconds=1)

    def test_it_speaks_in_its_own_layer(self, ask):
        verdict = decide(with_rule(ask(), Action.BLOCK, Reason.TOPIC))
        assert (verdict.layer, verdict.reason, verdict.grounds[0].cites) == (Layer.LOCAL, Reason.TOPIC, ())
        assert verdict.grounds[0].where == "home.yaml:3"

    def test_a_rule_may_mask(self, ask, label):
        assert decide(with_rule(ask(labels=(label(6),)), Action.MASK, Reason.LOCAL_ASK)).effect == Effect.BLOCK_ITEM

    @pytest.mark.parametrize(
        ("changes", "open_"),
        [
            ({}, True),
            ({"people": frozenset({"bota"})}, False),
            ({"people": frozenset({"class-3"})}, True),
            ({"people": frozenset()}, False),
            ({"host": "", "minutes": 15}, False),
            ({"host": "example"}, True),
            ({"host": "age.example"}, False),
            ({"path": "/a"}, True),
            ({"path": "/a/"}, True),
            ({"path": "/a/b"}, True),
            ({"path": "/"}, True),
            ({"path": "/a/bc"}, False),
            ({"path": "/b"}, False),
        ],
    )
    def test_whom_and_what_a_grant_opens(self, ask, label, changes, open_):
        question = with_grant(ask(labels=(label(16),)), **changes)
        question = replace(question, profile=replace(question.profile, groups=frozenset({"class-3"})))
        assert (decide(question).action == Action.ALLOW) is open_

    def test_without_an_address_a_grant_opens_the_known_host_and_no_path(self, ask, label):
        question = with_grant(ask(labels=(label(16),), url=None, host=HostRecord(host="page.example")))
        assert decide(question).reason == Reason.GRANT
        assert decide(with_grant(question, path="/a")).reason == Reason.LABEL
        assert decide(replace(question, host=None)).reason == Reason.LABEL

    def test_a_grant_that_a_label_is_above_is_kept_as_overruled(self, ask, label):
        question = with_grant(ask(labels=(label(18),)))
        question = replace(question, profile=replace(question.profile, stances=Stances(local_allow_up_to=16)))
        verdict = decide(question)
        assert verdict.reason == Reason.LABEL
        assert [(ground.rule, ground.overruled_by) for ground in verdict.grounds] == [
            ("kz.169-VI.16.3", None),
            ("grant.1", "kz.169-VI.16.3"),
        ]

    def test_a_quota_that_is_used_up(self, ask):
        question = ask()
        day = question.moment.date()
        quota = Quota(rule="two hours", where="home.yaml:5", minutes=120)
        used_up = Timetable(quotas=(quota,), tallies={quota.service: Tally(day, 120)})
        profile = replace(question.profile, timetable=used_up)
        verdict = decide(replace(question, profile=profile))
        assert (verdict.action, verdict.reason, verdict.layer) == (Action.BLOCK, Reason.QUOTA, Layer.LOCAL)
        assert verdict.until == datetime(2026, 11, 23, tzinfo=question.moment.tzinfo)
        nearly = replace(profile, timetable=used_up.with_tallies({quota.service: Tally(day, 119)}))
        verdict = decide(replace(question, profile=nearly))
        assert (verdict.action, verdict.flags) == (Action.ALLOW, ("quota-ends-soon",))
        assert verdict.until == question.moment + timedelta(minutes=1)
        free = replace(profile, timetable=used_up.with_tallies({quota.service: Tally(day, 100)}))
        assert decide(replace(question, profile=free)).flags == ()


class TestFault:
    def test_a_minor_is_kept_out(self, ask):
        verdict = decide(ask(reading="no reading"))
        assert (verdict.action, verdict.reason, verdict.layer) == (Action.BLOCK, Reason.FAULT, Layer.SYSTEM)
        assert verdict.detail == "The decision failed: AttributeError."

    @pytest.mark.parametrize("age", [None, "20", 20.5j])
    def test_somebody_of_unknown_age_is_kept_out(self, ask, age):
        question = ask()
        assert decide(replace(question, profile=replace(question.profile, age=age))).reason == Reason.FAULT

    def test_an_adult_passes(self, ask):
        assert decide(ask(age=18, reading="no reading")).reason == Reason.ADULT

    @pytest.mark.parametrize("question", [None, "", 5])
    def test_what_is_no_question_is_kept_out(self, question):
        assert decide(question).reason == Reason.FAULT

    def test_a_rule_that_fails(self, ask):
        class Broken(Rules):
            def match(self, *_):
                raise OSError("https://secret.example/")

            @property
            def empty(self):
                return False

        question = ask()
        verdict = decide(replace(question, profile=replace(question.profile, rules=Broken())))
        assert verdict.reason == Reason.FAULT
        assert "secret" not in verdict.detail


def test_a_registration_is_not_judged_by_a_pack_that_says_nothing_of_it(ask):
    record = HostRecord(host="page.example", kind="social-network")
    assert decide(ask(action=Asked.REGISTER, host=record)).action == Action.ALLOW
