"""A response as a browser would read it, or the reason why it cannot be read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gateway.document.url import Url


class Headers:
    """Header fields in their order; names compare without case (RFC 9110, section 5.1). Immutable."""

    __slots__ = ("_named", "_pairs")

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._pairs = tuple([(name.lower(), value) for name, value in pairs])
        self._named: dict[str, tuple[str, ...]] = {}  # readers ask for a dozen names each
        for name, value in self._pairs:
            before = self._named.get(name)
            self._named[name] = (value,) if before is None else (*before, value)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of the field `name`, in order; empty when it is absent."""
        return self._named.get(name.lower(), ())

    def get(self, name: str) -> str | None:
        """The field's values joined by `, ` (RFC 9110, section 5.3), or None when it is absent."""
        values = self.all(name)
        return ", ".join(values) if values else None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self._pairs == other._pairs

    def __hash__(self) -> int:
        return hash(self._pairs)

    def __repr__(self) -> str:
        return f"Headers({list(self._pairs)!r})"


class UnreadableReason(StrEnum):
    """Why a response cannot be read as a browser would read it."""

    URL = "url"  # the address itself is not a valid URL
    CODING = "coding"  # a content coding that we do not know, or more than two layers
    DAMAGED = "damaged"  # coded bytes that do not decode, are cut, or carry trailing bytes
    TOO_LARGE = "too-large"  # past the decode cap
    BOMB = "bomb"  # past the expansion ratio
    CHARSET = "charset"  # a charset label that no browser knows on bytes that are not UTF-8 either
    MALFORMED = "malformed"  # a structure that a reader must not guess at (depth, entities, size caps)
    FAULT = "fault"  # our own reader failed: never a reason to let a page pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A decoded response. `body` has its content codings removed; `text` is set for textual media types only."""

    url: Url
    status: int
    headers: Headers
    media_type: str  # essence, lower case, e.g. "text/html" (RFC 9110, section 8.3.1), after sniffing
    body: bytes
    text: str | None
    charset: str | None  # WHATWG encoding name, e.g. "utf-8"; None when `text` is None
    complete: bool = True  # False when only the first bytes of the body are at hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A response that cannot be read. The headers still count: a label in them is a label."""

    url: Url | None
    status: int
    headers: Headers
    reason: UnreadableReason
    detail: str  # a sentence for the person who asks why
