"""A household's own cases: sentences about its policy, each with a question and what is expected, in YAML."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from gateway.decision.from_line import UNREAD
from gateway.decision.verdict import Reason
from gateway.document.url import canonical
from gateway.hosts.record import ExemptGround
from gateway.hosts.vocabulary import KINDS
from gateway.labels.label import Status
from gateway.policy.draft import read_shape
from gateway.policy.faults import Fault, did_you_mean, known_words
from gateway.policy.parse import Node
from gateway.policy.shape import Age, Shape, Words
from gateway.policy.source import Source, Written
from gateway.policy.written import moment_of
from gateway.problems import Problem

_HINT: Final = "- Aru may not open an 18+ page: {as: aru, url: https://example.org/, label: 18+, expect: block}"
_NOON: Final = time(12)


def _url(value: object) -> str:
    if not isinstance(value, str):
        raise Fault(f"{value!r} is not an address", "write it like https://example.org/")
    try:
        return canonical(value if "://" in value else f"https://{value}").href
    except ValueError as fault:
        raise Fault(str(fault), "write it like https://example.org/") from None


def _moment(value: object) -> datetime:
    """A moment; of a bare day its noon. Without an offset it is meant in the policy's zone."""
    moment = moment_of(value)
    if isinstance(value, str) and len(value) == 10:
        return datetime.combine(datetime.fromisoformat(value).date(), _NOON)
    return moment


def _reason(value: object) -> str:
    reasons = [reason.value for reason in Reason]
    if value not in reasons:
        raise Fault(f"{value!r} is not a reason", known_words(str(value), reasons))
    return str(value)


def _kind(value: object) -> str:
    if value not in KINDS:
        raise Fault(f"{value!r} is not a kind of host", known_words(str(value), KINDS))
    return str(value)


def _ground(value: object) -> str:
    grounds = [ground.value for ground in ExemptGround]
    if value not in grounds:
        raise Fault(f"{value!r} is not a ground of Art. 2", did_you_mean(str(value), grounds))
    return str(value)


def _labels(value: object) -> object:
    """One label or several; "18+", or 18 for an age, or a group with mark, scale, scope, min-age."""
    return tuple(_label(each) for each in (value if isinstance(value, list) else [value]))


def _label(value: object) -> object:
    if isinstance(value, str):
        return {"mark": value}
    return {"min-age": value} if isinstance(value, int) and not isinstance(value, bool) else value


def _used(value: object) -> object:
    if isinstance(value, dict) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise Fault(f"{value!r} is no number of minutes", "write it like used: 60, or used: {topic:games: 60}")


class LabelShape(Shape):
    """A label that the page is assumed to have."""

    mark: str | None = Field(None, description="the mark, like 18+ or PG-13")
    scale: str | None = Field(None, description="its rating system; without it whichever has such a mark")
    scope: Literal["site", "page", "part", "ad", "mention"] = Field("page", description="what it speaks for")
    min_age: int | None = Field(None, ge=0, le=99, description="its age, where no known scale has the mark")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.mark is None and self.min_age is None:
            raise Fault("a label has a mark or a min-age", "write it like label: 18+")
        return self


class CaseShape(Shape):
    """One case: who asks for what, and what is expected."""

    as_: str | None = Field(None, description="who asks, by the name in the policy")
    listener: str | None = Field(None, description="instead: somebody unknown who comes through this listener")
    address: str | None = Field(None, description="instead: somebody who comes from this address, known or not")
    age: Age | None = Field(None, description="their age, instead of the policy's")
    at: Annotated[datetime, BeforeValidator(_moment)] | None = Field(
        None, description="when; a bare day means noon; without it noon of today"
    )
    url: Annotated[str, BeforeValidator(_url)] | None = Field(None, description="the address")
    label: Annotated[tuple[LabelShape, ...], BeforeValidator(_labels)] = Field((), description="labels of the page")
    unlabelled: bool = Field(False, description="the page was read and has no label; so it is without `label`")
    unreadable: bool = Field(False, description="the page cannot be read")
    unread: bool = Field(False, description="the page was not looked at")
    kind: Annotated[str, BeforeValidator(_kind)] | None = Field(None, description="what the host is")
    topics: Words = Field((), description="what the host is about")
    used: Annotated[int | dict[str, Any] | None, BeforeValidator(_used)] = Field(
        None, description="minutes used that day: of every quota, or of each by what it counts, like topic:games: 30"
    )
    exempt: Annotated[str, BeforeValidator(_ground)] | None = Field(None, description="a ground of Art. 2")
    action: Literal["view", "register", "search"] = Field("view", description="what the person does")
    expect: Literal["allow", "mask", "ask", "block"] = Field(description="the verdict")
    reason: Annotated[str, BeforeValidator(_reason)] | None = Field(None, description="the reason it must have")
    category: Literal["6-", "6+", "12+", "14+", "16+", "18+"] | None = Field(
        None, description="the category it must have"
    )
    until: Annotated[datetime, BeforeValidator(moment_of)] | None = Field(None, description="when it must end")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if [self.as_, self.listener, self.address].count(None) != 2:
            raise Fault("a case says who asks, in one way", "write it like as: aigerim")
        told = [key for key in ("unlabelled", "unreadable", "unread") if getattr(self, key)]
        if len(told) > 1 or (self.label and told not in ([], ["unreadable"])):
            known = [*told, *(["label"] if self.label else [])]
            raise Fault(f"a page cannot be all of: {', '.join(known)}", "leave out all but one")
        return self

    def line(self) -> dict[str, Any]:
        """What is asked of the page, with the keys of a line of `qorgan decide --jsonl`."""
        labels = [
            {"mark": label.mark, "scale": label.scale, "scope": label.scope, "min_age": label.min_age}
            for label in self.label
        ]
        status = Status.UNREADABLE.value if self.unreadable else UNREAD if self.unread else None
        asked = {
            "url": self.url,
            "labels": labels or None,
            "status": status,
            "kind": self.kind,
            "topics": list(self.topics) or None,
            "exempt": self.exempt,
            "used": self.used,
            "action": self.action,
        }
        return {key: value for key, value in asked.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence with its question, where it stands."""

    sentence: str
    written: Written[CaseShape]


class CaseFileShape(Shape):
    """A file of cases that names its policy."""

    policy: Words = Field((), description="policy files or folders, relative to this file")
    cases: list[Any] = Field(description="the cases")


@dataclass(frozen=True, slots=True)
class CaseFile:
    """`policy`: what the file names, each with its place; empty: the policy it lies beside."""

    file: str
    policy: tuple[str, ...]
    cases: tuple[Case, ...]


def read_case_file(root: Node, file: str, problems: list[Problem]) -> CaseFile | None:
    """The cases of a parsed file: a list of them, or `policy:` and `cases:`. What is wrong is added to `problems`."""
    before = len(problems)
    policy: tuple[str, ...] = ()
    listed = root
    if root.entries:
        shape = read_shape(CaseFileShape, root, file, problems)
        if shape is None:
            return None
        policy, listed = shape.policy, root.entries["cases"]
    if not listed.items:
        problems.append(Problem(file, listed.line, listed.column, "a list of cases is missing", _HINT))
    cases = tuple(_cases_of(listed, Source(file, root), file, problems))
    return CaseFile(file, policy, cases) if len(problems) == before else None


def _cases_of(listed: Node, source: Source, file: str, problems: list[Problem]) -> Iterator[Case]:
    seen: dict[str, int] = {}
    for item in listed.items:
        if len(item.entries) != 1:
            message = "a case is one sentence with what it asks"
            problems.append(Problem(file, item.line, item.column, message, _HINT))
            continue
        [(sentence, node)] = item.entries.items()
        line = seen.setdefault(sentence, item.line)
        if line != item.line:
            problems.append(Problem(file, item.line, item.column, "two cases have one sentence", f"see line {line}"))
        if not node.entries:
            problems.append(Problem(file, node.line, node.column, f"nothing is asked in {sentence!r}", _HINT))
            continue
        shape = read_shape(CaseShape, node, file, problems)
        if shape is not None:
            yield Case(sentence, Written(shape, Source(file, node)))
