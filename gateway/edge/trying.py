"""`qorgan test`: the cases beside a policy, read and tried."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from gateway.decision.sources import Sources
from gateway.edge.proving import noon, sources_of
from gateway.policy.check import in_order
from gateway.policy.parse import parse
from gateway.policy.policy import Policy
from gateway.problems import Problem, ProblemsFound
from gateway.proof.case_file import CaseFile, read_case_file
from gateway.proof.trial import Trial, try_cases
from gateway.store.files import case_files, read_policy_files


@dataclass(frozen=True, slots=True)
class Tried:
    """The trials of one file, and the policy that they were tried on."""

    file: str
    policy: Policy
    trials: tuple[Trial, ...]


def try_files(path: Path, moment: datetime) -> list[Tried]:
    """Every case of the file or folder `path` on the policy it names or lies beside; `moment` (aware) is now.

    Raises LookupError with a sentence when there is no case at all, ProblemsFound for files that cannot be used.
    """
    if not path.exists():
        raise LookupError(f"{path}: the file or folder is missing")
    files = [_read(file) for file in case_files(path)]
    if not files:
        raise LookupError(f"{path}: no file there ends in .cases.yaml; policies/README.md says how to write one")

    @cache
    def ruling(policies: tuple[Path, ...]) -> tuple[Sources, Policy]:
        return sources_of(policies, moment)

    folder = path if path.is_dir() else path.parent
    tried = []
    for file in files:
        sources, policy = ruling(_policies(file, folder))
        tried.append(Tried(file.file, policy, try_cases(file, sources, policy, noon(policy, moment))))
    return tried


def _read(file: Path) -> CaseFile:
    name = str(file)
    problems: list[Problem] = []
    found = read_case_file(parse(read_policy_files([file])[name], name), name, problems)
    if found is None:
        raise ProblemsFound(in_order(problems))
    return found


def _policies(file: CaseFile, folder: Path) -> tuple[Path, ...]:
    """What the cases are tried on: the policy files that they name, else those in the folder."""
    if file.policy:
        return tuple(Path(file.file).parent / Path(name).expanduser() for name in file.policy)
    if not _has_policy([folder]):
        hint = "put the policy beside it, or name it above the cases, like policy: ../home.yaml"
        raise ProblemsFound([Problem(file.file, 1, 1, "there is no policy in the folder of these cases", hint)])
    return (folder,)


def _has_policy(paths: Iterable[Path]) -> bool:
    try:
        return bool(read_policy_files(list(paths)))
    except ProblemsFound:
        return False
