"""What a page and its host claim, weighed once for a question: the strictest label of each sort, and the topic."""

from typing import NamedTuple

from gateway.decision.question import Asked, Channel, Question
from gateway.hosts.record import HostRecord
from gateway.labels.label import Label, Scope, Trust
from gateway.law.codex import Codex, TopicEntry
from gateway.policy.stances import Foreign

_NONE = -1  # below every age


class Claims(NamedTuple):
    """The strictest of each sort with its exact minimum age (completed years); -1 with None: there is none.

    `whole` binds the page, `part` a part of it that can be taken out, `sign` the whole resource if a stance says so.
    `mentions`: what would be a part is only mentioned here (Art. 15(3)), so it never makes the page older.
    """

    whole_age: int
    whole: Label | None
    part_age: int
    part: Label | None
    sign_age: int
    sign: Label | None
    topic: TopicEntry | None
    mentions: bool = False

    @property
    def oldest(self) -> int:
        """The greatest age that counts without a stance: Art. 15(3), and Art. 16(2) for topics with a category."""
        topic = self.topic
        rated = _NONE if topic is None or topic.provision is not None else topic.min_age
        return max(self.whole_age, _NONE if self.mentions else self.part_age, rated)

    @property
    def labelled(self) -> bool:
        return self.whole is not None or (self.part is not None and not self.mentions)


NO_CLAIMS = Claims(_NONE, None, _NONE, None, _NONE, None, None)


def weigh(question: Question) -> Claims:
    """The claims of the response and of the host record together.

    A label of trust D is a hint and counts nowhere; of all others the strictest counts, whoever reads it.
    """
    codex, record = question.profile.codex, question.host
    topic = topic_of(record, codex)
    labels = _labels_of(question)
    if not labels:
        return NO_CLAIMS if topic is None else NO_CLAIMS._replace(topic=topic)
    exact = question.profile.stances.foreign == Foreign.EXACT
    whole_age = part_age = sign_age = _NONE
    whole: Label | None = None
    part: Label | None = None
    sign: Label | None = None
    mentions = only_mentions(question)
    for label in labels:
        if label.trust <= Trust.D:
            continue
        age = label.min_age if exact else _age_by_stance(label, question)
        if label.scope == Scope.PART and (mentions or can_be_masked(label, question)):
            # What is mentioned and cannot be taken out stays: the page is not about it.
            if age > part_age and (not mentions or can_be_masked(label, question)):
                part_age, part = age, label
        elif label.scope == Scope.SITE and _is_site_sign(label, question, codex):
            if age > sign_age:
                sign_age, sign = age, label
        elif age > whole_age:
            whole_age, whole = age, label
    return Claims(whole_age, whole, part_age, part, sign_age, sign, topic, mentions)


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
    labels = question.heard if reading is None else question.heard + reading.labels
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


def only_mentions(question: Question) -> bool:
    """Whether what stands on this page is mentioned and not contained: search results, a shop's grid, a schedule.

    Art. 15(3) speaks of parts. Such a page is a list of other products, each with a page and a label of its own.
    """
    if question.action == Asked.SEARCH:
        return True
    record = question.host
    return record is not None and record.kind in question.profile.codex.parts.listings


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


def topic_of(record: HostRecord | None, codex: Codex) -> TopicEntry | None:
    """The topic of the host that is for the oldest under `codex`; None when the codex names none of them."""
    if record is None or not record.topics or codex.topics.keys().isdisjoint(record.topics):
        return None
    found = [codex.topics[topic] for topic in sorted(record.topics) if topic in codex.topics]
    return max(found, key=lambda entry: entry.min_age)
