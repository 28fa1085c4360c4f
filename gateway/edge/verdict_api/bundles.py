"""The bundle of each device: made when it is asked for, out of what is the same for all, which is kept for a while."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Final

from gateway.bundle.bundle import Shared, build_bundle, share
from gateway.edge.bundle_key import BundleKey, SignedBundle
from gateway.edge.inquiry import Ruling
from gateway.edge.standing import Standing
from gateway.profiles.person import Person
from gateway.store.asks import AskStore
from gateway.store.devices import Device

# A bundle is issued anew when so much of its life is over: a device that comes by once a day always has most of it.
_FRESH: Final = 1 / 14
# Minutes used make another bundle only in steps: the device counts by itself, and asks while the gateway is there.
_STEP_MINUTES: Final = 5


class NoBundle(Exception):  # noqa: N818 - reads as a sentence
    """There is no bundle for this device now; the text says why."""


class Bundles:
    """`ruling` gives the one in force. `life` is how long a bundle holds away from the gateway."""

    def __init__(
        self,
        key: BundleKey | None,
        life: timedelta,
        *,
        ruling: Callable[[], Ruling | None],
        standing: Standing,
        asks: AskStore,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._key = key
        self._life, self._ruling, self._standing, self._asks, self._clock = life, ruling, standing, asks, clock
        self._shared: tuple[Ruling, Shared] | None = None
        self._sharing = asyncio.Lock()  # what all have in common is made once, however many ask

    @property
    def key(self) -> BundleKey:
        """What signs. Raises NoBundle when it is damaged."""
        if self._key is None:
            raise NoBundle("the key that signs bundles cannot be read")
        return self._key

    async def tag(self, device: Device) -> str:
        """The entity tag (RFC 9110, section 8.8.3) of the bundle that `device` should have. Raises NoBundle."""
        ruling, shared = await self._common()
        return await self._tag(device, _person(ruling, device), shared)

    async def of(self, device: Device) -> tuple[str, SignedBundle]:
        """The entity tag and the signed bundle. Raises NoBundle."""
        ruling, shared = await self._common()
        person = _person(ruling, device)
        tag = await self._tag(device, person, shared)
        build = partial(
            build_bundle,
            shared,
            person,
            device=device.id,
            given=self._standing.grants(self._clock()),
            used=self._standing.minutes.of(person.name),
            asked=await self._asked(person),
        )
        return tag, await asyncio.to_thread(lambda: self.key.sign(build()))

    async def _common(self) -> tuple[Ruling, Shared]:
        async with self._sharing:
            ruling, now = self._ruling(), self._clock()
            if ruling is None:
                raise NoBundle("no policy is in force")
            known = self._shared
            if known is None or known[0] is not ruling or not self._is_fresh(known[1], now):
                shared = await asyncio.to_thread(share, ruling.policy, ruling.hosts, now, self._life)
                known = self._shared = (ruling, shared)
            return known

    def _is_fresh(self, shared: Shared, now: datetime) -> bool:
        return timedelta(0) <= now - shared.issued < self._life * _FRESH

    async def _tag(self, device: Device, person: Person, shared: Shared) -> str:
        """Everything that makes another bundle, in a digest: nothing of it can be read from the tag."""
        names = {person.name, *person.groups}
        own = sorted(grant.id for grant in self._standing.grants(self._clock()) if names & grant.people)
        used = sorted(
            (service, tally.day, tally.minutes // _STEP_MINUTES)
            for service, tally in self._standing.minutes.of(person.name).items()
        )
        made_of = (
            device.id,
            shared.values["revision"],
            shared.issued,
            person.name,
            own,
            used,
            await self._asked(person),
        )
        return f'"{sha256(repr(made_of).encode()).hexdigest()[:32]}"'

    async def _asked(self, person: Person) -> list[str]:
        """Hosts that the person asked to have opened: what long lists know of them goes into the bundle too."""
        return sorted({ask.host for ask in await self._asks.of(person.name, self._clock())})


def _person(ruling: Ruling, device: Device) -> Person:
    try:
        return ruling.policy.people[device.person]
    except KeyError:
        raise NoBundle("the policy no longer knows the person of this device: pair it again") from None
