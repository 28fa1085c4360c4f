from collections.abc import Iterator

import pytest

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
    with the_world.untouched():
        yield the_world
