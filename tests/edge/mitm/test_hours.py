"""Bedtime, used-up minutes and a grant taken back reach what is open; minutes are counted by what somebody does."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from gateway.decision.verdict import Reason
from gateway.edge.minutes import Minutes
from gateway.edge.standing import Standing
from gateway.profiles.grant import Grant
from gateway.store.database import Database
from gateway.store.minutes import MinuteStore
from gateway.store.state import State
from tests.edge.mitm.origin import Page
from tests.edge.mitm.test_tunnels import issuer_of
from tests.edge.mitm.websocket import open_websocket, read_frame, send_text
from tests.edge.mitm.world import POLICY, World, ruling_of

BEDTIME = POLICY + 'timetable: [{block: daily, from: "21:30", to: "07:00"}]\n'
EVENING = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # 21:00 in Almaty
NIGHT = EVENING + timedelta(hours=1)
CHUNK = b"c" * 1000


class Clock:
    """The gateway's clock, which the test sets."""

    def __init__(self) -> None:
        self.now = EVENING

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module", autouse=True)
def quick_looks() -> Iterator[None]:
    """Before the proxy starts: what is open is looked at ten times a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gateway.edge.mitm.open_flows._LOOK_SECONDS", 0.1)
        yield


@pytest.fixture
def clock(world: World, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(world.gate, "_clock", clock)
    return clock


@pytest.fixture
def standing(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Standing]:
    database = Database.open(tmp_path / "qorgan.db")
    state = State(database, now=lambda: EVENING)
    minutes = Minutes(MinuteStore(database), days=7, today=lambda: date(2026, 11, 23))
    standing = Standing(state, minutes)
    monkeypatch.setattr(world.gate, "_standing", standing)
    yield standing
    world.thread.run(minutes.close())
    world.thread.run(database.close())


def drip(world: World, path: str, kind: str) -> None:
    world.origin.pages["kids.test", path] = Page(CHUNK, {"Content-Type": kind}, drip=(0.05, CHUNK))


def ends(raw: socket.socket, seconds: float = 5) -> bool:
    """Whether the other side closes within so many seconds, whatever it still sends."""
    raw.settimeout(0.5)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if not raw.recv(65_536):
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


@contextlib.contextmanager
def opened(world: World, path: str, **headers: str) -> Iterator[socket.socket]:
    with world.tls("child", "kids.test") as secure:
        named = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        secure.sendall(f"GET {path} HTTP/1.1\r\nHost: kids.test:{world.origin.tls_port}\r\n{named}\r\n".encode())
        assert secure.recv(65_536).startswith(b"HTTP/1.1 200")
        yield secure


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/file.bin", "application/octet-stream"), ("/film", "video/mp4"), ("/events", "text/event-stream")],
)
def test_a_download_a_film_and_a_stream_end_at_bedtime(world: World, clock: Clock, path: str, kind: str) -> None:
    drip(world, path, kind)
    with world.ruled_by(ruling_of(BEDTIME)), opened(world, path) as stream:
        assert not ends(stream, 1)
        clock.now = NIGHT
        assert ends(stream)
    assert world.written[-1][0].reason is Reason.SCHEDULE


def test_a_stream_goes_on_without_a_bedtime(world: World, clock: Clock) -> None:
    drip(world, "/film", "video/mp4")
    with opened(world, "/film") as stream:
        clock.now = NIGHT
        assert not ends(stream, 1)


def test_a_picture_of_a_page_for_small_children_goes_on(world: World, clock: Clock) -> None:
    """The stance on pages without a label, which blocks them under six, is not about what a page loads."""
    drip(world, "/picture", "image/png")
    small = ruling_of(BEDTIME.replace("{age: 8, ", "{age: 5, "))
    with world.ruled_by(small), opened(world, "/picture", Sec_Fetch_Dest="image") as stream:
        assert not ends(stream, 1)
        clock.now = NIGHT
        assert ends(stream)


def test_a_silent_websocket_ends_at_bedtime(world: World, clock: Clock) -> None:
    with world.ruled_by(ruling_of(BEDTIME)), world.tls("child", "kids.test") as secure:
        open_websocket(secure, f"kids.test:{world.origin.tls_port}", "/echo")
        send_text(secure, b"hello")
        assert read_frame(secure) == b"hello"
        assert not ends(secure, 1)
        clock.now = NIGHT
        assert ends(secure)


def test_a_new_policy_reaches_what_is_open(world: World, clock: Clock) -> None:
    drip(world, "/file.bin", "application/octet-stream")
    with opened(world, "/file.bin") as stream:
        assert not ends(stream, 1)
        with world.ruled_by(ruling_of(POLICY + "block: [{host: kids.test}]\n")):
            assert ends(stream)


def test_private_traffic_that_is_passed_through_has_no_bedtime(world: World, clock: Clock) -> None:
    """Bank, health and government are out of the gateway's scope at any hour, so nothing of them needs to be ended."""
    with world.ruled_by(ruling_of(BEDTIME)):
        clock.now = NIGHT
        assert issuer_of(world, "child", "bank.test", "bank.test") == "origin CA"
        assert issuer_of(world, "child", "kids.test", "kids.test") == "test CA"


def test_at_bedtime_pages_are_closed_and_a_grant_opens_them_at_once(
    world: World, clock: Clock, standing: Standing
) -> None:
    with world.ruled_by(ruling_of(BEDTIME)):
        assert world.get("child", "kids.test/").status_code == 200
        clock.now = NIGHT
        blocked = world.get("child", "kids.test/", Accept_Language="en")
        assert (blocked.status_code, "07:00" in blocked.text) == (403, True)
        grant = Grant(
            id="1",
            by="dana",
            people=frozenset({"aigerim"}),
            host="",
            minutes=15,
            since=NIGHT,
            until=NIGHT + timedelta(minutes=90),
        )
        world.thread.run(standing.give([grant], NIGHT))
        assert world.get("child", "kids.test/").status_code == 200
        drip(world, "/film", "video/mp4")
        with opened(world, "/film") as stream:
            assert not ends(stream, 1)
            world.thread.run(standing.revoke("1"))
            assert ends(stream)
        assert world.get("child", "kids.test/").status_code == 403


QUOTA = POLICY + "quota: [{minutes: 2}]\n"


def used(standing: Standing) -> int:
    tally = standing.minutes.of("aigerim").get("everything")
    return tally.minutes if tally is not None else 0


def test_opened_pages_spend_minutes_until_they_are_used_up(world: World, clock: Clock, standing: Standing) -> None:
    with world.ruled_by(ruling_of(QUOTA)):
        assert world.get("child", "kids.test/", Sec_Fetch_Dest="document").status_code == 200
        clock.now += timedelta(minutes=1)
        assert world.get("child", "kids.test/").status_code == 200  # a program that does not say what it opens
        assert used(standing) == 2
        blocked = world.get("child", "kids.test/")
        assert blocked.status_code == 403
        assert world.written[-1][0].reason is Reason.QUOTA
        clock.now += timedelta(hours=3)  # the next day
        assert world.get("child", "kids.test/").status_code == 200


def test_what_is_kept_back_spends_nothing(world: World, clock: Clock, standing: Standing) -> None:
    with world.ruled_by(ruling_of(QUOTA)):
        assert world.get("child", "adult.test/", Sec_Fetch_Dest="document").status_code == 451
    assert used(standing) == 0


def test_polling_in_the_background_spends_nothing(world: World, clock: Clock, standing: Standing) -> None:
    world.origin.pages["kids.test", "/news.json"] = Page(b"{}", {"Content-Type": "application/json"})
    with world.ruled_by(ruling_of(QUOTA)), world.client("child") as client:
        for number in range(20):
            clock.now = EVENING + timedelta(seconds=15 * number)
            assert client.get(world.url("kids.test/news.json"), headers={"Sec-Fetch-Dest": "empty"}).status_code == 200
            picture = client.get(world.url("kids.test/picture.png"), headers={"Sec-Fetch-Dest": "image"})
            assert picture.status_code == 200
    assert used(standing) == 0


def test_a_film_that_plays_on_one_connection_spends_minutes_and_ends(
    world: World, clock: Clock, standing: Standing
) -> None:
    drip(world, "/film", "video/mp4")
    with world.ruled_by(ruling_of(QUOTA)), opened(world, "/film", Sec_Fetch_Dest="video") as stream:
        assert not ends(stream, 0.5)
        assert used(standing) == 1
        clock.now += timedelta(minutes=1)
        assert ends(stream)
    assert used(standing) == 2
    assert world.written[-1][0].reason is Reason.QUOTA


def test_somebody_who_writes_over_a_websocket_spends_minutes(world: World, clock: Clock, standing: Standing) -> None:
    with world.ruled_by(ruling_of(QUOTA)), world.tls("child", "kids.test") as secure:
        open_websocket(secure, f"kids.test:{world.origin.tls_port}", "/echo")
        for _ in range(19):
            send_text(secure, b"move")
            assert read_frame(secure) == b"move"
        assert used(standing) == 0
        send_text(secure, b"move")
        assert read_frame(secure) == b"move"
        assert used(standing) == 1


HOMEWORK = POLICY.replace("hosts:\n", "hosts:\n  - {host: kids.test, topics: [education], source: test}\n") + (
    'timetable: [{block: daily, from: "14:00", to: "22:00", except: {topic: education}}]\n'
)


def test_a_page_that_is_open_brings_its_parts_from_anywhere(world: World, clock: Clock) -> None:
    page = {"Referer": "https://kids.test/lesson"}
    with world.ruled_by(ruling_of(HOMEWORK)), world.client("child") as client:
        assert client.get(world.url("kids.test/")).status_code == 200
        assert client.get(world.url("blog.test/deep")).status_code == 403
        opened = client.get(world.url("blog.test/deep"), headers={**page, "Sec-Fetch-Dest": "document"})
        assert opened.status_code == 403
        part = client.get(world.url("blog.test/deep"), headers={**page, "Sec-Fetch-Dest": "image"})
        assert part.status_code == 200
        foreign = {"Referer": "https://blog.test/", "Sec-Fetch-Dest": "image"}
        assert client.get(world.url("blog.test/deep"), headers=foreign).status_code == 403
        assert client.get(world.url("blog.test/deep"), headers={**foreign, "Referer": "::"}).status_code == 403


def test_a_fault_of_counting_is_counted_and_closes_nothing(
    world: World, clock: Clock, standing: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Callable[[], None]:
        raise RuntimeError("broken")

    monkeypatch.setattr(standing, "active", broken)
    with world.ruled_by(ruling_of(QUOTA)):
        assert world.get("child", "kids.test/", Sec_Fetch_Dest="document").status_code == 200
    assert world.gate.counters.faults.labels("minutes")._value.get() == 1
