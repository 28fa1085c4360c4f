"""What the control API asks of the gateway: a handful of callables, wired where the gateway is put together."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from gateway.decision.otherwise.asking import Counterfactual
from gateway.decision.verdict import Verdict
from gateway.document.url import Url
from gateway.edge.reload import Reloaded
from gateway.edge.time_left import TimeLeft
from gateway.policy.edit import Edit
from gateway.policy.parse import Plain
from gateway.profiles.grant import Grant
from gateway.store.asks import Ask
from gateway.store.devices import Device, Pairing
from gateway.store.journal import Line
from gateway.store.opened import OpenedLine


class CertificateAuthority(Protocol):
    """What is shown of the installation's CA (gateway/edge/authority)."""

    def root_pem(self) -> bytes:
        """The root certificate in PEM."""

    def root_der(self) -> bytes:
        """The root certificate in DER."""

    def fingerprint(self) -> str:
        """SHA-256 of the root certificate, for people to compare."""

    @property
    def never_signed(self) -> Sequence[str]:
        """The names that it can never sign."""


class Desk(Protocol):
    """Where grants are given and taken back (gateway/edge/grant_desk.py)."""

    def held(self) -> Sequence[Grant]:
        """Those that hold now, the one that ends first before the others."""

    async def give(self, asked: Mapping[str, Any]) -> Sequence[Grant]:
        """Gives what is asked for. Raises BadGrant, TooManyGrants and StoreFault."""

    async def revoke(self, grant_id: str) -> Grant | None:
        """Takes one back; None when none of that id holds. Raises StoreFault."""

    def time_of(self, person: str) -> TimeLeft:
        """What time somebody has now. Raises UnknownPerson."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A code as its guardian sees it, once. `url` is what the QR code leads to; `note`: what hinders its use."""

    code: str
    person: str
    many: bool
    until: datetime
    gateway: str
    url: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class ShownDevice:
    """A device with whether it has been silent for too long."""

    device: Device
    silent: bool


@dataclass(frozen=True, slots=True)
class Revoked:
    """A device or an enrolment token that was taken back. `again_by`: by what the device will pair itself again."""

    id: str
    again_by: Pairing | None = None


class DeviceDesk(Protocol):
    """Where devices with the add-on are paired and revoked (gateway/edge/verdict_api/devices.py)."""

    async def offer(self, person: str, enrol_days: int | None = None) -> Offer:
        """A code for one device, or a token for many. Raises UnknownPerson, CannotPair, StoreFault."""

    def shown(self) -> Sequence[ShownDevice]:
        """Every device, by person and name. Raises StoreFault."""

    async def enrolments(self) -> Sequence[Pairing]:
        """The enrolment tokens that hold. Raises StoreFault."""

    async def revoke(self, device_id: str) -> Revoked | None:
        """Takes back a device's token or an enrolment token; None: there is none of that id. Raises StoreFault."""


class AskDesk(Protocol):
    """What people ask a guardian for (gateway/store/asks.py). Both methods raise StoreFault."""

    async def open(self, now: datetime) -> Sequence[Ask]:
        """The open questions, the oldest first."""

    async def refuse(self, ask_id: str) -> Ask | None:
        """Answers one with no; None: none of that id is open."""


class CannotPair(Exception):  # noqa: N818 - reads as a sentence
    """No device can be paired now; the text says why and what to do."""


class UnknownPerson(LookupError):  # noqa: N818 - reads as a sentence
    """The policy knows nobody of this name."""


@dataclass(frozen=True, slots=True)
class Health:
    """`ok`: everything works as it should. `details` (JSON values) are shown to whoever has the token."""

    ok: bool
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """A person of the policy as the API shows them: age band ("12-13"), groups, and listeners they come through."""

    name: str
    band: str
    groups: tuple[str, ...] = ()
    listeners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    verdict: Verdict
    text: str  # for a person, with what would change it
    otherwise: tuple[Counterfactual, ...] = ()


class UnknownFile(LookupError):  # noqa: N818 - reads as a sentence
    """The policy has no file of this name."""


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A file of the policy: its name, what tells its content from another, and the policy in it as plain values."""

    file: str
    digest: str
    policy: Plain


class PolicyFiles(Protocol):
    """The files of the policy, to be looked at and edited."""

    async def names(self) -> Sequence[str]:
        """The files that can be edited."""

    async def read(self, name: str) -> PolicyFile:
        """One of them. Raises UnknownFile; ProblemsFound when it cannot be read as YAML."""

    async def edit(self, name: str, digest: str, edits: Sequence[Edit]) -> PolicyFile:
        """Makes the edits in the file, if its content still has the digest, and takes up the new policy.

        Raises UnknownFile, Changed, EditRefused, DataFault; ProblemsFound when the result would not be a policy.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """`explain` takes address, person's name and moment (None: now), makes no connection, and raises UnknownPerson.

    `restart` asks for new processes in the place of those that run, one after the other. `metrics` gives the Prometheus
    text format. `journal` gives the last lines, newest first. `opened` gives what was opened, of one person or of all
    (None).
    """

    version: str
    authority: CertificateAuthority
    health: Callable[[], Health]
    people: Callable[[], Sequence[ShownPerson]]
    journal: Callable[[int], Awaitable[Sequence[Line]]]
    explain: Callable[[Url, str, datetime | None], Awaitable[Explained]]
    reload: Callable[[], Awaitable[Reloaded]]
    restart: Callable[[], None]
    grants: Desk
    metrics: Callable[[], bytes]
    policy: PolicyFiles
    devices: DeviceDesk
    asks: AskDesk
    opened: Callable[[str | None], Awaitable[Sequence[OpenedLine]]]
