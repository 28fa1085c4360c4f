"""The patterns of signs that a language names: its titles, what they announce, and the ages in years."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from gateway.labels.shape import SignFile

SIGN_AGES: Final = (0, 6, 12, 14, 16, 18, 21)  # law 169-VI, Art. 9(3); 0+ of the Russian law; 21+ of films
AGES: Final = "|".join(str(age) for age in sorted(SIGN_AGES, reverse=True))
# What stands between a title and its age; the languages say which words may stand around the age.
_AFTER_TITLE: Final = r"[\s:–—(«\"<‹⟨〈◊◇◆-]{0,6}"


def join_words(words: Iterable[str], alike: Mapping[int, str] | None = None) -> str:
    """A pattern of any of the words, with the letters that `alike` takes for others; of none it fits nothing."""
    longest_first = sorted((word.casefold().translate(alike or {}) for word in words), key=len, reverse=True)
    escaped = (re.escape(word).replace(r"\ ", r"\s{1,3}") for word in longest_first)
    return "|".join(escaped) or r"(?!)"


def compile_beginnings(titles: Iterable[str], alike: Mapping[int, str]) -> re.Pattern[str]:
    """The first letters of any of the titles, each with what is taken for it: cheaper than to fold a whole line."""
    beginnings = {title.casefold().translate(alike)[:4] for title in titles}
    letters = {letter for beginning in beginnings for letter in beginning}
    ways = {letter: [letter, *(chr(code) for code, other in alike.items() if other == letter)] for letter in letters}
    return re.compile(
        r"(?<!\w)(?:"
        + "|".join("".join(f"[{re.escape(''.join(ways[letter]))}]" for letter in each) for each in sorted(beginnings))
        + ")"
    )


def compile_any(patterns: Iterable[re.Pattern[str]]) -> re.Pattern[str]:
    """What any of the patterns fits: one search where nearly no line has any of them."""
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern in patterns) or r"(?!)")


def write_years(file: SignFile, alike: Mapping[int, str]) -> str:
    """An age in years, or as a number that says all: "от 18 лет", "18"; not "12-14 лет" or "12, 14 и 16"."""
    leads, years = join_words(file.leads, alike), join_words(file.years, alike)
    years = rf"(?P<years>{AGES})(?:\s?-\s?[^\W\d]{{1,4}})?\s{{1,3}}(?:{years})(?!\w)"
    alone = rf"(?P<alone>{AGES})(?=\s{{0,3}}(?:$|[;)|·•»>\x1f]|[.,](?!\s?[0-9])))"
    return rf"(?:(?:{leads})\s{{1,3}})?(?:{years}|{alone})"


def compile_titled(titles: Iterable[str], alike: Mapping[int, str], said: str) -> re.Pattern[str]:
    """A title and what it announces: "Возрастное ограничение: 18+"."""
    return re.compile(rf"(?<!\w)(?P<title>{join_words(titles, alike)}){_AFTER_TITLE}{said}")
