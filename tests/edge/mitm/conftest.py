from collections.abc import Iterator

import pytest

from gateway.edge.mitm.settings import Limits
from tests.edge.mitm.origin import CANARY, Page
from tests.edge.mitm.taught import PNG, Taught
from tests.edge.mitm.world import World, make_world


# Not for the session: only one proxy can live in a process, and other modules start theirs.
@pytest.fixture(scope="module")
def the_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with make_world(tmp_path_factory.mktemp("mitm")) as world:
        yield world


@pytest.fixture(scope="module")
def the_bounded_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    limits = Limits(
        hold_seconds=3.0,
        hold_bytes=1024 * 1024,
        head_seconds=1.0,
        client_connections=8,
        hosts_a_minute=20,
        hold_bytes_in_all=300_000,
        body_seconds=1.0,
        body_rate=1_000,
    )
    with make_world(tmp_path_factory.mktemp("mitm"), limits) as world:
        yield world


@pytest.fixture
def bounded_world(the_bounded_world: World) -> Iterator[World]:
    with the_bounded_world.untouched():
        yield the_bounded_world


@pytest.fixture
def world(the_world: World) -> Iterator[World]:
    with the_world.untouched():
        yield the_world


@pytest.fixture
def taught(world: World) -> Iterator[Taught]:
    made, before = Taught(world), world.gate.sights
    for host in ("blog.test", "chat.test", "social.test"):
        world.origin.pages[host, "/picture.png"] = Page(PNG, {"Content-Type": "image/png"})
        world.origin.pages[host, "/page"] = Page(b"<!doctype html><title>x</title>" + CANARY)
    world.gate.sights = made.sights
    yield made
    world.gate.sights = before
    world.thread.run(made.learning.close())
