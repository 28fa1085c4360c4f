"""What every shape of a file rests on: strict values, and words that several keys share."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from gateway.hosts.vocabulary import KINDS
from gateway.policy.faults import Fault, known_words


def _hyphenated(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


class Shape(BaseModel):
    """Strict: a key that is not known is a fault, and nothing is turned into another type."""

    # defer_build: what a command does not read is never built.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True, alias_generator=_hyphenated)


def _listed(value: object) -> object:
    """One value counts as a list of one."""
    return tuple(value) if isinstance(value, list) else (value,)


def _kind(value: str) -> str:
    if value not in KINDS:
        raise Fault(f"{value!r} is not a kind of host", known_words(value, KINDS))
    return value


type OneOrMore = str | list[str]

one_or_more = BeforeValidator(_listed, json_schema_input_type=OneOrMore)
Kind = Annotated[str, AfterValidator(_kind)]
Words = Annotated[tuple[str, ...], one_or_more]
