"""Puts a worker together: every part built, wired and closed in one place."""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from prometheus_client import generate_latest

from gateway import __version__
from gateway.document.url import Url
from gateway.edge.authority.authority import Authority
from gateway.edge.authority.upstream_trust import upstream_trust_bundle
from gateway.edge.control_api.app import control_api, serve
from gateway.edge.control_api.console import Console, Explained, Health, ShownPerson, UnknownPerson
from gateway.edge.control_api.tokens import Tokens
from gateway.edge.demo.certificates import ensure_demo_certificate
from gateway.edge.demo.site import names, serve_demo
from gateway.edge.explanation import explain_page
from gateway.edge.gate import Gate
from gateway.edge.grant_desk import GrantDesk
from gateway.edge.inquiry import Ruling
from gateway.edge.installation import Installation
from gateway.edge.lists.keeper import Keeper
from gateway.edge.lists.keeping import build_keeper
from gateway.edge.lists.opening import Standing, standings
from gateway.edge.memory import Memory, open_memory
from gateway.edge.mitm.embed import Proxy
from gateway.edge.mitm.settings import Listener, ProxySettings
from gateway.edge.passwords import Passwords
from gateway.edge.policy_files import EditedFiles
from gateway.edge.probe.probe import Probe
from gateway.edge.probing import build_probe
from gateway.edge.reload import Reloader
from gateway.edge.ruling import build_ruling, faults_of
from gateway.edge.run import ADMIN, DEMO, authority_of
from gateway.store.masking import band_of

_log = logging.getLogger(__name__)

# A policy's day matters to the law in force; a little after midnight the ruling is built anew.
_AFTER_MIDNIGHT: Final = timedelta(seconds=5)
_LISTS_SECONDS: Final = 20.0  # how long the first requests wait for lists that are not compiled yet


@dataclass(kw_only=True)
class Assembly:
    """A worker's parts. `tasks` live as long as the worker."""

    installation: Installation
    gate: Gate
    proxy: Proxy
    probe: Probe | None
    memory: Memory
    reloader: Reloader[Ruling]
    keeper: Keeper
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def keep(self, work: Awaitable[Any]) -> None:
        """Runs `work` beside the rest; a task that nobody holds may be collected."""
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def summary(self) -> dict[str, Any]:
        """What the supervisor tells the person who started it."""
        ruling = self.gate.ruling
        people = [{"name": person.name, "age": person.band, "listeners": person.listeners} for person in self.people()]
        return {"revision": ruling.revision if ruling else None, "people": people}

    def people(self) -> Sequence[ShownPerson]:
        ruling, moment = self.gate.ruling, datetime.now(UTC)
        if ruling is None:
            return ()
        listeners: dict[str, list[str]] = {}
        for listener, person in ruling.policy.clues.listeners.items():
            listeners.setdefault(person.name, []).append(listener)
        return tuple(
            ShownPerson(
                name, band_of(person.age_at(moment)), tuple(sorted(person.groups)), tuple(listeners.get(name, ()))
            )
            for name, person in ruling.policy.people.items()
        )

    def lists(self) -> Sequence[Standing]:
        """How the lists of the policy in force stand."""
        ruling = self.gate.ruling
        if ruling is None:
            return ()
        listed = ruling.hosts.listed
        return standings(ruling.policy.lists, listed.mapped.lists if listed else (), self.keeper.states)

    def health(self) -> Health:
        last, memory, lists = self.reloader.last, self.memory, self.lists()
        details = {
            "revision": self.gate.ruling.revision if self.gate.ruling else None,
            "problems": [problem.show() for problem in (*last.problems, *last.of_tenants)],
            "store": memory.trouble(),
            "minutes": {"fault": memory.standing.minutes.fault},
            "journal": {"dropped": memory.dropped(), "fault": memory.journal_fault()},
            "probe": dict(self.probe.counts) if self.probe else None,
            "slower": list(self.proxy.slower),
            "lists": [each.to_json() for each in lists],
        }
        ok = (
            last.good
            and not last.of_tenants
            and self.gate.ruling is not None
            and not memory.trouble()
            and not memory.journal_fault()
            and not any(each.compiled is None for each in lists)
        )
        return Health(ok, details)

    async def explain(self, url: Url, person: str, moment: datetime | None) -> Explained:
        ruling = self.gate.ruling
        if ruling is None:
            raise LookupError("no policy is in force")
        if person not in ruling.policy.people:
            raise UnknownPerson(person)
        standing = self.memory.standing.profile_now
        found = await explain_page(ruling, self.probe, url, person, moment or datetime.now(UTC), standing)
        return Explained(found.verdict, found.text, found.otherwise)


async def assemble(
    installation: Installation, sockets: Mapping[str, socket.socket], stack: contextlib.AsyncExitStack
) -> Assembly:
    """Everything built and serving; `stack` closes it in the right order. A policy with problems starts closed."""
    authority = await asyncio.to_thread(authority_of, installation)
    memory = await open_memory(installation, _say)
    stack.push_async_callback(memory.close)
    probe = await asyncio.to_thread(build_probe, installation, memory.hosts)
    if probe is not None:
        stack.push_async_callback(probe.close)
    gate = Gate(None, record=memory.record, probe=probe, trouble=memory.trouble, standing=memory.standing)
    stack.callback(gate.close)
    passwords = Passwords(installation.shape.logins)
    stack.callback(passwords.close)
    proxy = Proxy(_settings(installation, authority.confdir), gate, _proxies(sockets), passwords.verify)
    keeper = await asyncio.to_thread(build_keeper, installation, _say)
    keeper.on_event = lambda event: gate.counters.lists.labels(event).inc()

    def take_up(ruling: Ruling) -> None:
        gate.swap(ruling)
        keeper.take(ruling.policy.lists, compiled=ruling.hosts.listed is not None)

    reloader = Reloader(
        build=lambda: build_ruling(installation, gate.ruling, mend=True), apply=take_up, say=_say, faults_of=faults_of
    )
    keeper.on_compiled = reloader.reload
    assembly = Assembly(
        installation=installation, gate=gate, proxy=proxy, probe=probe, memory=memory, reloader=reloader, keeper=keeper
    )
    stop = asyncio.Event()
    stack.push_async_callback(_end, assembly, stop)
    await reloader.reload()
    assembly.keep(keeper.run(stop))
    if any(each.compiled is None for each in assembly.lists()):
        await keeper.settled(_LISTS_SECONDS)
    await proxy.start()
    console = Console(
        version=__version__,
        authority=authority,
        health=assembly.health,
        people=assembly.people,
        journal=memory.tail,
        explain=assembly.explain,
        reload=reloader.reload,
        grants=GrantDesk(memory.standing, lambda: gate.ruling.policy if gate.ruling else None),
        metrics=lambda: generate_latest(gate.counters.registry),
        policy=EditedFiles(installation, reloader.reload),
    )
    tokens = Tokens(memory.tokens)
    stack.callback(tokens.close)
    runner = await serve(control_api(console, tokens, [installation.shape.admin.address]), sockets[ADMIN])
    stack.push_async_callback(runner.cleanup)
    assembly.keep(reloader.follow(installation.policy_files, stop))
    assembly.keep(_each_midnight(reloader, installation, authority))
    if installation.shape.demo:
        await _start_demo(assembly, sockets[DEMO], stop)
    return assembly


def _settings(installation: Installation, confdir: Any) -> ProxySettings:
    network = installation.shape.network
    return ProxySettings(
        listeners=tuple(
            Listener(name=name, host=shape.address, port=shape.port, login=shape.login)
            for name, shape in installation.listeners.items()
        ),
        confdir=confdir,
        connect_ports=frozenset(network.connect_ports),
        allow_private=installation.allow_private,
        fixed_hosts=network.hosts,
        blocked_by=installation.blocked_by,
        upstream_ca=upstream_trust_bundle(installation.data, installation.upstream_ca),
    )


def _proxies(sockets: Mapping[str, socket.socket]) -> dict[str, socket.socket]:
    return {name: listening for name, listening in sockets.items() if name not in (ADMIN, DEMO)}


async def _start_demo(assembly: Assembly, listening: socket.socket, stop: asyncio.Event) -> None:
    folder = assembly.installation.data / "demo"
    _, leaf, key = await asyncio.to_thread(ensure_demo_certificate, folder, names(), datetime.now(UTC))
    assembly.keep(serve_demo(listening, leaf, key, stop))


async def _each_midnight(reloader: Reloader[Ruling], installation: Installation, authority: Authority) -> None:
    """The law of the new day; and a CA that was due is made anew, which a worker only takes up by starting again."""
    while True:
        now = datetime.now(UTC).astimezone()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        await asyncio.sleep((midnight - now + _AFTER_MIDNIGHT).total_seconds())
        await reloader.reload()
        renewed = await asyncio.to_thread(authority_of, installation)
        for note in renewed.notes:
            _say(note)
        if renewed.intermediate != authority.intermediate:
            signal.raise_signal(signal.SIGTERM)


async def _end(assembly: Assembly, stop: asyncio.Event) -> None:
    stop.set()
    for task in assembly.tasks:
        task.cancel()
    await asyncio.gather(*assembly.tasks, return_exceptions=True)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
