"""Files of policies/safe → Services: which field or parameter asks a service to leave out what is for adults."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, model_validator

from gateway.document.url import site_of
from gateway.hosts.suffix import suffixes
from gateway.labels.shaped_file import CheckedFile, Line, Shape, filled, host_of, read_every
from gateway.policy.faults import Fault
from gateway.policy.parse import locate
from gateway.policy.stances import Stances
from gateway.problems import Problem, ProblemsFound

_ANY_SUFFIX: Final = ".*"
_REMEMBERED: Final = 4_096
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_WORD: Final = re.compile(r"[A-Za-z0-9._=-]+")

type StanceName = Literal[
    "safe-search", "restricted-videos", "google-domains", "microsoft-tenants", "microsoft-directory"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What is changed in a request to one service while a stance asks for it. Paths are prefixes, in small letters."""

    id: str
    stance: str  # of Stances, with underscores
    value: str | None = None  # the stance's, if it has to be this one
    paths: tuple[str, ...] = ()  # none: everywhere
    query: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    without: frozenset[str] = frozenset()  # further names of parameters, in small letters, that are taken away
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    cookies: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    dial: str | None = None  # the host or address to connect to in place of the host's own; of this very host alone

    def wanted(self, stances: Stances) -> str | None:
        """What the stance says, as it stands in a field; None when it does not ask for this."""
        said = getattr(stances, self.stance)
        if not said or said == "none" or (self.value is not None and said != self.value):
            return None
        return ",".join(said) if isinstance(said, tuple) else str(said)

    def is_at(self, path: str) -> bool:
        """Whether the path, in small letters and without empty steps, is one of the service's."""
        return not self.paths or any(path == own or (own != "/" and _is_below(path, own)) for own in self.paths)


def _is_below(path: str, own: str) -> bool:
    return path.startswith(own) and not path[len(own)].isalnum()


class Services:
    """By host. A service of `name.*` holds for the name under every public suffix.

    `dialled`: those that are asked by where they are connected to; each holds for its host, and not below it.
    """

    def __init__(
        self,
        by_host: Mapping[str, tuple[Service, ...]] = MappingProxyType({}),
        dialled: Mapping[str, tuple[Service, ...]] = MappingProxyType({}),
    ) -> None:
        self.of_host = lru_cache(_REMEMBERED)(partial(_services_of, dict(by_host)))
        self.dialled = lru_cache(_REMEMBERED)(partial(_dialled_of, dict(dialled)))

    def dial(self, host: str, stances: Stances) -> str | None:
        """The host (canonical) or address to connect to when `host` is asked under the stances; None: its own."""
        return next((each.dial for each in self.dialled(host) if each.wanted(stances) is not None), None)


def _host(text: str) -> str:
    host_of(text.removesuffix(_ANY_SUFFIX))
    return text


def _path(text: str) -> str:
    if not text.startswith("/") or text != text.lower() or "//" in text or (text != "/" and text.endswith("/")):
        raise Fault(f"{text!r} is no beginning of a path", "begin with '/', in small letters, and end without one")
    return text


def _field_name(text: str) -> str:
    if not _TOKEN.fullmatch(text):
        raise Fault(f"{text!r} is no name of a field")
    return text


def _plain(text: str) -> str:
    if not _WORD.fullmatch(text):
        raise Fault(f"{text!r} has a character that would have to be encoded", "use letters, digits and . _ = -")
    return text


def _printable(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise Fault(f"{text!r} is no value of a field", "use printable ASCII characters")
    return text


type Plain = Annotated[Line, AfterValidator(_plain)]


class ServiceEntry(Shape):
    """One way to ask one service."""

    id: Line
    says: Line
    hosts: Annotated[tuple[Annotated[str, AfterValidator(_host)], ...], filled]
    stance: StanceName
    value: Line | None = None
    paths: tuple[Annotated[Line, AfterValidator(_path)], ...] = ()
    query: dict[Plain, Plain] = Field(default_factory=dict)
    without: tuple[Plain, ...] = ()
    headers: dict[Annotated[Line, AfterValidator(_field_name)], Annotated[Line, AfterValidator(_printable)]] = Field(
        default_factory=dict
    )
    cookies: dict[Annotated[Line, AfterValidator(_field_name)], Plain] = Field(default_factory=dict)
    dial: Annotated[Line, AfterValidator(host_of)] | None = None
    source: Line
    verified: StrictBool

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        others = self.query or self.headers or self.cookies
        if not others and self.dial is None:
            raise Fault("nothing is asked of the service", "add one of: query, headers, cookies, dial")
        if self.dial is not None and (others or self.paths or self.without):
            raise Fault("a connection is made before anything is asked", "an entry with dial: has no paths or fields")
        for host in self.hosts:
            if self.dial is None and host.endswith(_ANY_SUFFIX) and host.count(".") > 1:
                raise Fault(f"{host!r} is not how a host is written", "write one label and '.*'")
        return self


class SafeFile(CheckedFile):
    services: Annotated[tuple[ServiceEntry, ...], filled]


def build_services(texts: Mapping[str, str]) -> Services:
    """The services of `texts` (path → YAML text). Raises ProblemsFound with every fault of every file and its place."""
    problems: list[Problem] = []
    by_host: dict[str, tuple[Service, ...]] = {}
    dialled: dict[str, tuple[Service, ...]] = {}
    known: dict[str, str] = {}
    for path, file, root in read_every(SafeFile, texts, problems):
        for index, entry in enumerate(file.services):
            if entry.id in known:
                message = f"{entry.id!r} is a service of {known[entry.id]} already"
                problems.append(Problem(path, *locate(root, ("services", index, "id")), message))
            known.setdefault(entry.id, path)
            service = _service(entry)
            place = by_host if service.dial is None else dialled
            for host in entry.hosts:
                place[host] = (*place.get(host, ()), service)
    if problems:
        raise ProblemsFound(problems)
    return Services(by_host, dialled)


def _service(entry: ServiceEntry) -> Service:
    return Service(
        id=entry.id,
        stance=entry.stance.replace("-", "_"),
        value=entry.value,
        paths=entry.paths,
        query=MappingProxyType(dict(entry.query)),
        without=frozenset(name.casefold() for name in entry.without),
        headers=MappingProxyType(dict(entry.headers)),
        cookies=MappingProxyType(dict(entry.cookies)),
        dial=entry.dial,
    )


def _services_of(by_host: dict[str, tuple[Service, ...]], host: str) -> tuple[Service, ...]:
    """Every service of the host and of the names above it, each once."""
    names = list(suffixes(host))
    site = site_of(host)
    if "." in site:
        names.append(site.partition(".")[0] + _ANY_SUFFIX)
    return tuple({service.id: service for name in names for service in by_host.get(name, ())}.values())


def _dialled_of(dialled: dict[str, tuple[Service, ...]], host: str) -> tuple[Service, ...]:
    """The services of this very host: what else its operator has at names below it lives elsewhere."""
    site = site_of(host)
    any_suffix = host.removesuffix(site) + site.partition(".")[0] + _ANY_SUFFIX if "." in site else host
    return (*dialled.get(host, ()), *dialled.get(any_suffix, ()))
