"""The lists of a policy that are files, read for `qorgan check`: what is missing, and lines that will be left out."""

from collections import deque
from collections.abc import Sequence

from gateway.edge.lists.order import path_of
from gateway.hosts.formats.reading import ListReader
from gateway.policy.lists import ListSource
from gateway.problems import Problem
from gateway.store.list_files import SourceFault, digest_of, files_of, read_files


def check_lists(lists: Sequence[ListSource]) -> tuple[list[Problem], list[Problem]]:
    """Problems (a file that cannot be used) and notes (lines that are left out, a format that was guessed). Blocks."""
    problems: list[Problem] = []
    notes: list[Problem] = []
    for source in lists:
        if source.is_remote:
            continue
        reader = ListReader(source.format, source.below)
        try:
            files = files_of(path_of(source))
            content = digest_of(files, source.at_most)
            if source.sha256 not in (None, content):
                problems.append(
                    source.problem("the list has another digest than the policy says", f"sha256: {content}")
                )
            for name, lines in read_files(files, source.at_most):
                deque(reader.read(name, lines), maxlen=0)
        except SourceFault as fault:
            problems.append(source.problem(f"the list {source.name} cannot be used: {fault}"))
        notes += [*reader.doubts, *reader.faults.kept]
        left = reader.faults.total - len(reader.faults.kept)
        if left > 0:
            sorts = ", ".join(f"{sort} {count}" for sort, count in reader.faults.counts.most_common())
            notes.append(source.problem(f"{left} more lines of the list {source.name} are left out (in all: {sorts})"))
    return problems, notes
