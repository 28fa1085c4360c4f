"""Puts the verdict API together: devices, their bundles, the gate that answers them, and what they tell."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway.decision.question import Question
from gateway.decision.verdict import Verdict
from gateway.edge.addon_shape import reached_at
from gateway.edge.bundle_key import BundleKey
from gateway.edge.counters import Counters
from gateway.edge.inquiry import Probe, Ruling
from gateway.edge.installation import Installation
from gateway.edge.memory import Memory
from gateway.edge.retention import keeping_of
from gateway.edge.verdict_api.bundles import Bundles
from gateway.edge.verdict_api.devices import Devices
from gateway.edge.verdict_api.files import AddonFiles
from gateway.edge.verdict_api.judging import DocumentGate
from gateway.edge.verdict_api.routes import Parts
from gateway.edge.verdict_api.telling import Listener
from gateway.policy.policy import Policy
from gateway.store.asks import AskStore
from gateway.store.devices import DeviceStore
from gateway.store.fault import DataFault, StoreFault
from gateway.store.heard import HeardStore
from gateway.store.masking import Keeping, mask


async def build_parts(
    installation: Installation,
    memory: Memory,
    probe: Probe | None,
    counters: Counters,
    ruling: Callable[[], Ruling | None],
    on_told: Callable[[str], None],
) -> Parts:
    """Everything loaded. `on_told` is called with a page of which devices told something else.

    A damaged database or key refuses devices, with its reason, and nobody else.
    """
    key, key_fault = await asyncio.to_thread(_key_of, installation.data)
    admin, addon = installation.shape.admin, installation.shape.addon
    gateway = reached_at(addon, admin.address, admin.port)
    listener = Listener(HeardStore(memory.rows), memory.standing.labels, on_told)

    def policy() -> Policy | None:
        in_force = ruling()
        return in_force.policy if in_force is not None else None

    devices = Devices(
        DeviceStore(memory.rows),
        policy,
        gateway=gateway,
        salt=key.thumbprint if key is not None else "",
        silent_after=timedelta(hours=addon.silent_after_hours),
        on_revoked=listener.forget,
    )
    await devices.load()
    devices.fault = devices.fault or key_fault
    try:
        await listener.load(datetime.now(UTC))
    except StoreFault as fault:
        devices.fault = devices.fault or str(fault)
    asks = AskStore(memory.rows)
    life = timedelta(days=addon.bundle_days)
    return Parts(
        gateway=gateway,
        devices=devices,
        bundles=Bundles(key, life, ruling=ruling, standing=memory.standing, asks=asks),
        gate=_gate(memory, keeping_of(installation), probe, counters),
        listener=listener,
        asks=asks,
        files=AddonFiles(installation.data),
    )


def _key_of(data: Path) -> tuple[BundleKey | None, str | None]:
    """The key that signs bundles, or why there is none."""
    try:
        return BundleKey.of(data), None
    except DataFault as fault:
        return None, str(fault)


def _gate(memory: Memory, keeping: Keeping, probe: Probe | None, counters: Counters) -> DocumentGate:
    """Knows no ruling yet: it is swapped in with each edition, as in a worker."""

    def record(verdict: Verdict, question: Question | None) -> None:
        entry = mask(verdict, question, keeping, datetime.now(UTC))
        if entry is not None:
            memory.note([(entry, 1)], 0)

    gate = DocumentGate(None, record=record, probe=probe, trouble=memory.trouble, standing=memory.standing)
    gate.counters = counters
    return gate
