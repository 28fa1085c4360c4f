"""The shape of an entry of `lists:`: where a list comes from, and what its hosts are."""

import re
from datetime import timedelta
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from gateway.document.url import canonical
from gateway.policy.faults import Fault
from gateway.policy.strict import Kind, Shape, Words

FORMATS: Final = ("plain", "hosts", "squidguard", "adblock", "rpz", "yaml")
USUAL_BYTES: Final = 256 << 20
_MOST_BYTES: Final = 4 << 30
_SHORTEST, _LONGEST = timedelta(minutes=15), timedelta(days=90)

_NAME: Final = re.compile("[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?")
_DURATION: Final = re.compile(r"([1-9][0-9]{0,5}) ?(m|h|d)", re.ASCII)
_SIZE: Final = re.compile(r"([1-9][0-9]{0,8}) ?(KB|MB|GB)", re.ASCII)
_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_SIZES: Final = {"KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}
_DIGEST: Final = re.compile("[0-9a-f]{64}")


def name_of(value: str) -> str:
    """The name of a list; it also names its files in the data directory."""
    if not _NAME.fullmatch(value):
        raise Fault(f"{value!r} cannot name a list", "1 to 48 letters a-z, digits and hyphens, like ut1-adult")
    return value


def origin_of(value: str) -> str:
    """Where a list comes from: an https address in canonical form, or a path."""
    scheme, found, _ = value.partition("://")
    if not found:
        if not value.strip() or "\0" in value:
            raise Fault("this names no file", "write a path, or an address that begins with https://")
        return value
    if scheme.lower() != "https":
        raise Fault(
            f"a list is not fetched by {scheme}: anybody on the way could change it", "write https://, or a path"
        )
    try:
        return canonical(value).href
    except ValueError as fault:
        raise Fault(str(fault)) from None


def duration_of(value: object) -> timedelta:
    """ "24h" → one day; minutes, hours or days."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Fault(f"{value!r} is not a span of time", "write it like 90m, 24h or 7d")
    span = int(match[1]) * _UNITS[match[2]]
    if not _SHORTEST <= span <= _LONGEST:
        raise Fault("a list is fetched at most every 15 minutes, and at least every 90 days", "write it like 24h")
    return span


def size_of(value: object) -> int:
    """ "50 MB" → bytes."""
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Fault(f"{value!r} is not a size", "write it like 50 MB")
    size = int(match[1]) * _SIZES[match[2]]
    if size > _MOST_BYTES:
        raise Fault("a list has at most 4 GB", "write it like 50 MB")
    return size


def digest_of(value: str) -> str:
    """A SHA-256 digest in lower case, with or without `sha256:` before it."""
    digest = value.lower().removeprefix("sha256:")
    if not _DIGEST.fullmatch(digest):
        raise Fault("this is not a SHA-256 digest", "64 hexadecimal digits, as sha256sum prints them")
    return digest


Name = Annotated[str, AfterValidator(name_of)]
Origin = Annotated[str, AfterValidator(origin_of)]
Duration = Annotated[timedelta, BeforeValidator(duration_of, json_schema_input_type=str)]
Size = Annotated[int, BeforeValidator(size_of, json_schema_input_type=str)]
Digest = Annotated[str, AfterValidator(digest_of)]


class ListShape(Shape):
    """A list of hosts or addresses. It says what its hosts are; rules and the law say what follows from that."""

    name: Name = Field(description="what the list is called, in explanations and in the data directory")
    from_: Origin = Field(description="a file or folder beside the policy file, or an https address")
    format: Literal["plain", "hosts", "squidguard", "adblock", "rpz", "yaml"] | None = Field(
        None, description="how it is written; without it that is found out"
    )
    topics: Words = Field((), description="what its hosts are about")
    kind: Kind | None = Field(None, description="what its hosts are")
    below: bool | None = Field(
        None, description="whether a name covers all below it; without it as its format does: hosts files do not"
    )
    every: Duration = Field(timedelta(days=1), description="how often it is fetched, like 24h; files are watched")
    at_most: Size = Field(USUAL_BYTES, description="its greatest size, unpacked, like 50 MB")
    sha256: Digest | None = Field(None, description="the digest it must have; anything else is not taken")
    source: str = Field("", description="who makes it, and under which licence")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        # Only our own YAML says of each host what it is.
        if not self.topics and self.kind is None and self.format not in (None, "yaml"):
            raise Fault("a list says what its hosts are", "add topics: or kind:")
        if not self.topics and self.kind is None and self.format is None and not self.from_.endswith((".yaml", ".yml")):
            raise Fault("a list says what its hosts are", "add topics: or kind:; only a YAML list says it itself")
        return self
