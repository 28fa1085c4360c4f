"""Everything a verdict depends on besides the person and the page, built from files: policy, law, labels, hosts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from gateway.actions.build import build_recipes
from gateway.actions.recipe import Recipes
from gateway.decision.sources import Sources, build_sources
from gateway.edge.checking import today, with_policies
from gateway.edge.inquiry import Ruling
from gateway.edge.installation import Installation
from gateway.edge.lists.opening import open_lists
from gateway.edge.lists.trial import compile_for_once
from gateway.enforce.services import Services, build_services
from gateway.hosts.carriers import Carriers, build_carriers
from gateway.hosts.lists import build_index, read_hosts
from gateway.labels.data import FOLDERS, LabelData, build_label_data
from gateway.policy.compile import compile_policy
from gateway.policy.policy import Policy
from gateway.problems import Problem, ProblemsFound
from gateway.shipped import texts
from gateway.store.calendars import read_calendars
from gateway.store.files import try_policy_files


def build_ruling(installation: Installation, before: Ruling | None = None, *, mend: bool = False) -> Ruling:
    """The ruling that the installation's policy files make today. Raises ProblemsFound. Blocks: it reads files.

    `before` is the ruling that holds: an operator's tenant whose file is faulty keeps what it has there.
    `mend`: compiled lists that are damaged are put away; for the one process that has them made anew.
    """
    policy = compiled(installation, before.policy if before is not None else None)
    listed = open_lists(installation.data, policy.lists, mend=mend)
    hosts = build_index(texts("hosts"), policy.hosts, listed)
    return Ruling(
        policy=policy,
        labels=label_data(),
        hosts=hosts,
        actions=action_recipes(),
        services=services(),
        carriers=carriers(),
    )


def compiled(installation: Installation, before: Policy | None = None) -> Policy:
    """The policy that the installation's files make today; `before` is the one that holds. Raises ProblemsFound."""
    read = try_policy_files(installation.policy_files)
    return compile_policy(
        read.texts,
        texts("presets"),
        texts("law"),
        today(),
        read_calendars(read.texts),
        unread=read.unread,
        before=before,
    )


def faults_of(ruling: Ruling) -> tuple[Problem, ...]:
    """The problems of tenants who have not what is written for them, while everybody else has."""
    return ruling.policy.problems


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
