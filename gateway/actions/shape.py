"""The shape of the files in policies/actions: the keys that its README explains."""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, model_validator

from gateway.document.url import canonical, canonical_host
from gateway.policy.faults import Fault

EVERY_SITE: Final = "*"
_PATH: Final = re.compile(r"(?:/[^/*]*(?:\*[^/*]*)?)*(?:/\*\*)?")

type Text = Annotated[str, Field(min_length=1, max_length=200)]
type Action = Literal["view", "register", "search"]


def _host(text: str) -> str:
    if text == EVERY_SITE:
        return text
    try:
        host = canonical_host(text)
    except ValueError as fault:
        raise Fault(str(fault)) from None
    if host != text:
        raise Fault(f"{text!r} is not how a host is written in an address", f"write {host}")
    return text


def _path(text: str) -> str:
    if not text or not _PATH.fullmatch(text):
        hint = "begin with '/'; '*' once in a step is any text there, '/**' at the end all below"
        raise Fault(f"{text!r} is no path", hint)
    return text


def _step(text: str) -> str:
    if "/" in text or text != text.casefold():
        raise Fault(f"{text!r} is no step of a path", "write one word between two slashes, in small letters")
    return text


def _address(text: str) -> str:
    canonical(text)
    return text


def _some[Item](items: tuple[Item, ...]) -> tuple[Item, ...]:
    if not items:
        raise Fault("this list is empty", "it needs at least one entry")
    return items


_filled: Final = AfterValidator(_some)


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ActionEntry(Shape):
    """One way to tell an action by its request."""

    action: Action
    says: Text
    source: Text
    verified: StrictBool
    methods: tuple[Literal["GET", "POST"], ...] = ()
    kinds: tuple[Text, ...] = ()
    paths: tuple[Annotated[Text, AfterValidator(_path)], ...] = ()
    steps: tuple[Annotated[Text, AfterValidator(_step)], ...] = ()
    query: dict[Text, tuple[Text, ...]] = Field(default_factory=dict)
    fields: tuple[Annotated[tuple[Text, ...], _filled], ...] = ()
    without: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _something_to_see(self) -> Self:
        if not (self.paths or self.steps or self.query or self.fields):
            raise Fault("nothing says how the action is told", "add one of: paths, steps, query, fields")
        if self.without and not self.fields:
            raise Fault("without goes with fields", "it names fields that must not be there")
        if self.fields and "GET" in self.methods:
            raise Fault("fields are in the body, and GET has none", "leave out methods, or write methods: [POST]")
        return self


class RequestEntry(Shape):
    """A request, and what it must be taken for."""

    url: Annotated[Text, AfterValidator(_address)]
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "OPTIONS"] = "GET"
    kind: Text | None = None
    fields: tuple[Text, ...] | None = None
    asks: Action


class ActionsFile(Shape):
    site: Text
    hosts: Annotated[tuple[Annotated[str, AfterValidator(_host)], ...], _filled]
    source: Text
    checked: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    actions: Annotated[tuple[ActionEntry, ...], _filled]
    requests: Annotated[tuple[RequestEntry, ...], _filled]

    @model_validator(mode="after")
    def _one_reach(self) -> Self:
        if EVERY_SITE in self.hosts and len(self.hosts) > 1:
            raise Fault("'*' is every site already", "name it alone")
        return self
