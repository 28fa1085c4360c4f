"""Labels that a device saw in the live document: what of them is believed, and what is kept.

Why so little is kept, and whom it binds: gateway/edge/heard.py.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from gateway.document.url import Url
from gateway.edge.heard import HELD_FOR, Heard, page_key
from gateway.hosts.record import HostRecord
from gateway.labels.data import LabelData
from gateway.labels.label import Label, Reading, Scope, Status, Trust
from gateway.labels.read import READERS
from gateway.labels.scales import key_of
from gateway.store.devices import Device
from gateway.store.heard import HeardLabel, HeardStore

MOST_OF_A_DEVICE: Final = 200  # pages
MOST_IN_ALL: Final = 10_000
_AGAIN: Final = timedelta(days=1)  # a label that is seen again and again is written once a day
_PLACE: Final = "live document: "
_A_DUTY: Final = frozenset({"online-publication"})  # Art. 15(1): there a sign is a duty, and so as good as any
_RECIPE: Final = "site-recipe"
_KNOWN: Final = frozenset(reader.name for reader in READERS)


def believed(reading: Reading, data: LabelData, host: HostRecord | None) -> Reading:
    """The reading with no label trusted more than the page tier trusts its carrier, and none younger than its mark.

    A device that says `unlabelled` beside labels has labels; one that says `unreadable` stays unreadable.
    """
    labels = tuple(_believed(label, data, host) for label in reading.labels)
    if reading.status is Status.UNREADABLE:
        return replace(reading, labels=labels)
    rated = any(label.trust > Trust.D for label in labels)
    return replace(reading, labels=labels, status=Status.RATED if rated else Status.UNLABELLED)


def _believed(label: Label, data: LabelData, host: HostRecord | None) -> Label:
    mark = data.scales[label.scale].find(key_of(label.mark)) if label.scale in data.scales.ids else None
    age = label.min_age if mark is None else max(label.min_age, mark.min_age)
    return replace(label, min_age=age, trust=min(label.trust, _most_trust(label, host))).bounded()


def _most_trust(label: Label, host: HostRecord | None) -> Trust:
    if label.carrier == _RECIPE or (label.carrier == "visible-sign" and host is not None and host.kind in _A_DUTY):
        return Trust.A
    return Trust.B if label.carrier in _KNOWN else Trust.C


class Listener:
    """Keeps what devices tell. `on_told` is called with the page of which something else is known.

    Methods that wait raise StoreFault.
    """

    def __init__(self, store: HeardStore, heard: Heard, on_told: Callable[[str], None]) -> None:
        self._store, self._heard, self._on_told = store, heard, on_told
        self._of_device: dict[str, dict[str, HeardLabel]] = {}  # device → page → what it told

    async def load(self, now: datetime) -> None:
        """Takes up what still holds."""
        for told in await self._store.load(now):
            self._put(told)

    async def tell(self, device: Device, url: Url, labels: Iterable[Label], age: int, now: datetime) -> int:
        """Takes labels of the page at `url`, already believed, from a device whose person is `age`; how many count.

        A lower label than before changes nothing.
        """
        over = [label for label in labels if _closes(label, age)]
        if not over:
            return 0
        strictest = max(over, key=lambda label: label.min_age)
        page = page_key(url)
        known = self._of_device.get(device.id, {}).get(page)
        if known is not None and known.until > now and known.label.min_age >= strictest.min_age:
            if known.until - now > HELD_FOR - _AGAIN:
                return len(over)
            strictest = known.label
        place = strictest.place if strictest.place.startswith(_PLACE) else _PLACE + strictest.place
        label = replace(strictest, place=place, part=None).bounded()
        await self._make_room(device.id, now)
        told = HeardLabel(device=device.id, person=device.person, page=page, label=label, until=now + HELD_FOR)
        await self._store.put(told)
        self._put(told)
        self._on_told(page)
        return len(over)

    async def forget(self, device_id: str) -> None:
        """A device is gone, and with it what it told; the database has forgotten it already."""
        for page, told in self._of_device.pop(device_id, {}).items():
            self._heard.drop(told)
            self._on_told(page)

    async def _make_room(self, device: str, now: datetime) -> None:
        """What ends first goes when there is too much: of the device, and then of all."""
        own = self._of_device.get(device, {})
        await self._drop(told for told in [*own.values()] if told.until <= now)
        if len(own) >= MOST_OF_A_DEVICE:
            await self._drop([min(own.values(), key=lambda told: told.until)])
        if sum(map(len, self._of_device.values())) >= MOST_IN_ALL:
            every = (told for pages in self._of_device.values() for told in pages.values())
            await self._drop([min(every, key=lambda told: told.until)])

    async def _drop(self, gone: Iterable[HeardLabel]) -> None:
        for told in gone:
            await self._store.drop(told)
            self._heard.drop(told)
            self._of_device.get(told.device, {}).pop(told.page, None)
            self._on_told(told.page)

    def _put(self, told: HeardLabel) -> None:
        self._heard.put(told)
        self._of_device.setdefault(told.device, {})[told.page] = told


def _closes(label: Label, age: int) -> bool:
    """Whether a label is worth keeping: above the person's age, so that it is no trace of a page that they read.

    A part is taken out of its page, which stays open, so it is not kept either.
    """
    return label.scope is not Scope.PART and label.trust > Trust.D and label.min_age > age
