"""The guard: nothing that is guarded ever raises, and its owner says what is safe."""

import asyncio
from typing import Any

import pytest

from gateway.decision.verdict import Action, Layer, Reason
from gateway.edge.fail_closed import bad_request_verdict, fault_verdict, guarded, nobody_verdict, trouble_verdict


class Owner:
    def __init__(self, point: str = "") -> None:
        self.point = point
        self.faults: list[tuple[str, Exception, tuple[Any, ...]]] = []

    def before(self, point: str) -> None:
        if point == self.point:
            raise RuntimeError("injected")

    def failed(self, point: str, fault: Exception, arguments: tuple[Any, ...]) -> str:
        self.faults.append((point, fault, arguments))
        return "closed"

    @guarded
    def plain(self, value: int, *, more: int = 1) -> str:
        """Keeps its words."""
        return str(10 // value * more)

    @guarded
    async def waits(self, value: int) -> str:
        await asyncio.sleep(0)
        return str(10 // value)


async def test_what_works_passes_through() -> None:
    owner = Owner()
    assert owner.plain(5, more=3) == "6"
    assert await owner.waits(5) == "2"
    assert owner.faults == []
    assert Owner.plain.__doc__ == "Keeps its words."


async def test_what_raises_is_closed_by_its_owner() -> None:
    owner = Owner()
    assert owner.plain(0) == "closed"
    assert await owner.waits(0) == "closed"
    assert [(point, type(fault), arguments) for point, fault, arguments in owner.faults] == [
        ("plain", ZeroDivisionError, (0,)),
        ("waits", ZeroDivisionError, (0,)),
    ]


@pytest.mark.parametrize("point", ["plain", "waits"])
async def test_a_fault_can_be_injected_at_every_point(point: str) -> None:
    owner = Owner(point)
    result = getattr(owner, point)(5)
    assert (await result if asyncio.iscoroutine(result) else result) == "closed"


async def test_a_cancelled_task_stays_cancelled() -> None:
    owner = Owner()
    task = asyncio.ensure_future(owner.waits(5))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert owner.faults == []


def test_every_verdict_of_the_gateway_itself_is_a_block() -> None:
    verdicts = {
        Reason.FAULT: fault_verdict("request", ValueError("text of a page"), "r1"),
        Reason.NO_PROFILE: nobody_verdict("r1"),
        Reason.BAD_REQUEST: bad_request_verdict("two names", "r1"),
    }
    for reason, verdict in verdicts.items():
        assert (verdict.action, verdict.reason, verdict.layer, verdict.revision) == (
            Action.BLOCK,
            reason,
            Layer.SYSTEM,
            "r1",
        )
    assert "text of a page" not in verdicts[Reason.FAULT].detail
    assert "ValueError" in verdicts[Reason.FAULT].detail
    assert len(bad_request_verdict("x" * 10_000).detail) <= 200
    assert trouble_verdict("the database cannot be written").reason is Reason.FAULT
