"""The small language in which policies/signs writes warnings, compiled to patterns without backtracking traps."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

# Between two words: spaces and at most a comma or two. Bounded, as is every repeat here, so matching stays linear.
GAP: Final = r"[\s,]{1,8}"
_PART: Final = re.compile(r"\[\([^()\[\]]+\)\]|\[[^()\[\]\s]+\]|\([^()\[\]\s]+\)|\{age\}|[^\s()\[\]{}]+")


def compile_form(form: str, numbers: Mapping[str, int], alike: Mapping[int, str] | None = None) -> re.Pattern[str]:
    """The pattern of a form as policies/signs/README.md describes it; its group `age` holds the digits or the word.

    `alike`: letters of a text that were changed into others, as `str.translate` takes them; those of the form are too.
    Raises ValueError with a sentence for a form that is not of that language.
    """
    return re.compile(r"(?<!\w)" + "".join(_pieces(form, numbers, alike or {})) + r"(?!\w)")


def required_words(form: str) -> set[str]:
    """The words, or beginnings of words, that stand in every notice of this form."""
    return {part.removesuffix("*").casefold() for part in _parts(form) if re.fullmatch(r"\w+\*?", part)}


def _parts(form: str) -> list[str]:
    parts = _PART.findall(form)
    if "".join(parts) != "".join(form.split()):
        raise ValueError(f"the form {form!r} has a bracket that is not closed or stands in another")
    return parts


def _pieces(form: str, numbers: Mapping[str, int], alike: Mapping[int, str]) -> Iterator[str]:
    """Each word with the gap before it; an optional word takes its own gap along."""
    parts = _parts(form)
    first = next((place for place, part in enumerate(parts) if not part.startswith("[")), None)
    if first is None:
        raise ValueError(f"the form {form!r} has no word that must be there")
    for place, part in enumerate(parts):
        word = _word(part.strip("[]"), numbers, alike)
        if part.startswith("["):
            yield f"(?:{word}{GAP})?" if place < first else f"(?:{GAP}{word})?"
        else:
            yield word if place == first else GAP + word


def _word(part: str, numbers: Mapping[str, int], alike: Mapping[int, str]) -> str:
    if part == "{age}":
        words = "|".join(re.escape(word).replace(r"\ ", r"\s{1,3}") for word in sorted(numbers, key=len, reverse=True))
        return rf"(?P<age>[0-9]{{1,2}}|{words})"
    if part.startswith("("):
        return "(?:" + "|".join(_word(choice, numbers, alike) for choice in part[1:-1].split("|")) + ")"
    stem = part.removesuffix("*")
    return re.escape(stem.casefold().translate(alike)) + (r"\w{0,12}" if stem != part else "")
