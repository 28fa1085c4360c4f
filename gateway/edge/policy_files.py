"""The files of the policy as the control API edits them: checked with all others before anything is written."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from gateway.edge.checking import today
from gateway.edge.control_api.console import PolicyFile, UnknownFile
from gateway.edge.installation import Installation
from gateway.policy.check import Checked, check_all
from gateway.policy.draft import split_installation
from gateway.policy.edit import Edit, EditRefused, edit
from gateway.policy.parse import as_plain, parse
from gateway.policy.shape import INSTALLATION_KEYS
from gateway.problems import ProblemsFound
from gateway.shipped import shipped, texts
from gateway.store.calendars import read_calendars
from gateway.store.files import Read, try_policy_files
from gateway.store.write_back import Changed, digest_of, write_back


class EditedFiles:
    """The policy files of an installation; `reload` takes up what was written. What is shipped is never written."""

    def __init__(self, installation: Installation, reload: Callable[[], Awaitable[object]]) -> None:
        self._paths, self._reload = installation.policy_files, reload
        self._busy = asyncio.Lock()

    async def names(self) -> Sequence[str]:
        return await asyncio.to_thread(lambda: [name for name in self._read().texts if _is_own(name)])

    async def read(self, name: str) -> PolicyFile:
        return await asyncio.to_thread(lambda: _file_of(name, self._text_of(name, self._read())))

    async def edit(self, name: str, digest: str, edits: Sequence[Edit]) -> PolicyFile:
        async with self._busy:
            edited = await asyncio.to_thread(self._edit, name, digest, edits)
            await self._reload()
        return edited

    def _read(self) -> Read:
        return try_policy_files(self._paths)

    def _text_of(self, name: str, read: Read) -> str:
        if name not in read.texts or not _is_own(name):
            raise UnknownFile(name)
        return read.texts[name]

    def _edit(self, name: str, digest: str, edits: Sequence[Edit]) -> PolicyFile:
        read = self._read()
        text = self._text_of(name, read)
        if digest_of(text.encode()) != digest:
            raise Changed(name)
        for each in edits:
            if not INSTALLATION_KEYS.isdisjoint(each.path[:1]):
                raise EditRefused(f"{each.pointer}: this is the installation's, and not edited here")
        edited = edit(text, edits, name).text
        _check(read, Read({**read.texts, name: edited}, read.unread), name)
        if edited != text:
            write_back(Path(name), edited.encode(), instead_of=digest, moment=datetime.now(UTC))
        return _file_of(name, edited)


def _file_of(name: str, text: str) -> PolicyFile:
    """The policy that stands in a file; what is the installation's, its password hashes too, is not shown.

    Raises ProblemsFound.
    """
    _, policy = split_installation(parse(text, name))
    return PolicyFile(name, digest_of(text.encode()), as_plain(policy) or {})


def _check(before: Read, after: Read, name: str) -> None:
    """Raises ProblemsFound with every problem of the edited file, and with those of others that the edit makes."""
    problems = _checked(after).problems
    if not problems:
        return
    known = set(_checked(before).problems)
    made = [problem for problem in problems if problem.file == name or problem not in known]
    if made:
        raise ProblemsFound(made)


def _checked(read: Read) -> Checked:
    return check_all(read.texts, texts("presets"), texts("law"), today(), read.unread, read_calendars(read.texts))


def _is_own(name: str) -> bool:
    return not Path(name).resolve().is_relative_to(shipped("policies"))
