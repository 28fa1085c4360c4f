"""Starting and stopping: sockets that outlive the proxy, options that nobody else sets, parts that must be known."""

import asyncio
import contextlib
import socket
import threading
from pathlib import Path

import httpx
import pytest
from mitmproxy.options import Options
from mitmproxy.proxy import mode_servers, server
from mitmproxy.proxy.layers import http
from mitmproxy.proxy.layers.http import HttpStream

from gateway.edge.gate import Gate
from gateway.edge.mitm import sources
from gateway.edge.mitm.embed import CannotProxy, Proxy, fixed_options, refuse_foreign_keys
from gateway.edge.mitm.replacements import UnknownMitmproxy, check_sources, replaced
from gateway.edge.mitm.settings import Limits, Listener, ProxySettings
from tests.edge.mitm.certificates import make_ca


@pytest.fixture
def confdir(tmp_path: Path) -> Path:
    make_ca(tmp_path / "mitmproxy-ca.pem", with_key=True)
    return tmp_path


def settings(confdir: Path, *listeners: Listener) -> ProxySettings:
    return ProxySettings(listeners=listeners or (Listener(name="home"),), confdir=confdir)


def fetch(address: tuple[str, int]) -> int:
    with httpx.Client(proxy=f"http://{address[0]}:{address[1]}", trust_env=False, timeout=10) as client:
        return client.get("http://kids.test/").status_code


async def test_a_socket_outlives_the_proxy_that_served_it(confdir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as kept:
        address = kept.getsockname()
        for _ in range(2):
            proxy = Proxy(settings(confdir), Gate(None), {"home": kept})
            await proxy.start()
            assert proxy.addresses() == {"home": address}
            assert await asyncio.to_thread(fetch, address) == 403  # without a policy everything is refused
            await proxy.drain(1)
        with socket.create_connection(address, timeout=1):
            pass  # nobody serves it, but nobody was refused either


async def test_listeners_may_share_a_port_on_different_addresses(confdir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as first:
        port = first.getsockname()[1]
        listeners = (Listener(name="a", port=port), Listener(name="b", host="127.0.0.2", port=port))
        proxy = Proxy(settings(confdir, *listeners), Gate(None), {"a": first})
        await proxy.start()
        assert proxy.addresses() == {"a": ("127.0.0.1", port), "b": ("127.0.0.2", port)}
        await proxy.drain(0)


async def test_a_taken_port_is_said(confdir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        proxy = Proxy(settings(confdir, Listener(name="home", port=taken.getsockname()[1])), Gate(None))
        with pytest.raises(OSError, match="in use"):
            await proxy.start()
    assert http.HttpStream is HttpStream


async def test_no_ca_is_ever_made_here(tmp_path: Path) -> None:
    with pytest.raises(CannotProxy, match=r"mitmproxy-ca\.pem is missing"):
        await Proxy(settings(tmp_path), Gate(None)).start()
    assert list(tmp_path.iterdir()) == []


async def test_one_process_has_one_proxy(confdir: Path) -> None:
    first = Proxy(settings(confdir), Gate(None))
    await first.start()
    with pytest.raises(CannotProxy, match="another proxy"):
        await Proxy(settings(confdir), Gate(None)).start()
    assert await asyncio.to_thread(fetch, first.addresses()["home"]) == 403
    await first.drain(0)


async def test_logins_need_somebody_who_checks_them(confdir: Path) -> None:
    with pytest.raises(CannotProxy, match="nothing is there to check them"):
        await Proxy(settings(confdir, Listener(name="home", login=True)), Gate(None)).start()


async def test_draining_lets_a_request_end(confdir: Path) -> None:
    proxy = Proxy(settings(confdir), Gate(None))
    await proxy.start()
    serving = asyncio.ensure_future(proxy.serve())
    host, port = proxy.addresses()["home"]
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"GET http://kids.test/ HTTP/1.1\r\n")
    await asyncio.sleep(0.2)
    draining = asyncio.ensure_future(proxy.drain(5))
    await asyncio.sleep(0.2)
    writer.write(b"Host: kids.test\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 403")
    await draining
    await asyncio.wait_for(serving, 5)
    assert b"</html>" in await reader.read()
    writer.close()
    with pytest.raises(OSError), socket.create_connection((host, port), timeout=1):  # noqa: PT011
        pass


def test_mitmproxys_parts_are_those_we_know() -> None:
    check_sources()


def test_an_unknown_part_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "KNOWN", {})
    with pytest.raises(UnknownMitmproxy, match="install mitmproxy"), replaced(limits=Limits()):
        pass


def test_replaced_parts_are_put_back() -> None:
    before = (http.HttpStream, http.Http1Client, mode_servers.AsyncioServerInstance.listen, server.asyncio)
    with contextlib.suppress(RuntimeError), replaced(limits=Limits(), sockets={}, dial=asyncio.open_connection):
        assert http.HttpStream is not before[0]
        raise RuntimeError
    assert (http.HttpStream, http.Http1Client, mode_servers.AsyncioServerInstance.listen, server.asyncio) == before


def test_options_that_sign_with_foreign_keys_are_refused() -> None:
    options = Options()
    refuse_foreign_keys(options)
    if "emudhra" not in options:
        options.add_option("emudhra", bool, True, "as in mitmproxy 12.3")
    options.update(emudhra=True)
    with pytest.raises(CannotProxy, match="emudhra"):
        refuse_foreign_keys(options)


def test_the_options_that_matter_are_fixed(confdir: Path) -> None:
    options = fixed_options(settings(confdir, Listener(name="a"), Listener(name="b")))
    assert options["mode"] == ["regular@a:1", "regular@b:2"]
    assert options["connection_strategy"] == "lazy"
    assert (options["rawtcp"], options["ssl_insecure"], options["validate_inbound_headers"]) == (False, False, True)
    assert options["ignore_hosts"] == options["tcp_hosts"] == []
    assert options["stream_large_bodies"] is None
    assert options["ssl_verify_upstream_trusted_ca"] is None  # certifi's list, never the operating system's


def test_nothing_of_the_proxy_needs_the_main_thread(confdir: Path) -> None:
    statuses: list[int] = []

    async def live() -> None:
        proxy = Proxy(settings(confdir), Gate(None))
        await proxy.start()
        statuses.append(await asyncio.to_thread(fetch, proxy.addresses()["home"]))
        await proxy.drain(0)

    thread = threading.Thread(target=lambda: asyncio.run(live()))
    thread.start()
    thread.join(20)
    assert statuses == [403]
