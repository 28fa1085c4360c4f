from dataclasses import replace

from gateway.decision.decide import decide
from gateway.decision.verdict import Action, Effect, Reason
from gateway.decision.whole import decide_whole
from gateway.hosts.record import HostRecord
from gateway.labels.label import Reading, Scope, Status
from gateway.policy.rules import Hit, Rule, Rules


def test_a_page_out_of_which_nothing_can_be_taken_takes_its_oldest_part_s_category(ask, label):
    question = ask(labels=(label(6), label(18, scope=Scope.PART, part="#film")))
    assert decide(question).action == Action.MASK
    whole = decide_whole(question)
    assert (whole.action, whole.effect, whole.category) == (Action.BLOCK, Effect.RESTRICT, "18+")
    assert [ground.rule for ground in whole.grounds] == ["kz.169-VI.16.3", "kz.169-VI.15.3"]


def test_what_a_page_only_mentions_stays(ask, label):
    items = (label(18, scope=Scope.PART, part="#film"),)
    question = ask(labels=items, host=HostRecord(host="page.example", kind="schedule"))
    assert decide(question).action == Action.MASK
    assert decide_whole(question).reason == Reason.UNLABELLED
    assert decide_whole(question).action == Action.ALLOW


def test_parts_that_the_host_is_known_for_count_as_well(ask, label):
    read = Reading(status=Status.RATED, labels=(label(18, scope=Scope.PART, part="#film"),))
    question = ask(reading=None, host=HostRecord(host="page.example", reading=read))
    assert decide(question).action == Action.MASK
    whole = decide_whole(question)
    assert (whole.action, whole.effect, whole.category) == (Action.BLOCK, Effect.RESTRICT, "18+")
    both = replace(question, reading=Reading(status=Status.RATED, labels=(label(16, scope=Scope.PART, part="#b"),)))
    assert [each.min_age for each in decide_whole(both).evidence] == [18]


def test_any_other_verdict_stays_as_it_is(ask, label):
    for question in (ask(), ask(labels=(label(18),)), ask(labels=(label(6),))):
        assert decide_whole(question) == decide(question)


def test_a_rule_of_the_house_that_takes_something_out_closes_the_whole(ask):
    hit = Hit("rule", "home.yaml:3", Action.MASK, Reason.LOCAL_BLOCK)
    question = ask()
    question = replace(question, profile=replace(question.profile, rules=Rules.of([Rule(hit=hit)])))
    assert decide(question).action == Action.MASK
    assert (decide_whole(question).action, decide_whole(question).effect) == (Action.BLOCK, Effect.BLOCK)
