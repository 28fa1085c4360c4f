"""Around the verdict API: whose token it is, how often they ask, and what browsers let an extension's script do."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from gateway.edge.control_api.guard import is_extension
from gateway.edge.control_api.problem import problem
from gateway.edge.verdict_api.devices import Devices
from gateway.edge.verdict_api.pace import Pace, TooOften
from gateway.store.devices import Device

_PREFIX = "/addon/v1/"
_METHODS = "GET, POST"
_SENT = "Authorization, Content-Type, If-None-Match"
_SHOWN = "ETag, Qorgan-Signature, Qorgan-Key, Retry-After"
_KEPT_SECONDS = "600"

type ForDevice = Callable[[web.Request, Device], Awaitable[web.StreamResponse]]


def for_device(devices: Devices, pace: Pace, handler: ForDevice) -> Handler:
    """A handler that answers devices only, each no more often than `pace` lets it."""

    async def check(request: web.Request) -> web.StreamResponse:
        authorization = request.headers.getall("Authorization", [])
        scheme, _, token = authorization[0].partition(" ") if len(authorization) == 1 else ("", "", "")
        device = devices.of_token(token.strip(" ")) if scheme.lower() == "bearer" else None  # RFC 6750, section 2.1
        if device is None:
            told = "this device is not known, or was revoked: pair it again"
            return problem(401, told, headers={"WWW-Authenticate": 'Bearer realm="qorgan-device"'})
        try:
            pace.take(device.id)
        except TooOften as often:
            return too_often(often)
        return await handler(request, device)

    return check


def too_often(often: TooOften) -> web.Response:
    """429 with the time to wait."""
    return problem(429, str(often), headers={"Retry-After": str(often.seconds)})


@web.middleware
async def preflight(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers the question of a browser whether an extension's script may ask (Fetch standard, "CORS-preflight").

    No credentials are allowed, so no cookie is ever sent; the token is a field of its own.
    """
    asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
    if not (asks and request.path.startswith(_PREFIX) and is_extension(request.headers.get("Origin"))):
        return await handler(request)
    allowed = {
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Allow-Headers": _SENT,
        "Access-Control-Max-Age": _KEPT_SECONDS,
    }
    if request.headers.get("Access-Control-Request-Private-Network") == "true":
        allowed["Access-Control-Allow-Private-Network"] = "true"  # a home's gateway is at a private address
    return web.Response(status=204, headers=allowed)


async def let_extensions_read(request: web.Request, response: web.StreamResponse) -> None:
    """For `on_response_prepare`: an extension's script may read the answer, errors too."""
    if request.path.startswith(_PREFIX):
        response.headers["Vary"] = "Origin"
        origin = request.headers.get("Origin")
        if origin is not None and is_extension(origin):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = _SHOWN
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
