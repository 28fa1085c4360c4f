"""Some hundreds of generated visits, and those that once showed a fault; `make canary` pays a hundred thousand."""

from pathlib import Path

import pytest

from tests.canary.exchange import Visit
from tests.canary.gateway import gateway
from tests.canary.generator import of_number
from tests.canary.run import Result, pay_all

FOUND = sorted((Path(__file__).parents[2] / "canary" / "found").glob("*.json"))
SEED, VISITS = 1, 100


async def test_no_canary_comes_to_a_minor(tmp_path: Path) -> None:
    found = [Visit.of_json(file.read_text(encoding="utf-8")) for file in FOUND]
    assert found
    async with gateway(tmp_path, workers=1) as ours:
        drawn = (of_number(SEED, number) for number in range(VISITS))
        result = await pay_all([*found, *drawn], ours.origin, ours.proxy, tmp_path / "faults", Result())
    assert result.faults == []
    assert result.counts["over-age for a minor: status 451"] > result.asked / 3
    assert result.counts["harmless"] > VISITS / 20  # about a tenth; which, the cases of the corpus decide as well


def test_a_leak_would_be_seen() -> None:
    """The checker itself: canary bytes in each form that an answer can have."""
    from tests.canary.check import fault_of
    from tests.canary.client import Seen
    from tests.canary.codings import coded

    visit = next(each for each in (of_number(SEED, n) for n in range(100)) if each.person != "adult")
    exchange = next(e for n in range(100) for e in of_number(SEED, n).exchanges if e.overage)
    needle = exchange.canary.encode()
    for body, coding in [
        (needle, ""),
        (needle.decode().encode("utf-16"), ""),
        (coded(needle, ["gzip"]), "x-gzip"),
        (coded(needle, ["br", "deflate"]), "br, deflate"),
        (coded(b"x" * 50_000 + needle * 50, ["zstd"])[:-4], "zstd"),
    ]:
        seen = Seen(status=200, fields=[("Content-Encoding", coding)], body=bytearray(body))
        assert "LEAK" in (fault_of(visit, exchange, seen) or ""), coding
    assert fault_of(visit, exchange, Seen(status=451)) is None


@pytest.mark.parametrize("number", range(3))
def test_a_number_makes_the_same_visit(number: int) -> None:
    visit = of_number(SEED, number)
    assert of_number(SEED, number) == visit
    assert Visit.of_json(visit.to_json()).to_json() == visit.to_json()
