"""With a mitmproxy that is not known, what only makes it faster is left out, loudly; what makes it safe is not."""

from collections.abc import Iterator

import pytest
from mitmproxy.proxy import mode_servers

from gateway.edge.mitm import sources
from gateway.edge.mitm.speed import SPEEDUPS
from tests.edge.mitm.test_fail_closed import HOOKS, HOOKS_OF_RESPONSES, SECRET, STEPS, body_of
from tests.edge.mitm.world import World, make_world

NAMES = [speedup.name for speedup in SPEEDUPS if speedup.leans_on]
ONLY_FOR_SPEED = {part for speedup in SPEEDUPS for part in speedup.leans_on}


def name_of(part: object) -> str:
    return f"{part.__module__}.{part.__qualname__}"  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def stock_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    known = {name: prints for name, prints in sources.KNOWN.items() if name not in map(name_of, ONLY_FOR_SPEED)}
    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(sources, "KNOWN", known)
        with make_world(tmp_path_factory.mktemp("mitm")) as world:
            yield world


def test_it_is_said_and_counted(stock_world: World) -> None:
    assert set(stock_world.proxy.slower) == set(NAMES)
    for name in NAMES:
        assert stock_world.gate.counters.registry.get_sample_value("qorgan_stock_parts_total", {"part": name}) == 1.0
    assert mode_servers.ProxyConnectionHandler.__module__.startswith("mitmproxy")


@pytest.mark.parametrize("http2", [False, True])
@pytest.mark.parametrize("point", [*HOOKS, *HOOKS_OF_RESPONSES, *STEPS])
def test_a_fault_anywhere_keeps_the_page_back(stock_world: World, point: str, http2: bool) -> None:
    with stock_world.fault_at(point):
        assert SECRET not in (body_of(stock_world, "child", "kids.test/", http2=http2) or "")
    assert SECRET in stock_world.get("child", "kids.test/", http2=http2).text


@pytest.mark.parametrize("http2", [False, True])
def test_pages_are_judged(stock_world: World, http2: bool) -> None:
    answer = stock_world.get("child", "adult.test/", http2=http2)
    assert answer.status_code == 451
    assert b"CANARY" not in answer.content
