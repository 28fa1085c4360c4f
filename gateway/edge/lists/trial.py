"""Lists without a data directory: compiled into a folder that is gone at once, for a command that answers and ends."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from gateway.edge.lists.build import build
from gateway.edge.lists.order import meanings_of, orders_of
from gateway.hosts.listed import Listed
from gateway.policy.lists import ListSource
from gateway.problems import ProblemsFound
from gateway.store.host_file import COMPILED, open_mapped


def compile_for_once(lists: Sequence[ListSource]) -> Listed | None:
    """The lists of a policy that are files. Lists that are fetched are left out: nothing is fetched for one command.

    Raises ProblemsFound for a file that cannot be used. Blocks as long as compiling takes.
    """
    local = [each for each in lists if not each.is_remote]
    if not local:
        return None
    with tempfile.TemporaryDirectory() as name:
        outcomes = build(Path(name), orders_of(local))
        problems = [
            source.problem(f"the list {source.name} cannot be used: {outcome.error}")
            for source, outcome in zip(local, outcomes, strict=True)
            if outcome.error is not None
        ]
        if problems:
            raise ProblemsFound(problems)
        # The mapping outlives the file's name.
        return Listed.of(open_mapped(Path(name) / COMPILED), meanings_of(local))
