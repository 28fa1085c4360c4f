"""Everything a verdict depends on besides the person and the page, built from files: policy, law, labels, hosts."""

import contextlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from gateway.decision.sources import Sources, build_sources
from gateway.edge.inquiry import Ruling
from gateway.edge.installation import Installation, check_shape, policies_named_in
from gateway.hosts.lists import build_index, read_hosts
from gateway.labels.data import FOLDERS, LabelData, build_label_data
from gateway.policy.check import check, in_order
from gateway.policy.compile import compile_policy
from gateway.policy.parse import parse
from gateway.problems import Problem, ProblemsFound
from gateway.shipped import texts
from gateway.store.files import read_policy_files


def build_ruling(installation: Installation) -> Ruling:
    """The ruling that the installation's policy files make today. Raises ProblemsFound. Blocks: it reads files."""
    policy = compile_policy(read_policy_files(installation.policy_files), texts("presets"), texts("law"), today())
    return Ruling(policy=policy, labels=label_data(), hosts=build_index(texts("hosts"), policy.hosts))


@cache
def label_data() -> LabelData:
    """The shipped scales, signs, vocabularies and recipes."""
    return build_label_data({path: text for folder in FOLDERS for path, text in texts(folder).items()})


def today() -> date:
    """The local day of this machine; each person's own zone is the policy's matter."""
    return datetime.now(UTC).astimezone().date()


def decision_sources(policy: Path | None) -> Sources:
    """What `qorgan decide` rests on; without a policy the law alone speaks. Raises ProblemsFound."""
    files = read_with_named([policy]) if policy is not None else None
    return build_sources(
        packs=texts("law"),
        presets=texts("presets"),
        scales=label_data().scales,
        moment=datetime.now(UTC),
        policy=files,
        hosts=read_hosts(texts("hosts")),
    )


def check_files(files: Sequence[Path]) -> tuple[Problem, ...]:
    """Checks policy and installation files, together with the policies that they name.

    Returns notes: what is accepted, but should be written differently. Raises ProblemsFound with every problem.
    """
    read = read_with_named(files)
    problems = check(read, texts("presets"), texts("law"), today())
    for name, text in read.items():
        with contextlib.suppress(ProblemsFound):  # what cannot be parsed `check` has told
            problems += check_shape(parse(text, name), name)
    if problems:
        raise ProblemsFound(in_order(problems))
    return compile_policy(read, texts("presets"), texts("law"), today()).notes


def read_with_named(files: Sequence[Path]) -> dict[str, str]:
    """The texts of `files` and of the policies that they name. Raises ProblemsFound."""
    read = read_policy_files(files)
    return read_policy_files([*files, *(path for name, text in read.items() for path in policies_named_in(name, text))])
