"""Site recipes: how a named site declares an age, as data. policies/sites/README.md tells how to write one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from gateway.document.url import Url
from gateway.hosts.suffix import known_suffixes
from gateway.labels.label import Scope, Trust
from gateway.labels.scales import Mark
from gateway.labels.value_form import ValueForm

ANY: Final = "*"  # as a step of a pointer: each entry


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the page: its text, or an attribute; with `after`, what follows these words in the text."""

    css: str
    attribute: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class JsonScript:
    """JSON in script elements; `steps` lead to the value."""

    css: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """JSON that a script assigns to a name: `window.__STATE__ = {…}`."""

    name: str
    steps: tuple[str, ...]

    @property
    def assignment(self) -> re.Pattern[str]:
        """Finds where the value begins: `name =`, `window["name"] =`, with or without JSON.parse."""
        name = re.escape(self.name)
        return re.compile(rf"(?<![\w$]){name}(?:[\"']\])?\s{{0,8}}=\s{{0,8}}(?:JSON\.parse\(\s{{0,8}})?(?=[\[{{\"'])")


@dataclass(frozen=True, slots=True)
class Code:
    """A script has these very characters in it."""

    text: str


@dataclass(frozen=True, slots=True)
class JsonBody:
    """The response is JSON."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """A header of the response."""

    name: str


@dataclass(frozen=True, slots=True)
class Address:
    """The address itself says it."""


type Where = Element | JsonScript | State | Code | JsonBody | Header | Address


@dataclass(frozen=True, slots=True)
class Declaration:
    """One way in which a site declares an age. `mark`: it says so by being there; else `form` reads the value."""

    says: str
    where: Where
    mark: Mark | None
    form: ValueForm
    trust: Trust
    scope: Scope
    part: str | None  # a selector: the nearest element around that fits it is the part
    paths: tuple[re.Pattern[str], ...]

    def covers(self, url: Url) -> bool:
        """Whether the declaration is made at such addresses; without `paths` it is made everywhere on the site."""
        return not self.paths or any(path.fullmatch(url.path) for path in self.paths)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything known of how one site declares ages."""

    id: str
    hosts: tuple[str, ...]
    declarations: tuple[Declaration, ...]


@dataclass(frozen=True, slots=True)
class Sites:
    """All recipes, by host."""

    recipes: Mapping[str, tuple[Recipe, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, recipes: Iterable[Recipe]) -> "Sites":
        by_host: dict[str, tuple[Recipe, ...]] = {}
        for recipe in recipes:
            for host in recipe.hosts:
                by_host[host] = (*by_host.get(host, ()), recipe)
        return cls(MappingProxyType(by_host))

    def at(self, url: Url) -> tuple[Declaration, ...]:
        """What may be declared at this address: by the recipes of its host, or of the nearest name above it."""
        for host in known_suffixes(url.host):
            recipes = self.recipes.get(host)
            if recipes is not None:
                return tuple(each for recipe in recipes for each in recipe.declarations if each.covers(url))
        return ()
