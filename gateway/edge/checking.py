"""Checking policy and installation files, for `qorgan check`: quick, because little is loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from gateway.edge.collecting import collecting_later
from gateway.policy.check import Checked, check_all, in_order
from gateway.policy.lists import ListSource
from gateway.policy.source import Source
from gateway.problems import Problem
from gateway.shipped import texts
from gateway.store.calendars import read_calendars
from gateway.store.files import Read, try_policy_files


def check_files(files: Sequence[Path]) -> Checked:
    """Checks policy and installation files, together with the policies that they name. Blocks: it reads files."""
    with collecting_later():
        read = with_policies(files)
        checked = check_all(
            read.texts, texts("presets"), texts("law"), today(), read.unread, read_calendars(read.texts)
        )
    missing, left_out = _try_lists(checked.lists)
    own = [problem for part in checked.installations for problem in _try_installation(part)]
    return replace(
        checked, problems=tuple(in_order([*checked.problems, *own, *missing])), notes=(*checked.notes, *left_out)
    )


def _try_installation(part: Source) -> list[Problem]:
    from gateway.edge.installation import check_shape  # most policies have a file of their own

    return check_shape(part.root, part.file)


def _try_lists(lists: Sequence[ListSource]) -> tuple[list[Problem], list[Problem]]:
    if not lists:
        return [], []
    from gateway.edge.lists.checking import check_lists  # loads what compiles lists

    return check_lists(lists)


def with_policies(files: Sequence[Path]) -> Read:
    """The texts of `files` and of the policies that they name as installation files. Blocks."""
    read = try_policy_files(files)
    named = policies_of(read.texts)
    return try_policy_files([*files, *named]) if named else read


def policies_of(read: Mapping[str, str]) -> list[Path]:
    """The policy files and folders that installation files among those read name."""
    # Ten thousand files of tenants are not parsed twice: who names policies has the word.
    naming = [(name, text) for name, text in read.items() if "policy" in text]
    if not naming:
        return []
    from gateway.edge.installation import policies_named_in

    return [path for name, text in naming for path in policies_named_in(name, text)]


def today() -> date:
    """The local day of this machine; each person's own zone is the policy's matter."""
    return datetime.now(UTC).astimezone().date()
