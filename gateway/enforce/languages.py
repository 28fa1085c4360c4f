"""The three languages of what is shown, and which of them stands first."""

import re
from typing import Final

LANGUAGES: Final = ("kk", "ru", "en")
NAMES: Final = {"kk": "Қазақша", "ru": "Русский", "en": "English"}

# RFC 9110, section 12.4.2: a weight is 0 to 1 with at most three decimals.
_RANGE: Final = re.compile(
    r"([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9]{1,8}){0,8}[ \t]*(?:;[ \t]*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?"
)
_LONGEST: Final = 1000  # characters of the field that are read; browsers send less than 100
_UNWANTED: Final = 1.0  # for a weight of 0, "not acceptable": after those that are not named at all


def order_of(accept_language: str | None) -> tuple[str, ...]:
    """All three languages, the most wanted first by the Accept-Language field (RFC 9110, section 12.5.4).

    Regions do not count (`ru-KZ` is `ru`); of equal weights the first named wins; what is not named comes last, Kazakh
    first. Anything malformed is passed over.
    """
    weights: dict[str, tuple[float, int]] = {}
    for position, item in enumerate((accept_language or "")[:_LONGEST].split(",")):
        if found := _RANGE.fullmatch(item.strip(" \t")):
            quality = float(found[2] or 1)
            language = found[1].lower()
            weight = (-quality or _UNWANTED, position)
            weights[language] = min(weight, weights.get(language, weight))
    # `*` speaks for every language that is not named.
    others = weights.get("*", (0.0, _LONGEST))
    return tuple(sorted(LANGUAGES, key=lambda language: weights.get(language, others)))
