"""Where in a text a sign may be: found by a few searches through all of it, before any line is read."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from gateway.labels.invisible import PLUSES
from gateway.labels.sign_patterns import SIGN_AGES
from gateway.labels.signs import DASHES

_AGES: Final = "|".join(map(str, SIGN_AGES))
# One character of each mark.
_PLUS: Final = re.compile(rf"\+(?:(?<=[0-9０-９].)|(?<=[0-9].{{2}})|(?={_AGES}))")
_MINUS: Final = re.compile(rf"6[{DASHES}–-]")
# Without one of these there is no mark; most texts of attributes have none.
_SOME: Final = re.compile(rf"[+{re.escape(''.join(PLUSES))}]|6[{DASHES}–-]")


def sign_places(text: str, words: Sequence[str], adults_only: str) -> list[int]:
    """The place of one character of each sign that may be in `text`, in their order.

    `words`: of warnings, in lower case; `adults_only`: the character that is a sign by itself.
    """
    # One character is found far faster than a pattern: a whole page has a plus, most attributes have nothing.
    if not words and "+" not in text and _SOME.search(text) is None and adults_only not in text:
        return []
    plus = text.find("+")
    found = {match.start() for match in _MINUS.finditer(text)}
    found.update(match.start() for match in (_PLUS.finditer(text, plus) if plus >= 0 else ()))
    for character in (*PLUSES, adults_only) if not text.isascii() else ():
        found.update(_all_places(character, text))
    if words:
        # "İ" is the one letter that grows in lower case: places in the text must stay what they are.
        lower = text.replace("İ", "i").lower()
        found.update(place for word in words for place in _all_places(word, lower))
    return sorted(found)


def _all_places(word: str, text: str) -> Iterator[int]:
    place = text.rfind(word)
    while place >= 0:
        yield place
        place = text.rfind(word, 0, place)
