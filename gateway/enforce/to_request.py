"""A request → the same request as its person may send it: with safe search, restricted mode, the school's accounts.

What the client wrote itself for the same purpose goes, in every spelling that a server would take: a parameter twice,
in other letters, percent-encoded, in a form's body, or as a cookie.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from gateway.document.url import Url
from gateway.enforce.services import Service, Services
from gateway.policy.stances import Stances

type Field = tuple[bytes, bytes]

_SAFE: Final[Field] = (b"Prefer", b"safe")  # RFC 8674
_EMPTY_STEPS: Final = re.compile(r"/{2,}")
_NOT_OF_A_NAME: Final = bytes(range(0x21)) + b"\x7f"


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be changed in one request. `asked`: the services that are asked, with what the stance says."""

    asked: tuple[tuple[Service, str], ...]
    prefer_safe: bool

    def to_target(self, target: bytes) -> bytes:
        """The request target (origin-form), with each parameter once and last."""
        if not self.asked:
            return target
        query = self._query()
        if not query and not self._without(query):
            return target
        path, _, given = target.partition(b"?")
        return path + b"?" + self.to_form(given)

    def to_form(self, given: bytes) -> bytes:
        """A query or the body of a form (application/x-www-form-urlencoded), changed in the same way."""
        query = self._query()
        kept = _without(given, self._without(query))
        return b"&".join([*kept, *(f"{name}={value}".encode() for name, value in query.items())])

    @property
    def in_form(self) -> bool:
        """Whether a form's body could undo what is asked for."""
        return any(service.query for service, _ in self.asked)

    def to_fields(self, fields: Sequence[Field]) -> tuple[Field, ...]:
        """The header fields, with those that are asked for in place of the client's own."""
        if not self.asked:
            return (*fields, _SAFE) if self.prefer_safe else tuple(fields)
        headers = {
            name: value.replace("{}", said) for service, said in self.asked for name, value in service.headers.items()
        }
        cookies = {name: value for service, _ in self.asked for name, value in service.cookies.items()}
        dropped = {name.lower().encode() for name in headers}
        kept = [field for field in fields if field[0].lower() not in dropped] if dropped else list(fields)
        kept += [(name.encode(), value.encode()) for name, value in headers.items()]
        if cookies:
            kept = _with_cookies(kept, cookies)
        if self.prefer_safe:
            kept.append(_SAFE)
        return tuple(kept)

    def _query(self) -> dict[str, str]:
        return {name: value for service, _ in self.asked for name, value in service.query.items()}

    def _without(self, query: Mapping[str, str]) -> frozenset[bytes]:
        names = {name.casefold() for name in query}.union(*(service.without for service, _ in self.asked))
        return frozenset(name.encode() for name in names)


def to_request(services: Services, stances: Stances, url: Url) -> Changes | None:
    """What is to be changed in a request of a minor for `url` (canonical); None: nothing.

    `Prefer: safe` says of somebody that they may be young, so it goes over TLS only, where nobody else reads it.
    """
    found = services.of_host(url.host)
    asked = _asked(found, stances, url.path) if found else ()
    safe = stances.prefer_safe and url.scheme in ("https", "wss")
    return Changes(asked, safe) if asked or safe else None


def _asked(services: Iterable[Service], stances: Stances, path: str) -> tuple[tuple[Service, str], ...]:
    plain = _EMPTY_STEPS.sub("/", path).lower()
    said = ((service, service.wanted(stances)) for service in services if service.is_at(plain))
    return tuple((service, wanted) for service, wanted in said if wanted is not None)


def _without(query: bytes, names: frozenset[bytes]) -> list[bytes]:
    """The parameters of a query that have none of the names; a server may take `;` for `&`."""
    kept = []
    for pair in query.split(b"&"):
        if not pair:
            continue
        parts = [part for part in pair.split(b";") if _name_of(part) not in names]
        if parts:
            kept.append(b";".join(parts))
    return kept


def _name_of(pair: bytes) -> bytes:
    """The name of a parameter as servers read it: decoded once, without blanks, an index or the case of its letters."""
    name = unquote_to_bytes(pair.partition(b"=")[0].replace(b"+", b" "))
    return (
        name.strip(_NOT_OF_A_NAME).partition(b"[")[0].partition(b"\0")[0].decode("utf-8", "replace").casefold().encode()
    )


def _with_cookies(fields: Sequence[Field], cookies: Mapping[str, str]) -> list[Field]:
    """The fields with the cookies in place of the client's own of these names (RFC 6265, section 4.2.1)."""
    names = {name.encode() for name in cookies}
    pairs = [pair.strip() for name, value in fields if name.lower() == b"cookie" for pair in value.split(b";")]
    kept = [pair for pair in pairs if pair and pair.partition(b"=")[0].strip() not in names]
    kept += [f"{name}={value}".encode() for name, value in cookies.items()]
    return [field for field in fields if field[0].lower() != b"cookie"] + [(b"Cookie", b"; ".join(kept))]
