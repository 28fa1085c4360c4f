"""What makes mitmproxy faster is used only where its source is known, and put back in the end."""

import logging

import pytest
from mitmproxy import addonmanager, connection, http
from mitmproxy.connection import Connection
from mitmproxy.proxy import mode_servers

from gateway.edge.mitm import sources
from gateway.edge.mitm.speed import SPEEDUPS, faster

LEANING = [speedup for speedup in SPEEDUPS if speedup.leans_on]
NAMES = [speedup.name for speedup in LEANING]


def name_of(part: object) -> str:
    return f"{part.__module__}.{part.__qualname__}"  # type: ignore[attr-defined]


@pytest.mark.parametrize("speedup", LEANING, ids=NAMES)
def test_each_is_left_out_alone(
    speedup: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = name_of(speedup.leans_on[0])
    monkeypatch.setattr(sources, "KNOWN", {name: prints for name, prints in sources.KNOWN.items() if name != first})
    with caplog.at_level(logging.WARNING), faster() as missing:
        assert speedup.name in missing
        needing = {other.name for other in SPEEDUPS if other.needs in missing}
        sharing = {other.name for other in SPEEDUPS if first in map(name_of, other.leans_on)}
        assert set(missing) == needing | sharing
    assert "slower than it could be" in caplog.text
    assert first in caplog.text


def test_every_part_is_put_back() -> None:
    def parts() -> tuple[object, ...]:
        return (
            addonmanager.AddonManager,
            mode_servers.ProxyConnectionHandler,
            http.Headers.get,
            http.Headers.__getitem__,
            "get" in vars(http.Headers),
            Connection.__eq__,
            Connection.__hash__,
            connection.uuid,
        )

    before = parts()
    with faster() as missing:
        assert missing == ()
        assert parts() != before
    assert parts() == before
