"""Files of policies/carriers → Carriers: which other address the address of a translator, archive or cache carries."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Final, Self
from urllib.parse import parse_qsl, unquote

from pydantic import AfterValidator, StrictBool, model_validator

from gateway.document.url import Url, canonical
from gateway.hosts.suffix import known_suffixes
from gateway.labels.shaped_file import CheckedFile, Line, Shape, filled, host_of, read_every
from gateway.policy.faults import Fault
from gateway.policy.parse import locate
from gateway.problems import Problem, ProblemsFound

_DEEPEST: Final = 3  # a translator of an archive of a page
_MOST_PARAMETERS: Final = 100
_SCHEME: Final = re.compile(r"(?P<scheme>https?)(?::|/)/*(?=[^/])", re.IGNORECASE)
_NAMED: Final = re.compile(r"(?:[^/?#:@\s.]+\.)+[^/?#:@\s.]+\.?(?::\d+)?(?:[/?#]|\Z)")
_CACHED: Final = re.compile(r"cache:(?:[\w-]{8,}:)?")  # before an address in a query to a search engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """Where a site's addresses carry another."""

    host: str
    name: bool = False
    paths: tuple[re.Pattern[str], ...] = ()
    query: frozenset[str] = frozenset()

    def carried(self, url: Url) -> Iterator[str]:
        """What may be another address, as it is written in this one."""
        if self.name and url.host != self.host:
            own = url.host.removesuffix(f".{self.host}")
            # "--" is a hyphen, "-" a dot; an internationalised name stands whole behind "xn--".
            yield re.sub(r"--|-", lambda found: "-" if found[0] == "--" else ".", own) + url.path
        for path in self.paths:
            if found := path.match(url.path):
                yield url.path[found.end() :] + (f"?{url.query}" if url.query else "")
        if self.query and url.query:
            for name, value in parse_qsl(url.query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS):
                if name.casefold() in self.query:
                    yield value


class Carriers:
    """By host; a carrier holds for all names below its own."""

    def __init__(self, by_host: Mapping[str, Carrier] = MappingProxyType({})) -> None:
        self._by_host = dict(by_host)

    def carried(self, url: Url) -> tuple[Url, ...]:
        """The addresses that `url` carries, and those that they carry, each once; () for nearly all."""
        if self._of(url.host) is None:
            return ()
        found: dict[str, Url] = {}
        level = [url]
        for _ in range(_DEEPEST):
            level = [other for place in level for other in self._in(place) if other.href not in found]
            found.update((other.href, other) for other in level)
            if not level:
                break
        return tuple(found.values())

    def has(self, host: str) -> bool:
        """Whether addresses of `host` may carry others."""
        return self._of(host) is not None

    def _of(self, host: str) -> Carrier | None:
        for name in known_suffixes(host):
            if (carrier := self._by_host.get(name)) is not None:
                return carrier
        return None

    def _in(self, url: Url) -> Iterator[Url]:
        carrier = self._of(url.host)
        if carrier is None:
            return
        try:
            written = list(carrier.carried(url))
        except ValueError:  # more parameters than anybody writes
            return
        for text in written:
            other = _address_of(text)
            if other is not None:
                yield other


def _path(text: str) -> str:
    if not text.startswith("/") or "*" in text.replace("/*/", "//"):
        raise Fault(f"{text!r} is no beginning of a path", "begin with '/'; '*' stands for one whole step")
    return text


class CarrierEntry(Shape):
    host: Annotated[Line, AfterValidator(host_of)]
    name: StrictBool = False
    path: tuple[Annotated[Line, AfterValidator(_path)], ...] = ()
    query: tuple[Line, ...] = ()
    source: Line

    @model_validator(mode="after")
    def _carries_somewhere(self) -> Self:
        if not (self.name or self.path or self.query):
            raise Fault("nothing says where the other address stands", "add one of: name, path, query")
        return self


class CarriersFile(CheckedFile):
    carriers: Annotated[tuple[CarrierEntry, ...], filled]


def build_carriers(texts: Mapping[str, str]) -> Carriers:
    """The carriers of `texts` (path → YAML text). Raises ProblemsFound with every fault of every file and its place."""
    problems: list[Problem] = []
    by_host: dict[str, Carrier] = {}
    for path, file, root in read_every(CarriersFile, texts, problems):
        for index, entry in enumerate(file.carriers):
            if entry.host in by_host:
                message = f"{entry.host} is written twice"
                problems.append(Problem(path, *locate(root, ("carriers", index, "host")), message))
            by_host[entry.host] = _carrier(entry)
    if problems:
        raise ProblemsFound(problems)
    return Carriers(by_host)


def _carrier(entry: CarrierEntry) -> Carrier:
    return Carrier(
        host=entry.host,
        name=entry.name,
        paths=tuple(re.compile(re.escape(path).replace(r"\*", "[^/]+"), re.IGNORECASE) for path in entry.path),
        query=frozenset(name.casefold() for name in entry.query),
    )


def _address_of(text: str) -> Url | None:
    """The canonical address that a piece of another is: encoded or not, with or without a scheme; None: it is none."""
    for written in (text, unquote(text)):
        plain = _CACHED.sub("", written.strip(), count=1).lstrip("/")
        scheme = _SCHEME.match(plain)
        if scheme is not None:
            plain = f"{scheme['scheme'].lower()}://{plain[scheme.end() :]}"
        elif _NAMED.match(plain):
            plain = f"http://{plain}"
        else:
            continue
        try:
            return canonical(plain.partition(" ")[0])
        except ValueError:
            continue
    return None
