import warnings
from collections.abc import Iterator

import pytest

with warnings.catch_warnings():
    # Libraries that mitmproxy loads warn at import of names that they themselves have renamed.
    warnings.simplefilter("ignore")
    import mitmproxy.addons  # noqa: F401

from gateway.edge.mitm.settings import Limits
from tests.edge.mitm.world import World, make_world


@pytest.fixture(scope="module")
def the_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    limits = Limits(
        hold_seconds=1.5,
        hold_bytes=1024 * 1024,
        connect_seconds=5,
        websocket_message_bytes=200_000,
        websocket_bytes=1_000_000,
    )
    with make_world(tmp_path_factory.mktemp("threats"), limits) as world:
        yield world


@pytest.fixture
def world(the_world: World) -> Iterator[World]:
    the_world.origin.asked.clear()
    the_world.written.clear()
    pages = dict(the_world.origin.pages)
    yield the_world
    the_world.origin.pages = pages
