"""An edition: the texts that a revision of the policy is made of, so that every process compiles the same.

The keeper reads one, compiles it to check it, and hands it to the workers as it read it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from gateway.edge.checking import today
from gateway.edge.installation import Installation
from gateway.policy.compile import compile_policy
from gateway.policy.policy import Policy
from gateway.problems import Problem
from gateway.shipped import texts
from gateway.store.calendars import read_calendars
from gateway.store.files import try_policy_files

_PIECE: Final = 128 * 1024  # characters of one piece, unless a single text is longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Texts by their names. `serial` tells it from every other edition of this installation.

    `before` is the serial of the edition whose parts hold for tenants that are faulty in this one; None: there is none.
    """

    serial: str
    day: date  # whose law is in force
    files: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, Problem] = field(default_factory=dict)
    calendars: Mapping[str, str | Problem] = field(default_factory=dict)
    presets: Mapping[str, str] = field(default_factory=dict)
    packs: Mapping[str, str] = field(default_factory=dict)
    before: str | None = None

    def compiled(self, before: Policy | None) -> Policy:
        """The policy of this edition. Raises ProblemsFound."""
        return compile_policy(
            self.files, self.presets, self.packs, self.day, self.calendars, unread=self.unread, before=before
        )


def read_edition(installation: Installation, serial: str = "", before: str | None = None) -> Edition:
    """What the installation's policy files say now, with the law of today. Blocks: it reads files."""
    read = try_policy_files(installation.policy_files)
    return Edition(
        serial=serial,
        day=today(),
        files=read.texts,
        unread=read.unread,
        calendars=read_calendars(read.texts),
        presets=texts("presets"),
        packs=texts("law"),
        before=before,
    )


_KINDS: Final = ("files", "unread", "calendars", "presets", "packs")


def pieces_of(edition: Edition) -> Iterator[dict[str, Any]]:
    """The edition in JSON values, in pieces that hold up nobody: the first has its day, each has some of its texts."""
    head = {"serial": edition.serial, "day": edition.day.isoformat(), "before": edition.before}
    piece: dict[str, list[Any]] = {}
    size = 0
    for kind in _KINDS:
        for name, text in getattr(edition, kind).items():
            told = text if isinstance(text, str) else asdict(text)
            piece.setdefault(kind, []).append([name, told])
            size += len(text) if isinstance(text, str) else _PIECE // 64
            if size >= _PIECE:
                yield head | {"texts": piece}
                piece, size = {}, 0
    yield head | {"texts": piece}


def from_pieces(pieces: Sequence[Mapping[str, Any]]) -> Edition:
    """The edition of which `pieces_of` made the pieces."""
    found: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}
    for piece in pieces:
        for kind, some in piece["texts"].items():
            found[kind].update((name, text if isinstance(text, str) else Problem(**text)) for name, text in some)
    head = pieces[0]
    return Edition(serial=head["serial"], day=date.fromisoformat(head["day"]), before=head["before"], **found)
