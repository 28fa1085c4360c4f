"""The files of a policy and its preset, checked in shape and laid together; names in it are not yet looked up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from gateway.decision.verdict import Action
from gateway.policy.faults import known_words, problems_of, shortened
from gateway.policy.list_shape import ListShape
from gateway.policy.parse import Node, as_plain, locate, parse
from gateway.policy.shape import (
    INSTALLATION_KEYS,
    GrantShape,
    HostShape,
    PersonShape,
    PolicyShape,
    QuotaShape,
    RuleShape,
    TimetableShape,
)
from gateway.policy.source import Source, Written
from gateway.problems import Problem, ProblemsFound

_MOST_HINTS: Final = 50
_SETTINGS: Final = ("zone", "language", "packs", "default")


@dataclass(slots=True)
class Draft:
    """Everything that was written, with its place: the preset's first, then the files' in the order of their names."""

    settings: dict[str, Written[Any]] = field(default_factory=dict)
    stances: dict[str, Written[Any]] = field(default_factory=dict)
    people: dict[str, Written[PersonShape]] = field(default_factory=dict)
    groups: dict[str, Written[tuple[str, ...]]] = field(default_factory=dict)
    rules: list[tuple[Action, Written[RuleShape]]] = field(default_factory=list)
    inherited: set[str] = field(default_factory=set)  # files of presets
    without: list[Written[str]] = field(default_factory=list)
    timetable: list[Written[TimetableShape]] = field(default_factory=list)
    quota: list[Written[QuotaShape]] = field(default_factory=list)
    grants: list[Written[GrantShape]] = field(default_factory=list)
    hosts: list[Written[HostShape]] = field(default_factory=list)
    lists: list[Written[ListShape]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def note_unknown(
        self, written: Written[Any], message: str, word: str, known: Iterable[str], at: tuple[str | int, ...] = ()
    ) -> None:
        """Notes that `word` is not one of `known`. Only the first problems have a hint: looking for one costs."""
        hint = known_words(word, known) if len(self.problems) < _MOST_HINTS else None
        self.problems.append(written.problem(shortened(message), hint, at=at))


def split_installation(node: Node) -> tuple[Node, Node]:
    """The entries of an installation file that are the installation's, and those that are the policy's.

    An entry that is known to neither stays with the policy, which says so.
    """
    if not isinstance(node.value, Mapping):
        return Node(MappingProxyType({}), node.line, node.column), node
    own = {key: entry for key, entry in node.entries.items() if key in INSTALLATION_KEYS}
    rest = {key: entry for key, entry in node.entries.items() if key not in INSTALLATION_KEYS}
    return Node(MappingProxyType(own), node.line, node.column), Node(MappingProxyType(rest), node.line, node.column)


def read_draft(files: Mapping[str, str], presets: Mapping[str, str]) -> Draft:
    """The draft of `files` (name → text) on top of the preset that they extend; its problems are in `.problems`.

    `presets` are texts by file name; "presets/home.yaml" is the preset `home`.
    """
    draft = Draft()
    read = [_read(name, text, draft.problems) for name, text in sorted(files.items())]
    shapes = [written for written in read if written is not None]
    named = [written for written in shapes if written.value.extends is not None]
    for other in named[1:]:
        if other.value.extends != named[0].value.extends:
            hint = f"{named[0].source.file} extends {named[0].value.extends}"
            draft.problems.append(other.problem("the files of a policy extend one preset", hint, at=("extends",)))
    for preset in _presets_of(named[0], presets, draft.problems) if named else ():
        draft.inherited.add(preset.source.file)
        _add(draft, preset)
    for written in shapes:
        _add(draft, written)
    return draft


def _read(name: str, text: str, problems: list[Problem]) -> Written[PolicyShape] | None:
    try:
        _, root = split_installation(parse(text, name))
    except ProblemsFound as found:
        problems.extend(found.problems)
        return None
    if root.value is None:
        root = Node(MappingProxyType({}), 1, 1)
    shape = read_shape(PolicyShape, root, name, problems)
    return Written(shape, Source(name, root)) if shape is not None else None


def read_shape[S: BaseModel](shape: type[S], root: Node, file: str, problems: list[Problem]) -> S | None:
    """The plain value of `root` in the given shape; None when it does not fit, and then `problems` says why."""
    empty = list(_empty_values(root, ()))
    fitting, found = None, []
    try:
        fitting = shape.model_validate(as_plain(root))
    except ValidationError as error:
        found = problems_of(error, shape, root, file)
    # A value that is missing is said once: not when its key is not known, and not again as a value of the wrong type.
    at_fault = {(problem.line, problem.column) for problem in found}
    nothing = {locate(root, path): path for path in empty if locate(root, path, key=True) not in at_fault}
    for (line, column), path in nothing.items():
        message = f"nothing is written for {path[-1]!r}"
        problems.append(Problem(file, line, column, message, "give it a value or remove it"))
    problems.extend(problem for problem in found if (problem.line, problem.column) not in nothing)
    return None if empty else fitting


def _empty_values(node: Node, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if node.value is None:
        yield path
    for key, entry in node.entries.items():
        yield from _empty_values(entry, (*path, key))
    for index, item in enumerate(node.items):
        yield from _empty_values(item, (*path, index))


def _presets_of(
    written: Written[PolicyShape], presets: Mapping[str, str], problems: list[Problem]
) -> list[Written[PolicyShape]]:
    """The chain of presets, the one at its root first."""
    by_name = {name.rpartition("/")[2].removesuffix(".yaml"): name for name in presets}
    chain: list[Written[PolicyShape]] = []
    while (wanted := written.value.extends) is not None:
        name = by_name.get(wanted)
        if name is None:
            hint = known_words(wanted, by_name)
            problems.append(written.problem(f"there is no preset {wanted!r}", hint, at=("extends",)))
            break
        if name in {known.source.file for known in chain}:
            problems.append(written.problem(f"the preset {wanted!r} extends itself", at=("extends",)))
            break
        preset = _read(name, presets[name], problems)
        if preset is None:
            break
        chain.insert(0, preset)
        written = preset
    return chain


def _add(draft: Draft, written: Written[PolicyShape]) -> None:
    shape, source = written.value, written.source
    for key in _SETTINGS:
        value = getattr(shape, key)
        if value is not None:
            _set_once(draft, draft.settings, key, Written(value, source, (key,)))
    for name in shape.stances.model_fields_set:
        value = Written(getattr(shape.stances, name), source, ("stances", name.replace("_", "-")))
        _set_once(draft, draft.stances, name, value)
    for name, person in shape.people.items():
        _set_once(draft, draft.people, name, Written(person, source, ("people", name)))
    for name, members in shape.groups.items():
        _set_once(draft, draft.groups, name, Written(members, source, ("groups", name)))
    for action, rules in ((Action.BLOCK, shape.block), (Action.ASK, shape.ask), (Action.ALLOW, shape.allow)):
        draft.rules += [(action, rule) for rule in _each(rules, source, action.word)]
    draft.without += _each(shape.without, source, "without")
    draft.timetable += _each(shape.timetable, source, "timetable")
    draft.quota += _each(shape.quota, source, "quota")
    draft.grants += _each(shape.grants, source, "grants")
    draft.hosts += _each(shape.hosts, source, "hosts")
    draft.lists += _each(shape.lists, source, "lists")


def _each[T](values: tuple[T, ...], source: Source, key: str) -> list[Written[T]]:
    return [Written(value, source, (key, index)) for index, value in enumerate(values)]


def _set_once[T](draft: Draft, into: dict[str, Written[T]], key: str, written: Written[T]) -> None:
    """A file overrules the preset it extends; two files may not say two things."""
    before = into.get(key)
    if before is not None and before.source.file not in draft.inherited:
        name = written.path[-1]
        draft.problems.append(written.problem(f"{name!r} is written twice", f"it also stands in {before.where}"))
    into[key] = written
