"""The paths of the API, and what each answers. All is described in openapi.yaml; a test compares the two."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CONTENT_TYPE_LATEST

from gateway.decision.otherwise.asking import Counterfactual
from gateway.decision.verdict import Verdict
from gateway.document.url import canonical
from gateway.edge.control_api.console import Console, UnknownPerson
from gateway.edge.control_api.exchange import answer, body_of, parameters_of
from gateway.edge.control_api.grant_routes import GrantRoutes
from gateway.edge.control_api.guard import HAS_TOKEN
from gateway.edge.control_api.opened_routes import OpenedRoutes
from gateway.edge.control_api.problem import Refused
from gateway.edge.control_api.worded_page import WordedPage
from gateway.labels.jsonl import label_json
from gateway.store.journal import Line

LONGEST_BODY_BYTES = 64 * 1024
MOST_LINES = 1_000
_PREFIX = "/api/v1"


class Routes:
    """The handlers, and which of them answer without a token."""

    def __init__(self, console: Console, openapi: Mapping[str, Any]) -> None:
        self._console = console
        self._openapi = openapi
        self._page = WordedPage("edge/control_api/pages", "ca")
        self._grants = GrantRoutes(console.grants, _PREFIX)
        self._opened = OpenedRoutes(console.opened, lambda: [each.name for each in console.people()], _PREFIX)

    @property
    def open_handlers(self) -> Collection[Handler]:
        """Those that anybody may ask: whether it is alive, and the certificate, which is no secret."""
        return {self._get_alive, self._get_health, self._get_page, self._get_pem, self._get_der}

    def table(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._get_page),
            web.get("/ca.pem", self._get_pem),
            web.get("/ca.der", self._get_der),
            web.get("/health", self._get_alive),
            web.get(f"{_PREFIX}/health", self._get_health),
            web.get(f"{_PREFIX}/version", self._get_version),
            web.get(f"{_PREFIX}/people", self._get_people),
            web.get(f"{_PREFIX}/journal", self._get_journal),
            web.get(f"{_PREFIX}/explain", self._get_explain),
            web.post(f"{_PREFIX}/reload", self._post_reload),
            web.post(f"{_PREFIX}/restart", self._post_restart),
            *self._grants.table(),
            *self._opened.table(),
            web.get(f"{_PREFIX}/metrics", self._get_metrics),
            web.get(f"{_PREFIX}/openapi.json", self._get_openapi),
        ]

    async def _get_page(self, request: web.Request) -> web.Response:
        authority = self._console.authority
        return self._page.response(
            request.headers.get("Accept-Language"),
            fingerprint=authority.fingerprint(),
            never_signed=authority.never_signed,
        )

    async def _get_pem(self, _request: web.Request) -> web.Response:
        return _download(self._console.authority.root_pem(), "application/x-pem-file", "qorgan-ca.pem")

    async def _get_der(self, _request: web.Request) -> web.Response:
        return _download(self._console.authority.root_der(), "application/x-x509-ca-cert", "qorgan-ca.crt")

    async def _get_alive(self, _request: web.Request) -> web.Response:
        """For whatever restarts the gateway: it answers, so it lives; a degraded gateway is not helped by a restart."""
        return answer({"status": "ok" if self._console.health().ok else "degraded"})

    async def _get_health(self, request: web.Request) -> web.Response:
        parameters_of(request)
        health = self._console.health()
        status = {"status": "ok" if health.ok else "degraded"}
        return answer({**status, **health.details} if request.get(HAS_TOKEN) else status)

    async def _get_version(self, request: web.Request) -> web.Response:
        parameters_of(request)
        return answer({"version": self._console.version})

    async def _get_people(self, request: web.Request) -> web.Response:
        parameters_of(request)
        return answer({"people": [asdict(person) for person in self._console.people()]})

    async def _get_journal(self, request: web.Request) -> web.Response:
        text = parameters_of(request, "n").get("n", "100")
        if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST_LINES):
            raise Refused(422, f"n: a number from 1 to {MOST_LINES}")
        return answer({"lines": [line_json(line) for line in await self._console.journal(int(text))]})

    async def _get_explain(self, request: web.Request) -> web.Response:
        given = parameters_of(request, "url", "as", "at")
        for name in ("url", "as"):
            if not given.get(name):
                raise Refused(422, f"{name}: is missing")
        try:
            url = canonical(given["url"])
        except ValueError as fault:
            raise Refused(422, f"url: {fault}") from fault
        try:
            explained = await self._console.explain(url, given["as"], _moment(given.get("at")))
        except UnknownPerson as unknown:
            raise Refused(404, "as: the policy knows nobody of that name") from unknown
        otherwise = [counterfactual_json(other) for other in explained.otherwise]
        return answer({"verdict": verdict_json(explained.verdict), "otherwise": otherwise, "text": explained.text})

    async def _post_reload(self, request: web.Request) -> web.Response:
        parameters_of(request)
        if await body_of(request) != {}:
            raise Refused(422, "this takes no orders: send {}")
        last = await self._console.reload()
        if not last.good:
            problems = [asdict(problem) for problem in last.problems]
            detail = "the policy has problems; the one before still holds"
            raise Refused(422, detail, revision=last.revision, problems=problems)
        return answer({"revision": last.revision})

    async def _post_restart(self, request: web.Request) -> web.Response:
        parameters_of(request)
        if await body_of(request) != {}:
            raise Refused(422, "this takes no orders: send {}")
        self._console.restart()
        return answer({"restart": "begun"})

    async def _get_metrics(self, request: web.Request) -> web.Response:
        parameters_of(request)
        return web.Response(body=self._console.metrics(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _get_openapi(self, request: web.Request) -> web.Response:
        parameters_of(request)
        return answer(self._openapi)


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict in JSON values, with the names that `qorgan decide --jsonl` uses."""
    return {
        "action": verdict.action.word,
        "effect": verdict.effect.value,
        "reason": verdict.reason.value,
        "layer": verdict.layer.value,
        "category": verdict.category,
        "min_age": verdict.min_age,
        "flags": list(verdict.flags),
        "grounds": [{**asdict(ground), "says": ground.says.word} for ground in verdict.grounds],
        "evidence": [label_json(label) for label in verdict.evidence],
        "revision": verdict.revision,
        "until": verdict.until.isoformat() if verdict.until else None,
    }


def counterfactual_json(other: Counterfactual) -> dict[str, Any]:
    """What would make another verdict, in JSON values."""
    return {
        "kind": other.kind.value,
        "change": other.change,
        "action": other.verdict.action.word,
        "reason": other.verdict.reason.value,
        "write": other.write,
    }


def line_json(line: Line) -> dict[str, Any]:
    """A line of the journal in JSON values."""
    return {"moment": line.entry.moment.isoformat(), "times": line.times, **line.entry.to_json()}


def _download(content: bytes, media_type: str, name: str) -> web.Response:
    return web.Response(
        body=content,
        headers={"Content-Type": media_type, "Content-Disposition": f'attachment; filename="{name}"'},
    )


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise Refused(422, "at: a moment as RFC 3339 writes it, like 2026-11-22T21:30:00+05:00") from fault
    if moment.tzinfo is None:
        raise Refused(422, "at: says no offset from UTC; write 2026-11-22T21:30:00+05:00, with + as %2B")
    return moment
