"""Policy files in words, for `qorgan check --explain`."""

from collections.abc import Sequence
from pathlib import Path

from gateway.edge.checking import today, with_policies
from gateway.policy.compile import compile_policy
from gateway.policy.describe import describe
from gateway.shipped import texts
from gateway.store.calendars import read_calendars


def describe_files(files: Sequence[Path]) -> str:
    """What the policy in `files` does today for each person. Raises ProblemsFound. Blocks: it reads files."""
    read = with_policies(files)
    day = today()
    return describe(
        compile_policy(read.texts, texts("presets"), texts("law"), day, read_calendars(read.texts), unread=read.unread),
        day,
    )
