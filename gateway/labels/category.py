"""The six age categories of law 169-VI, Art. 9(3), and the step that an exact minimum age belongs to."""

from bisect import bisect_left
from types import MappingProxyType
from typing import Final

CATEGORIES: Final = MappingProxyType({"6-": 0, "6+": 6, "12+": 12, "14+": 14, "16+": 16, "18+": 18})

_AGES: Final = tuple(CATEGORIES.values())
_SIGNS: Final = tuple(CATEGORIES)


def category_of(min_age: int) -> str:
    """The category whose age is `min_age` (completed years, 0 or more), or the next one up; 18 and over is `18+`.

    Rounding goes up because a 12+ group contains twelve-year-olds: 13 must not become 12+.
    """
    return _SIGNS[min(bisect_left(_AGES, min_age), len(_SIGNS) - 1)]
