"""What a page claims, weighed: the strictest of each sort, and of equals the first."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.decision.claim import over_age_parts, topic_of, weigh
from gateway.decision.decide import decide
from gateway.decision.question import Asked, Channel
from gateway.decision.verdict import Action, Reason
from gateway.hosts.record import HostRecord
from gateway.labels.label import Scope, Trust
from gateway.law.build import build_codex
from gateway.shipped import texts

PART = {"scope": Scope.PART, "part": "#item"}


@pytest.mark.parametrize(("trust", "counts"), [(Trust.A, True), (Trust.B, True), (Trust.C, True), (Trust.D, False)])
def test_every_label_but_a_hint_counts(ask, label, trust, counts):
    assert (weigh(ask(labels=(label(18, trust=trust),))).whole is not None) == counts
    assert bool(over_age_parts(ask(labels=(label(18, trust=trust, **PART),)))) == counts


def test_of_equal_labels_the_first_is_the_evidence(ask, label):
    for changes in ({}, PART, {"scope": Scope.SITE}):
        first, second = label(12, raw="first", **changes), label(12, raw="second", **changes)
        publication = HostRecord(host="page.example", kind="online-publication")
        claims = weigh(ask(labels=(first, second), host=publication))
        assert {claims.whole, claims.part, claims.sign} == {None, first}


def test_the_oldest_part_stands_for_all_whatever_their_order(ask, label):
    old, young = label(18, **PART), label(6, **PART)
    for labels in ((old, young), (young, old)):
        assert weigh(ask(labels=labels)).part == old


def test_a_part_that_can_be_taken_out_labels_the_page_unless_it_is_only_mentioned(ask, label):
    question = ask(labels=(label(6, **PART),))
    assert weigh(question).labelled
    assert not weigh(replace(question, action=Asked.SEARCH)).labelled
    assert weigh(ask(labels=(label(6),), action=Asked.SEARCH)).labelled
    assert not weigh(ask()).labelled


def test_a_mention_counts_as_a_part_only_where_it_can_be_taken_out(ask, label):
    cut, uncut = label(16, **PART), label(18, scope=Scope.PART, part="/0")
    claims = weigh(ask(labels=(cut, uncut), action=Asked.SEARCH))
    assert (claims.part, claims.whole, claims.oldest) == (cut, None, -1)
    claims = weigh(ask(labels=(cut, uncut)))
    assert (claims.part, claims.whole, claims.oldest) == (cut, uncut, 18)


@pytest.mark.parametrize("part", [None, "", "/0/part"])
def test_what_has_no_selector_cannot_be_taken_out(ask, label, part):
    question = ask(labels=(label(6), label(18, scope=Scope.PART, part=part)))
    assert decide(question).action == Action.BLOCK
    assert over_age_parts(question) == ()


def test_over_age_parts_come_the_oldest_first(ask, label):
    parts = tuple(label(age, **PART) for age in (16, 6, 18, 15, 21))
    assert [part.min_age for part in over_age_parts(ask(labels=parts))] == [21, 18, 16]
    assert over_age_parts(ask(labels=parts, channel=Channel.BROADCAST)) == ()


def test_of_topics_the_one_for_the_oldest_counts(ask):
    record = HostRecord(host="page.example", topics=frozenset({"news", "sexual-erotic", "gambling"}))
    topic = weigh(ask(host=record)).topic
    assert topic is not None
    assert topic.ground.cites[0] == "Law 169-VI Art. 16(2)(3)"
    assert weigh(ask(host=replace(record, topics=frozenset({"news"})))).topic is None
    assert decide(ask(host=record)).reason == Reason.TOPIC


def test_a_topic_for_older_people_counts_before_one_for_younger(ask):
    codex = build_codex(texts("law"), ["us/cipa"], date(2026, 11, 22))
    adult = codex.topics["adult"]
    younger = replace(adult, min_age=6)
    both = replace(codex, topics={**codex.topics, "a-younger": younger, "z-younger": younger})
    record = HostRecord(host="page.example", topics=frozenset({"adult", "a-younger", "z-younger"}))
    assert topic_of(record, both) == adult
