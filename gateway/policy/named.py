"""Other files that the files of a policy name: what they extend by a path, and the folders of an operator's tenants."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from gateway.policy.parse import Node, parse
from gateway.problems import ProblemsFound

_ENDINGS: Final = (".yaml", ".yml")
# A policy may have ten thousand files, and few name others: those that cannot are not parsed for it.
_MAY_NAME_FOLDERS: Final = re.compile("tenant-files")
_MAY_EXTEND_A_FILE: Final = re.compile(r"extends\W.*\.ya?ml")
_NOTHING: Final = Node(None, 1, 1)


def is_path(extended: str) -> bool:
    """Whether `extends: …` means a file and not a preset by its name."""
    return extended.endswith(_ENDINGS)


def beside(file: str, name: str) -> str:
    """The name of `name`, written relative to the folder of `file`; an absolute one stays as it is."""
    if name.startswith("/"):
        return name
    steps = file.split("/")[:-1]
    for step in name.split("/"):
        if step == ".." and steps and steps[-1] not in ("", ".."):
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def extended_by(root: Node) -> str | None:
    """What a file extends, as written."""
    extended = root.entries.get("extends", _NOTHING).value
    return extended if isinstance(extended, str) else None


def folders_named_in(file: str, root: Node) -> tuple[str, ...]:
    """The folders of tenants that a file names, by their names beside it, each with a `/` at its end."""
    node = root.entries.get("tenant-files", _NOTHING)
    texts = [each.value for each in (node.items or (node,))]
    return tuple(beside(file, text) + "/" for text in texts if isinstance(text, str) and text)


def is_in(file: str, folders: Iterable[str]) -> bool:
    """Whether a file lies in one of `folders`, or below."""
    return file.startswith(tuple(folders))


def named_by(files: Mapping[str, str]) -> tuple[str, ...]:
    """The files and folders that `files` (name → text) name, whether or not they are among them.

    What tenants name does not count: their files can bring no other into force.
    """
    folders: list[str] = []
    for name, root in _parsed(files, _MAY_NAME_FOLDERS).items():
        folders += folders_named_in(name, root)
    named = [folder.rstrip("/") for folder in folders]
    for name, root in _parsed(files, _MAY_EXTEND_A_FILE).items():
        extended = extended_by(root)
        if extended is not None and is_path(extended) and not is_in(name, folders):
            named.append(beside(name, extended))
    return tuple(dict.fromkeys(named))


def _parsed(files: Mapping[str, str], may_name: re.Pattern[str]) -> dict[str, Node]:
    roots = {}
    for name, text in files.items():
        if may_name.search(text):
            try:
                roots[name] = parse(text, name)
            except ProblemsFound:  # told when the policy is compiled
                continue
    return roots
