import warnings
from collections.abc import Iterator

import pytest

with warnings.catch_warnings():
    # Libraries that mitmproxy loads warn at import of names that they themselves have renamed.
    warnings.simplefilter("ignore")
    import mitmproxy.addons  # noqa: F401

from gateway.edge.mitm.settings import Limits
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
def bounded_world(the_bounded_world: World) -> World:
    the_bounded_world.origin.asked.clear()
    the_bounded_world.written.clear()
    return the_bounded_world


@pytest.fixture
def world(the_world: World) -> Iterator[World]:
    the_world.origin.asked.clear()
    the_world.written.clear()
    pages = dict(the_world.origin.pages)
    yield the_world
    the_world.origin.pages = pages
