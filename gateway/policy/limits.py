"""Written rules, hours and minutes → the limits of each person."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from itertools import chain
from typing import Final

from gateway.decision.question import Asked
from gateway.decision.verdict import Action, Reason
from gateway.hosts.vocabulary import TOPICS
from gateway.policy.audience import Shelf, audience_of
from gateway.policy.draft import Draft
from gateway.policy.fitting import OF_RULES, OF_TOPICS
from gateway.policy.hours import HoursTable
from gateway.policy.lists import declared_topics
from gateway.policy.rules import Hit, Rule, Rules
from gateway.policy.shape import RuleShape
from gateway.policy.source import Written
from gateway.profiles.calendar import Calendar
from gateway.profiles.person import Limits

_REASONS: Final = {
    Action.BLOCK: Reason.LOCAL_BLOCK,
    Action.ASK: Reason.LOCAL_ASK,
    Action.ALLOW: Reason.LOCAL_ALLOW,
}


class LimitsTable:
    """What holds for whom. People whom nothing names share one value."""

    def __init__(
        self, draft: Draft, groups: Mapping[str, frozenset[str]], zone: tzinfo, calendar: Calendar | None = None
    ) -> None:
        self._zone = zone
        self._rules: Shelf[Rule] = Shelf()
        self._hours = HoursTable(draft, groups, zone, calendar)
        self._add_rules(draft, groups)
        self._shared = {
            adult: Limits(rules=Rules.of(self._rules.shared(adult=adult)), timetable=self._hours.shared(adult=adult))
            for adult in (False, True)
        }

    def of(self, name: str, *, adult: bool) -> Limits:
        """The limits of a person while under 18, or as an adult: then only what names them, or everyone."""
        if self._is_ordinary(name):
            return self._shared[adult]
        return Limits(rules=Rules.of(self._rules.of(name, adult=adult)), timetable=self._hours.of(name, adult=adult))

    def strictest(self, names: Iterable[str], *, adult: bool) -> Limits:
        """The limits of somebody who may be any of these people: what tightens for any of them, what frees for all."""
        people = [name for name in names if not self._is_ordinary(name)]
        if not people:
            return self._shared[adult]
        named = (rule for name in people for rule in self._rules.named.get(name, ()))
        tightening = (rule for rule in named if rule.hit.says > Action.ALLOW)
        rules = dict.fromkeys([*self._rules.shared(adult=adult), *tightening])
        return Limits(rules=Rules.of(rules), timetable=self._hours.strictest(people, adult=adult))

    def _is_ordinary(self, name: str) -> bool:
        return self._rules.is_ordinary(name) and self._hours.is_ordinary(name)

    def _add_rules(self, draft: Draft, groups: Mapping[str, frozenset[str]]) -> None:
        left_out = _left_out(draft)
        topics = {topic for host in draft.hosts for topic in host.value.topics}.union(declared_topics(draft))
        ids: dict[str, str] = {}
        for action, written in draft.rules:
            audience = audience_of(draft, groups, written.value.for_, written)
            _check_topics(draft, written, topics)
            name = written.value.id
            if name is not None and name in ids:
                draft.problems.append(written.problem(f"two rules are called {name!r}", f"see {ids[name]}", at=("id",)))
            ids |= {name: written.where} if name is not None else {}
            if name is not None and name in left_out and written.source.inherited:
                continue
            for rule in _rules_of(action, written, self._zone):
                self._rules.add(rule, audience)


def _left_out(draft: Draft) -> frozenset[str]:
    inherited = [rule.value.id for _, rule in draft.rules if rule.source.inherited and rule.value.id]
    for written in draft.without:
        seen = written.value in inherited or written.value in draft.unfit.rules or draft.unfit.hides(OF_RULES)
        if not seen:
            draft.note_unknown(written, f"the preset has no rule called {written.value!r}", written.value, inherited)
    return frozenset(written.value for written in draft.without)


def _check_topics(draft: Draft, written: Written[RuleShape], declared: set[str]) -> None:
    for index, topic in enumerate(written.value.topic):
        if topic not in TOPICS and topic not in declared and not draft.unfit.hides(OF_TOPICS):
            known = chain(TOPICS, declared)
            draft.note_unknown(written, f"no list has the topic {topic!r}", topic, known, ("topic", index))


def _rules_of(action: Action, written: Written[RuleShape], zone: tzinfo) -> Iterator[Rule]:
    """One compiled rule for each host that the written one names, or one for all hosts."""
    shape = written.value
    is_topic_block = action is Action.BLOCK and shape.topic
    hit = Hit(
        rule=shape.id or _name_of(action, shape),
        where=written.where,
        says=action,
        reason=Reason.TOPIC if is_topic_block else _REASONS[action],
        until=in_zone(shape.until, zone),
    )
    for host in dict.fromkeys(shape.host) or ("",):
        yield Rule(
            hit=hit,
            host=host,
            path=shape.path or "",
            topics=frozenset(shape.topic),
            kinds=frozenset(shape.kind),
            category=shape.category,
            asked=Asked(shape.action) if shape.action else None,
        )


def _name_of(action: Action, shape: RuleShape) -> str:
    """A name out of the conditions, as a person would say it: "block example.kz/games", "ask topic games"."""
    hosts = ", ".join(shape.host) + (shape.path or "")
    parts = [hosts] if hosts else []
    parts += [f"{key} {', '.join(words)}" for key, words in (("topic", shape.topic), ("kind", shape.kind)) if words]
    parts += [f"{key} {word}" for key, word in (("category", shape.category), ("action", shape.action)) if word]
    return f"{action.word} {' '.join(parts)}"


def in_zone(moment: datetime | None, zone: tzinfo) -> datetime | None:
    """A moment written without an offset is meant in the policy's zone."""
    return moment.replace(tzinfo=zone) if moment is not None and moment.tzinfo is None else moment
