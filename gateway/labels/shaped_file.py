"""A YAML file of policies/ in its shape, with its nodes, so that later faults can name their place."""

from pydantic import BaseModel, ValidationError

from gateway.policy.faults import problems_of
from gateway.policy.parse import Node, as_plain, parse
from gateway.problems import ProblemsFound


def read_shaped[File: BaseModel](shape: type[File], text: str, path: str) -> tuple[File, Node]:
    """The file `text` in the given shape, and its root node. Raises ProblemsFound with every fault and its place."""
    root = parse(text, path)
    try:
        return shape.model_validate(as_plain(root)), root
    except ValidationError as error:
        raise ProblemsFound(problems_of(error, shape, root, path)) from None
