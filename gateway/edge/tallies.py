"""The minutes that everybody has used today, in memory: what a worker knows of them, and what the keeper counts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from gateway.profiles.activity import NEEDED, Sign
from gateway.profiles.quota import AHEAD, NONE_USED, Tally, Used

_NOTHING: Final[Mapping[str, Tally]] = MappingProxyType({})


class Tallies:
    """Counts on the event loop's thread and never waits. `on_used` is told of every tally that has grown."""

    def __init__(self) -> None:
        self.on_used: Callable[[Used], None] = lambda _used: None
        self._used: dict[str, Mapping[str, Tally]] = {}
        self._bursts: dict[tuple[str, str, Sign], tuple[int, int]] = {}  # → minute, how many in it

    def of(self, person: str) -> Mapping[str, Tally]:
        """What a person has used, by service; a value that does not change."""
        return self._used.get(person, _NOTHING)

    def all(self) -> Iterator[Used]:
        """Everything that is known, of whatever day."""
        return ((person, service, tally) for person, used in self._used.items() for service, tally in used.items())

    def fresh(self, person: str, services: Iterable[str], local: datetime) -> tuple[str, ...]:
        """Those services of which a sign of activity at `local` may tell something that is not counted yet."""
        known = self.of(person)
        return tuple(each for each in services if (tally := known.get(each, NONE_USED)).count(local) is not tally)

    def count(self, person: str, services: Iterable[str], local: datetime, sign: Sign) -> None:
        """A sign of activity at `local` (aware, in the person's zone)."""
        needed = NEEDED[sign]
        for service in self.fresh(person, services, local):
            if needed == 1 or self._is_burst(person, service, sign, local, needed):
                tally = self.of(person).get(service, NONE_USED).count(local)
                self._put(person, service, tally)
                self.on_used((person, service, tally))

    def join(self, person: str, service: str, tally: Tally) -> None:
        """Takes up what somebody else has counted of the same person; nobody is told when that is nothing new."""
        before = self.of(person).get(service, NONE_USED)
        joined = before.joined(tally)
        if joined != before:
            self._put(person, service, joined)
            self.on_used((person, service, joined))

    def forget(self, today: date) -> None:
        """Forgets days that count for nothing any more."""
        for person, used in list(self._used.items()):
            recent = {name: tally for name, tally in used.items() if tally.day and tally.day >= today - AHEAD}
            if recent:
                self._used[person] = MappingProxyType(recent)
            else:
                del self._used[person]
        self._bursts.clear()

    def _put(self, person: str, service: str, tally: Tally) -> None:
        self._used[person] = MappingProxyType({**self.of(person), service: tally})

    def _is_burst(self, person: str, service: str, sign: Sign, local: datetime, needed: int) -> bool:
        minute = int(local.timestamp()) // 60
        begun, seen = self._bursts.get((person, service, sign), (minute, 0))
        seen = seen + 1 if begun == minute else 1
        self._bursts[person, service, sign] = (minute, seen)
        return seen >= needed
