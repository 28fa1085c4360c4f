"""What the schema.org properties about age say: contentRating, typicalAgeRange, isFamilyFriendly.

Source: schema.org (schema.ttl of schemaorg/schemaorg, commit cc71c8e). The values are those that pages really write.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.labels.label import Trust
from gateway.labels.scales import LONGEST_TEXT, Mark, Scales

PROPERTIES: Final = {
    "contentrating": "contentRating",
    "typicalagerange": "typicalAgeRange",
    "isfamilyfriendly": "isFamilyFriendly",
}

# The lower bound counts: "7-9", "11-" (eleven and up), "18+", "-5" (up to five). "6-" is six and up, unlike the sign.
_RANGE: Final = re.compile(
    r"(?:ages?\s)?(?:(?P<lowest>[0-9]{1,2})\s?(?:[-–—+]|to|до)\s?(?:[0-9]{1,3})?|[-–—]\s?[0-9]{1,3}|(?P<one>[0-9]{1,2}))"
    r"(?:\s?(?:years?(?: old)?|лет|жас))?",
    re.IGNORECASE,
)
_FALSE: Final = frozenset({"false", "0", "no"})
_PREFIXES: Final = ("https://schema.org/", "http://schema.org/", "schema.org/", "schema:")


@dataclass(frozen=True, slots=True)
class Said:
    """A value that names an age: the mark, how far to trust it, and the text it was."""

    mark: Mark
    trust: Trust
    raw: str


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
    mark = _content_rating(value, scales, system, country)
    return Said(mark, Trust.B, raw) if mark else None


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
