"""The shape of the files in policies/actions: the keys that its README explains."""

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, model_validator

from gateway.labels.shaped_file import Shape, address_of, filled, host_of, path_of
from gateway.policy.faults import Fault

EVERY_SITE: Final = "*"

type Text = Annotated[str, Field(min_length=1, max_length=200)]
type Action = Literal["view", "register", "search"]


def _host(text: str) -> str:
    return text if text == EVERY_SITE else host_of(text)


def _step(text: str) -> str:
    if "/" in text or text != text.casefold():
        raise Fault(f"{text!r} is no step of a path", "write one word between two slashes, in small letters")
    return text


class ActionEntry(Shape):
    """One way to tell an action by its request."""

    action: Action
    says: Text
    source: Text
    verified: StrictBool
    methods: tuple[Literal["GET", "POST"], ...] = ()
    kinds: tuple[Text, ...] = ()
    paths: tuple[Annotated[Text, AfterValidator(path_of)], ...] = ()
    steps: tuple[Annotated[Text, AfterValidator(_step)], ...] = ()
    query: dict[Text, tuple[Text, ...]] = Field(default_factory=dict)
    fields: tuple[Annotated[tuple[Text, ...], filled], ...] = ()
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

    url: Annotated[Text, AfterValidator(address_of)]
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "OPTIONS"] = "GET"
    kind: Text | None = None
    fields: tuple[Text, ...] | None = None
    asks: Action


class ActionsFile(Shape):
    site: Text
    hosts: Annotated[tuple[Annotated[str, AfterValidator(_host)], ...], filled]
    source: Text
    checked: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    actions: Annotated[tuple[ActionEntry, ...], filled]
    requests: Annotated[tuple[RequestEntry, ...], filled]

    @model_validator(mode="after")
    def _one_reach(self) -> Self:
        if EVERY_SITE in self.hosts and len(self.hosts) > 1:
            raise Fault("'*' is every site already", "name it alone")
        return self
