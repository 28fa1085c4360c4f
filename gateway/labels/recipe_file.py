"""Recipe files (policies/sites/*.yaml) → recipes, or problems with their places."""

import re
from collections.abc import Iterator, Mapping

from gateway.labels.label import Scope, Trust
from gateway.labels.recipe import (
    Address,
    Code,
    Declaration,
    Element,
    Header,
    JsonBody,
    JsonScript,
    Recipe,
    Sites,
    State,
    Where,
)
from gateway.labels.recipe_shape import DeclarationEntry, RecipeFile
from gateway.labels.scales import Scales
from gateway.labels.shaped_file import read_shaped
from gateway.labels.value_form import FormFault, compile_form, compile_mark
from gateway.policy.parse import Node, locate
from gateway.problems import Problem, ProblemsFound


def build_sites(texts: Mapping[str, str], scales: Scales, problems: list[Problem]) -> Sites:
    """The recipes of `texts` (path → YAML text); what cannot be used goes to `problems`."""
    recipes = []
    for path, text in sorted(texts.items()):
        try:
            recipes.append(read_recipe(text, path, scales)[0])
        except ProblemsFound as found:
            problems += found.problems
    return Sites.of(recipes)


def read_recipe(text: str, path: str, scales: Scales) -> tuple[Recipe, RecipeFile, Node]:
    """One file as a recipe, with its shape and its nodes. Raises ProblemsFound with every fault and its place."""
    file, root = read_shaped(RecipeFile, text, path)
    problems: list[Problem] = []
    declarations = tuple(_declarations(file, root, path, scales, problems))
    if problems:
        raise ProblemsFound(problems)
    return Recipe(path, file.hosts, declarations), file, root


def _declarations(
    file: RecipeFile, root: Node, path: str, scales: Scales, problems: list[Problem]
) -> Iterator[Declaration]:
    for number, entry in enumerate(file.declares):
        try:
            yield _declaration(entry, scales)
        except FormFault as fault:
            place = locate(root, ("declares", number, *fault.at))
            problems.append(Problem(path, *place, str(fault), fault.hint))


def _declaration(entry: DeclarationEntry, scales: Scales) -> Declaration:
    form = compile_form(entry, scales)
    mark = None if entry.mark is None else compile_mark(entry.mark, scales, entry.scale, ("mark",))
    return Declaration(
        says=entry.says,
        where=_where(entry),
        mark=mark,
        form=form,
        trust=Trust[entry.trust],
        scope=Scope(entry.scope),
        part=entry.part,
        paths=tuple(_pattern(path) for path in entry.paths),
    )


def _where(entry: DeclarationEntry) -> Where:
    steps = tuple(step.replace("~1", "/").replace("~0", "~") for step in (entry.pointer or "/").split("/")[1:])
    if entry.css is not None:
        return Element(entry.css, entry.attribute, entry.after)
    if entry.script is not None:
        return JsonScript(entry.script, steps)
    if entry.state is not None:
        return State(entry.state, steps)
    if entry.code is not None:
        return Code(entry.code)
    if entry.body is not None:
        return JsonBody(steps)
    return Header(entry.header) if entry.header is not None else Address()


def _pattern(path: str) -> re.Pattern[str]:
    """`*` is any text within one step; `/**` at the end is everything below, and the place itself."""
    head, below, _ = path.partition("/**")
    steps = re.escape(head).replace(r"\*", "[^/]*")
    return re.compile(steps + ("(?:/.*)?" if below else "/?"))
