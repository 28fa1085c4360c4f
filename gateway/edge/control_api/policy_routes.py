"""The paths by which a policy's files are looked at, and edited at a place (RFC 6902), never over another's change."""

from dataclasses import asdict
from typing import Any

from aiohttp import web

from gateway.edge.control_api.console import PolicyFile, PolicyFiles, UnknownFile
from gateway.edge.control_api.exchange import answer, body_of, parameters_of
from gateway.edge.control_api.problem import Refused
from gateway.policy.edit import OPERATIONS, Edit, EditRefused, pointer_of
from gateway.problems import ProblemsFound
from gateway.store.fault import DataFault
from gateway.store.write_back import Changed

JSON_PATCH = "application/json-patch+json"
MOST_EDITS = 100


class PolicyRoutes:
    """The handlers; all need the token."""

    def __init__(self, files: PolicyFiles) -> None:
        self._files = files

    def table(self) -> list[web.RouteDef]:
        return [
            web.get("/api/v1/policy", self._get_names),
            web.get("/api/v1/policy/file", self._get_file),
            web.patch("/api/v1/policy/file", self._patch_file),
        ]

    async def _get_names(self, request: web.Request) -> web.Response:
        parameters_of(request)
        return answer({"files": list(await self._files.names())})

    async def _get_file(self, request: web.Request) -> web.Response:
        try:
            return _shown(await self._files.read(_name_of(request)))
        except UnknownFile as unknown:
            raise _unknown() from unknown
        except ProblemsFound as found:
            raise _problems("the file has problems", found) from found

    async def _patch_file(self, request: web.Request) -> web.Response:
        name, digest = _name_of(request), _digest_of(request)
        edits = _edits_of(await body_of(request, JSON_PATCH))
        try:
            return _shown(await self._files.edit(name, digest, edits))
        except UnknownFile as unknown:
            raise _unknown() from unknown
        except Changed as changed:
            raise Refused(412, "the file was changed since you read it: read it again") from changed
        except EditRefused as refused:
            raise Refused(422, str(refused), problems=[]) from refused
        except ProblemsFound as found:
            raise _problems("the policy would have problems; the file is as it was", found) from found
        except DataFault as fault:
            raise Refused(503, str(fault)) from fault


def _shown(file: PolicyFile) -> web.Response:
    return answer({"file": file.file, "policy": file.policy}, {"ETag": f'"{file.digest}"'})


def _name_of(request: web.Request) -> str:
    name = parameters_of(request, "name").get("name")
    if not name:
        raise Refused(422, "name: is missing")
    return name


def _unknown() -> Refused:
    return Refused(404, "name: the policy has no such file; /api/v1/policy lists them")


def _problems(detail: str, found: ProblemsFound) -> Refused:
    return Refused(422, detail, problems=[asdict(problem) for problem in found.problems])


def _digest_of(request: web.Request) -> str:
    given = request.headers.getall("If-Match", [])
    if len(given) != 1 or not (given[0].startswith('"') and given[0].endswith('"')):  # RFC 6585, section 3
        raise Refused(428, "say which content you read: If-Match with the ETag of it")
    return given[0].strip('"')


def _edits_of(given: Any) -> list[Edit]:
    """The operations of a JSON Patch. Raises Refused."""
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_EDITS:
        raise Refused(422, f"a JSON Patch is a list of 1 to {MOST_EDITS} operations")
    return [_edit_of(each) for each in given]


def _edit_of(given: Any) -> Edit:
    if not isinstance(given, dict) or given.get("op") not in OPERATIONS or not isinstance(given.get("path"), str):
        raise Refused(422, f"an operation has op ({', '.join(OPERATIONS)}) and path, like /people/aigerim/age")
    if ("value" in given) != (given["op"] != "remove"):
        raise Refused(422, "value: add, replace and test have one, remove has none")
    try:
        return Edit(given["op"], pointer_of(given["path"]), given.get("value"))
    except EditRefused as refused:
        raise Refused(422, str(refused)) from refused
