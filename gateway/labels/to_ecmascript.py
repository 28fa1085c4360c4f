"""A pattern of ours as ECMAScript writes it, with the same meaning: for the readers of the browser add-on.

Python's letters, digits and spaces are those of Unicode, JavaScript's `\\w` and `\\b` those of ASCII; so what stands
for a class of characters is written out. The flag of the patterns is `v` (ECMA-262, section 22.2.1, Unicode sets).
"""

import re
from typing import Final

# What Python's `\\s` fits (str.isspace); JavaScript's own has U+FEFF and lacks U+001C to U+001F and U+0085.
_SPACE: Final = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_CLASSES: Final = {
    "w": r"\p{L}\p{N}_",
    "d": r"\p{Nd}",
    "s": _SPACE,
}
_GROUP: Final = re.compile(r"\(\?(?:P<(?P<name>[a-z]+)>|(?P<kind>:|=|!|<=|<!))|\(")
_REPEAT: Final = re.compile(r"(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??")
_SPECIAL: Final = frozenset("^$\\.*+?()[]{}|/-&!#%,:;<=>@`~\"' ")
_SYNTAX: Final = frozenset("^$\\.*+?()[]{}|/")


def to_ecmascript(pattern: str) -> str:
    """The source of `pattern` (without flags) for `new RegExp(source, "v")`.

    Raises ValueError with a sentence for a construct that has no certain counterpart: possessive repeats, atomic
    groups, conditions, references back, `\\b`, `\\Z`, flags inside the pattern.
    """
    re.compile(pattern)
    return "".join(_Writer(pattern).pieces())


class _Writer:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def pieces(self) -> list[str]:
        written = []
        while self._at < len(self._pattern):
            written.append(self._piece())
        return written

    def _piece(self) -> str:
        character = self._pattern[self._at]
        if character == "\\":
            return self._escape(in_class=False)
        if character == "[":
            return self._class()
        if character == "(":
            return self._group()
        if repeat := _REPEAT.match(self._pattern, self._at):
            self._at = repeat.end()
            if self._pattern[self._at : self._at + 1] == "+":
                raise self._refused("a possessive repeat")
            return repeat.group()
        self._at += 1
        if character == "$":
            return r"(?=\n?$)"
        if character == ".":
            return r"[^\n]"
        return character if character in "^|)" else _literal(character)

    def _group(self) -> str:
        opening = _GROUP.match(self._pattern, self._at)
        if opening is None or (opening.group() == "(" and self._pattern[self._at : self._at + 2] == "(?"):
            raise self._refused("a group")
        self._at = opening.end()
        if opening["name"]:
            return f"(?<{opening['name']}>"
        return opening.group()

    def _class(self) -> str:
        end = self._at + 1
        negated = self._pattern.startswith("^", end)
        self._at = end + negated
        first = self._at
        inside = []
        while self._pattern[self._at] != "]" or self._at == first:
            inside.append(self._member())
        self._at += 1
        return f"[{'^' if negated else ''}{''.join(inside)}]"

    def _member(self) -> str:
        low = self._escape(in_class=True) if self._pattern[self._at] == "\\" else self._plain()
        if self._pattern[self._at] != "-" or self._pattern[self._at + 1] == "]":
            return low
        self._at += 1
        high = self._escape(in_class=True) if self._pattern[self._at] == "\\" else self._plain()
        return f"{low}-{high}"

    def _plain(self) -> str:
        character = self._pattern[self._at]
        self._at += 1
        return _literal(character)

    def _escape(self, *, in_class: bool) -> str:
        letter = self._pattern[self._at + 1]
        if letter == "x":
            self._at += 4
            return f"\\x{self._pattern[self._at - 2 : self._at]}"
        if letter == "u":
            self._at += 6
            return f"\\u{self._pattern[self._at - 4 : self._at]}"
        self._at += 2
        if letter.lower() in _CLASSES:
            members = _CLASSES[letter.lower()]
            if letter.islower():
                return members if in_class else f"[{members}]"
            return f"[^{members}]"
        if letter in "tnrfv":
            return f"\\{letter}"
        if letter.isalnum():
            raise self._refused(f"\\{letter}")
        return _literal(letter)

    def _refused(self, what: str) -> ValueError:
        return ValueError(f"{what} at character {self._at} of {self._pattern!r} cannot be written for ECMAScript")


def _literal(character: str) -> str:
    if character in _SYNTAX:
        return f"\\{character}"
    # Other signs have a meaning when they stand twice in a class, and no escape of their own.
    return f"\\x{ord(character):02x}" if character in _SPECIAL or ord(character) < 0x20 else character
