"""Files of policies/actions → Recipes, or problems with their places."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from gateway.actions.recipe import READS, WRITES, Recipe, Recipes, plain_name
from gateway.actions.shape import EVERY_SITE, ActionEntry, ActionsFile
from gateway.decision.question import Asked
from gateway.document.url import canonical
from gateway.labels.shaped_file import read_every
from gateway.policy.parse import Node, locate
from gateway.problems import Problem, ProblemsFound

_METHODS: Final = {"GET": READS, "POST": WRITES}


def build_recipes(texts: Mapping[str, str]) -> Recipes:
    """The recipes of `texts` (path → YAML text). Raises ProblemsFound with every fault of every file and its place.

    A file whose requests are taken for something else than it says is faulty, and so is a second file for a host.
    """
    problems: list[Problem] = []
    by_host: dict[str, tuple[Recipe, ...]] = {}
    owners: dict[str, str] = {}
    files = {path: text for path, text in texts.items() if path.endswith(".yaml")}
    for path, file, root in read_every(ActionsFile, files, problems):
        recipes = tuple(map(_recipe, file.actions))
        problems += _misread(file, recipes, root, path)
        for index, host in enumerate(file.hosts):
            if host in owners:
                message = f"{host} has its actions in {owners[host]} already"
                problems.append(Problem(path, *locate(root, ("hosts", index)), message))
            owners.setdefault(host, path)
            by_host.setdefault(host, recipes)
    if problems:
        raise ProblemsFound(problems)
    everywhere = by_host.pop(EVERY_SITE, ())
    return Recipes(MappingProxyType(by_host), everywhere)


def _recipe(entry: ActionEntry) -> Recipe:
    return Recipe(
        asked=Asked(entry.action),
        methods=frozenset({WRITES} if entry.fields else {_METHODS[method] for method in entry.methods}),
        kinds=frozenset(entry.kinds),
        paths=_one_of(entry.paths),
        steps=frozenset(entry.steps),
        query=MappingProxyType(
            {name.casefold(): frozenset(value.casefold() for value in values) for name, values in entry.query.items()}
        ),
        fields=tuple(frozenset(map(plain_name, group)) for group in entry.fields),
        without=frozenset(map(plain_name, entry.without)),
    )


def _one_of(paths: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{_pattern(path)})" for path in paths), re.IGNORECASE) if paths else None


def _pattern(path: str) -> str:
    """`*` is any text within one step; `/**` at the end is everything below, and the place itself."""
    head, below, _ = path.partition("/**")
    steps = re.escape(head).replace(r"\*", "[^/]*")
    return steps + ("(?:/.*)?" if below else "/?")


def _misread(file: ActionsFile, recipes: tuple[Recipe, ...], root: Node, path: str) -> Sequence[Problem]:
    """The requests of a file that its recipes alone take for something else than it says."""
    own = Recipes(everywhere=recipes)
    problems = []
    for number, request in enumerate(file.requests):
        asked = own.asked(request.method, canonical(request.url), request.kind, request.fields)
        if asked != request.asks:
            message = f"the recipes take this for {asked.value}, and the file says {request.asks}"
            problems.append(Problem(path, *locate(root, ("requests", number)), message))
    return problems
