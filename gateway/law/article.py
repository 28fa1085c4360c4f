"""An article of a legal act as data: what kind of rule it is, what it cites, and its values with the day each begins.

The code knows the kinds; numbers, topics and citations are in policies/law/**.yaml.
"""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

from gateway.hosts.record import ExemptGround

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_HOUR = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*", re.ASCII)


def _to_day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("write a day as YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"there is no day {value}") from None


type Day = Annotated[date, BeforeValidator(_to_day)]


def _to_zone(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("write a time zone by its name, for example Asia/Almaty")
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone {value!r}") from None
    return value


def _to_hour(value: object) -> str:
    if not isinstance(value, str) or not _HOUR.fullmatch(value):
        raise ValueError('write an hour as "06:00"')
    return value


def _to_name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError("a name has letters, digits, dots and hyphens")
    return value


def _filled[T: str | tuple[object, ...] | dict[str, object]](value: T) -> T:
    if not value:
        raise ValueError("this may not be empty")
    return value


filled = AfterValidator(_filled)
type Text = Annotated[str, filled]
type Name = Annotated[str, AfterValidator(_to_name)]
type Zone = Annotated[str, BeforeValidator(_to_zone)]
type Hour = Annotated[str, BeforeValidator(_to_hour)]
type Age = Annotated[StrictInt, Field(ge=0, le=21)]
type Words = tuple[Text, ...]
type Limiting = Literal["restrict", "block"]


class Shape(BaseModel):
    """What a mapping in a pack may hold: nothing unknown, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Dated(Shape):
    """A value of an article from one day on, until another if it was repealed (that day excluded)."""

    begins: Day = Field(alias="from")
    until: Day | None = None
    reference: Text

    def holds_on(self, day: date) -> bool:
        return self.begins <= day and (self.until is None or day < self.until)


class OutOfScope(Dated):
    """Traffic that the act does not speak of: hosts of these kinds, and anything for these audiences."""

    kinds: Words
    audiences: Words


class Exemption(Dated):
    """Grounds on which the act does not apply to a product."""

    grounds: tuple[ExemptGround, ...]


class Adult(Dated):
    """From this age on (completed years) the act protects nobody."""

    age: Age


class Ladder(Dated):
    """Each category is for those who have reached its age: category → the articles that describe it."""

    steps: dict[str, Words]


class Restricted(Dated):
    """One category that is kept from every child, by the channel that carries it."""

    category: str
    channel: Literal["internet", "broadcast"]
    effect: Limiting


class Film(Dated):
    """A film mark above the ladder's last category."""

    kinds: Words
    min_age: Age
    effect: Limiting


class Estimated(Dated):
    """Content that somebody estimated and no label rates: from `above` (excluded) to `up_to` (included)."""

    above: Age
    up_to: Age
    effect: Limiting


class TopicList(Dated):
    """Topics that put a product into one category: topic → the paragraph that names it."""

    category: str
    topics: dict[str, str]


class TopicFilter(Dated):
    """Topics that are kept from everybody below an age unless somebody grown up opens them: topic → the act's word.

    The topic gets no category: the act names what is kept back, not for whom else it is fit.
    """

    below: Age
    topics: Annotated[dict[str, Text], filled]
    effect: Limiting


class Composite(Dated):
    """Several parts of different categories. Of the kinds in `whole` no part can be taken out.

    What stands on the page of a kind in `listings`, or in the results of a search, is only mentioned there: it never
    gives the page its category.
    """

    whole: Words
    listings: Words = ()


class SiteSign(Dated):
    """A sign that a whole resource of these kinds wears, in these scales; a stance says whether it binds."""

    kinds: Words
    scales: Words
    effect: Limiting


class Flag(Dated):
    """A defect to be shown, never a ground to keep a child out. Empty `kinds`: of any kind."""

    flag: str
    kinds: Words = ()


class BroadcastHours(Dated):
    """Hours of the day, in local time, in which a category is not broadcast; shown as a flag.

    From the first hour (included) to the second (excluded). `kinds` broadcast on the web: a stance says if that counts.
    """

    flag: str
    category: str
    hours: tuple[Hour, Hour]
    zone: Zone
    kinds: Words


def _with_text[T](scopes: dict[T, Words]) -> dict[T, Words]:
    if "text" not in scopes:
        raise ValueError("write what the text itself covers, as text: [social-network]")
    return scopes


class Registration(Dated):
    """Below this age nobody may sign up with these kinds of resource: reading (`text`, `ministry`) → kinds.

    Whoever chose a reading that the act does not have gets its text. `outside`: kind → why it is not meant.
    """

    below: Age
    scopes: Annotated[dict[Literal["text", "ministry"], Words], AfterValidator(_with_text)]
    outside: dict[str, Text] = Field(default_factory=dict)


class Consent(Registration):
    """As Registration, but a parent's or guardian's consent opens it: they are asked, and a grant is the consent."""


class Silent(Dated):
    """Says nothing in a decision; kept so that a reader of the codex sees that it was considered."""


class Article[V: Dated](Shape):
    """One rule of an act. `cites`: the articles it restates; `contestable`: a reading that a court may not share."""

    id: Name
    kind: str
    title: Text
    cites: Annotated[Words, filled]
    binds: str
    values: Annotated[tuple[V, ...], filled]
    checked: Day
    enabled: StrictBool = True
    contestable: StrictBool = False
    exceptions: Words = ()
    note: str | None = None

    def value_on(self, day: date) -> V | None:
        """The value in force on `day`, or None: not yet, no longer, or the article is disabled."""
        if not self.enabled:
            return None
        return next((value for value in reversed(self.values) if value.holds_on(day)), None)


# The kinds of rule, and the shape of their articles.
KINDS: Final[Mapping[str, type[Article[Any]]]] = MappingProxyType(
    {
        "out-of-scope": Article[OutOfScope],
        "exempt": Article[Exemption],
        "adult": Article[Adult],
        "label-ladder": Article[Ladder],
        "restricted": Article[Restricted],
        "film": Article[Film],
        "estimate": Article[Estimated],
        "gap": Article[Estimated],
        "topic-list": Article[TopicList],
        "category-default-on": Article[TopicFilter],
        "composite": Article[Composite],
        "site-sign": Article[SiteSign],
        "flag-only": Article[Flag],
        "watershed": Article[BroadcastHours],
        "registration": Article[Registration],
        "parental-consent": Article[Consent],
        "note": Article[Silent],
    }
)
