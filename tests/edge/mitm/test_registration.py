"""Signing up through the proxy: the draft keeps those under sixteen from it, and from nothing else."""

import json
from collections.abc import Iterator

import httpx
import pytest

from gateway.actions.form import LARGEST_FORM
from gateway.decision.question import Asked
from gateway.decision.verdict import Action, Reason
from tests.edge.mitm.origin import Page
from tests.edge.mitm.world import POLICY, World, ruling_of

HOSTS = """  - {host: social.test, kind: social-network, source: test}
  - {host: chat.test, kind: messenger, source: test}
"""
WITHOUT = POLICY + HOSTS
WITH = f"packs: [kz/169-vi, kz/draft-18-viii-10-1]\n{WITHOUT}"
FORM = {"email": "aru@a.kz", "password": "s3cret-value", "password_confirmation": "s3cret-value"}
PARTS = {name: (None, value) for name, value in FORM.items()}


@pytest.fixture
def drafted(world: World) -> Iterator[World]:
    for host in ("social.test", "chat.test"):
        for path in ("/", "/signup", "/login", "/api/do", "/upload", "/photo"):
            world.origin.pages[host, path] = Page(b"<!doctype html><title>page</title><p>Open")
    with world.ruled_by(ruling_of(WITH)):
        yield world


def post(world: World, listener: str, url: str, *, http2: bool = False, **request: object) -> httpx.Response:
    with world.client(listener, http2=http2) as client:
        return client.post(world.url(url), **request)


@pytest.mark.parametrize("http2", [False, True])
def test_the_form_of_a_new_account_is_closed_under_sixteen(drafted: World, http2: bool) -> None:
    answer = drafted.get("teen", "social.test/signup", http2=http2)
    assert answer.status_code == 403  # a draft is a rule of the house, not the law
    assert "No sign-up at this age" in answer.text
    assert not drafted.origin.asked
    verdict, question = drafted.written[-1]
    assert (verdict.action, verdict.reason) == (Action.BLOCK, Reason.REGISTRATION)
    assert question is not None
    assert question.action is Asked.REGISTER


@pytest.mark.parametrize("http2", [False, True])
@pytest.mark.parametrize(
    "body", [{"data": FORM}, {"json": {"user": FORM}}, {"files": {k: (None, v) for k, v in FORM.items()}}]
)
def test_sending_a_form_with_a_new_password_twice_is_signing_up(drafted: World, http2: bool, body: dict) -> None:
    answer = post(drafted, "teen", "social.test/api/do", http2=http2, **body)
    assert answer.status_code == 403
    assert not drafted.origin.asked, "the form must not leave"
    assert drafted.written[-1][0].reason is Reason.REGISTRATION
    assert "s3cret-value" not in repr(drafted.written)


def test_a_script_that_signs_up_is_told_so_in_json(drafted: World) -> None:
    answer = post(drafted, "teen", "social.test/api/do", json=FORM, headers={"Sec-Fetch-Dest": "empty"})
    assert answer.json()["reason"] == "registration"


@pytest.mark.parametrize("http2", [False, True])
def test_viewing_and_signing_in_stay_open(drafted: World, http2: bool) -> None:
    for path in ("/", "/login", "/photo"):
        assert "Open" in drafted.get("teen", f"social.test{path}", http2=http2).text
    signed_in = post(drafted, "teen", "social.test/login", http2=http2, data={"email": "a", "password": "b"})
    assert "Open" in signed_in.text
    assert drafted.origin.asked[-1].body == b"email=a&password=b"


def test_a_messenger_is_free(drafted: World) -> None:
    assert "Open" in drafted.get("teen", "chat.test/signup").text
    assert "Open" in post(drafted, "teen", "chat.test/signup", data=FORM).text


def test_at_sixteen_signing_up_is_free(drafted: World) -> None:
    with drafted.ruled_by(ruling_of(WITH.replace("age: 15", "age: 16"))):
        assert "Open" in drafted.get("teen", "social.test/signup").text
        assert "Open" in post(drafted, "teen", "social.test/api/do", data=FORM).text


def test_without_the_pack_signing_up_is_free(drafted: World) -> None:
    with drafted.ruled_by(ruling_of(WITHOUT)):
        assert "Open" in drafted.get("teen", "social.test/signup").text
        assert "Open" in post(drafted, "child", "social.test/api/do", json=FORM).text


def test_a_rule_of_the_house_may_close_it_as_well(drafted: World) -> None:
    rule = "block:\n  - {action: register, host: social.test, for: [daniyar]}\n"
    with drafted.ruled_by(ruling_of(WITHOUT + rule)):
        assert post(drafted, "teen", "social.test/api/do", data=FORM).status_code == 403
        assert drafted.written[-1][0].reason is Reason.LOCAL_BLOCK
        assert "Open" in drafted.get("teen", "social.test/").text
        assert "Open" in post(drafted, "child", "social.test/api/do", data=FORM).text


@pytest.mark.parametrize("http2", [False, True])
def test_a_form_that_does_not_say_how_long_it_is_is_read_all_the_same(drafted: World, http2: bool) -> None:
    chunks = iter([b"email=a&password=b&", b"password2=b"])
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = post(drafted, "teen", "social.test/api/do", http2=http2, content=chunks, headers=form)
    assert answer.status_code == 403
    assert not drafted.origin.asked


@pytest.mark.parametrize("http2", [False, True])
@pytest.mark.parametrize("declared", [True, False])
def test_a_large_upload_is_passed_on_whole_and_not_read(drafted: World, http2: bool, declared: bool) -> None:
    body = json.dumps({**FORM, "picture": "x" * (3 * LARGEST_FORM)}).encode()
    pieces = [body[start : start + 10_000] for start in range(0, len(body), 10_000)]
    content = body if declared else iter(pieces)
    kind = {"Content-Type": "application/json"}
    answer = post(drafted, "teen", "social.test/upload", http2=http2, content=content, headers=kind)
    assert "Open" in answer.text
    assert drafted.origin.asked[-1].body == body


def test_an_adult_signs_up_unread(drafted: World) -> None:
    assert "Open" in post(drafted, "adult", "social.test/signup", data=FORM).text


def test_a_search_is_told_from_a_view(drafted: World) -> None:
    drafted.origin.pages["social.test", "/search"] = Page(b"<!doctype html><p>Open")
    rule = "block:\n  - {action: search, host: social.test}\n"
    with drafted.ruled_by(ruling_of(WITHOUT + rule)):
        assert drafted.get("teen", "social.test/search?q=cats").status_code == 403
        assert "Open" in drafted.get("teen", "social.test/search").text
