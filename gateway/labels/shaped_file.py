"""YAML files of policies/ in their shape, with their nodes, so that later faults can name their place."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from gateway.document.url import canonical, canonical_host
from gateway.policy.faults import Fault, problems_of
from gateway.policy.parse import Node, as_plain, parse
from gateway.problems import Problem, ProblemsFound

_PATH: Final = re.compile(r"(?:/[^/*]*(?:\*[^/*]*)?)*(?:/\*\*)?")

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


filled = AfterValidator(_some)  # looked at when every entry is sound


def host_of(text: str) -> str:
    """A host or IP address as it stands in `Url.host`. Raises Fault, as those below."""
    try:
        host = canonical_host(text)
    except ValueError as fault:
        raise Fault(str(fault)) from None
    if host != text:
        raise Fault(f"{text!r} is not how a host is written in an address", f"write {host}")
    return text


def path_of(text: str) -> str:
    """The paths of a site that an entry is about, with `*` in its steps."""
    if not text or not _PATH.fullmatch(text):
        hint = "begin with '/'; '*' once in a step is any text there, '/**' at the end all below"
        raise Fault(f"{text!r} is no path", hint)
    return text


def address_of(text: str) -> str:
    """An address that a browser would open. Raises ValueError."""
    canonical(text)
    return text


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
