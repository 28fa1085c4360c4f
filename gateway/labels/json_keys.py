"""The names under which JSON states an age, compiled from policies/vocabularies/json-keys.yaml."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from pydantic import StrictBool

from gateway.labels.label import Trust
from gateway.labels.scales import Scales
from gateway.labels.shape import Age, Day, Shape, Text
from gateway.labels.shape import Words as TextList
from gateway.labels.shaped_file import read_shaped
from gateway.labels.value_form import FormEntry, FormFault, ValueForm, Words, compile_form, fold_name
from gateway.policy.parse import locate
from gateway.problems import Problem, ProblemsFound


class KeyEntry(FormEntry):
    """Names with one meaning, and how their values are read."""

    names: TextList
    trust: Literal["A", "B", "C", "D"]
    beside: TextList = ()
    under: TextList = ()
    note: Text | None = None
    source: Text
    verified: StrictBool = True


class KeysFile(Shape):
    source: Text
    checked: Day
    keys: tuple[KeyEntry, ...]
    prefixes: TextList
    apart: TextList
    people: TextList
    numbers: dict[str, Age]
    leading: TextList
    plus: TextList
    inner: TextList
    systems: TextList


@dataclass(frozen=True, slots=True)
class Key:
    """What one name means. `beside`, `under`: folded names of which one must stand beside it, or above it."""

    form: ValueForm
    trust: Trust
    beside: frozenset[str]
    under: frozenset[str]
    note: str | None


@dataclass(frozen=True, slots=True)
class JsonKeys:
    """Everything the reader of JSON knows; every name is folded (`fold_name`)."""

    keys: Mapping[str, Key] = field(default_factory=lambda: MappingProxyType({}))
    prefixes: tuple[str, ...] = ()  # what protects JSON from being loaded as a script
    apart: frozenset[str] = frozenset()  # what stands below these says nothing of the content
    people: frozenset[str] = frozenset()  # an object with one of these describes a person
    words: Words = field(default_factory=Words)
    traces: tuple[str, ...] = ()  # a text without any of these, folded, has none of the names


def build_json_keys(text: str, path: str, scales: Scales) -> JsonKeys:
    """The compiled vocabulary. Raises ProblemsFound with everything that cannot be used, and its place."""
    file, root = read_shaped(KeysFile, text, path)
    problems: list[Problem] = []
    keys: dict[str, Key] = {}
    for number, entry in enumerate(file.keys):
        try:
            key = _key(entry, scales)
        except FormFault as fault:
            problems.append(Problem(path, *locate(root, ("keys", number, *fault.at)), str(fault), fault.hint))
            continue
        for place, name in enumerate(entry.names):
            if keys.setdefault(fold_name(name), key) is not key:
                at = locate(root, ("keys", number, "names", place))
                problems.append(Problem(path, *at, f"the name {name!r} has a meaning already"))
    if problems:
        raise ProblemsFound(problems)
    words = Words(
        numbers=MappingProxyType({word.casefold(): age for word, age in file.numbers.items()}),
        leading=frozenset(word.casefold() for word in file.leading),
        plus=frozenset(word.casefold() for word in file.plus),
        inner=_folded(file.inner),
        systems=_folded(file.systems),
    )
    return JsonKeys(
        keys=MappingProxyType(keys),
        prefixes=file.prefixes,
        apart=_folded(file.apart),
        people=_folded(file.people),
        words=words,
        traces=tuple(_shortest(keys)),
    )


def _key(entry: KeyEntry, scales: Scales) -> Key:
    return Key(
        form=compile_form(entry, scales),
        trust=Trust[entry.trust],
        beside=_folded(entry.beside),
        under=_folded(entry.under),
        note=entry.note,
    )


def _folded(names: TextList) -> frozenset[str]:
    return frozenset(map(fold_name, names))


def _shortest(names: Mapping[str, Key]) -> Iterator[str]:
    """The names that hold no other name: where none of them is, there is none at all."""
    return (name for name in names if not any(other != name and other in name for other in names))
