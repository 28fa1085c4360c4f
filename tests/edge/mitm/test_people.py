"""The right page or block for each person, over HTTP/1.1 and HTTP/2, and over plain HTTP."""

import pytest

from gateway.decision.verdict import Action, Reason
from gateway.hosts.record import HostRecord, Learned
from gateway.labels.label import Label, Reading, Scope, Status, Trust
from tests.edge.mitm.origin import CANARY
from tests.edge.mitm.world import POLICY, World, ruling_of

MINORS = ("teen", "child")


@pytest.mark.parametrize("http2", [False, True])
@pytest.mark.parametrize("listener", ["adult", "teen", "child"])
def test_everybody_gets_a_page_that_fits(world: World, listener: str, http2: bool) -> None:
    answer = world.get(listener, "kids.test/", http2=http2)
    assert answer.status_code == 200
    assert "Welcome" in answer.text
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")


@pytest.mark.parametrize("http2", [False, True])
@pytest.mark.parametrize("path", ["/", "/header", "/picture", "/big", "/untyped", "/rot13", "/charset"])
@pytest.mark.parametrize("listener", MINORS)
def test_a_minor_gets_no_byte_of_an_adult_page(world: World, listener: str, path: str, http2: bool) -> None:
    answer = world.get(listener, f"adult.test{path}", http2=http2)
    assert answer.status_code == (403 if path == "/rot13" else 451)  # what cannot be read is the house's rule
    assert CANARY not in answer.content
    assert answer.headers["cache-control"] == "no-store"
    assert world.origin.asked


@pytest.mark.parametrize("http2", [False, True])
def test_an_adult_gets_the_adult_page_unopened(world: World, http2: bool) -> None:
    answer = world.get("adult", "adult.test/", http2=http2)
    assert CANARY in answer.content


def test_plain_http_is_judged_as_well(world: World) -> None:
    assert "Welcome" in world.get("child", "http://kids.test/").text
    blocked = world.get("child", "http://adult.test/")
    assert blocked.status_code == 451
    assert CANARY not in blocked.content
    assert CANARY in world.get("adult", "http://adult.test/").content


def test_a_stranger_is_refused_before_the_site_is_asked(world: World) -> None:
    answer = world.get("stray", "kids.test/")
    assert answer.status_code == 403
    assert not world.origin.asked
    assert world.written[-1][0].reason is Reason.NO_PROFILE


@pytest.mark.parametrize("http2", [False, True])
def test_over_age_parts_of_a_page_are_masked(world: World, http2: bool) -> None:
    answer = world.get("child", "parts.test/", http2=http2)
    assert answer.status_code == 200
    assert CANARY not in answer.content
    assert "A fairy tale" in answer.text
    assert "content-encoding" not in answer.headers
    assert world.written[-1][0].action is Action.MASK


@pytest.mark.parametrize("http2", [False, True])
def test_a_page_whose_part_cannot_be_cut_is_refused_whole(
    world: World, http2: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.edge.reading.to_masked_html", lambda *_, **__: None)
    answer = world.get("child", "parts.test/", http2=http2)
    assert answer.status_code == 451
    assert CANARY not in answer.content


@pytest.mark.parametrize("http2", [False, True])
def test_a_new_policy_reaches_open_connections(world: World, http2: bool) -> None:
    strict = ruling_of(POLICY.replace("{age: 8, ", "{age: 5, "))  # the preset blocks unlabelled pages under six
    with world.client("child", http2=http2) as client:
        assert client.get(world.url("kids.test/")).status_code == 200
        with world.ruled_by(strict):
            assert client.get(world.url("kids.test/")).status_code == 403
        with world.ruled_by(None):
            assert client.get(world.url("kids.test/")).status_code == 403
        assert client.get(world.url("kids.test/")).status_code == 200


@pytest.mark.parametrize("http2", [False, True])
def test_a_host_that_was_refused_at_first_can_be_opened_later(world: World, http2: bool) -> None:
    closed = ruling_of(POLICY + "block:\n  - {id: no, host: kids.test}\n")
    with world.client("child", http2=http2) as client:
        with world.ruled_by(closed):
            before = world.origin.connections
            assert client.get(world.url("kids.test/")).status_code == 403
            assert world.origin.connections == before  # a refused host is not even contacted
        assert client.get(world.url("kids.test/")).status_code == 200


def test_an_unlabelled_page_is_judged_by_its_front_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.gate, "_probe", Visited("blog.test"))
    answer = world.get("child", "blog.test/deep")
    assert answer.status_code == 451
    assert b"deep" not in answer.content


def test_a_probe_that_fails_only_leaves_things_unknown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.gate, "_probe", Visited(None))
    assert "deep" in world.get("child", "blog.test/deep").text


class Visited:
    """A probe that has found RTA on the front page of one host, and fails on every other."""

    def __init__(self, host: str | None) -> None:
        self._host = host

    def known(self, host: str, *, port: int = 443) -> HostRecord | None:
        return None

    async def record(self, host: str, *, port: int = 443, scheme: str = "https") -> HostRecord | None:
        if host != self._host:
            raise OSError("no answer")
        label = Label(
            scale="rta",
            mark="RTA",
            min_age=18,
            scope=Scope.SITE,
            trust=Trust.A,
            carrier="meta",
            raw="RTA",
            place="head",
        )
        reading = Reading(status=Status.RATED, labels=(label,))
        return HostRecord(host=host, reading=reading, learned=Learned.VISIT)
