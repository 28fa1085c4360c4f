"""How the gateway stands, as the keeper sees it: people, lists, workers, what is wrong; and what would be decided."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from gateway.document.url import Url
from gateway.edge.control_api.console import Explained, Health, ShownPerson, UnknownPerson
from gateway.edge.explanation import explain_page
from gateway.edge.inquiry import Ruling
from gateway.edge.keeper.editions import Draft
from gateway.edge.keeper.hub import Hub
from gateway.edge.lists.keeper import Keeper as ListKeeper
from gateway.edge.lists.opening import Standing, standings
from gateway.edge.memory import Memory
from gateway.edge.probe.probe import Probe
from gateway.edge.process import Figures
from gateway.edge.reload import Reloader
from gateway.edge.replaced import Replaced
from gateway.edge.verdict_api.devices import Devices
from gateway.policy.policy import Policy
from gateway.store.masking import band_of


class Outlook:
    """`workers` is how many there should be; `ruling` gives the one in force; `replaced` is told by the supervisor."""

    def __init__(
        self,
        *,
        workers: int,
        replaced: Replaced,
        hub: Hub,
        memory: Memory,
        probe: Probe | None,
        lists: ListKeeper,
        reloader: Reloader[Draft],
        ruling: Callable[[], Ruling | None],
        devices: Devices,
    ) -> None:
        self._replaced = replaced
        self._workers, self._hub, self._memory, self._probe = workers, hub, memory, probe
        self._lists, self._reloader, self._ruling = lists, reloader, ruling
        self._devices = devices
        self._figures = Figures()

    def policy(self) -> Policy | None:
        """The policy in force."""
        ruling = self._ruling()
        return ruling.policy if ruling is not None else None

    def summary(self) -> dict[str, Any]:
        """Who is here, for the start page."""
        policy = self.policy()
        people = [{"name": person.name, "age": person.band, "listeners": person.listeners} for person in self.people()]
        return {"revision": policy.revision if policy is not None else None, "people": people}

    def people(self) -> Sequence[ShownPerson]:
        policy, moment = self.policy(), datetime.now(UTC)
        if policy is None:
            return ()
        listeners: dict[str, list[str]] = {}
        for listener, person in policy.clues.listeners.items():
            listeners.setdefault(person.name, []).append(listener)
        return tuple(
            ShownPerson(
                name, band_of(person.age_at(moment)), tuple(sorted(person.groups)), tuple(listeners.get(name, ()))
            )
            for name, person in policy.people.items()
        )

    def lists(self) -> Sequence[Standing]:
        """How the lists of the policy in force stand."""
        ruling = self._ruling()
        if ruling is None:
            return ()
        listed = ruling.hosts.listed
        return standings(ruling.policy.lists, listed.mapped.lists if listed else (), self._lists.states)

    def health(self) -> Health:
        last, memory, lists, policy = self._reloader.last, self._memory, self.lists(), self.policy()
        workers = self._hub.workers
        details: Mapping[str, Any] = {
            "revision": policy.revision if policy is not None else None,
            "problems": [problem.show() for problem in (*last.problems, *last.of_tenants)],
            "store": memory.trouble(),
            "minutes": {"fault": memory.standing.minutes.fault},
            "journal": {"dropped": memory.dropped(), "fault": memory.journal_fault()},
            "probe": dict(self._probe.counts) if self._probe is not None else None,
            "slower": sorted({part for each in workers for part in each["slower"] or ()}),
            "lists": [each.to_json() for each in lists],
            "addon": self._addon(),
            "workers": workers,
            "workers_wanted": self._workers,
            "replaced": self._replaced.to_json(),
            "keeper": self._figures.to_json(),
        }
        ok = (
            last.good
            and not last.of_tenants
            and policy is not None
            and not memory.trouble()
            and not memory.journal_fault()
            and not any(each.compiled is None for each in lists)
            and len({each["place"] for each in workers}) == self._workers
        )
        return Health(ok, details)

    def _addon(self) -> Mapping[str, Any]:
        """How many devices there are, and which of them have been silent for too long."""
        if self._devices.fault is not None:
            return {"devices": 0, "silent": [], "fault": self._devices.fault}
        shown = self._devices.shown()
        silent = [
            {
                "id": each.device.id,
                "person": each.device.person,
                "name": each.device.name,
                "since": (each.device.seen or each.device.paired).isoformat(),
            }
            for each in shown
            if each.silent
        ]
        return {"devices": len(shown), "silent": silent, "fault": None}

    def gauges(self) -> bytes:
        """What goes up and down, in the Prometheus text format."""
        workers = self._hub.workers
        lines = [
            "# HELP qorgan_workers workers that are connected to the keeper",
            "# TYPE qorgan_workers gauge",
            f"qorgan_workers {len(workers)}",
            "# HELP qorgan_open_connections client connections at this moment",
            "# TYPE qorgan_open_connections gauge",
            f"qorgan_open_connections {sum(each['connections'] or 0 for each in workers)}",
            "# HELP qorgan_silent_devices devices whose add-on has not been heard for too long",
            "# TYPE qorgan_silent_devices gauge",
            f"qorgan_silent_devices {len(self._addon()['silent'])}",
            "# HELP qorgan_resident_bytes memory that a process holds",
            "# TYPE qorgan_resident_bytes gauge",
            f'qorgan_resident_bytes{{process="keeper"}} {self._figures.to_json()["rss"]}',
            *(f'qorgan_resident_bytes{{process="worker {each["place"]}"}} {each["rss"] or 0}' for each in workers),
            "# HELP qorgan_replaced_processes_total processes that ended, or were silent and killed",
            "# TYPE qorgan_replaced_processes_total counter",
            *(
                f'qorgan_replaced_processes_total{{process="{name.removeprefix("the ")}",why="{why}"}} {count}'
                for name, counts in self._replaced.to_json().items()
                for why, count in counts.items()
            ),
        ]
        return ("\n".join(lines) + "\n").encode()

    async def explain(self, url: Url, person: str, moment: datetime | None) -> Explained:
        ruling = self._ruling()
        if ruling is None:
            raise LookupError("no policy is in force")
        if person not in ruling.policy.people:
            raise UnknownPerson(person)
        standing = self._memory.standing
        found = await explain_page(ruling, self._probe, url, person, moment or datetime.now(UTC), standing)
        return Explained(found.verdict, found.text, found.otherwise)
