"""The path under which is told what was opened, and why."""

from collections.abc import Awaitable, Callable, Collection, Sequence

from aiohttp import web

from gateway.edge.control_api.exchange import answer, parameters_of
from gateway.edge.control_api.problem import Refused
from gateway.edge.opened import opened_json
from gateway.store.opened import OpenedLine

type Lines = Callable[[str | None], Awaitable[Sequence[OpenedLine]]]


class OpenedRoutes:
    """A handler that needs the token. `people`: the names that the policy knows."""

    def __init__(self, lines: Lines, people: Callable[[], Collection[str]], prefix: str) -> None:
        self._lines, self._people, self._prefix = lines, people, prefix

    def table(self) -> list[web.RouteDef]:
        return [web.get(f"{self._prefix}/opened", self._get_opened)]

    async def _get_opened(self, request: web.Request) -> web.Response:
        person = parameters_of(request, "as").get("as")
        if person == "":
            raise Refused(422, "as: the name of a person")
        lines = await self._lines(person)
        if person is not None and not lines and person not in self._people():
            raise Refused(404, "as: the policy knows nobody of that name")
        return answer({"opened": [opened_json(line) for line in lines]})
