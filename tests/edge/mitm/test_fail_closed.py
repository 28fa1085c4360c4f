"""A fault in any hook or step ends in a block page, an error page or a closed connection; never in the page."""

import ssl
import time

import httpx
import pytest

from gateway.decision.verdict import Reason
from gateway.edge import gate
from tests.edge.mitm.origin import Page
from tests.edge.mitm.websocket import open_websocket, read_frame, send_text
from tests.edge.mitm.world import World, ruling_of

HOOKS = ("client_connected", "http_connect", "next_layer", "tls_clienthello", "requestheaders", "request")
HOOKS_OF_RESPONSES = ("server_connect", "responseheaders", "responsepeek", "response")
STEPS = ("judge_host", "judge_request", "judge_document")
SECRET = "Welcome"


def body_of(world: World, listener: str, url: str, *, http2: bool, long_way: bool = False) -> str | None:
    """The body that came; None when the connection was closed or refused."""
    try:
        with world.client(listener, http2=http2, long_way=long_way) as client:
            answer = client.get(world.url(url))
    except (httpx.HTTPError, ssl.SSLError, OSError):
        return None
    assert answer.status_code >= 400
    return answer.text


@pytest.mark.parametrize("http2", [False, True])
@pytest.mark.parametrize("point", ["plain_connect", "plain_hello", *HOOKS, *HOOKS_OF_RESPONSES, *STEPS])
def test_a_fault_anywhere_keeps_the_page_back(world: World, point: str, http2: bool) -> None:
    with world.fault_at(point):
        body = body_of(world, "child", "kids.test/", http2=http2, long_way=point == "http_connect")
    assert SECRET not in (body or "")
    counted = world.gate.counters.registry.get_sample_value("qorgan_faults_total", {"place": point})
    assert counted is not None
    assert counted >= 1
    assert SECRET in world.get("child", "kids.test/", http2=http2).text  # and the gateway goes on


@pytest.mark.parametrize("point", ["client_connected", "requestheaders", "request", *HOOKS_OF_RESPONSES])
def test_a_fault_keeps_plain_http_back_too(world: World, point: str) -> None:
    with world.fault_at(point):
        assert SECRET not in (body_of(world, "child", "http://kids.test/", http2=False) or "")


@pytest.mark.parametrize("point", ["responseheaders", "judge_head"])
def test_a_fault_keeps_a_picture_back(world: World, point: str) -> None:
    with world.fault_at(point):
        answer = world.get("child", "kids.test/picture.png", sec_fetch_dest="image")
    assert answer.status_code == 403
    assert b"PNG" not in answer.content


def test_an_adult_sees_a_clear_error_and_not_an_unfiltered_page(world: World) -> None:
    opened = ruling_of(POLICY_THAT_OPENS_ADULTS)
    with world.ruled_by(opened), world.fault_at("judge_document"):
        answer = world.get("adult", "kids.test/")
    assert answer.status_code == 403
    assert SECRET not in answer.text


def test_a_fault_late_in_an_upload_is_not_forgotten(world: World) -> None:
    with world.fault_at("request"), world.client("child") as client:
        try:
            answer = client.post(world.url("kids.test/"), content=b"x" * (2 * 1024 * 1024))
        except httpx.HTTPError:
            return
    assert SECRET not in answer.text


@pytest.mark.parametrize("http2", [False, True])
def test_without_a_policy_everybody_is_refused(world: World, http2: bool) -> None:
    with world.ruled_by(None):
        for listener in ("child", "adult"):
            assert SECRET not in (body_of(world, listener, "kids.test/", http2=http2) or "")
    assert not world.origin.asked
    assert world.written[-1][0].reason is Reason.FAULT


def test_trouble_in_the_gateway_closes_for_minors_only(world: World) -> None:
    world.trouble = "the database cannot be written"
    try:
        answer = world.get("child", "kids.test/")
        assert answer.status_code == 403
        assert world.written[-1][0].detail == "the database cannot be written"
        assert SECRET in world.get("adult", "kids.test/").text
    finally:
        world.trouble = None


def test_a_journal_that_fails_does_not_open_the_gate(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(world.gate, "_record", broken)
    assert world.get("child", "adult.test/").status_code == 451


def test_a_block_page_that_cannot_be_made_is_replaced(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("no template")

    monkeypatch.setattr("gateway.edge.mitm.answers.to_substitute", broken)
    answer = world.get("child", "adult.test/")
    assert answer.status_code == 403
    assert b"CANARY" not in answer.content
    assert len(answer.content) > 100


@pytest.mark.parametrize("point", ["websocket_start", "websocket_message"])
def test_a_fault_in_a_websocket_cuts_it(world: World, point: str) -> None:
    with world.fault_at(point), world.tls("child", "kids.test") as secure:
        try:
            open_websocket(secure, f"kids.test:{world.origin.tls_port}", "/echo")
            send_text(secure, b"hello")
            assert read_frame(secure) == b""
        except OSError:
            pass


def test_a_reading_that_takes_too_long_is_a_block(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object) -> None:
        time.sleep(1.0)

    monkeypatch.setattr(gate, "read_whole", slow)
    monkeypatch.setattr(world.gate, "_patience", gate.Patience(reading_seconds=0.2))
    world.origin.pages["kids.test", "/long"] = Page(b"Welcome" + b"x" * 100_000)
    answer = world.get("child", "kids.test/long")
    assert answer.status_code == 403
    assert SECRET not in answer.text


POLICY_THAT_OPENS_ADULTS = """
extends: home
people:
  dana: {age: adult, listeners: [adult]}
stances: {adults-opened: true}
"""
