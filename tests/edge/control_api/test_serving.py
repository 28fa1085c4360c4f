"""Where it listens: a port or a Unix socket, and how it ends."""

import socket
import stat
from pathlib import Path

import aiohttp
import pytest

from gateway.edge.control_api.app import control_api, serve, unix_socket
from gateway.edge.control_api.tokens import Tokens


async def test_it_serves_on_a_unix_socket_that_only_its_user_may_use(tmp_path: Path, gateway) -> None:
    path = tmp_path / "control.sock"
    for _ in range(2):  # the second time over what the first left behind
        runner = await serve(control_api(gateway.console(), Tokens(store=None)), unix_socket(path))  # type: ignore[arg-type]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        async with (
            aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(path))) as client,
            client.get("http://localhost/health") as response,
        ):
            assert await response.json() == {"status": "ok"}
        await runner.cleanup()


def test_another_file_in_the_place_of_the_socket_is_left(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    path.write_text("mine")
    with pytest.raises(OSError, match="Address already in use"):
        unix_socket(path)
    assert path.read_text() == "mine"


async def test_after_cleanup_nobody_listens(gateway) -> None:
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    port = bound.getsockname()[1]
    runner = await serve(control_api(gateway.console(), Tokens(store=None)), bound)  # type: ignore[arg-type]
    await runner.cleanup()
    with socket.socket() as caller:
        assert caller.connect_ex(("127.0.0.1", port)) != 0
