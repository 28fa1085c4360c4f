"""The shape of a recipe file: the keys that policies/sites/README.md explains, and what goes with what."""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, StrictInt, model_validator
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from gateway.labels.shape import Day, Shape, Text
from gateway.labels.shaped_file import address_of, filled, host_of, path_of
from gateway.labels.value_form import FormEntry
from gateway.policy.faults import Fault

LONGEST: Final = 200  # characters of a selector, a name, a pointer
MOST_STEPS: Final = 32

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_NAME: Final = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*", re.ASCII)
_NOTHING: Final = LexborHTMLParser("")


def _selector(text: str) -> str:
    try:
        _NOTHING.css(text)
    except (SelectolaxError, ValueError):
        raise Fault(f"{text!r} is no CSS selector") from None
    return text


def _pointer(text: str) -> str:
    if not text.startswith("/") or text.count("/") > MOST_STEPS:
        raise Fault(
            f"{text!r} is no JSON pointer",
            f"begin every step with '/', as in /data/ageRating; at most {MOST_STEPS} steps",
        )
    return text


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise Fault(f"{text!r} is no name that a script assigns to", "write its last part only, as in __STATE__")
    return text


def _header(text: str) -> str:
    if not _TOKEN.fullmatch(text):
        raise Fault(f"{text!r} is no name of a header")
    return text


Short = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Selector = Annotated[Short, AfterValidator(_selector)]

# The keys that say where the value is; each declaration has one of them, or `paths` alone.
_PLACES: Final = ("css", "script", "state", "code", "body", "header")
_POINTED: Final = frozenset({"script", "state", "body"})


class DeclarationEntry(FormEntry):
    """One way in which the site declares an age."""

    says: Text
    source: Text
    verified: StrictBool
    css: Selector | None = None
    attribute: Short | None = None
    after: Short | None = None
    script: Selector | None = None
    state: Annotated[Short, AfterValidator(_name)] | None = None
    code: Short | None = None
    body: Literal["json"] | None = None
    pointer: Annotated[Short, AfterValidator(_pointer)] | None = None
    header: Annotated[Short, AfterValidator(_header)] | None = None
    mark: Text | None = None
    trust: Literal["A", "B", "C", "D"]
    scope: Literal["site", "page", "part"] = "page"
    part: Selector | None = None
    paths: tuple[Annotated[Short, AfterValidator(path_of)], ...] = ()

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        places = [place for place in _PLACES if getattr(self, place) is not None]
        if len(places) > 1:
            raise Fault(f"{' and '.join(places)} are two places", "make a declaration of each")
        place = places[0] if places else ""
        if not place and not self.paths:
            raise Fault("nothing says where the age is declared", f"add one of: {', '.join(_PLACES)}, paths")
        if (place in _POINTED) != (self.pointer is not None):
            raise Fault(f"pointer goes with one of: {', '.join(sorted(_POINTED))}", "it leads to the value in the JSON")
        if place != "css" and (self.attribute or self.after or self.part):
            raise Fault("attribute, after and part go with css")
        return self

    @model_validator(mode="after")
    def _one_meaning(self) -> Self:
        if self.mark is not None and (self.values or self.others):
            raise Fault("mark is for what means the same wherever it is", "leave out mark, or values and others")
        if self.mark is None and (self.code is not None or not any(getattr(self, place) for place in _PLACES)):
            raise Fault("there is no value to read here", "say with mark: what its being there means")
        if (self.scope == "part") != (self.part is not None or self._lists_items()):
            hint = "part is the selector of the item around; with body: json, a '*' in the pointer is the item"
            raise Fault("scope: part and part go together", hint)
        return self

    def _lists_items(self) -> bool:
        return self.scope == "part" and self.body is not None and "*" in (self.pointer or "").split("/")


class ReadsEntry(Shape):
    """A label that a sample must give."""

    mark: Text
    min_age: Annotated[StrictInt, Field(ge=0, le=21)]
    scope: Literal["site", "page", "part"] = "page"


class SampleEntry(Shape):
    """A saved piece of a page, and the labels that the recipe must find in it."""

    url: Annotated[Text, AfterValidator(address_of)]
    type: Text = "text/html"
    headers: dict[str, str] = Field(default_factory=dict)
    body: str = ""
    reads: tuple[ReadsEntry, ...]


class RecipeFile(Shape):
    site: Text
    hosts: Annotated[tuple[Annotated[str, AfterValidator(host_of)], ...], filled]
    source: Text
    checked: Day
    declares: Annotated[tuple[DeclarationEntry, ...], filled]
    samples: Annotated[tuple[SampleEntry, ...], filled]
