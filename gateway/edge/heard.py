"""Labels that devices with the add-on saw in live documents, in memory: for whom each of them binds which page.

A device may be in a pupil's hands, so what it says can only tighten, and only a little:

* Only a label above the age of the device's own person is taken (gateway/edge/verdict_api/telling.py). A low label, a
  kind, "harmless" cannot even be said.
* It speaks for the one page that it was seen on, never for a host: nobody closes a whole site for others, or for
  themselves, by one page that they wrote.
* It binds the person of the device. Other people are bound when devices of two people tell of the same page, by the
  age that both reach: a brother cannot close pages for his sister alone. The page tier, which would be the second
  source, needs no help: where it sees a label, it has it.
* It ends after a week, as a visit does, because a site may change its mind.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from gateway.document.url import Url
from gateway.labels.label import Label
from gateway.store.heard import HeardLabel

HELD_FOR: Final = timedelta(days=7)
_AGREE: Final = 2  # people

type _Page = dict[str, tuple[HeardLabel, ...]]  # person → what each of their devices told


def page_key(url: Url) -> str:
    """By which a page is known: a digest of its address, so that no list of addresses lies anywhere."""
    return sha256(url.href.encode()).hexdigest()


class Heard:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        self._pages: dict[str, _Page] = {}

    def of(self, person: str, url: Url, moment: datetime) -> tuple[Label, ...]:
        """What binds `person` at the page at `moment` (aware), the strictest of each source."""
        if not self._pages:
            return ()
        page = self._pages.get(page_key(url))
        if page is None:
            return ()
        told = [label for each in page.values() if (label := _strictest(each, moment)) is not None]
        told.sort(key=lambda label: -label.min_age)
        own = _strictest(page.get(person, ()), moment)
        agreed = told[_AGREE - 1] if len(told) >= _AGREE else None
        return tuple(dict.fromkeys(label for label in (own, agreed) if label is not None))

    def told_by(self, device: str, page: str) -> HeardLabel | None:
        """What a device told of a page."""
        return next((each for each in self.all([page]) if each.device == device), None)

    def put(self, told: HeardLabel) -> None:
        """Puts it in the place of what the device told of the page before."""
        self.drop(told)
        page = self._pages.setdefault(told.page, {})
        page[told.person] = (*page.get(told.person, ()), told)

    def drop(self, told: HeardLabel) -> None:
        """Forgets what the device told of the page."""
        self.hold(told.page, [each for each in self.all([told.page]) if each.device != told.device])

    def hold(self, page: str, told: Iterable[HeardLabel]) -> None:
        """Puts these in the place of everything that was told of one page."""
        people: _Page = {}
        for each in told:
            people[each.person] = (*people.get(each.person, ()), each)
        if people:
            self._pages[page] = people
        else:
            self._pages.pop(page, None)

    def clear(self) -> None:
        """Forgets everything."""
        self._pages.clear()

    def pages(self) -> tuple[str, ...]:
        """The pages of which anything was told."""
        return tuple(self._pages)

    def all(self, pages: Iterable[str]) -> Iterator[HeardLabel]:
        """Everything that was told of these pages."""
        return (each for page in pages for told in self._pages.get(page, {}).values() for each in told)


def _strictest(told: Iterable[HeardLabel], moment: datetime) -> Label | None:
    holding = (each.label for each in told if moment < each.until)
    return max(holding, key=lambda label: label.min_age, default=None)
