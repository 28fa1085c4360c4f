"""A gateway of callables behind the control API: what it shows, and what it was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from gateway.decision.otherwise.asking import Counterfactual, Kind
from gateway.decision.verdict import Action, Effect, Ground, Layer, Reason, Verdict
from gateway.document.url import Url
from gateway.edge.control_api.console import (
    CannotPair,
    Console,
    Explained,
    Health,
    Offer,
    PolicyFile,
    Revoked,
    ShownDevice,
    ShownPerson,
    UnknownFile,
    UnknownPerson,
)
from gateway.edge.granting import read_asked
from gateway.edge.reload import Reloaded
from gateway.edge.standing import TooManyGrants
from gateway.edge.time_left import Limit, TimeLeft
from gateway.labels.label import Label, Scope, Trust
from gateway.policy.edit import Edit
from gateway.profiles.grant import Grant
from gateway.profiles.spent_time import Blocked, Ending
from gateway.store.asks import Ask
from gateway.store.devices import Device, Pairing
from gateway.store.journal import Line
from gateway.store.masking import JournalEntry
from gateway.store.opened import Opened, OpenedLine

LABEL = Label(
    scale="kz", mark="18+", min_age=18, scope=Scope.PAGE, trust=Trust.A, carrier="meta", raw="<b>18+", place="byte 9"
)
VERDICT = Verdict(
    action=Action.BLOCK,
    reason=Reason.LABEL,
    effect=Effect.RESTRICT,
    layer=Layer.LAW,
    category="18+",
    min_age=18,
    grounds=(Ground(rule="kz/169-vi", where="169-vi.yaml:40", says=Action.BLOCK, cites=("Art. 16(3)",)),),
    evidence=(LABEL,),
    revision="r1",
    until=datetime(2026, 11, 23, 7, tzinfo=UTC),
)
OTHERWISE = (Counterfactual(kind=Kind.AGE, change="from the age of 18", verdict=VERDICT),)
LINE = Line(
    JournalEntry(
        moment=datetime(2026, 11, 22, 9, tzinfo=UTC), action="block", reason="label", layer="law", masked=("url",)
    ),
    3,
)


OPENED = OpenedLine(Opened("ana", "cdn.example", "pass", "parts-only"), 7, date(2026, 11, 20), date(2026, 11, 22))


class Authority:
    never_signed = ("bank.example", "<script>alert(1)</script>.example")

    def root_pem(self) -> bytes:
        return b"-----BEGIN CERTIFICATE-----\n"

    def root_der(self) -> bytes:
        return b"\x30\x82"

    def fingerprint(self) -> str:
        return "AB:CD:EF"


class Files:
    """One file that takes every edit; the real ones are in test_policy_files.py."""

    def __init__(self, asked: list[tuple[Any, ...]]) -> None:
        self._asked = asked

    async def names(self) -> tuple[str, ...]:
        return ("home.yaml",)

    async def read(self, name: str) -> PolicyFile:
        if name != "home.yaml":
            raise UnknownFile(name)
        return PolicyFile(name, "d1", {"zone": "Asia/Almaty"})

    async def edit(self, name: str, digest: str, edits: Sequence[Edit]) -> PolicyFile:
        self._asked.append(("edit", name, digest, tuple(edits)))
        return await self.read(name)


GRANT = Grant(
    id="0a1b2c3d",
    by="dana",
    people=frozenset({"ana"}),
    host="",
    minutes=30,
    since=datetime(2026, 11, 22, 16, 30, tzinfo=UTC),
    until=datetime(2026, 11, 22, 19, tzinfo=UTC),
)
TIME = TimeLeft(
    person="ana",
    at=datetime(2026, 11, 22, 9, tzinfo=UTC),
    blocked=Blocked("timetable 1", "home.yaml:9", datetime(2026, 11, 23, 7, tzinfo=UTC), Reason.SCHEDULE),
    ending=Ending("quota-ends-soon", datetime(2026, 11, 22, 9, 4, tzinfo=UTC)),
    limits=(Limit("quota 1", "home.yaml:10", "topic:games", 60, 56, 4),),
)


class Desk:
    """Grants of one person, of which one holds."""

    def __init__(self, asked: list[tuple[Any, ...]]) -> None:
        self._asked = asked

    def held(self) -> tuple[Grant, ...]:
        self._asked.append(("grants",))
        return (GRANT,)

    async def give(self, asked: Mapping[str, Any]) -> tuple[Grant, ...]:
        self._asked.append(("give", asked))
        if asked.get("for") == "many":
            raise TooManyGrants("2000 grants hold already; take some back first")
        read_asked(asked)
        return (GRANT,)

    async def revoke(self, grant_id: str) -> Grant | None:
        self._asked.append(("revoke", grant_id))
        return GRANT if grant_id == GRANT.id else None

    def time_of(self, person: str) -> TimeLeft:
        self._asked.append(("time", person))
        if person != "ana":
            raise UnknownPerson(person)
        return TIME


DEVICE = Device(
    id="0a1b2c3d",
    person="ana",
    name="Ana's laptop",
    browser="Chrome 156",
    version="1.0",
    token="0" * 64,
    paired=datetime(2026, 11, 20, 9, tzinfo=UTC),
    told={"state": "on"},
    enrolment="e1",
)
ENROLMENT = Pairing(id="e1", person="ana", hash="1" * 64, many=True, until=datetime(2027, 11, 22, 9, tzinfo=UTC))
ASK = Ask(id="0a1b2c3d", person="ana", host="tube.example", reason="", asked=datetime(2026, 11, 22, 9, tzinfo=UTC))


class Devices:
    """One device; the real ones are in tests/edge/verdict_api."""

    def __init__(self, asked: list[tuple[Any, ...]]) -> None:
        self._asked = asked

    async def offer(self, person: str, enrol_days: int | None = None) -> Offer:
        self._asked.append(("offer", person, enrol_days))
        if person == "all":
            raise CannotPair("200 codes hold already: wait until some have ended")
        if person != "ana":
            raise UnknownPerson(person)
        gateway, until = "http://10.0.0.2:8088", datetime(2026, 11, 22, 9, 10, tzinfo=UTC)
        many = enrol_days is not None
        url = None if many else f"{gateway}/addon/pair#BCDFGHJK"
        return Offer(code="BCDF-GHJK", person=person, many=many, until=until, gateway=gateway, url=url, note=None)

    def shown(self) -> tuple[ShownDevice, ...]:
        self._asked.append(("devices",))
        return (ShownDevice(DEVICE, silent=True),)

    async def enrolments(self) -> tuple[Pairing, ...]:
        return (ENROLMENT,)

    async def revoke(self, device_id: str) -> Revoked | None:
        self._asked.append(("revoke device", device_id))
        return Revoked(device_id, ENROLMENT) if device_id == DEVICE.id else None


class Asks:
    """One open question."""

    def __init__(self, asked: list[tuple[Any, ...]]) -> None:
        self._asked = asked

    async def open(self, now: datetime) -> tuple[Ask, ...]:
        self._asked.append(("asks",))
        return (ASK,)

    async def refuse(self, ask_id: str) -> Ask | None:
        self._asked.append(("refuse", ask_id))
        return replace(ASK, answer="refused") if ask_id == ASK.id else None


@dataclass
class Gateway:
    """What the API shows; tests change it and look at what was asked."""

    health: Health = field(default_factory=lambda: Health(ok=True, details={"revision": 1, "dropped": 0}))
    reloaded: Reloaded = field(default_factory=lambda: Reloaded(2))
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def console(self) -> Console:
        async def journal(count: int) -> tuple[Line, ...]:
            self.asked.append(("journal", count))
            return (LINE,)

        async def explain(url: Url, person: str, moment: datetime | None) -> Explained:
            self.asked.append(("explain", url.href, person, moment))
            if person != "ana":
                raise UnknownPerson(person)
            return Explained(VERDICT, "because of Art. 16(3)", OTHERWISE)

        async def reload() -> Reloaded:
            self.asked.append(("reload",))
            return self.reloaded

        async def opened(person: str | None) -> tuple[OpenedLine, ...]:
            self.asked.append(("opened", person))
            return (OPENED,) if person in (None, "ana") else ()

        return Console(
            version="1.2.3",
            authority=Authority(),
            health=lambda: self.health,
            people=lambda: (ShownPerson("ana", "12-13", ("7b",), ("kids",)),),
            journal=journal,
            explain=explain,
            reload=reload,
            restart=lambda: self.asked.append(("restart",)),
            grants=Desk(self.asked),
            metrics=lambda: b"qorgan_faults_total 0.0\n",
            policy=Files(self.asked),
            devices=Devices(self.asked),
            asks=Asks(self.asked),
            opened=opened,
        )
