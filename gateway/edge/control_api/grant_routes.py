"""The paths under which grants are listed, given and taken back, and under which a person's time is asked for."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from aiohttp import web

from gateway.edge.control_api.console import Desk, UnknownPerson
from gateway.edge.control_api.exchange import answer, body_of, parameters_of
from gateway.edge.control_api.problem import Refused
from gateway.edge.granting import BadGrant
from gateway.edge.standing import TooManyGrants
from gateway.edge.time_left import TimeLeft
from gateway.profiles.grant import Grant


class GrantRoutes:
    """Handlers; all of them need the token."""

    def __init__(self, desk: Desk, prefix: str) -> None:
        self._desk, self._prefix = desk, prefix

    def table(self) -> list[web.RouteDef]:
        return [
            web.get(f"{self._prefix}/grants", self._get_grants),
            web.post(f"{self._prefix}/grants", self._post_grants),
            web.delete(f"{self._prefix}/grants/{{id}}", self._delete_grant),
            web.get(f"{self._prefix}/time", self._get_time),
        ]

    async def _get_grants(self, request: web.Request) -> web.Response:
        parameters_of(request)
        return answer({"grants": [grant_json(grant) for grant in self._desk.held()]})

    async def _post_grants(self, request: web.Request) -> web.Response:
        parameters_of(request)
        asked = await body_of(request)
        if not isinstance(asked, dict):
            raise Refused(422, "a grant is a JSON object")
        try:
            given = await self._desk.give(asked)
        except BadGrant as bad:
            faults = [{"field": name, "message": said} for name, said in bad.faults]
            raise Refused(422, str(bad), faults=faults) from bad
        except TooManyGrants as many:
            raise Refused(409, str(many)) from many
        return answer({"grants": [grant_json(grant) for grant in given]})

    async def _delete_grant(self, request: web.Request) -> web.Response:
        parameters_of(request)
        revoked = await self._desk.revoke(request.match_info["id"])
        if revoked is None:
            raise Refused(404, "no grant of that id holds")
        return answer({"revoked": grant_json(revoked)})

    async def _get_time(self, request: web.Request) -> web.Response:
        given = parameters_of(request, "as")
        if not given.get("as"):
            raise Refused(422, "as: is missing")
        try:
            return answer(time_json(self._desk.time_of(given["as"])))
        except UnknownPerson as unknown:
            raise Refused(404, "as: the policy knows nobody of that name") from unknown


def grant_json(grant: Grant) -> dict[str, Any]:
    """A grant in JSON values."""
    return {
        "id": grant.id,
        "by": grant.by,
        "for": sorted(grant.people),
        "minutes": grant.minutes or None,
        "host": grant.host or None,
        "path": grant.path,
        "since": grant.since.isoformat() if grant.since is not None else None,
        "until": grant.until.isoformat() if grant.until is not None else None,
    }


def time_json(time: TimeLeft) -> Mapping[str, Any]:
    """What time somebody has, in JSON values."""
    blocked, ending = time.blocked, time.ending
    return {
        "person": time.person,
        "at": time.at.isoformat(timespec="seconds"),
        "blocked": None
        if blocked is None
        else {
            "reason": blocked.reason.value,
            "rule": blocked.rule,
            "where": blocked.where,
            "until": blocked.until.isoformat() if blocked.until is not None else None,
        },
        "flags": [] if ending is None else [ending.flag],
        "until": None if ending is None else ending.until.isoformat(),
        "limits": [asdict(limit) for limit in time.limits],
    }
