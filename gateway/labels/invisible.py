"""Characters that nobody sees and that part a word or a mark only for a program: soft hyphens, zero-width spaces.

Source: Unicode, default ignorable code points (DerivedCoreProperties.txt), those that turn up in pages.
"""

import re
from typing import Final

INVISIBLE: Final = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0f"
PLUSES: Final = "＋⁺﹢➕"  # full width, superscript, small form, emoji
_INSIDE: Final = re.compile(rf"(?<=\w)[{INVISIBLE}]+(?=[\w+{PLUSES}])")


def has_invisible(text: str) -> bool:
    """Whether one of the characters is there; costs next to nothing."""
    return not text.isascii() and any(character in text for character in INVISIBLE)


def parts_words(text: str) -> bool:
    """Whether such a character stands inside a word, or between a number and its plus."""
    return has_invisible(text) and _INSIDE.search(text) is not None


def without_invisible(text: str) -> str:
    """The text as a person reads it; between words, where they may be all that parts them, the characters stay."""
    return _INSIDE.sub("", text) if has_invisible(text) else text
