"""The files of a policy told apart: the house's or operator's own, presets, tariffs, and each tenant's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from gateway.policy.draft import Draft, as_base, lay, on_top_of, split_installation
from gateway.policy.extended import EMPTY, OF_TENANTS, Extended, Shaped, foreign_keys, problem_of_name, shaped_of
from gateway.policy.fitting import FIT, UNREAD, units_at, without_units
from gateway.policy.named import beside, folders_named_in, is_in, is_path
from gateway.policy.parse import Node, parse_all
from gateway.policy.rosters import introduce
from gateway.policy.source import Source
from gateway.problems import Problem
from gateway.profiles.clue import KINDS


@dataclass(slots=True)
class TenantDraft:
    """What was read of one tenant. `draft` None: nothing that could be laid together. `base` names its layers.

    `hidden`: not even what its clients are known by could be read.
    """

    name: str
    roots: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    draft: Draft | None = None
    base: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(slots=True)
class Layers:
    """Everything that was read: the operator's (or the only) house, its tenants, and what of it is the installation's.

    `bases` are the drafts from which tenants start, by the names of their layers.
    """

    root: Draft
    tenants: list[TenantDraft] = field(default_factory=list)
    bases: dict[tuple[str, ...], Draft] = field(default_factory=dict)
    installations: list[Source] = field(default_factory=list)


def read_layers(
    files: Mapping[str, str], presets: Mapping[str, str], unread: Mapping[str, Problem] = MappingProxyType({})
) -> Layers:
    """Reads `files` (name → text) on the presets that they extend; `unread` are files that have no text, and why.

    `presets` are texts by file name; "presets/home.yaml" is the preset `home`. Problems of a tenant are in its draft,
    all others in the root's.
    """
    return _Reader(files, presets, unread).read()


class _Reader:
    def __init__(self, files: Mapping[str, str], presets: Mapping[str, str], unread: Mapping[str, Problem]) -> None:
        self._draft = Draft()
        self._problems = self._draft.problems
        self._extended = Extended(presets, self._problems)
        self._faults: dict[str, list[Problem]] = {name: [problem] for name, problem in unread.items()}
        self._roots: dict[str, Node] = {}
        self._partial: dict[str, Node] = {}  # of files with faults, what could be read
        for name, text in sorted(files.items()):
            root, problems = parse_all(text, name)
            if problems:
                self._faults[name] = problems
            if root is not None:
                (self._partial if problems else self._roots)[name] = root

    def read(self) -> Layers:
        layers = Layers(self._draft)
        parsed = {**self._roots, **self._partial}
        folders = [folder for name, root in parsed.items() for folder in folders_named_in(name, root)]
        of_tenants = {name for name in (*self._roots, *self._faults) if is_in(name, folders)}
        tenants: list[TenantDraft] = []
        own: list[Shaped] = []
        for name in sorted({*self._roots, *self._faults} - of_tenants):
            shaped = self._house(name, tenants, layers.installations)
            own += [shaped] if shaped is not None else []
        self._check_folders(own, of_tenants)
        shapes, chain = self._told_apart(own)
        for written in (*chain, *shapes):
            lay(self._draft, written)
        for written in shapes:
            if written.value.line is not None:
                hint = "write it in the tenant's own file or entry; here give addresses to people"
                self._problems.append(written.problem("a line belongs to a tenant", hint, at=("line",)))
        introduce(self._draft)
        tenants += [self._tenant_in(name) for name in sorted(of_tenants)]
        if tenants or self._extended.tariffs:
            start = as_base(self._draft)
            known = tuple(written.source.root for written in chain)
            for tariff in self._extended.tariffs.values():
                chain = [*self._extended.chain_of(tariff, self._problems, tariffs=True), tariff]
                self._base_of(chain, start, known, layers.bases)
            layers.tenants = sorted(_once(tenants), key=lambda tenant: tenant.name)
            for tenant in layers.tenants:
                self._lay_tenant(tenant, start, known, layers.bases)
        return layers

    def _house(self, name: str, tenants: list[TenantDraft], installations: list[Source]) -> Shaped | None:
        """A file that is no tenant's: its policy in shape; its tariffs, tenants and installation are put aside."""
        if name in self._faults:
            self._problems += self._faults[name]
            self._draft.unfit |= UNREAD  # a name that is not known may stand where nothing could be read
        whole = self._roots.get(name) or self._partial.get(name)
        if whole is None:
            return None
        installation, root = split_installation(whole)
        if installation.entries:
            installations.append(Source(name, installation))
        rest = dict(root.entries)
        for key in ("tariffs", "tenants"):
            houses = rest.get(key, EMPTY).entries
            if houses:
                rest[key] = replace(rest[key], value=MappingProxyType({}))
            for word, house in houses.items():
                if key == "tenants":
                    tenants.append(self._tenant_entry(name, word, house))
                else:
                    self._extended.add_tariff(name, word, house)
        if rest or isinstance(root.value, Mapping):
            root = replace(root, value=MappingProxyType(rest))
        if name in self._faults:
            places = ((problem.line, problem.column) for problem in self._faults[name])
            left = without_units(root, (), units_at(root, places))
            root = left[0] if left is not None else EMPTY
        shaped = shaped_of(root, name, self._problems)
        if shaped is None:
            self._draft.unfit |= UNREAD
        return shaped

    def _check_folders(self, own: Iterable[Shaped], of_tenants: Iterable[str]) -> None:
        for written in own:
            for index, folder in enumerate(written.value.tenant_files):
                whole = beside(written.source.file, folder) + "/"
                if not any(name.startswith(whole) for name in of_tenants):
                    message = f"no file of a tenant lies in {folder!r}"
                    hint = "the folder stands beside this file and holds one .yaml file for each tenant"
                    self._problems.append(written.problem(message, hint, at=("tenant-files", index)))

    def _told_apart(self, own: list[Shaped]) -> tuple[list[Shaped], list[Shaped]]:
        """The files that are the policy itself, and the chain that they extend."""
        targets = {
            beside(written.source.file, written.value.extends)
            for written in own
            if written.value.extends is not None and is_path(written.value.extends)
        }
        whole = {written.source.file: written for written in own}
        for name in targets & {*whole, *self._faults}:
            self._extended.add_file(name, whole.get(name))
        shapes = [written for written in own if written.source.file not in targets]
        named = [written for written in shapes if written.value.extends is not None]
        for other in named[1:]:
            if other.value.extends != named[0].value.extends:
                hint = f"{named[0].source.file} extends {named[0].value.extends}"
                self._problems.append(other.problem("the files of a policy extend one preset", hint, at=("extends",)))
        if not shapes and own:
            self._problems.append(own[0].problem("the files extend each other in a circle", at=("extends",)))
        chain = self._extended.chain_of(named[0], self._problems) if named else []
        if named and (not chain or chain[0].value.extends is not None):
            self._draft.unfit |= UNREAD
        return shapes, chain

    def _tenant_entry(self, file: str, name: str, root: Node) -> TenantDraft:
        problem = problem_of_name(file, name, root)
        return TenantDraft(name, [Source(file, root)], [problem] if problem else [])

    def _tenant_in(self, file: str) -> TenantDraft:
        name = file.rpartition("/")[2].rpartition(".")[0]
        if file in self._faults:
            return TenantDraft(name, [], self._faults[file], hidden=True)
        root = self._roots[file]
        problem = problem_of_name(file, name, root)
        return TenantDraft(name, [Source(file, root)], [problem] if problem else [])

    def _lay_tenant(
        self, tenant: TenantDraft, start: Draft, known: tuple[Node, ...], bases: dict[tuple[str, ...], Draft]
    ) -> None:
        if not tenant.roots:
            return
        source = tenant.roots[0]
        shaped = shaped_of(source.root, source.file, tenant.problems)
        if shaped is None:
            return
        tenant.problems += foreign_keys(shaped, OF_TENANTS, "a tenant")
        chain = self._extended.chain_of(shaped, tenant.problems, tariffs=True)
        tenant.base = self._base_of(chain, start, known, bases)
        draft = on_top_of(bases[tenant.base], f"{tenant.name}/")
        lay(draft, shaped)
        introduce(draft)
        if not _has_clue(draft) and draft.unfit == FIT:
            tenant.hidden = True
            place = source.root.key or (1, 1)
            hint = "write it like line: {addresses: [100.64.1.7]}"
            message = "nothing tells the clients of this tenant from others'"
            tenant.problems.append(Problem(source.file, *place, message, hint))
        tenant.problems += draft.problems
        draft.problems = tenant.problems
        tenant.draft = draft

    def _base_of(
        self, chain: list[Shaped], start: Draft, known: tuple[Node, ...], bases: dict[tuple[str, ...], Draft]
    ) -> tuple[str, ...]:
        """The name of what a house starts from: what holds for all tenants (`known` are its layers), then `chain`."""
        chain = [each for each in chain if not any(each.source.root is root for root in known)]
        name = tuple(each.where for each in chain)
        if name not in bases:
            bases[name] = on_top_of(start, "")
            for each in chain:
                lay(bases[name], each)
        return name


def _has_clue(draft: Draft) -> bool:
    houses = (*draft.people.values(), *draft.groups.values(), *([draft.line] if draft.line is not None else []))
    return any(getattr(written.value, kind, None) for written in houses for kind in KINDS)


def _once(tenants: Iterable[TenantDraft]) -> Iterable[TenantDraft]:
    """Each tenant once; one that is written twice is faulty, and what is known of its clients is in both places."""
    found: dict[str, TenantDraft] = {}
    for tenant in tenants:
        first = found.setdefault(tenant.name, tenant)
        if first is not tenant:
            place = first.roots[0].file if first.roots else first.problems[0].file
            here = tenant.roots[0].file if tenant.roots else tenant.problems[0].file
            key = (tenant.roots[0].root.key if tenant.roots else None) or (1, 1)
            first.problems += tenant.problems
            first.problems.append(Problem(here, *key, f"the tenant {tenant.name!r} is written twice", f"see {place}"))
            first.roots += tenant.roots
            first.hidden |= tenant.hidden
    return found.values()
