"""PICS label lists as people really write them, taken apart into one label for each service and address.

Source: W3C, PICS 1.1 Label Distribution (REC-PICS-labels): `(PICS-1.1 "service" l gen true for "address" r (n 4))`.
The damage of the wild is read too: a digit 1 or a capital I for the letter l, typographic quotes and dashes, addresses
without quotes, several lists in a row, a list that breaks off.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

LONGEST: Final = 16_384  # characters; the longest seen has 1 500
MOST_TOKENS: Final = 2_000
MOST_LABELS: Final = 100
MOST_VALUES: Final = 200  # of one label

# One character for one, so that places in the text stay what they are.
_PLAIN: Final = {
    **dict.fromkeys(map(ord, "“”„‟″«»＂"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛′"), "'"),
    **dict.fromkeys(map(ord, "‐‑‒–—−－"), "-"),
    ord("（"): "(",
    ord("）"): ")",
}
_TOKEN: Final = re.compile(r"\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bracket>[()])|(?P<word>[^\s()\"']+)")
_VERSION: Final = re.compile(r"pics[-_ ]?1")
_ADDRESS: Final = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[0-9]{1,4}")
# The keyword before a service's labels, with what is typed for its one letter.
_LABELS: Final = frozenset({"l", "labels", "1", "i", "|"})
_RATINGS: Final = frozenset({"r", "ratings"})
_OPTIONS: Final = frozenset(
    {"at", "by", "comment", "complete-label", "full", "exp", "until", "md5", "mic-md5", "on", "signature-rsa-md5"}
)
_GROUPS: Final = frozenset({"error", "extension"})  # what follows in brackets is no rating


class PicsTooLong(Exception):  # noqa: N818 - names what was found
    """A label list past the limits; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class PicsLabel:
    """What one service says. `values`: (name, number) as it transmits them, the number None where there is none.

    `address`: what it speaks for, None when it does not say; with `generic` for everything that begins with it.
    """

    service: str
    address: str | None = None
    generic: bool = False
    values: tuple[tuple[str, int | None], ...] = ()
    raw: str = ""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    quoted: bool


def is_pics(text: str) -> bool:
    """Whether `text` names itself a PICS label list."""
    return _VERSION.search(text[:LONGEST].translate(_PLAIN).casefold()) is not None


def parse_pics(text: str) -> list[PicsLabel]:
    """Every label of a list, in order. Raises PicsTooLong when it is longer than is read."""
    if len(text) > LONGEST:
        raise PicsTooLong(f"the PICS label has {len(text)} characters; at most {LONGEST} are read")
    labels = list(_Parser(text).labels())
    if len(labels) > MOST_LABELS or any(len(label.values) > MOST_VALUES for label in labels):
        raise PicsTooLong(f"the PICS label states more than {MOST_LABELS} ratings or {MOST_VALUES} values in one")
    return labels


class _Parser:
    """Walks over the tokens once. Options before the word `labels` hold for all of its labels, others for the next."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [_token(match) for match in islice(_TOKEN.finditer(text.translate(_PLAIN)), MOST_TOKENS + 1)]
        if len(self._tokens) > MOST_TOKENS:
            raise PicsTooLong(f"the PICS label has more than {MOST_TOKENS} words")
        self._at = 0

    def labels(self) -> Iterator[PicsLabel]:
        common: PicsLabel | None = None
        own = PicsLabel("")
        begins = 0
        while (token := self._next()) is not None:
            word = "" if token.quoted else token.text.casefold()
            if token.quoted or _ADDRESS.match(token.text):
                common, own, begins = None, PicsLabel(token.text.strip()), token.start
            elif word in _LABELS:
                common = own
            elif word in ("for", "gen", "generic"):
                own = self._option(own, word)
            elif word in _RATINGS:
                yield self._rated(own, begins)
                own = common or PicsLabel(own.service)
            elif word in _OPTIONS:
                self._next()
            elif word in _GROUPS:
                self._in_brackets()

    def _next(self) -> _Token | None:
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        self._at += 1
        return token

    def _option(self, label: PicsLabel, word: str) -> PicsLabel:
        value = self._next()
        text = value.text.strip() if value is not None else ""
        if word == "for":
            return replace(label, address=text or None)
        return replace(label, generic=text.casefold() in ("true", "t", "yes"))

    def _rated(self, label: PicsLabel, begins: int) -> PicsLabel:
        inside = self._in_brackets()
        end = self._tokens[min(self._at, len(self._tokens)) - 1].end
        return replace(label, values=tuple(_values(inside)), raw=self._text[begins:end])

    def _in_brackets(self) -> list[_Token]:
        """The tokens of the brackets that open here, without inner brackets; up to the end where they do not close."""
        inside: list[_Token] = []
        depth = 0
        while (token := self._next()) is not None:
            if token.quoted or token.text not in ("(", ")"):
                if not depth:
                    self._at -= 1
                    break
                inside.append(token)
                continue
            depth += 1 if token.text == "(" else -1
            if depth <= 0:
                break
        return inside


def _token(match: re.Match[str]) -> _Token:
    quoted = match["double"] if match["double"] is not None else match["single"]
    return _Token(match.group() if quoted is None else quoted, *match.span(), quoted is not None)


def _values(tokens: Sequence[_Token]) -> Iterator[tuple[str, int | None]]:
    """Each name with each of its numbers: `n 4`, `n (2 4)`; of a range `2:4` both ends."""
    name, used = "", True
    for token in tokens:
        text = token.text.strip(",;")
        numbers = text.split(":")
        if all(_NUMBER.fullmatch(number) for number in numbers):
            yield from ((name, int(number)) for number in numbers)
            used = True
        elif text:
            if not used:
                yield name, None
            name, used = text, False
    if not used:
        yield name, None
