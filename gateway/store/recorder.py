"""Verdicts become masked entries that wait to be written or handed on: equal ones counted together, losses counted."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from gateway.decision.question import Question
from gateway.decision.verdict import Verdict
from gateway.store.clock import utc_now
from gateway.store.masking import JournalEntry, Keeping, mask

QUEUE_LIMIT: Final = 10_000  # different entries that wait; equal ones are counted together

_log = logging.getLogger(__name__)

type Counted = tuple[JournalEntry, int]  # an entry, and how often it came


class Recorder:
    """Takes verdicts on the event loop's thread without waiting. Nothing here can stop or open the gateway.

    `dropped` are the entries lost since the start, `unsaid` those of them that nobody was told of yet.
    """

    def __init__(self, keeping: Keeping, *, limit: int = QUEUE_LIMIT, now: Callable[[], datetime] = utc_now) -> None:
        self.dropped = 0
        self.unsaid = 0
        self._keeping, self._limit, self._now = keeping, limit, now
        self._waiting: dict[JournalEntry, int] = {}

    @property
    def has_work(self) -> bool:
        """Whether there is anything to write or to tell."""
        return bool(self._waiting or self.unsaid)

    def record(self, verdict: Verdict, question: Question | None, moment: datetime | None = None) -> None:
        """Notes `verdict`, masked at once: what may not be kept does not even wait here. Never blocks, never fails.

        `moment` (aware) is needed only without a question; by default it is now.
        """
        try:
            entry = mask(verdict, question, self._keeping, moment or self._now())
        except Exception:  # noqa: BLE001 - a verdict is never held up by its record
            _log.exception("a verdict could not be masked; it is not in the journal")
            self.drop(1)
            return
        if entry is not None:
            self.add(entry, 1)

    def add(self, entry: JournalEntry, times: int) -> None:
        """Lets a masked entry wait, or counts it as dropped when too many wait already."""
        if entry in self._waiting:
            self._waiting[entry] += times
        elif len(self._waiting) < self._limit:
            self._waiting[entry] = times
        else:
            self.drop(times)

    def drop(self, times: int) -> None:
        """Counts entries that are lost."""
        self.dropped += times
        self.unsaid += times

    def take(self, most: int) -> dict[JournalEntry, int]:
        """The first entries, which wait no longer."""
        return {entry: self._waiting.pop(entry) for entry in list(self._waiting)[:most]}

    def add_all(self, entries: Iterable[Counted]) -> None:
        """Entries that were masked elsewhere, or could not be written after all."""
        for entry, times in entries:
            self.add(entry, times)

    def give_up(self) -> None:
        """Counts everything that waits as dropped."""
        self.drop(sum(self._waiting.values()))
        self._waiting.clear()
