"""`mitmdump -s addons/proxy/age_gate.py`: a real mitmdump, with the options of the README and without them."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.test import taddons
from mitmproxy.test.tflow import tclient_conn, tflow

from gateway.decision.sight import Sight
from gateway.decision.splice import Seen, Why
from gateway.document.url import canonical
from gateway.edge.mitm.script import AgeGateScript
from gateway.profiles.clue import Clues
from gateway.shipped import shipped
from tests.edge.mitm.origin import CANARY
from tests.edge.mitm.world import HOSTS, World

OPTIONS = ("connection_strategy=lazy", "rawtcp=false")


def config(world: World) -> str:
    hosts = "".join(f"    {host}: 127.0.0.1\n" for host in HOSTS)
    ports = f"{world.origin.tls_port}, {world.origin.plain_port}"
    private = f'"127.0.0.1:{world.origin.tls_port}", "127.0.0.1:{world.origin.plain_port}"'
    return (
        "extends: home\npeople:\n  daniyar: {age: 15, listeners: [teen]}\n"
        f"network:\n  hosts:\n{hosts}  connect-ports: [{ports}]\n  allow-private: [{private}]\n"
    )


@contextlib.contextmanager
def mitmdump(world: World, folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("mitmdump")), "-q", "--listen-host", "127.0.0.1", "-p", str(port)]
    command += ["-s", str(shipped("addons") / "proxy" / "age_gate.py"), "--set", f"confdir={folder / 'conf'}"]
    command += ["--set", f"ssl_verify_upstream_trusted_ca={world.folder / 'origin-ca.pem'}"]
    for option in options:
        command += ["--set", option]
    root = Path(__file__).parents[3]
    path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH", "")]))
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "PYTHONPATH": path}
    )
    try:
        yield process, port
    finally:
        process.terminate()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


def wait_until_open(process: subprocess.Popen[str], port: int) -> None:
    for _ in range(300):
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError("mitmdump does not listen")


def test_a_teen_behind_mitmdump_gets_the_same_verdicts(world: World, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(config(world), encoding="utf-8")
    with mitmdump(world, tmp_path, *OPTIONS, f"qorgan_config={file}", "qorgan_listener=teen") as (process, port):
        wait_until_open(process, port)
        with httpx.Client(proxy=f"http://127.0.0.1:{port}", verify=False, timeout=20, trust_env=False) as client:
            assert "Welcome" in client.get(world.url("kids.test/")).text
            blocked = client.get(world.url("adult.test/"))
            assert blocked.status_code == 451
            assert CANARY not in blocked.content
            assert client.get(world.url("http://adult.test/")).status_code == 451


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("rawtcp=false",), "connection_strategy=lazy"),
        (OPTIONS, "qorgan_config"),
        ((*OPTIONS, "qorgan_config=CONFIG", "ignore_hosts=bank"), "ignore_hosts"),
        ((*OPTIONS, "qorgan_config=CONFIG", "stream_large_bodies=1m"), "stream_large_bodies"),
        ((*OPTIONS, "qorgan_config=BROKEN"), "broken.yaml:1:9"),
    ],
)
def test_mitmdump_does_not_start_without_what_is_needed(
    world: World, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    (tmp_path / "good.yaml").write_text(config(world), encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("people: nobody", encoding="utf-8")
    named = [
        option.replace("CONFIG", str(tmp_path / "good.yaml")).replace("BROKEN", str(tmp_path / "broken.yaml"))
        for option in options
    ]
    with mitmdump(world, tmp_path, *named) as (process, _):
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said in output


async def test_what_is_open_for_long_is_judged_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.edge.mitm.open_flows._LOOK_SECONDS", 0.01)
    monkeypatch.setattr("gateway.edge.mitm.spliced._LOOK_SECONDS", 0.01)
    closed: list[object] = []
    monkeypatch.setattr("gateway.edge.mitm.open_flows.close_client", closed.append)
    monkeypatch.setattr("gateway.edge.mitm.spliced.close_client", closed.append)
    script = AgeGateScript()
    with taddons.context(Proxyserver()) as context:
        context.options.add_option("confdir", str, str(tmp_path), "")
        script._install(None)
        early = script.addons[0]
        script.running()
        script._install(None)
        try:
            for addon in (early, script.addons[0]):
                flow, passed = tflow(), tclient_conn()
                addon.open.add(flow)  # nobody has judged it
                addon.handshakes.spliced.add(
                    passed, Clues(), canonical("https://kids.test/"), Seen(Sight.PASS, Why.ALLOWED)
                )
                for _ in range(300):
                    if {id(flow.client_conn), id(passed)} <= {id(each) for each in closed}:
                        break
                    await asyncio.sleep(0.01)
                else:
                    pytest.fail("nobody looked at what is open")
        finally:
            script.done()
    await asyncio.sleep(0)
    assert all(task.cancelled() or task.done() for task in script._tasks)
