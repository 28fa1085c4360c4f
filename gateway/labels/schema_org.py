"""What the schema.org properties about age say: contentRating, typicalAgeRange, isFamilyFriendly and their kin.

Source: schema.org (schema.ttl of schemaorg/schemaorg, commit cc71c8e). The values are those that pages really write.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from gateway.labels.label import Trust
from gateway.labels.scales import LONGEST_TEXT, Mark, Scales

PROPERTIES: Final = {
    "contentrating": "contentRating",
    "typicalagerange": "typicalAgeRange",
    "isfamilyfriendly": "isFamilyFriendly",
    "hasadultconsideration": "hasAdultConsideration",
}
# Of PeopleAudience; they say who should see a work, but of a product who wears it and of an event who may come in.
AUDIENCE: Final = {
    "requiredminage": "requiredMinAge",
    "suggestedminage": "suggestedMinAge",
    "suggestedage": "suggestedAge",
}

QUANTITY: Final = frozenset({"unitcode", "unittext", "minvalue", "value"})
"""What is asked of a QuantitativeValue, in lower case."""

# The lower bound counts: "7-9", "11-" (eleven and up), "18+", "-5" (up to five). "6-" is six and up, unlike the sign.
_RANGE: Final = re.compile(
    r"(?:ages?\s)?(?:(?P<lowest>[0-9]{1,2})\s?(?:[-–—+]|to|до)\s?(?:[0-9]{1,3})?|[-–—]\s?[0-9]{1,3}|(?P<one>[0-9]{1,2}))"
    r"(?:\s?(?:years?(?: old)?|лет|жас))?",
    re.IGNORECASE,
)
_FALSE: Final = frozenset({"false", "0", "no"})
# UN/CEFACT Recommendation 20: the years of a QuantitativeValue. Months, weeks and days state no age in years.
_YEARS: Final = frozenset({"ann", "year", "years", "yr", "yrs"})
_WHOLE: Final = re.compile(r"(?P<age>[0-9]{1,2})(?:\.0{1,4})?\s?\+?")
_GOODS: Final = "the age from which it is sold; its page need not be for adults"
_PREFIXES: Final = ("https://schema.org/", "http://schema.org/", "schema.org/", "schema:")


@dataclass(frozen=True, slots=True)
class Said:
    """A value that names an age: the mark, how far to trust it, the text it was, and what a person should know."""

    mark: Mark
    trust: Trust
    raw: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class SchemaOrg:
    """Which types are works, and which audiences are patients: policies/vocabularies/schema-org.yaml, as `kinds_of`."""

    works: frozenset[str] = frozenset()
    patients: frozenset[str] = frozenset()

    def is_told_by_content(self, things: Iterable[str], audience: Iterable[str]) -> bool:
        """Whether the age of an audience (its types) of a thing (its types) tells what the thing holds."""
        return bool(kinds_of(things) & self.works) and not kinds_of(audience) & self.patients


def read_property(name: str, text: str, scales: Scales, *, system: str = "", country: str | None = None) -> Said | None:
    """The age that one text value of a property (a key of `PROPERTIES`) states.

    `system` names who gave the rating ("MPAA") where the page says so, `country` where the page is from.
    """
    raw = text.strip()
    if not raw or len(raw) > LONGEST_TEXT:
        return None
    value = _without_prefix(raw)
    if name == "isfamilyfriendly":
        # Only false says something: schema.org's own sample has content="true" beside a visible "No".
        mark = scales.find("not family friendly", scale="web") if value.casefold() in _FALSE else None
        return Said(mark, Trust.C, raw) if mark else None
    if name == "typicalagerange":
        mark = _lowest_age(value, scales)
        return Said(mark, Trust.C, raw) if mark else None
    if name == "hasadultconsideration":
        return _adult_consideration(value, raw, scales)
    mark = _content_rating(value, scales, system, country)
    return Said(mark, Trust.B, raw) if mark else None


def read_audience(name: str, value: object, scales: Scales) -> Said | None:
    """The age that one property of an audience (a key of `AUDIENCE`) states.

    `value` is JSON, or the text of an element; of suggestedAge a QuantitativeValue: an object with minValue in years,
    its names in any case. Of several the strictest counts.
    """
    values = value if isinstance(value, list) else [value]
    ages = [_years(each) if name == "suggestedage" else _whole(each) for each in values]
    age = max((age for age in ages if age is not None), default=None)
    if age is None or age > max(scales["age"].ages):
        return None
    return Said(Mark("age", f"{age}+", age), Trust.C, str(value)[:LONGEST_TEXT])


def kinds_of(types: Iterable[str]) -> frozenset[str]:
    """Types of things without their vocabulary and without case."""
    return frozenset(_without_prefix(name).casefold() for name in types)


def _years(value: object) -> int | None:
    if not isinstance(value, dict):
        return None
    fields = {key.removeprefix("schema:").casefold(): each for key, each in value.items() if isinstance(key, str)}
    unit = fields.get("unitcode") or fields.get("unittext")  # as QUANTITY has them
    # Without a unit it may be the months of a baby's clothes.
    is_years = isinstance(unit, str) and unit.strip().casefold() in _YEARS
    return _whole(fields.get("minvalue", fields.get("value"))) if is_years else None


def _whole(value: object) -> int | None:
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    match = _WHOLE.fullmatch(str(value)[:LONGEST_TEXT].strip())
    return int(match["age"]) if match else None


def _adult_consideration(value: str, raw: str, scales: Scales) -> Said | None:
    if mark := scales.find(value, scale="adult-consideration"):
        return Said(mark, Trust.B, raw)
    mark = scales.find(value, scale="restricted-goods")
    return Said(mark, Trust.C, raw, _GOODS) if mark else None


def _content_rating(value: str, scales: Scales, system: str, country: str | None) -> Mark | None:
    if system:
        known = scales.system(system)
        if known is not None:
            return scales.find(value, scale=known)
        return scales.find(f"{system} {value}", country=country) or scales.find(value, country=country)
    return scales.find(value, country=country) or scales.find(value, scale="web")


def _lowest_age(value: str, scales: Scales) -> Mark | None:
    match = _RANGE.fullmatch(value)
    if match is None:
        return scales.find(value, scale="web")
    lowest = int(match["lowest"] or match["one"] or 0)
    return Mark("age", f"{lowest}+", lowest) if lowest <= max(scales["age"].ages) else None


def _without_prefix(value: str) -> str:
    return next((value[len(prefix) :] for prefix in _PREFIXES if value.casefold().startswith(prefix)), value)


def texts_of(value: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Each text in a JSON value of a property, with the system that a Rating object names ("" without one).

    Text, number, boolean, `{"@value": …}`, a Rating object (`ratingValue`, `name`, `alternateName`; `author` is the
    system), or an array of these.
    """
    if isinstance(value, str):
        yield value, ""
    elif isinstance(value, bool):
        yield str(value), ""
    elif isinstance(value, int):
        yield (str(value) if abs(value) < 1_000 else ""), ""
    elif isinstance(value, float):
        yield (str(int(value)) if value.is_integer() and abs(value) < 1_000 else ""), ""
    elif isinstance(value, list) and depth < 4:
        for item in value:
            yield from texts_of(item, depth + 1)
    elif isinstance(value, dict) and depth < 4:
        system = next((text for key in ("author", "ratedBy", "publisher") for text in _names_of(value.get(key))), "")
        for key in ("@value", "ratingValue", "name", "alternateName", "value", "@id"):
            for text, inner in texts_of(value.get(key), depth + 1):
                yield text, system or inner


def _names_of(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        name = item.get("name") if isinstance(item, dict) else item
        if isinstance(name, str):
            yield name[:LONGEST_TEXT]
