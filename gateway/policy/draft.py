"""What was written for one house, checked in shape and laid together; names in it are not yet looked up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from gateway.decision.verdict import Action
from gateway.policy.faults import known_words, problems_of, shortened
from gateway.policy.fitting import FIT, Unfit
from gateway.policy.hours_shape import HolidaysShape, QuotaShape, TimetableShape
from gateway.policy.list_shape import ListShape
from gateway.policy.parse import Node, as_plain, locate
from gateway.policy.shape import (
    INSTALLATION_KEYS,
    GrantShape,
    GroupShape,
    HostShape,
    LineShape,
    PersonShape,
    PolicyShape,
    RuleShape,
)
from gateway.policy.source import Source, Written
from gateway.problems import Problem

_MOST_HINTS: Final = 50
EVERYONE: Final = "everyone"
_SETTINGS: Final = ("zone", "language", "packs", "default")
_FOR_TENANTS: Final = ("zone", "language")  # the law is everybody's; who an unknown client is, each tenant says


@dataclass(slots=True)
class Draft:
    """Everything that was written, with its place: the preset's first, then the files' in the order of their names."""

    settings: dict[str, Written[Any]] = field(default_factory=dict)
    stances: dict[str, Written[Any]] = field(default_factory=dict)
    people: dict[str, Written[PersonShape]] = field(default_factory=dict)
    groups: dict[str, Written[GroupShape]] = field(default_factory=dict)
    rules: list[tuple[Action, Written[RuleShape]]] = field(default_factory=list)
    without: list[Written[str]] = field(default_factory=list)
    timetable: list[Written[TimetableShape]] = field(default_factory=list)
    quota: list[Written[QuotaShape]] = field(default_factory=list)
    holidays: list[Written[HolidaysShape]] = field(default_factory=list)
    terms: list[Written[HolidaysShape]] = field(default_factory=list)
    grants: list[Written[GrantShape]] = field(default_factory=list)
    hosts: list[Written[HostShape]] = field(default_factory=list)
    line: Written[LineShape] | None = None  # of a tenant
    prefix: str = ""  # of the names of a tenant's people, as others see them
    lists: list[Written[ListShape]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unfit: Unfit = FIT

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


def read_shape[S: BaseModel](shape: type[S], root: Node, file: str, problems: list[Problem]) -> S | None:
    """The plain value of `root` in the given shape; None when it does not fit, and then `problems` says why."""
    return read_fitting(shape, root, file, problems)[0]


def read_fitting[S: BaseModel](
    shape: type[S], root: Node, file: str, problems: list[Problem]
) -> tuple[S | None, list[tuple[str | int, ...]]]:
    """As `read_shape`, with the paths of what does not fit."""
    empty = list(_empty_values(root, ()))
    fitting, found, unfit = None, [], list[tuple[str | int, ...]]()
    try:
        fitting = shape.model_validate(as_plain(root))
    except ValidationError as error:
        found = problems_of(error, shape, root, file)
        unfit = [details["loc"] for details in error.errors(include_url=False, include_context=False)]
    # A value that is missing is said once: not when its key is not known, and not again as a value of the wrong type.
    at_fault = {(problem.line, problem.column) for problem in found}
    nothing = {locate(root, path): path for path in empty if locate(root, path, key=True) not in at_fault}
    for (line, column), path in nothing.items():
        message = f"nothing is written for {path[-1]!r}"
        problems.append(Problem(file, line, column, message, "give it a value or remove it"))
    problems.extend(problem for problem in found if (problem.line, problem.column) not in nothing)
    return None if empty else fitting, [*empty, *unfit]


def _empty_values(node: Node, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if node.value is None:
        yield path
    for key, entry in node.entries.items():
        yield from _empty_values(entry, (*path, key))
    for index, item in enumerate(node.items):
        yield from _empty_values(item, (*path, index))


def lay(draft: Draft, written: Written[PolicyShape]) -> None:
    """Adds what was written in one file to the draft. It overrules what is inherited."""
    shape, source = written.value, written.source
    draft.unfit |= source.unfit
    for key in _SETTINGS:
        value = getattr(shape, key)
        if value is not None:
            _set_once(draft, draft.settings, key, Written(value, source, (key,)))
    for name in shape.stances.model_fields_set:
        value = Written(getattr(shape.stances, name), source, ("stances", name.replace("_", "-")))
        _set_once(draft, draft.stances, name, value)
    for name, person in shape.people.items():
        _set_once(draft, draft.people, name, Written(person, source, ("people", name)))
    for name, group in shape.groups.items():
        _set_once(draft, draft.groups, name, Written(group, source, ("groups", name)))
    for action, rules in ((Action.BLOCK, shape.block), (Action.ASK, shape.ask), (Action.ALLOW, shape.allow)):
        _lay_rules(draft, action, _each(rules, source, action.word))
    draft.without += _each(shape.without, source, "without")
    draft.timetable += _each(shape.timetable, source, "timetable")
    draft.quota += _each(shape.quota, source, "quota")
    draft.holidays += _each(shape.holidays, source, "holidays")
    draft.terms += _each(shape.terms, source, "terms")
    draft.grants += _each(shape.grants, source, "grants")
    draft.hosts += _each(shape.hosts, source, "hosts")
    draft.lists += _each(shape.lists, source, "lists")
    if shape.line is not None:
        draft.line = Written(shape.line, source, ("line",))


def as_base(draft: Draft) -> Draft:
    """What the tenants of an operator start from: the same, less its people and all that names some of them."""
    sources: dict[int, Source] = {}

    def inherited[T](written: Written[T]) -> Written[T]:
        source = sources.setdefault(id(written.source), replace(written.source, inherited=True))
        return replace(written, source=source)

    left_out = {written.value for written in draft.without}
    return Draft(
        settings={key: inherited(draft.settings[key]) for key in _FOR_TENANTS if key in draft.settings},
        stances={key: inherited(written) for key, written in draft.stances.items()},
        rules=[
            (action, for_everyone(inherited(rule)))
            for action, rule in draft.rules
            if is_for_all(rule) and not (rule.source.inherited and rule.value.id in left_out)
        ],
        timetable=[for_everyone(inherited(hours)) for hours in draft.timetable if is_for_all(hours)],
        quota=[for_everyone(inherited(quota)) for quota in draft.quota if is_for_all(quota)],
        holidays=[inherited(days) for days in draft.holidays],
        terms=[inherited(days) for days in draft.terms],
        hosts=[inherited(host) for host in draft.hosts],
        lists=[inherited(each) for each in draft.lists],
        unfit=replace(draft.unfit, people=frozenset(), groups=frozenset()),
    )


def on_top_of(base: Draft, prefix: str) -> Draft:
    """An empty draft of a tenant, over what it inherits."""
    return Draft(
        settings=dict(base.settings),
        stances=dict(base.stances),
        rules=list(base.rules),
        without=list(base.without),
        timetable=list(base.timetable),
        quota=list(base.quota),
        holidays=list(base.holidays),
        terms=list(base.terms),
        hosts=base.hosts,
        lists=base.lists,
        prefix=prefix,
        unfit=base.unfit,
    )


def is_for_all(written: Written[Any]) -> bool:
    """Whether a rule, window or quota is for nobody by name, so that it can hold in every house."""
    return not written.value.for_ or EVERYONE in written.value.for_


def for_everyone[T: BaseModel](written: Written[T]) -> Written[T]:
    """The same without the names that stand beside `everyone`: they mean people of another house."""
    if len(getattr(written.value, "for_", ())) < 2:
        return written
    return replace(written, value=written.value.model_copy(update={"for_": (EVERYONE,)}))


def _lay_rules(draft: Draft, action: Action, rules: Iterable[Written[RuleShape]]) -> None:
    """Of two inherited rules with one id, the one that was written nearer holds."""
    for rule in rules:
        name = rule.value.id
        if rule.source.inherited and name is not None:
            draft.rules = [
                (kind, other) for kind, other in draft.rules if other.value.id != name or other.source is rule.source
            ]
        draft.rules.append((action, rule))


def _each[T](values: tuple[T, ...], source: Source, key: str) -> list[Written[T]]:
    return [Written(value, source, (key, index)) for index, value in enumerate(values)]


def _set_once[T](draft: Draft, into: dict[str, Written[T]], key: str, written: Written[T]) -> None:
    """A file overrules the preset it extends; two files may not say two things."""
    before = into.get(key)
    if before is not None and not before.source.inherited:
        name = written.path[-1]
        draft.problems.append(written.problem(f"{name!r} is written twice", f"it also stands in {before.where}"))
    into[key] = written
