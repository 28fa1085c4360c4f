"""The control API as an application, and serving it on a socket."""

import logging
import os
import socket
import stat
from collections.abc import Collection
from pathlib import Path
from typing import Any, Protocol

import yaml
from aiohttp import web

from gateway.edge.control_api.console import Console
from gateway.edge.control_api.device_routes import DeviceRoutes
from gateway.edge.control_api.guard import add_headers, errors_as_problems, only_from_here, only_with_token
from gateway.edge.control_api.policy_routes import PolicyRoutes
from gateway.edge.control_api.routes import LONGEST_BODY_BYTES, Routes
from gateway.edge.control_api.tokens import Tokens
from gateway.shipped import package_texts

_IDLE_SECONDS = 30.0
_STOP_SECONDS = 2.0
_BACKLOG = 64
# aiohttp writes a traceback for every malformed request, and anybody may send those without end. What fails in a
# handler is logged by guard.py.
_SILENT = logging.getLogger(f"{__name__}.malformed")
_SILENT.setLevel(logging.CRITICAL)


class AlsoServed(Protocol):
    """What is served on the same port under checks of its own (gateway/edge/verdict_api)."""

    @property
    def handlers(self) -> Collection[object]:
        """They check the token themselves, or need none."""

    def table(self) -> list[web.RouteDef]:
        """Its paths."""

    def install(self, app: web.Application) -> None:
        """Adds what must happen around its handlers."""


def control_api(
    console: Console, tokens: Tokens, hosts: Collection[str] = (), also: AlsoServed | None = None
) -> web.Application:
    """The application. `hosts`: names and addresses, without port, that it goes by besides those of loopback."""
    others = also.handlers if also is not None else ()
    routes = Routes(console, openapi(console.version))
    app = web.Application(
        client_max_size=LONGEST_BODY_BYTES,
        # The order counts: errors are turned into problems around everything, and no token is read before the Host.
        middlewares=[errors_as_problems, only_from_here(hosts), only_with_token(tokens, routes.open_handlers, others)],
    )
    app.on_response_prepare.append(add_headers)
    app.add_routes([*routes.table(), *PolicyRoutes(console.policy).table()])
    app.add_routes(DeviceRoutes(console.devices, console.asks).table())
    if also is not None:
        app.add_routes(also.table())
        also.install(app)
    return app


def openapi(version: str) -> dict[str, Any]:
    """The OpenAPI 3.1 description of the control API."""
    described: dict[str, Any] = yaml.safe_load(package_texts("edge/control_api/pages")["openapi.yaml"])
    described["info"]["version"] = version
    return described


async def serve(app: web.Application, listening: socket.socket) -> web.AppRunner:
    """Serves `app` on a bound socket until `cleanup` of the runner that is returned; the socket is closed then."""
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=_SILENT,
        keepalive_timeout=_IDLE_SECONDS,
        handle_signals=False,
        shutdown_timeout=_STOP_SECONDS,
    )
    await runner.setup()
    await web.SockSite(runner, listening, backlog=_BACKLOG).start()
    return runner


def unix_socket(path: Path) -> socket.socket:
    """A Unix socket at `path` that only the gateway's user may connect to; a socket that a dead gateway left goes.

    Raises OSError when something else is in its place.
    """
    if path.exists() and stat.S_ISSOCK(path.lstat().st_mode):
        path.unlink()
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)  # the mode is given at creation: there is no moment at which others may connect
    try:
        listening.bind(str(path))
    except OSError:
        listening.close()
        raise
    finally:
        os.umask(before)
    return listening
