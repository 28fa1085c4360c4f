from dataclasses import replace
from datetime import UTC, date

import pytest

from gateway.decision.decide import decide
from gateway.decision.question import Asked, Estimate, Tier
from gateway.decision.sight import Sight, needs_form, sight
from gateway.decision.splice import Known, Seen, Why, see
from gateway.decision.verdict import Action, Reason
from gateway.hosts.record import Exempt, ExemptGround, HostRecord, SiteFile
from gateway.labels.label import Reading, Scope, Status
from gateway.law.build import build_codex
from gateway.policy.rules import Hit, Rule, Rules
from gateway.policy.stances import Stances
from gateway.profiles.grant import Grant
from gateway.profiles.hours import Hours
from gateway.profiles.timetable import Timetable
from gateway.shipped import texts


@pytest.fixture
def unread(ask):
    """The pupil's question before anything is read, at the host tier."""

    def build(**changes):
        return ask(**{"reading": None, "tier": Tier.HOST, **changes})

    return build


def with_rules(question, *rules):
    return replace(question, profile=replace(question.profile, rules=Rules.of(rules)))


def rule(says, reason=Reason.LOCAL_BLOCK, **changes):
    return Rule(hit=Hit("rule", "home.yaml:3", says, reason), **changes)


def test_an_unknown_host_is_looked_into(unread):
    assert sight(unread()) == Sight.LOOK


@pytest.mark.parametrize("kind", ["private", "help-line"])
def test_what_no_page_can_change_is_passed_unread(unread, kind):
    assert sight(unread(host=HostRecord(host="page.example", kind=kind))) == Sight.PASS


def test_a_limited_audience_is_passed_unread(unread):
    assert sight(unread(host=HostRecord(host="page.example", audience="limited"))) == Sight.PASS


def test_an_adult_is_not_opened_unless_they_asked_for_it(unread):
    question = unread(age=18)
    assert sight(question) == Sight.PASS
    opened = replace(question, profile=replace(question.profile, stances=Stances(adults_opened=True)))
    assert sight(opened) == Sight.LOOK
    assert sight(with_rules(opened, rule(Action.BLOCK, host="page.example"))) == Sight.REFUSE


@pytest.mark.parametrize("tier", list(Tier))
def test_a_rule_for_the_whole_host_refuses(unread, tier):
    assert sight(with_rules(unread(tier=tier), rule(Action.BLOCK, host="page.example"))) == Sight.REFUSE


def test_an_ask_is_shown_on_a_page_so_the_connection_is_opened(unread):
    asked = rule(Action.ASK, Reason.LOCAL_ASK, host="page.example")
    assert sight(with_rules(unread(), asked)) == Sight.LOOK
    assert sight(with_rules(unread(tier=Tier.PAGE), asked)) == Sight.REFUSE


def test_the_labels_of_the_host_refuse(unread, label):
    site = Reading(status=Status.RATED, labels=(label(18, scale="rta", scope=Scope.SITE),))
    record = HostRecord(host="page.example", reading=site)
    assert sight(unread(host=record)) == Sight.REFUSE


def test_a_label_file_may_open_a_path_of_a_refused_host(unread, label):
    site = Reading(status=Status.RATED, labels=(label(18, scale="jmstv", scope=Scope.SITE),))
    record = HostRecord(
        host="page.example", reading=site, site_files=(SiteFile("https://page.example/age-de.xml", ""),)
    )
    assert sight(unread(host=record)) == Sight.LOOK
    assert sight(unread(host=record, tier=Tier.PAGE)) == Sight.REFUSE


def test_labels_of_the_host_that_fit_are_not_the_last_word(unread, label):
    site = Reading(status=Status.RATED, labels=(label(6, scope=Scope.SITE),))
    assert sight(unread(host=HostRecord(host="page.example", reading=site))) == Sight.LOOK


def test_listed_topics_refuse(unread):
    assert sight(unread(host=HostRecord(host="page.example", topics=frozenset({"adult"})))) == Sight.REFUSE


def test_a_rule_or_grant_for_a_path_needs_the_request(unread):
    question = unread(host=HostRecord(host="page.example", topics=frozenset({"adult"})))
    path = rule(Action.ALLOW, Reason.LOCAL_ALLOW, host="page.example", path="/kids")
    assert sight(with_rules(question, path)) == Sight.LOOK
    grant = Grant(id="1", by="dana", people=frozenset({"aru"}), host="page.example", path="/kids")
    granted = replace(question, profile=replace(question.profile, grants=(grant,)))
    assert sight(granted) == Sight.LOOK
    assert sight(replace(granted, tier=Tier.PAGE)) == Sight.REFUSE
    whole = replace(granted, profile=replace(question.profile, grants=(replace(grant, path=None),)))
    assert sight(whole) == Sight.LOOK


def test_without_an_address_the_known_host_counts(unread):
    record = HostRecord(host="page.example", topics=frozenset({"adult"}))
    path = rule(Action.ALLOW, Reason.LOCAL_ALLOW, host="page.example", path="/kids")
    assert sight(with_rules(unread(host=record, url=None), path)) == Sight.LOOK
    blocked = with_rules(unread(url=None), rule(Action.BLOCK, topics=frozenset()))
    assert sight(blocked) == Sight.REFUSE


def test_the_hour_refuses(unread):
    always = Timetable.of([Hours(rule="never", where="home.yaml:4")], UTC)
    question = unread()
    assert sight(replace(question, profile=replace(question.profile, timetable=always))) == Sight.REFUSE


def test_what_a_stance_says_of_unlabelled_pages_waits_for_the_page(unread):
    question = unread()
    closed = replace(question.profile, stances=Stances(unlabelled=((0, Action.BLOCK),)))
    assert decide(replace(question, profile=closed)).action == Action.BLOCK
    assert sight(replace(question, profile=closed)) == Sight.LOOK


def test_an_estimate_waits_for_the_page(unread):
    assert sight(unread(tier=Tier.PAGE, estimate=Estimate(16, 1.0))) == Sight.LOOK


def test_an_exempt_host_is_looked_into(unread):
    record = HostRecord(host="page.example", exempt=Exempt(ExemptGround.STATISTICAL, "a list"))
    assert sight(unread(host=record, action=Asked.VIEW)) == Sight.LOOK


@pytest.mark.parametrize("question", [None, "", 5])
def test_a_fault_refuses(question):
    assert sight(question) == Sight.REFUSE


def test_a_fault_in_the_profile_refuses(unread):
    question = unread()
    assert sight(replace(question, profile=replace(question.profile, age=None))) == Sight.REFUSE


def test_a_fault_in_the_rules_refuses(unread):
    class Broken(Rules):
        def needs_look(self, host):
            raise OSError

    question = unread(host=HostRecord(host="page.example", topics=frozenset({"adult"})))
    assert sight(replace(question, profile=replace(question.profile, rules=Broken()))) == Sight.REFUSE


def test_a_fault_in_what_is_known_of_the_host_refuses(unread):
    question = unread()
    assert see(question, decide(question), None) == Seen(Sight.REFUSE, Why.BLOCKED)
    assert see(question, decide(question), Known()).sight is Sight.LOOK


def test_a_form_is_needed_where_signing_up_is_another_question(ask):
    drafted = build_codex(texts("law"), ["kz/169-vi", "kz/draft-18-viii-10-1"], date(2026, 11, 22))
    network = HostRecord(host="page.example", kind="social-network")
    question = ask(reading=None, host=network)
    with_draft = replace(question, profile=replace(question.profile, codex=drafted))
    assert needs_form(with_draft)
    assert not needs_form(question)
    assert not needs_form(replace(with_draft, host=replace(network, kind="messenger")))
    assert not needs_form(replace(with_draft, profile=replace(with_draft.profile, age=16)))
    assert not needs_form(replace(with_draft, action=Asked.REGISTER))
    assert needs_form(replace(with_draft, action=Asked.SEARCH))


def test_a_form_is_needed_where_a_rule_of_the_house_speaks_of_signing_up(ask):
    rule = Rule(hit=Hit("no sign-up", "home.yaml:3", Action.BLOCK, Reason.LOCAL_BLOCK), asked=Asked.REGISTER)
    question = ask(reading=None)
    assert needs_form(replace(question, profile=replace(question.profile, rules=Rules.of([rule]))))
