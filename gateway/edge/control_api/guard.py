"""Who may ask: the checks that every request passes before a handler sees it, and the headers of every answer."""

import logging
import re
from collections.abc import Collection

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from gateway.edge.control_api.problem import Refused, problem
from gateway.edge.control_api.tokens import Tokens, TooManyFailures
from gateway.store.fault import StoreFault

_log = logging.getLogger(__name__)

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
_API = "/api/"
_ADDON = "/addon/"
# Where a browser says that an extension's own script asks. Which extension it is, its token says.
_EXTENSION = re.compile(r"(?:chrome|moz)-extension://[A-Za-z0-9-]{1,64}")
# A client that took us for its proxy sends these.
_PROXY_FIELDS = ("Proxy-Authorization", "Proxy-Connection")

# Nothing may be loaded, framed or sent by what we answer.
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """For `on_response_prepare`: the headers of every answer; what a handler has set stays."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "qorgan"  # aiohttp has written its versions there


@web.middleware
async def errors_as_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns whatever a handler or another check raises into a problem; a fault of ours shows nothing of its inside."""
    try:
        return await handler(request)
    except Refused as refused:
        return problem(refused.status, refused.detail, **refused.members)
    except web.HTTPException as answer:
        allowed = {"Allow": answer.headers["Allow"]} if "Allow" in answer.headers else None
        return problem(answer.status, answer.text or answer.reason, headers=allowed)
    except StoreFault as fault:
        _log.error("the control API could not answer: %s", fault)
        return problem(503, str(fault))
    except Exception:  # noqa: BLE001 - the API answers, whatever broke
        _log.exception("the control API failed at %s %r", request.method, request.path)
        return problem(500, "the gateway failed at this; its log says how")


def only_from_here(hosts: Collection[str]) -> Middleware:
    """Lets only requests through that were meant for this server; `hosts` are the names that it goes by, without port.

    A page elsewhere can make a browser send requests here, also under a name of its own that it lets resolve to this
    machine (DNS rebinding). The Host field tells the second (RFC 9110, section 7.4: 421), the Origin and Sec-Fetch-Site
    fields the first.
    """
    own = frozenset(f"[{name}]" if ":" in name and name[0] != "[" else name.lower() for name in hosts) | LOOPBACK_HOSTS

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.raw_path.startswith("/") or any(name in request.headers for name in _PROXY_FIELDS):
            raise Refused(400, "this is no proxy")
        named = request.headers.getall("Host", [])
        if len(named) != 1 or _name_of(named[0]) not in own:
            raise Refused(421, "this server does not go by that name")
        if request.path.startswith(_ADDON):
            _refuse_pages(request, named[0])
        elif request.path.startswith(_API) or request.method not in ("GET", "HEAD"):
            _refuse_foreign_pages(request, named[0])
        return await handler(request)

    return check


def only_with_token(
    tokens: Tokens, open_handlers: Collection[object], others: Collection[object] = frozenset()
) -> Middleware:
    """Lets a request through that carries the token, or that leads to one of `open_handlers` and carries none.

    What leads to one of `others` is let through: these check tokens of another kind (gateway/edge/verdict_api).

    It asks where the request leads, not how the path is spelt, and what it does not know it refuses.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.match_info.handler in others:
            return await handler(request)
        authorization = request.headers.getall("Authorization", [])
        if not authorization and request.match_info.handler in open_handlers:
            return await handler(request)
        scheme, _, token = authorization[0].partition(" ") if len(authorization) == 1 else ("", "", "")
        if scheme.lower() != "bearer":  # RFC 6750, section 2.1
            return _unauthorized("this needs the token: Authorization: Bearer …")
        try:
            if not await tokens.holds(token.strip(" "), request.remote or "unix"):
                return _unauthorized("the token is not valid")
        except TooManyFailures as failures:
            return problem(429, str(failures), headers={"Retry-After": str(failures.seconds)})
        request[HAS_TOKEN] = True
        return await handler(request)

    return check


HAS_TOKEN = web.RequestKey("has_token", bool)


def _unauthorized(detail: str) -> web.Response:
    return problem(401, detail, headers={"WWW-Authenticate": 'Bearer realm="qorgan"'})


def is_extension(origin: str | None) -> bool:
    """Whether an Origin field names a browser's extension."""
    return origin is not None and _EXTENSION.fullmatch(origin) is not None


def _refuse_pages(request: web.Request, host: str) -> None:
    """Nobody's pages may ask on a device's behalf; its extension may, which browsers take for another site's."""
    origins = request.headers.getall("Origin", [])
    own = (f"http://{host.lower()}", f"https://{host.lower()}")
    if len(origins) > 1 or not all(is_extension(origin) or origin.lower() in own for origin in origins):
        raise Refused(403, "requests of pages are not served")


def _refuse_foreign_pages(request: web.Request, host: str) -> None:
    # Fetch Metadata: browsers say where a request was made; other clients send nothing.
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise Refused(403, "requests of other sites' pages are not served")
    origin = request.headers.get("Origin")
    if origin is not None and origin.lower() not in (f"http://{host.lower()}", f"https://{host.lower()}"):
        raise Refused(403, "requests of other sites' pages are not served")


def _name_of(host: str) -> str:
    """The Host field without its port, in lower case; an IPv6 address keeps its brackets."""
    name, _, port = host.rpartition(":")
    return (name if port.isdigit() and name else host).lower()
