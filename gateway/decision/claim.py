"""What a page and its host claim, weighed once for a question: the strictest label of each sort, and the topic."""

from typing import NamedTuple

from gateway.decision.question import Channel, Question
from gateway.labels.label import Label, Scope, Trust
from gateway.law.codex import Codex, TopicEntry
from gateway.policy.stances import Foreign

_NONE = -1  # below every age


class Claims(NamedTuple):
    """The strictest of each sort with its exact minimum age (completed years); -1 with None: there is none.

    `whole` binds the page, `part` a part of it that can be taken out, `sign` the whole resource if a stance says so.
    """

    whole_age: int
    whole: Label | None
    part_age: int
    part: Label | None
    sign_age: int
    sign: Label | None
    topic: TopicEntry | None

    @property
    def oldest(self) -> int:
        """The greatest age that counts without a stance: Art. 15(3), and Art. 16(2) for topics."""
        return max(self.whole_age, self.part_age, _NONE if self.topic is None else self.topic.min_age)

    @property
    def labelled(self) -> bool:
        return self.whole is not None or self.part is not None


NO_CLAIMS = Claims(_NONE, None, _NONE, None, _NONE, None, None)


def weigh(question: Question) -> Claims:
    """The claims of the response and of the host record together.

    A label of trust D is a hint and counts nowhere; of all others the strictest counts, whoever reads it.
    """
    codex, record = question.profile.codex, question.host
    topic = _topic(record.topics, codex) if record is not None and record.topics else None
    labels = _labels_of(question)
    if not labels:
        return NO_CLAIMS if topic is None else NO_CLAIMS._replace(topic=topic)
    exact = question.profile.stances.foreign == Foreign.EXACT
    whole_age = part_age = sign_age = _NONE
    whole: Label | None = None
    part: Label | None = None
    sign: Label | None = None
    for label in labels:
        if label.trust <= Trust.D:
            continue
        age = label.min_age if exact else _age_by_stance(label, question)
        if label.scope == Scope.PART and can_be_masked(label, question):
            if age > part_age:
                part_age, part = age, label
        elif label.scope == Scope.SITE and _is_site_sign(label, question, codex):
            if age > sign_age:
                sign_age, sign = age, label
        elif age > whole_age:
            whole_age, whole = age, label
    return Claims(whole_age, whole, part_age, part, sign_age, sign, topic)


def over_age_parts(question: Question) -> tuple[Label, ...]:
    """The labels of the parts that can be taken out and are above the person's age, the oldest first."""
    exact = question.profile.stances.foreign == Foreign.EXACT
    found = [
        (label.min_age if exact else _age_by_stance(label, question), label)
        for label in _labels_of(question)
        if label.scope == Scope.PART and label.trust > Trust.D and can_be_masked(label, question)
    ]
    found.sort(key=lambda pair: -pair[0])
    return tuple(label for age, label in found if age > question.profile.age)


def _labels_of(question: Question) -> tuple[Label, ...]:
    record, reading = question.host, question.reading
    labels = () if reading is None else reading.labels
    if record is None or record.reading is None:
        return labels
    return labels + record.reading.labels


def _age_by_stance(label: Label, question: Question) -> int:
    """The age of a label where foreign scales do not count by their exact age; -1: not at all."""
    codex = question.profile.codex
    if label.scale in codex.scales:
        return label.min_age
    if question.profile.stances.foreign == Foreign.IGNORE:
        return _NONE
    return codex.step(label.min_age).reached


def can_be_masked(label: Label, question: Question) -> bool:
    """Whether the part can be taken out of the page: it has a CSS selector, and the page is no film or broadcast.

    A JSON pointer (RFC 6901: it begins with "/") names no element of a page.
    """
    kind = None if question.host is None else question.host.kind
    return (
        bool(label.part)
        and not str(label.part).startswith("/")
        and question.channel == Channel.INTERNET
        and kind not in question.profile.codex.parts.whole
    )


def _is_site_sign(label: Label, question: Question, codex: Codex) -> bool:
    rule, record = codex.site_sign, question.host
    return rule is not None and record is not None and record.kind in rule.kinds and label.scale in rule.scales


def _topic(topics: frozenset[str], codex: Codex) -> TopicEntry | None:
    if codex.topics.keys().isdisjoint(topics):
        return None
    found = [codex.topics[topic] for topic in sorted(topics) if topic in codex.topics]
    return max(found, key=lambda entry: entry.min_age)
