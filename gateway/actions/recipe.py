"""How a request shows what the person does: recipes of sites and of all sites, compiled to be asked at each request."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl, unquote

from gateway.decision.question import Asked
from gateway.document.url import Url
from gateway.hosts.suffix import known_suffixes

READS: Final = "GET"
WRITES: Final = "POST"
# RFC 9110, section 9.3: HEAD asks for what GET gets; PUT and PATCH bring a body as POST does. Others do nothing here.
_METHODS: Final = {"GET": READS, "HEAD": READS, "POST": WRITES, "PUT": WRITES, "PATCH": WRITES}
_MOST_STEPS: Final = 16
_MOST_PARAMETERS: Final = 64
# What a page's address may end in; any other ending is a file that a page loads.
_PAGE: Final = re.compile(r"\.(?:php[0-9]?|html?|aspx?|jsp|do|cgi|action|json)\Z")
_FILE: Final = re.compile(r"\.[a-z][a-z0-9]{0,9}\Z")
_NAME_ENDS: Final = re.compile(r"[\[\].:]+")
_NOT_OF_A_NAME: Final = re.compile(r"[\W_]+")


def plain_name(name: str) -> str:
    """A field's name as it is compared: its last part, without case, hyphens and underscores.

    "user[password_confirmation]", "User.PasswordConfirmation" and "password-confirmation" are one name.
    """
    parts = [plain for part in _NAME_ENDS.split(name) if (plain := _NOT_OF_A_NAME.sub("", part).casefold())]
    return parts[-1] if parts else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One way to tell an action. Every condition must hold; an empty one holds always.

    `fields`: of each group one name must be there. `without`: none of these. `query`: one of these parameters must be
    there with one of its values, or with any that is not empty where none is named.
    """

    asked: Asked
    methods: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    paths: re.Pattern[str] | None = None  # the whole path is one of these
    steps: frozenset[str] = frozenset()
    query: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    fields: tuple[frozenset[str], ...] = ()
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Recipes:
    """Recipes by host, and those of all sites. The first that fits decides, a site's own before the general ones."""

    by_host: Mapping[str, tuple[Recipe, ...]] = field(default_factory=lambda: MappingProxyType({}))
    everywhere: tuple[Recipe, ...] = ()
    _by_address: Mapping[str, tuple[Recipe, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Most requests bring no form: of the general recipes only these can fit one, by its method.
        silent = [recipe for recipe in self.everywhere if not recipe.fields]
        by_address = {
            does: tuple(recipe for recipe in silent if not recipe.methods or does in recipe.methods)
            for does in _METHODS.values()
        }
        object.__setattr__(self, "_by_address", MappingProxyType(by_address))

    def asked(self, method: str, url: Url, kind: str | None = None, fields: Iterable[str] | None = None) -> Asked:
        """What a request does.

        `kind`: of the host, if it is known. `fields`: the names in the form that the request brings; None where they
        were not read, and then only the address speaks. No value of a field is needed, and none is kept.
        """
        does = _METHODS.get(method)
        if does is None:
            return Asked.VIEW
        seen = _Seen(does, url, kind, fields)
        general = self._by_address[does] if fields is None else self.everywhere
        for recipes in (self._of_host(url.host), general):
            for recipe in recipes:
                if seen.fits(recipe):
                    return recipe.asked
        return Asked.VIEW

    def _of_host(self, host: str) -> tuple[Recipe, ...]:
        if self.by_host:
            for name in known_suffixes(host):
                if name in self.by_host:
                    return self.by_host[name]
        return ()


class _Seen:
    """One request, taken apart as far as recipes look at it."""

    __slots__ = ("_fields", "_kind", "_method", "_path", "_query", "_steps")

    def __init__(self, method: str, url: Url, kind: str | None, fields: Iterable[str] | None) -> None:
        self._method, self._kind, self._path = method, kind, url.path
        self._steps = _steps_of(url.path)
        self._query = _query_of(url.query)
        self._fields = None if fields is None else frozenset(map(plain_name, fields))

    def fits(self, recipe: Recipe) -> bool:
        return (
            (not recipe.methods or self._method in recipe.methods)
            and (not recipe.kinds or self._kind in recipe.kinds)
            and (not recipe.steps or not recipe.steps.isdisjoint(self._steps))
            and (recipe.paths is None or recipe.paths.fullmatch(self._path) is not None)
            and (not recipe.query or self._has_parameter(recipe.query))
            and (not recipe.fields or self._has_fields(recipe))
        )

    def _has_parameter(self, query: Mapping[str, frozenset[str]]) -> bool:
        return any(
            name in query and (value in query[name] if query[name] else bool(value.strip()))
            for name, value in self._query
        )

    def _has_fields(self, recipe: Recipe) -> bool:
        return (
            self._fields is not None
            and recipe.without.isdisjoint(self._fields)
            and all(not group.isdisjoint(self._fields) for group in recipe.fields)
        )


def _steps_of(path: str) -> frozenset[str]:
    """The words between the slashes as people write them; none for a file that a page loads (a script, a picture)."""
    text = (unquote(path) if "%" in path else path).casefold()
    # RFC 3986, section 3.3: a step may carry parameters of its own, as in "register;jsessionid=1".
    steps = [step.partition(";")[0] for step in text.strip("/").split("/")]
    last = _PAGE.sub("", steps[-1])
    if _FILE.search(last):
        return frozenset()
    return frozenset((*steps[:_MOST_STEPS], last))


def _query_of(query: str) -> list[tuple[str, str]]:
    if not query:
        return []
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:  # more parameters than any form has
        return []
    return [(name.casefold(), value.casefold()) for name, value in pairs]
