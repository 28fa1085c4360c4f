"""Puts the keeper together: every part built, wired and closed in one place."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from prometheus_client import generate_latest

from gateway import __version__
from gateway.edge.addon_shape import names_of
from gateway.edge.authority.authority import Authority, ensure
from gateway.edge.control_api.app import control_api, serve
from gateway.edge.control_api.console import Console
from gateway.edge.control_api.tokens import Tokens
from gateway.edge.counters import Counters
from gateway.edge.grant_desk import GrantDesk
from gateway.edge.inquiry import Ruling
from gateway.edge.installation import Installation
from gateway.edge.keeper.editions import Draft, Editions
from gateway.edge.keeper.hub import Hub
from gateway.edge.keeper.learning import Learning
from gateway.edge.keeper.outlook import Outlook
from gateway.edge.lists.keeping import build_keeper
from gateway.edge.memory import Memory, open_memory
from gateway.edge.policy_files import EditedFiles
from gateway.edge.probe.probe import Probe
from gateway.edge.probing import build_probe
from gateway.edge.process import Orders, say, tell_supervisor
from gateway.edge.reload import Reloader
from gateway.edge.retention import keeping_of
from gateway.edge.verdict_api.assembly import build_parts
from gateway.edge.verdict_api.routes import Parts, VerdictRoutes
from gateway.edge.workers import ADMIN, DEMO
from gateway.hosts.record import HostRecord

# A policy's day matters to the law in force; a little after midnight the ruling is built anew.
_AFTER_MIDNIGHT: Final = timedelta(seconds=5)
_LISTS_SECONDS: Final = 20.0  # how long the first requests wait for lists that are not compiled yet


@dataclass(kw_only=True)
class Keeper:
    """What the process needs of its parts. `tasks` live as long as it."""

    hub: Hub
    outlook: Outlook
    reloader: Reloader[Draft]
    addon: Parts
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def keep(self, work: Awaitable[Any]) -> None:
        """Runs `work` beside the rest; a task that nobody holds may be collected."""
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def summary(self) -> dict[str, Any]:
        """What the supervisor tells the person who started it."""
        return self.outlook.summary()


async def start_keeper(orders: Orders, stack: contextlib.AsyncExitStack) -> Keeper:
    """Everything built and serving; `stack` closes it in the right order. A policy with problems starts closed."""
    installation = orders.installation
    authority = await asyncio.to_thread(_authority_of, installation)
    memory = await open_memory(installation, say)
    stack.push_async_callback(memory.close)
    probe = await asyncio.to_thread(build_probe, installation, memory.hosts)
    if probe is not None:
        stack.push_async_callback(probe.close)
    counters = Counters()
    learning = await _start_learning(installation, memory, probe)
    stack.push_async_callback(learning.close)
    hub = Hub(memory, probe, counters, _now, learning)
    stack.push_async_callback(hub.close)
    if probe is not None:
        probe.on_record = hub.tell_record
    lists = await asyncio.to_thread(build_keeper, installation, say)
    lists.on_event = lambda event: counters.lists.labels(event).inc()
    editions = Editions(installation)

    def ruling() -> Ruling | None:
        return editions.in_force.ruling if editions.in_force is not None else None

    addon = await build_parts(installation, memory, probe, counters, ruling, hub.tell_heard)
    stack.callback(addon.gate.close)

    def put_in_force(draft: Draft) -> None:
        editions.publish(draft)
        addon.gate.swap(draft.ruling)

    async def take_up(draft: Draft) -> None:
        await hub.publish(draft.editions, lambda: put_in_force(draft))
        lists.take(draft.ruling.policy.lists, compiled=draft.ruling.hosts.listed is not None)

    reloader = Reloader(
        build=editions.draft, apply=take_up, say=say, faults_of=lambda draft: draft.ruling.policy.problems
    )
    lists.on_compiled = reloader.reload
    outlook = Outlook(
        workers=orders.workers,
        replaced=orders.replaced,
        hub=hub,
        memory=memory,
        probe=probe,
        lists=lists,
        reloader=reloader,
        ruling=ruling,
        devices=addon.devices,
    )
    keeper = Keeper(hub=hub, outlook=outlook, reloader=reloader, addon=addon)
    stop = asyncio.Event()
    stack.push_async_callback(_end, keeper, stop)
    await reloader.reload()
    keeper.keep(hub.watch())
    keeper.keep(lists.run(stop))
    if any(each.compiled is None for each in outlook.lists()):
        await lists.settled(_LISTS_SECONDS)
    console = Console(
        version=__version__,
        authority=authority,
        health=outlook.health,
        people=outlook.people,
        journal=memory.tail,
        explain=outlook.explain,
        reload=reloader.reload,
        restart=_ask_for_restart,
        grants=GrantDesk(memory.standing, outlook.policy, settled=hub.settled, on_host=addon.asks.granted),
        metrics=lambda: generate_latest(counters.registry) + outlook.gauges(),
        policy=EditedFiles(installation, reloader.reload),
        devices=addon.devices,
        asks=addon.asks,
        opened=learning.lines,
    )
    tokens = Tokens(memory.tokens)
    stack.callback(tokens.close)
    names = names_of(installation.shape.addon, installation.shape.admin.address)
    runner = await serve(control_api(console, tokens, names, VerdictRoutes(addon)), orders.sockets[ADMIN])
    stack.push_async_callback(runner.cleanup)
    _reload_on_hangup(keeper)
    keeper.keep(reloader.follow(installation.policy_files, stop))
    keeper.keep(_each_midnight(reloader.reload, installation, authority))
    if installation.shape.demo:
        await _start_demo(keeper, orders, stop)
    return keeper


def _authority_of(installation: Installation) -> Authority:
    return ensure(installation.data, datetime.now(UTC), installation_name="")


async def _start_learning(installation: Installation, memory: Memory, probe: Probe | None) -> Learning:
    """Without a probe nothing is learned: the gateway has to see a host with its own eyes."""

    async def visit(host: str, port: int) -> HostRecord | None:
        return await probe.record(host, port=port) if probe is not None else None

    learning = Learning(memory.learned, memory.opened, visit, _now, days=keeping_of(installation).days)
    await learning.load()
    learning.start()
    return learning


def _now() -> datetime:
    return datetime.now(UTC)


def _ask_for_restart() -> None:
    tell_supervisor(restart="asked for by the control API")


def _reload_on_hangup(keeper: Keeper) -> None:
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, lambda: keeper.keep(keeper.reloader.reload()))


async def _start_demo(keeper: Keeper, orders: Orders, stop: asyncio.Event) -> None:
    from gateway.edge.demo.certificates import ensure_demo_certificate
    from gateway.edge.demo.site import names, serve_demo  # hypercorn is large, and most installations have no demo

    folder = orders.installation.data / "demo"
    _, leaf, key = await asyncio.to_thread(ensure_demo_certificate, folder, names(), _now())
    keeper.keep(serve_demo(orders.sockets[DEMO], leaf, key, stop))


async def _each_midnight(
    reload: Callable[[], Awaitable[object]], installation: Installation, authority: Authority
) -> None:
    """The law of the new day; and a CA that was due is made anew, which a worker only takes up by starting again."""
    while True:
        now = datetime.now(UTC).astimezone()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        await asyncio.sleep((midnight - now + _AFTER_MIDNIGHT).total_seconds())
        await reload()
        renewed = await asyncio.to_thread(_authority_of, installation)
        for note in renewed.notes:
            say(note)
        if renewed.intermediate != authority.intermediate:
            tell_supervisor(restart="the CA was renewed")
            authority = renewed


async def _end(keeper: Keeper, stop: asyncio.Event) -> None:
    stop.set()
    for task in keeper.tasks:
        task.cancel()
    await asyncio.gather(*keeper.tasks, return_exceptions=True)
