"""Everything a verdict depends on besides the person and the page, built from files: policy, law, labels, hosts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from weakref import WeakValueDictionary

from gateway.actions.build import build_recipes
from gateway.actions.recipe import Recipes
from gateway.decision.sources import Sources, build_sources
from gateway.edge.checking import with_policies
from gateway.edge.edition import Edition, read_edition
from gateway.edge.inquiry import Ruling
from gateway.edge.installation import Installation
from gateway.edge.lists.opening import open_lists
from gateway.edge.lists.trial import compile_for_once
from gateway.enforce.services import Services, build_services
from gateway.hosts.carriers import Carriers, build_carriers
from gateway.hosts.lists import build_index, read_hosts
from gateway.labels.data import FOLDERS, LabelData, build_label_data
from gateway.policy.policy import Policy
from gateway.problems import ProblemsFound
from gateway.shipped import texts
from gateway.store.calendars import read_calendars

# A ruling is compiled once in a process, however many ask for it.
_compiled: WeakValueDictionary[str, Ruling] = WeakValueDictionary()


def build_ruling(installation: Installation) -> Ruling:
    """The ruling that the installation's policy files make today. Raises ProblemsFound. Blocks: it reads files."""
    return rule(read_edition(installation), installation.data)


def rule(edition: Edition, data: Path, before: Policy | None = None, *, mend: bool = False) -> Ruling:
    """The ruling of an edition, with the compiled lists in the data directory. Raises ProblemsFound. Blocks.

    `before` is the policy whose parts hold for tenants that are faulty in this edition. `mend`: compiled lists that are
    damaged are put away; for the one process that has them made anew.
    """
    known = _compiled.get(edition.serial) if edition.serial else None
    if known is not None:
        return known
    policy = edition.compiled(before)
    listed = open_lists(data, policy.lists, mend=mend)
    hosts = build_index(texts("hosts"), policy.hosts, listed)
    ruling = Ruling(
        policy=policy,
        labels=label_data(),
        hosts=hosts,
        actions=action_recipes(),
        services=services(),
        carriers=carriers(),
    )
    if edition.serial:
        _compiled[edition.serial] = ruling
    return ruling


def compiled(installation: Installation) -> Policy:
    """The policy that the installation's files make today. Raises ProblemsFound."""
    return read_edition(installation).compiled(None)


@cache
def label_data() -> LabelData:
    """The shipped scales, signs, vocabularies and recipes."""
    return build_label_data({path: text for folder in FOLDERS for path, text in texts(folder).items()})


@cache
def action_recipes() -> Recipes:
    """The shipped recipes by which a request to sign up, or to search, is told from one to view."""
    return build_recipes(texts("actions"))


@cache
def services() -> Services:
    """The shipped services that can be asked to leave out what is for adults."""
    return build_services(texts("safe"))


@cache
def carriers() -> Carriers:
    """The shipped recipes of translators, archives and caches, whose addresses carry another."""
    return build_carriers(texts("carriers"))


def decision_sources(paths: Sequence[Path] = (), moment: datetime | None = None) -> Sources:
    """What `qorgan decide` rests on: the policy of the files and folders `paths`; without one the law alone speaks.

    `moment` (aware) stands for a question that names none; now without it. Raises ProblemsFound. Blocks.
    """
    files = texts_of(paths) if paths else None
    sources = build_sources(
        packs=texts("law"),
        presets=texts("presets"),
        scales=label_data().scales,
        moment=moment or datetime.now(UTC).astimezone(),
        policy=files,
        calendars=read_calendars(files or {}),
        hosts=read_hosts(texts("hosts")),
    )
    listed = compile_for_once(sources.policy.lists) if sources.policy is not None else None
    return replace(sources, hosts=replace(sources.hosts, listed=listed))


def texts_of(files: Sequence[Path]) -> dict[str, str]:
    """The texts of policy files and of the policies that they name as installation files. Raises ProblemsFound."""
    read = with_policies(files)
    if read.unread:
        raise ProblemsFound(list(read.unread.values()))
    return read.texts
