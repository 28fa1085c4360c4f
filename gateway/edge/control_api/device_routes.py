"""The paths under which devices are paired, listed and revoked, and under which people's questions are answered."""

from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web

from gateway.edge.control_api.console import AskDesk, CannotPair, DeviceDesk, Offer, ShownDevice, UnknownPerson
from gateway.edge.control_api.exchange import answer, body_of, parameters_of
from gateway.edge.control_api.problem import Refused
from gateway.store.asks import Ask
from gateway.store.devices import Pairing

_PREFIX: Final = "/api/v1"
_ENROL_DAYS: Final = 365
_LONGEST_DAYS: Final = 400  # a school year and its summer


class DeviceRoutes:
    """Handlers; all of them need the token."""

    def __init__(self, devices: DeviceDesk, asks: AskDesk) -> None:
        self._devices, self._asks = devices, asks

    def table(self) -> list[web.RouteDef]:
        return [
            web.post(f"{_PREFIX}/people/{{name}}/pairing", self._post_pairing),
            web.get(f"{_PREFIX}/devices", self._get_devices),
            web.delete(f"{_PREFIX}/devices/{{id}}", self._delete_device),
            web.get(f"{_PREFIX}/asks", self._get_asks),
            web.delete(f"{_PREFIX}/asks/{{id}}", self._delete_ask),
        ]

    async def _post_pairing(self, request: web.Request) -> web.Response:
        parameters_of(request)
        days = _days_of(await body_of(request))
        try:
            return answer(_offer_json(await self._devices.offer(request.match_info["name"], days)))
        except UnknownPerson as unknown:
            raise Refused(404, "the policy knows nobody of that name") from unknown
        except CannotPair as cannot:
            raise Refused(409, str(cannot)) from cannot

    async def _get_devices(self, request: web.Request) -> web.Response:
        parameters_of(request)
        enrolments = [_enrolment_json(each) for each in await self._devices.enrolments()]
        return answer({"devices": [device_json(each) for each in self._devices.shown()], "enrolments": enrolments})

    async def _delete_device(self, request: web.Request) -> web.Response:
        parameters_of(request)
        revoked = await self._devices.revoke(request.match_info["id"])
        if revoked is None:
            raise Refused(404, "there is no device and no enrolment of that id")
        again_by = _enrolment_json(revoked.again_by) if revoked.again_by is not None else None
        return answer({"revoked": revoked.id, "again_by": again_by})

    async def _get_asks(self, request: web.Request) -> web.Response:
        parameters_of(request)
        return answer({"asks": [ask_json(each) for each in await self._asks.open(datetime.now(UTC))]})

    async def _delete_ask(self, request: web.Request) -> web.Response:
        parameters_of(request)
        refused = await self._asks.refuse(request.match_info["id"])
        if refused is None:
            raise Refused(404, "no question of that id is open")
        return answer({"refused": ask_json(refused)})


def _days_of(asked: Any) -> int | None:
    """For how many days an enrolment token is asked for; None: a code for one device."""
    if asked == {}:
        return None
    if not isinstance(asked, dict) or asked.keys() - {"enrol", "days"} or asked.get("enrol") is not True:
        raise Refused(422, 'send {} for a code, or {"enrol": true, "days": 365} for an enrolment token')
    days = asked.get("days", _ENROL_DAYS)
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= _LONGEST_DAYS:
        raise Refused(422, f"days: a number from 1 to {_LONGEST_DAYS}")
    return days


def _offer_json(offer: Offer) -> dict[str, Any]:
    return {
        "code": offer.code,
        "person": offer.person,
        "enrolment": offer.many,
        "until": offer.until.isoformat(),
        "gateway": offer.gateway,
        "url": offer.url,
        "note": offer.note,
    }


def _enrolment_json(enrolment: Pairing) -> dict[str, Any]:
    """An enrolment token in JSON values; the token itself is not among them, nor the hash of it."""
    return {"id": enrolment.id, "person": enrolment.person, "until": enrolment.until.isoformat()}


def device_json(shown: ShownDevice) -> dict[str, Any]:
    """A device in JSON values; its token is not among them, nor the hash of it."""
    device = shown.device
    return {
        "id": device.id,
        "person": device.person,
        "name": device.name,
        "browser": device.browser,
        "version": device.version,
        "paired": device.paired.isoformat(),
        "seen": device.seen.isoformat() if device.seen is not None else None,
        "silent": shown.silent,
        "told": device.told,
        "enrolment": device.enrolment,
    }


def ask_json(ask: Ask) -> dict[str, Any]:
    """A question and its answer in JSON values, for a guardian."""
    return {
        "id": ask.id,
        "person": ask.person,
        "host": ask.host,
        "reason": ask.reason,
        "asked": ask.asked.isoformat(),
        "answer": ask.answer,
    }
