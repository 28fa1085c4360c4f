"""The paths of the verdict API, and what each answers. All is described in openapi.yaml; a test compares the two."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml
from aiohttp import web
from aiohttp.typedefs import Handler

from gateway.edge.control_api.console import CannotPair
from gateway.edge.control_api.exchange import answer, parameters_of
from gateway.edge.control_api.problem import Refused
from gateway.edge.control_api.worded_page import WordedPage
from gateway.edge.verdict_api.asked import AskedHost, AskedPage, AskedPairing, Heartbeat, ToldLabels, labels_of, read
from gateway.edge.verdict_api.bundles import Bundles, NoBundle
from gateway.edge.verdict_api.devices import Devices, WrongCode
from gateway.edge.verdict_api.files import TYPES, AddonFiles
from gateway.edge.verdict_api.guard import for_device, let_extensions_read, preflight, too_often
from gateway.edge.verdict_api.judging import DocumentGate, verdict_json
from gateway.edge.verdict_api.pace import Pace, TooOften, side_of
from gateway.edge.verdict_api.telling import Listener, believed
from gateway.labels.label import Reading, Status
from gateway.profiles.person import Person
from gateway.store.asks import Ask, AskStore, TooManyAsks
from gateway.store.devices import Device

HEARTBEAT_SECONDS: Final = 300
_PREFIX: Final = "/addon/v1"
# How often one device may ask, a minute: a person opens a page a second, and a page has ten frames.
_VERDICTS: Final = 600
_LABELS: Final = 30
_BUNDLES: Final = 20
_HEARTBEATS: Final = 20
_ASKS: Final = 6
_MINUTE: Final = 60.0


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 description of the verdict API."""
    described: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("openapi.yaml").read_text(encoding="utf-8"))
    return described


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the verdict API rests on; `gateway` is the address by which devices reach it."""

    gateway: str | None
    devices: Devices
    bundles: Bundles
    gate: DocumentGate
    listener: Listener
    asks: AskStore
    files: AddonFiles


class VerdictRoutes:
    """Handlers; each checks the device's token itself, except those that `openapi.yaml` says are open."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._described = parts, openapi()
        self._page = WordedPage("edge/verdict_api/pages", "pair")
        guarded = partial(for_device, parts.devices)
        self._table = [
            web.get(f"{_PREFIX}/openapi.json", self._get_openapi),
            web.post(f"{_PREFIX}/pair", self._post_pair),
            web.get(f"{_PREFIX}/bundle", guarded(Pace(_BUNDLES, _MINUTE), self._get_bundle)),
            web.post(f"{_PREFIX}/verdict", guarded(Pace(_VERDICTS, _MINUTE), self._post_verdict)),
            web.post(f"{_PREFIX}/labels", guarded(Pace(_LABELS, _MINUTE), self._post_labels)),
            web.post(f"{_PREFIX}/heartbeat", guarded(Pace(_HEARTBEATS, _MINUTE), self._post_heartbeat)),
            web.post(f"{_PREFIX}/ask", guarded(Pace(_ASKS, _MINUTE), self._post_ask)),
            web.get("/addon/pair", self._get_pair_page),
            *(web.get(f"/addon/{name}", self._sends(name)) for name in TYPES),
        ]

    @property
    def handlers(self) -> Collection[object]:
        return {route.handler for route in self._table}

    def table(self) -> list[web.RouteDef]:
        return self._table

    def install(self, app: web.Application) -> None:
        """After the check of the Host field and before that of tokens: a preflight carries none."""
        app.middlewares.insert(2, preflight)
        app.on_response_prepare.append(let_extensions_read)

    def _person(self, device: Device) -> Person | None:
        ruling = self._parts.gate.ruling
        return ruling.policy.people.get(device.person) if ruling is not None else None

    # -- what anybody may ask ---------------------------------------------------------------------------------------

    async def _get_openapi(self, request: web.Request) -> web.Response:
        parameters_of(request)
        return answer(self._described)

    async def _get_pair_page(self, request: web.Request) -> web.Response:
        return self._page.response(request.headers.get("Accept-Language"))

    def _sends(self, name: str) -> Handler:
        async def send(_request: web.Request) -> web.StreamResponse:
            return await self._parts.files.response(name)

        return send

    async def _post_pair(self, request: web.Request) -> web.StreamResponse:
        parameters_of(request)
        asked = await read(request, AskedPairing)
        about = {"name": asked.name, "browser": asked.browser, "version": asked.version}
        try:
            device, token = await self._parts.devices.pair(asked.code, **about, side=side_of(request.remote))
        except TooOften as often:
            return too_often(often)
        except WrongCode as wrong:
            raise Refused(403, str(wrong)) from wrong
        except CannotPair as cannot:
            raise Refused(409, str(cannot)) from cannot
        person = self._person(device)
        return answer(
            {
                "device": device.id,
                "token": token,
                "gateway": self._parts.gateway,
                "public_key": dict(self._parts.bundles.key.public_jwk),
                "person": device.person,
                "language": person.language if person is not None else None,
            }
        )

    # -- what a device may ask --------------------------------------------------------------------------------------

    async def _get_bundle(self, request: web.Request, device: Device) -> web.StreamResponse:
        parameters_of(request)
        known = {tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")}
        try:
            tag = await self._parts.bundles.tag(device)
            if tag in known:
                return web.Response(status=304, headers={"ETag": tag})
            tag, signed = await self._parts.bundles.of(device)
        except NoBundle as none:
            raise Refused(409, str(none)) from none
        travels = signed.to_json()
        headers = {"ETag": tag, "Qorgan-Signature": travels["signature"], "Qorgan-Key": travels["key"]}
        return web.Response(body=signed.content, content_type="application/json", headers=headers)

    async def _post_verdict(self, request: web.Request, device: Device) -> web.StreamResponse:
        parameters_of(request)
        asked = await read(request, AskedPage)
        judged = await self._parts.gate.judge_page(device.person, asked)
        return answer(verdict_json(judged, asked.url.host, has_reading=asked.reading is not None))

    async def _post_labels(self, request: web.Request, device: Device) -> web.StreamResponse:
        parameters_of(request)
        told = await read(request, ToldLabels)
        ruling, person, now, kept = self._parts.gate.ruling, self._person(device), datetime.now(UTC), 0
        if ruling is not None and person is not None:
            reading = Reading(status=Status.UNLABELLED, labels=labels_of(told.labels))
            seen = believed(reading, ruling.labels, ruling.hosts.lookup_address(told.url))
            kept = await self._parts.listener.tell(device, told.url, seen.labels, person.age_at(now), now)
        response = answer({"kept": kept})
        response.set_status(202)
        return response

    async def _post_heartbeat(self, request: web.Request, device: Device) -> web.StreamResponse:
        parameters_of(request)
        alive = await read(request, Heartbeat)
        told = alive.model_dump(exclude={"version", "browser"})
        await self._parts.devices.heard(device, version=alive.version, browser=alive.browser, told=told)
        ruling, now = self._parts.gate.ruling, datetime.now(UTC)
        asks = await self._parts.asks.of(device.person, now)
        return answer(
            {
                "revision": ruling.revision if ruling is not None else "",
                "now": now.isoformat(timespec="seconds"),
                "bundle": await self._tag(device),
                "every": HEARTBEAT_SECONDS,
                "asks": [_ask_json(each) for each in asks],
            }
        )

    async def _tag(self, device: Device) -> str | None:
        try:
            return await self._parts.bundles.tag(device)
        except NoBundle:
            return None

    async def _post_ask(self, request: web.Request, device: Device) -> web.StreamResponse:
        parameters_of(request)
        wanted = await read(request, AskedHost)
        asked = Ask(
            id=secrets.token_hex(4),
            person=device.person,
            host=wanted.host,
            reason=wanted.reason,
            asked=datetime.now(UTC).replace(microsecond=0),
        )
        try:
            return answer(_ask_json(await self._parts.asks.ask(asked)))
        except TooManyAsks as many:
            raise Refused(409, str(many)) from many


def _ask_json(ask: Ask) -> dict[str, Any]:
    """What whoever asked is told."""
    return {"id": ask.id, "host": ask.host, "asked": ask.asked.isoformat(), "answer": ask.answer}
