"""Faults of shape as problems in plain words: where they stand, what should be there, and "did you mean"."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from gateway.policy.parse import Node, find, locate
from gateway.problems import Problem

_NEAR: Final = 0.7  # of difflib's ratio
_FEW: Final = 24
_MOST_WORDS: Final = 2_000
_MOST_FAULTS: Final = 50  # of one file; who has more sees the rest when these are gone
_LONGEST_MESSAGE: Final = 240
_LONGEST_WORD: Final = 64  # beyond it nobody made a slip of the finger, and comparing would cost


class Fault(ValueError):  # noqa: N818 - it is the fault of what is written, not an error of the program
    """A value that cannot be used: a sentence, and a hint at what to write instead."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(shortened(message))
        self.hint = None if hint is None else shortened(hint)


def shortened(message: str) -> str:
    """A message without the most of an overlong value that it quotes."""
    return message if len(message) <= _LONGEST_MESSAGE else message[: _LONGEST_MESSAGE - 1] + "…"


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint naming the known word nearest to `word`; None when none is near, or there are too many to compare."""
    names = {name.casefold(): name for name in sorted(known)}
    if len(word) > _LONGEST_WORD or len(names) > _MOST_WORDS:
        return None
    near = get_close_matches(word.casefold(), names, n=1, cutoff=_NEAR)
    return f"did you mean {names[near[0]]}?" if near else None


def known_words(word: str, known: Iterable[str]) -> str | None:
    """The hint of `did_you_mean`; without a near word all of them, if they are few."""
    names = sorted(known)
    few = 0 < len(names) <= _FEW
    return did_you_mean(word, names) or (f"known here: {', '.join(names)}" if few else None)


def problems_of(error: ValidationError, model: type[BaseModel], node: Node, file: str) -> list[Problem]:
    """The faults (at most 50) that `model` found in the plain value of `node`, each with its place in `file`."""
    return [_problem_of(details, model, node, file) for details in error.errors(include_url=False)[:_MOST_FAULTS]]


def _problem_of(details: ErrorDetails, model: type[BaseModel], node: Node, file: str) -> Problem:
    path, kind = details["loc"], details["type"]
    of_key = kind == "extra_forbidden"
    if path[-1:] == ("[key]",):  # pydantic's word for a key that is at fault itself
        path, of_key = path[:-1], True
    if kind == "extra_forbidden":
        message = shortened(f"the key {str(path[-1])!r} is not known here")
        hint = known_words(str(path[-1]), _keys_at(model, path[:-1]))
    elif kind == "missing":
        message, hint = f"the key {str(path[-1])!r} is missing", None
    else:
        message, hint = _in_plain_words(kind, details, find(node, path))
    line, column = locate(node, path, key=of_key)
    return Problem(file, line, column, message, hint)


def _in_plain_words(kind: str, details: ErrorDetails, node: Node) -> tuple[str, str | None]:
    given, context = details["input"], details.get("ctx", {})
    if kind == "value_error":
        return str(context["error"]), getattr(context["error"], "hint", None)
    if kind == "literal_error":
        known = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        return f"{_shown(given)} is not one of: {', '.join(known)}", did_you_mean(str(given), known)
    if kind == "string_type" and isinstance(given, int | float):
        return "this must be text", f'put it in quotes: "{str(given).lower() if isinstance(given, bool) else given}"'
    if kind == "bool_type" and isinstance(given, str) and given.casefold() in _BOOLEANS:
        return "this must be true or false", f"write {_BOOLEANS[given.casefold()]}"
    if node.value is None and kind in _EXPECTED:
        return f"a value is missing; {_EXPECTED[kind]}", None
    if kind in _EXPECTED:
        return _EXPECTED[kind], None
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"this must be {words} {context[name]}", None
    return details["msg"], None


_BOOLEANS: Final = {"yes": "true", "on": "true", "no": "false", "off": "false"}
_EXPECTED: Final = {
    "string_type": "this must be text",
    "string_too_short": "this must not be empty",
    "int_type": "this must be a whole number",
    "int_from_float": "this must be a whole number",
    "float_type": "this must be a number",
    "bool_type": "this must be true or false",
    "tuple_type": "this must be a list",
    "list_type": "this must be a list",
    "dict_type": "this must be a group of keys, each with its value",
    "model_type": "this must be a group of keys, each with its value",
}
_BOUNDS: Final = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
}


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…'"


def _keys_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The keys that the model at the end of `path` knows."""
    here: type[BaseModel] | None = model
    for step in path:
        field = _fields(here).get(str(step)) if here else None
        if field is not None:
            here = next(_models_in(field), None)
    return list(_fields(here)) if here else []


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
