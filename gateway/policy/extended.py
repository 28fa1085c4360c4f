"""What a policy extends: shipped presets, files beside it, and an operator's tariffs."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from gateway.policy.draft import is_for_all, read_fitting, read_shape
from gateway.policy.faults import Fault, known_words
from gateway.policy.fitting import without_units
from gateway.policy.named import beside, is_path
from gateway.policy.parse import Node, parse
from gateway.policy.shape import PolicyShape
from gateway.policy.source import Source, Written
from gateway.policy.written import name_of
from gateway.problems import Problem, ProblemsFound

EMPTY: Final = Node(MappingProxyType({}), 1, 1)
_SHARED: Final = ("packs", "hosts", "lists", "tariffs", "tenants", "tenant-files")
OF_TENANTS: Final = frozenset(
    {
        *("extends", "zone", "language", "people", "groups", "default", "line", "without", "stances"),
        *("block", "ask", "allow", "timetable", "quota", "holidays", "terms", "grants"),
    }
)
OF_TARIFFS: Final = OF_TENANTS - {"people", "groups", "default", "line", "grants"}

_KNOWN: Final = frozenset(field.alias or name for name, field in PolicyShape.model_fields.items())

type Shaped = Written[PolicyShape]


class Extended:
    """Everything that can be extended. Problems of presets and tariffs go to `problems`, once each."""

    def __init__(self, presets: Mapping[str, str], problems: list[Problem]) -> None:
        self._problems = problems
        self._texts = {name.rpartition("/")[2].removesuffix(".yaml"): (name, text) for name, text in presets.items()}
        self._presets: dict[str, Shaped | None] = {}
        self._files: dict[str, Shaped | None] = {}
        self.tariffs: dict[str, Shaped] = {}

    def add_file(self, name: str, shaped: Shaped | None) -> None:
        """A file that another one extends; None: it is faulty, which is told already."""
        self._files[name] = shaped and as_inherited(shaped)

    def add_tariff(self, file: str, name: str, root: Node) -> None:
        """A tariff as written under `tariffs:` of `file`."""
        place = root.key or (root.line, root.column)
        shaped = shaped_of(root, file, self._problems)
        problem = problem_of_name(file, name, root)
        if problem is None and name in self._texts:
            message = f"{name!r} is the name of a shipped preset"
            problem = Problem(file, *place, message, "choose another name")
        if problem is None and name in self.tariffs:
            hint = f"it also stands in {self.tariffs[name].where}"
            problem = Problem(file, *place, f"{name!r} is written twice", hint)
        self._problems += [problem] if problem else []
        if shaped is not None:
            if problem is None:
                self.tariffs[name] = as_inherited(shaped)
            self._problems += foreign_keys(shaped, OF_TARIFFS, "a tariff")
            self._problems += _names_in_tariff(shaped)

    def chain_of(self, written: Shaped, problems: list[Problem], *, tariffs: bool = False) -> list[Shaped]:
        """What `written` extends, and what that extends, the one at the root first; all as inherited."""
        chain: list[Shaped] = []
        while (wanted := written.value.extends) is not None:
            found = self._find(written, wanted, problems, tariffs=tariffs)
            if found is None:
                break
            if any(found.source.root is known.source.root for known in chain):
                problems.append(written.problem(f"the preset {wanted!r} extends itself", at=("extends",)))
                break
            chain.insert(0, found)
            written = found
        return chain

    def _find(self, written: Shaped, wanted: str, problems: list[Problem], *, tariffs: bool) -> Shaped | None:
        if is_path(wanted) and not tariffs:
            return self._find_file(written, wanted, problems)
        if tariffs and wanted in self.tariffs:
            return self.tariffs[wanted]
        if wanted in self._texts:
            return self._preset(wanted)
        known = {*self._texts, *(self.tariffs if tariffs else ())}
        what = "preset or tariff" if tariffs and self.tariffs else "preset"
        problems.append(written.problem(f"there is no {what} {wanted!r}", known_words(wanted, known), at=("extends",)))
        return None

    def _find_file(self, written: Shaped, wanted: str, problems: list[Problem]) -> Shaped | None:
        name = beside(written.source.file, wanted)
        if name not in self._files:
            problems.append(written.problem(f"there is no file {wanted!r} beside this one", at=("extends",)))
        return self._files.get(name)

    def _preset(self, wanted: str) -> Shaped | None:
        """A shipped preset, read once; a faulty one is told once."""
        if wanted not in self._presets:
            name, text = self._texts[wanted]
            try:
                shaped = shaped_of(parse(text, name), name, self._problems)
            except ProblemsFound as found:
                self._problems += found.problems
                shaped = None
            self._presets[wanted] = shaped and as_inherited(shaped)
        return self._presets[wanted]


def shaped_of(root: Node, file: str, problems: list[Problem]) -> Shaped | None:
    """A house in shape, without the entries that do not fit: `problems` says why. An empty one is a house too.

    None when nothing of it can be used.
    """
    if root.value is None:
        root = replace(root, value=EMPTY.value)
    shape, paths = read_fitting(PolicyShape, root, file, problems)
    if shape is not None:
        return Written(shape, Source(file, root))
    left = without_units(root, _KNOWN, paths)
    if left is None:
        return None
    root, unfit = left
    shape = read_shape(PolicyShape, root, file, [])
    return Written(shape, Source(file, root, unfit=unfit)) if shape is not None else None


def as_inherited(shaped: Shaped) -> Shaped:
    """The same, as what others may overrule."""
    return replace(shaped, source=replace(shaped.source, inherited=True))


def foreign_keys(written: Shaped, known: frozenset[str], what: str) -> Iterable[Problem]:
    """The keys that cannot be written for `what` ("a tenant"), each a problem."""
    for key, entry in written.source.root.entries.items():
        if key not in known:
            hint = "it belongs into the operator's own file, and holds for all" if key in _SHARED else None
            message = f"{key!r} cannot be written for {what}"
            yield Problem(written.source.file, *(entry.key or (1, 1)), message, hint)


def problem_of_name(file: str, name: str, root: Node) -> Problem | None:
    """What is wrong with the name of a tariff or tenant, at its key or at the beginning of its file."""
    try:
        name_of(name)
    except Fault as fault:
        return Problem(file, *(root.key or (1, 1)), str(fault), fault.hint)
    return None


def _names_in_tariff(tariff: Shaped) -> Iterable[Problem]:
    for key in ("block", "ask", "allow", "timetable", "quota"):
        for index, each in enumerate(getattr(tariff.value, key)):
            written = Written(each, tariff.source, (key, index))
            if not is_for_all(written):
                hint = "leave for: out, or write for: everyone"
                yield written.problem("a tariff knows nobody by name", hint, at=("for",))
