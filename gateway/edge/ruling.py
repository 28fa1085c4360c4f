"""Everything a verdict depends on besides the person and the page, built from files: policy, law, labels, hosts."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from gateway.actions.build import build_recipes
from gateway.actions.recipe import Recipes
from gateway.decision.sources import Sources, build_sources
from gateway.edge.checking import today, with_policies
from gateway.edge.inquiry import Ruling
from gateway.edge.installation import Installation
from gateway.hosts.lists import build_index, read_hosts
from gateway.labels.data import FOLDERS, LabelData, build_label_data
from gateway.policy.compile import compile_policy
from gateway.problems import Problem, ProblemsFound
from gateway.shipped import texts
from gateway.store.calendars import read_calendars
from gateway.store.files import try_policy_files


def build_ruling(installation: Installation, before: Ruling | None = None) -> Ruling:
    """The ruling that the installation's policy files make today. Raises ProblemsFound. Blocks: it reads files.

    `before` is the ruling that holds: an operator's tenant whose file is faulty keeps what it has there.
    """
    read = try_policy_files(installation.policy_files)
    policy = compile_policy(
        read.texts,
        texts("presets"),
        texts("law"),
        today(),
        read_calendars(read.texts),
        unread=read.unread,
        before=before.policy if before is not None else None,
    )
    hosts = build_index(texts("hosts"), policy.hosts)
    return Ruling(policy=policy, labels=label_data(), hosts=hosts, actions=action_recipes())


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


def decision_sources(policy: Path | None) -> Sources:
    """What `qorgan decide` rests on; without a policy the law alone speaks. Raises ProblemsFound."""
    files = texts_of([policy]) if policy is not None else None
    return build_sources(
        packs=texts("law"),
        presets=texts("presets"),
        scales=label_data().scales,
        moment=datetime.now(UTC),
        policy=files,
        calendars=read_calendars(files or {}),
        hosts=read_hosts(texts("hosts")),
    )


def texts_of(files: Sequence[Path]) -> dict[str, str]:
    """The texts of policy files and of the policies that they name as installation files. Raises ProblemsFound."""
    read = with_policies(files)
    if read.unread:
        raise ProblemsFound(list(read.unread.values()))
    return read.texts
