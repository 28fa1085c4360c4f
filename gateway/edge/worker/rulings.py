"""The ruling of a worker: made of the keeper's editions beside the one in force, and swapped when it says so."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gateway.edge.collecting import collecting_later
from gateway.edge.edition import Edition, from_pieces
from gateway.edge.inquiry import Ruling
from gateway.edge.ruling import rule


class Rulings:
    """`serial` is that of the edition in force; None: there is none. `swap` puts a ruling in force."""

    def __init__(self, data: Path, swap: Callable[[Ruling], None]) -> None:
        self.serial: str | None = None
        self._data, self._swap = data, swap
        self._pieces: dict[str, list[Mapping[str, Any]]] = {}
        self._made: dict[str, Ruling] = {}

    def take(self, piece: Mapping[str, Any]) -> None:
        """A piece of an edition; the pieces come in order."""
        self._pieces.setdefault(piece["serial"], []).append(piece)

    async def prepare(self, serials: Sequence[str]) -> Ruling:
        """Makes the ruling of the last of these editions, whose pieces have come; those before it are what it rests on.

        Raises ProblemsFound. It takes a while, and holds nothing up.
        """
        pieces, self._pieces = self._pieces, {}
        made = await asyncio.to_thread(_make, [pieces[each] for each in serials], dict(self._made), self._data)
        self._made |= made
        return self._made[serials[-1]]

    def put_in_force(self, serial: str) -> None:
        """Swaps; all others are forgotten."""
        ruling = self._made[serial]
        self._made, self.serial = {serial: ruling}, serial
        self._swap(ruling)

    def forget(self) -> None:
        """What was begun and not put in force: the keeper who began it is gone."""
        self._pieces = {}
        self._made = {serial: ruling for serial, ruling in self._made.items() if serial == self.serial}


def _make(editions: Sequence[Sequence[Mapping[str, Any]]], made: dict[str, Ruling], data: Path) -> dict[str, Ruling]:
    with collecting_later():
        for pieces in editions:
            edition: Edition = from_pieces(pieces)
            before = made[edition.before].policy if edition.before is not None else None
            made[edition.serial] = rule(edition, data, before)
    return made
