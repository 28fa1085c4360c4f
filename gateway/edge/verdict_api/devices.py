"""The devices of an installation: how they are paired and known again, when they were last heard, how they end."""

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from gateway.edge.addon_shape import only_here
from gateway.edge.control_api.console import CannotPair, Offer, Revoked, ShownDevice, UnknownPerson
from gateway.edge.verdict_api.codes import (
    hash_of,
    is_enrolment,
    new_code,
    new_enrolment,
    read_code,
    shown_code,
    token_hash,
)
from gateway.edge.verdict_api.pace import Pace
from gateway.policy.policy import Policy
from gateway.store.devices import Device, DeviceStore, Pairing
from gateway.store.fault import StoreFault

CODE_LIFE: Final = timedelta(minutes=10)
LONGEST_ENROLMENT_DAYS: Final = 400  # a school year and its summer
MOST_DEVICES: Final = 5_000
MOST_CODES: Final = 200  # that hold at once
_TOKEN: Final = "qorgan-device_"  # noqa: S105 - how a token begins
# Of 24^8 codes, somebody with a hundred addresses tries one in a hundred million before a code ends.
_WRONG_CODES: Final = 10  # from one side
_WRONG_IN_ALL: Final = 200
_WRONG_SECONDS: Final = 600.0
# Browsers go on sending a token that has ended until their policy has another, and a school's have one address: they
# are not people who guess. So many are 500 browsers, every five minutes.
_ENDED_TOKENS: Final = 1_000  # from one side


class WrongCode(Exception):  # noqa: N818 - reads as a sentence
    """No code like this holds."""

    def __init__(self) -> None:
        super().__init__("this code is wrong, was used already or is too old: ask for a new one")


class Devices:
    """`policy` gives the one in force, `gateway` is the address by which devices reach the gateway, if anybody knows.

    `salt` is the installation's own. Methods that wait raise StoreFault.
    """

    def __init__(
        self,
        store: DeviceStore,
        policy: Callable[[], Policy | None],
        *,
        gateway: str | None,
        salt: str,
        silent_after: timedelta,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        on_revoked: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        self.fault: str | None = None  # why the devices are not known
        self._store, self._policy, self._gateway, self._salt = store, policy, gateway, salt
        self._silent_after, self._clock, self._on_revoked = silent_after, clock, on_revoked
        self._by_token: dict[str, Device] = {}
        self._wrong, self._wrong_in_all = Pace(_WRONG_CODES, _WRONG_SECONDS), Pace(_WRONG_IN_ALL, _WRONG_SECONDS)
        self._ended = Pace(_ENDED_TOKENS, _WRONG_SECONDS)
        self._hashing = asyncio.Lock()  # one costly hash at a time, however many ask

    async def load(self) -> None:
        """Takes up the devices that are known. Never raises; `fault` says what failed."""
        try:
            self._by_token = {device.token: device for device in await self._store.load()}
            self.fault = None
        except StoreFault as fault:
            self.fault = str(fault)

    # -- pairing --------------------------------------------------------------------------------------------------

    async def offer(self, person: str, enrol_days: int | None = None) -> Offer:
        """A code for one device of a person, or an enrolment token for many. Raises UnknownPerson, CannotPair."""
        policy, now = self._policy(), self._clock().replace(microsecond=0)
        if policy is None or person not in policy.people:
            raise UnknownPerson(person)
        if self._gateway is None:
            raise CannotPair(
                "the admin port listens on every address of this machine: "
                "write the one that devices know into the installation file, as addon: {gateway: http://192.168.1.2:8088}"
            )
        many = enrol_days is not None
        code = new_enrolment() if many else new_code()
        until = now + (timedelta(days=enrol_days) if enrol_days is not None else CODE_LIFE)
        hashed = await self._hash(code)
        offered = Pairing(id=secrets.token_hex(4), person=person, hash=hashed, many=many, until=until)
        if not await self._store.offer(offered, now, most=MOST_CODES):
            raise CannotPair(f"{MOST_CODES} codes hold already: wait until some have ended")
        here = only_here(self._gateway)
        return Offer(
            code=shown_code(code),
            person=person,
            many=many,
            until=until,
            gateway=self._gateway,
            url=None if many else f"{self._gateway}/addon/pair#{code}",
            note=f"only a browser on this machine reaches {self._gateway}: see `admin` and `addon`" if here else None,
        )

    async def pair(self, typed: str, *, name: str, browser: str, version: str, side: str) -> tuple[Device, str]:
        """The device that a code makes, and its token, which is shown this once.

        `side`: by whom guesses are counted. Raises TooOften, WrongCode, CannotPair.
        """
        self._known()
        code, token = read_code(typed), _TOKEN + secrets.token_urlsafe(32)
        brakes = self._brakes(code, side)
        for pace, whose in brakes:
            pace.check(whose)
        if len(self._by_token) >= MOST_DEVICES:
            raise CannotPair(f"there are {MOST_DEVICES} devices already: revoke some first")

        def device(used: Pairing) -> Device | None:
            policy = self._policy()
            if policy is None or used.person not in policy.people:
                return None
            return Device(
                id=secrets.token_hex(8),
                person=used.person,
                name=name,
                browser=browser,
                version=version,
                token=token_hash(token),
                paired=self._clock().replace(microsecond=0),
                enrolment=used.id if used.many else None,
            )

        hashed = await self._hash(code) if code is not None else None
        made = await self._store.pair(hashed, device, self._clock()) if hashed is not None else None
        if made is None:
            for pace, whose in brakes:
                pace.count(whose)
            raise WrongCode
        self._by_token[made.token] = made
        return made, token

    def _brakes(self, code: str | None, side: str) -> Sequence[tuple[Pace, str]]:
        """What counts the codes like this one that do not hold, and under which name."""
        if code is not None and is_enrolment(code):
            return [(self._ended, side)]
        return [(self._wrong, side), (self._wrong_in_all, "")]

    async def _hash(self, code: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(hash_of, code, self._salt)

    # -- what is known of them ------------------------------------------------------------------------------------

    def of_token(self, token: str) -> Device | None:
        """Whose token it is; None: nobody's, or it was revoked. Raises StoreFault when nobody can know."""
        self._known()
        return self._by_token.get(token_hash(token))

    def _known(self) -> None:
        if self.fault is not None:
            raise StoreFault(self.fault)

    async def heard(self, device: Device, *, version: str, browser: str, told: Mapping[str, Any]) -> None:
        """A heartbeat. That it cannot be written changes nothing for the device."""
        now = self._clock().replace(microsecond=0)
        alive = replace(device, version=version, browser=browser, seen=now, told=told)
        if device.token in self._by_token:
            self._by_token[device.token] = alive
            with contextlib.suppress(StoreFault):
                await self._store.touch(alive)

    def shown(self) -> Sequence[ShownDevice]:
        """Every device, by person and name. Raises StoreFault when nobody can know."""
        self._known()
        oldest = self._clock() - self._silent_after
        known = sorted(self._by_token.values(), key=lambda device: (device.person, device.name, device.id))
        return [ShownDevice(device, (device.seen or device.paired) < oldest) for device in known]

    async def enrolments(self) -> Sequence[Pairing]:
        """The enrolment tokens that hold."""
        return await self._store.enrolments(self._clock())

    async def revoke(self, device_id: str) -> Revoked | None:
        """Takes a device's token back at once, or an enrolment token; None when there is none of that id.

        An enrolment token that holds pairs the device again, for its browser has it from a policy: it is told with it.
        """
        self._known()
        device = next((each for each in self._by_token.values() if each.id == device_id), None)
        if device is None:
            return Revoked(device_id) if await self._store.withdraw(device_id) else None
        del self._by_token[device.token]  # first: whatever the database says, it is over
        try:
            again_by = next((each for each in await self.enrolments() if each.id == device.enrolment), None)
            await self._store.remove(device_id)
        except StoreFault:
            self._by_token[device.token] = device  # a restart would bring it back: nobody is told that it is gone
            raise
        if self._on_revoked is not None:
            await self._on_revoked(device_id)
        return Revoked(device_id, again_by)
