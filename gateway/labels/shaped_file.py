"""YAML files of policies/ in their shape, with their nodes, so that later faults can name their place."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from gateway.policy.faults import Fault, problems_of
from gateway.policy.parse import Node, as_plain, parse
from gateway.problems import Problem, ProblemsFound

type Line = Annotated[str, Field(min_length=1, max_length=300)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CheckedFile(Shape):
    """What a file says of itself: what it is about, and the day on which somebody looked its sources through."""

    about: Line
    checked: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


def _some[Item](items: tuple[Item, ...]) -> tuple[Item, ...]:
    if not items:
        raise Fault("this list is empty", "it needs at least one entry")
    return items


filled = AfterValidator(_some)


def read_every[File: BaseModel](
    shape: type[File], texts: Mapping[str, str], problems: list[Problem]
) -> Iterator[tuple[str, File, Node]]:
    """The files of `texts` (path → YAML text) that have the shape, with path and root node, in the order of paths.

    The faults of the others are added to `problems`.
    """
    for path, text in sorted(texts.items()):
        try:
            file, root = read_shaped(shape, text, path)
        except ProblemsFound as found:
            problems += found.problems
        else:
            yield path, file, root


def read_shaped[File: BaseModel](shape: type[File], text: str, path: str) -> tuple[File, Node]:
    """The file `text` in the given shape, and its root node. Raises ProblemsFound with every fault and its place."""
    root = parse(text, path)
    try:
        return shape.model_validate(as_plain(root)), root
    except ValidationError as error:
        raise ProblemsFound(problems_of(error, shape, root, path)) from None
