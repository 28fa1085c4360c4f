"""What handlers share: the query and body of a request, and an answer in JSON."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from gateway.edge.control_api.problem import Refused


def answer(value: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> web.Response:
    """A response of JSON."""
    content = json.dumps(value, ensure_ascii=False).encode()
    return web.Response(body=content, content_type="application/json", headers=headers)


def parameters_of(request: web.Request, *known: str) -> dict[str, str]:
    """The parameters of the query. One that nobody knows, or that comes twice, is refused: it is a slip or a trick."""
    given: dict[str, str] = {}
    for name, value in request.query.items():
        if name not in known:
            raise Refused(422, f"no parameter of that name is known here; known are: {', '.join(known) or 'none'}")
        if name in given:
            raise Refused(422, f"{name}: comes twice")
        given[name] = value
    return given


async def body_of(request: web.Request, media_type: str = "application/json", *, most: int | None = None) -> Any:
    """The JSON of the body, which has no more than `most` bytes (by default what the application takes).

    Raises Refused.
    """
    # A form of another site's page cannot send this type without asking first (Fetch standard, "CORS-safelisted").
    if request.content_type != media_type:
        raise Refused(415, f"send JSON with Content-Type: {media_type}")
    if "Content-Encoding" in request.headers:
        raise Refused(415, "send the body without a content coding")
    try:
        return json.loads(await request.read() if most is None else await _bounded(request, most))
    except (ValueError, RecursionError) as fault:
        raise Refused(400, "the body is not JSON") from fault


async def _bounded(request: web.Request, most: int) -> bytes:
    """The body, where a path takes more than the others do."""
    content = bytearray()
    async for chunk in request.content.iter_any():
        content += chunk
        if len(content) > most:
            raise Refused(413, f"a body has at most {most} bytes here")
    return bytes(content)
