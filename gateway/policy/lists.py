"""Entries of `lists:` → what the policy loads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from gateway.hosts.vocabulary import TOPICS
from gateway.policy.draft import Draft
from gateway.policy.faults import did_you_mean
from gateway.policy.fitting import FIT
from gateway.policy.list_shape import ListShape
from gateway.policy.source import Written
from gateway.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSource:
    """A list that a policy loads: where it is from, and what its hosts are."""

    name: str
    origin: str  # a path relative to `file`, or a canonical https address
    file: str  # the policy file, as it was named
    line: int  # of `from:` in it
    column: int
    format: str | None = None  # None: to be found out
    topics: frozenset[str] = frozenset()
    kind: str | None = None
    below: bool | None = None  # None: as the format has it
    every: timedelta
    at_most: int  # bytes, unpacked
    sha256: str | None = None
    source: str = ""

    @property
    def is_remote(self) -> bool:
        return self.origin.startswith("https://")

    def problem(self, message: str, hint: str | None = None) -> Problem:
        """A problem with where the list comes from."""
        return Problem(self.file, self.line, self.column, message, hint)


def build_lists(draft: Draft, asking: Iterable[Draft]) -> tuple[tuple[ListSource, ...], list[Problem]]:
    """The lists of a draft, and notes. A name that is written twice is a problem.

    A topic that no rule of the drafts `asking` is about is a note.
    """
    lists: dict[str, ListSource] = {}
    notes: list[Problem] = []
    if not draft.lists:
        return (), notes
    asking = tuple(asking)
    asked = {topic for each in asking for topic in _topics_asked(each)}
    all_seen = all(each.unfit == FIT for each in asking)
    for written in draft.lists:
        shape = written.value
        before = lists.get(shape.name)
        if before is not None:
            hint = f"see {before.file}:{before.line}"
            draft.problems.append(written.problem(f"two lists are called {shape.name!r}", hint, at=("name",)))
            continue
        lists[shape.name] = _source_of(written)
        notes += _idle_topics(written, asked) if all_seen else ()
    return tuple(lists.values()), notes


def _topics_asked(draft: Draft) -> Iterator[str]:
    """The topics of rules, and of the pages that hours and minutes are about."""
    for _, rule in draft.rules:
        yield from rule.value.topic
    for only, but in (
        *((hours.value.only, hours.value.except_) for hours in draft.timetable),
        *((quota.value.only, quota.value.except_) for quota in draft.quota),
    ):
        yield from only.topic if only is not None else ()
        yield from but.topic if but is not None else ()


def declared_topics(draft: Draft) -> Iterable[str]:
    """Topics that the lists bring, which rules may name."""
    return (topic for written in draft.lists for topic in written.value.topics)


def _source_of(written: Written[ListShape]) -> ListSource:
    shape = written.value
    place = written.problem("", at=("from",))
    return ListSource(
        name=shape.name,
        origin=shape.from_,
        file=place.file,
        line=place.line,
        column=place.column,
        format=shape.format,
        topics=frozenset(shape.topics),
        kind=shape.kind,
        below=shape.below,
        every=shape.every,
        at_most=shape.at_most,
        sha256=shape.sha256,
        source=shape.source,
    )


def _idle_topics(written: Written[ListShape], asked: set[str]) -> Iterable[Problem]:
    for index, topic in enumerate(written.value.topics):
        if topic not in TOPICS and topic not in asked:
            hint = did_you_mean(topic, TOPICS | asked) or "write a rule that names it"
            yield written.problem(f"no rule asks for the topic {topic!r}", hint, at=("topics", index))
