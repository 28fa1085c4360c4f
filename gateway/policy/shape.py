"""The shape of a policy file: its keys, what each may hold, and what it means (shown by `qorgan schema`)."""

from datetime import date, datetime
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from gateway.decision.verdict import Action
from gateway.hosts.record import ExemptGround
from gateway.policy import written
from gateway.policy.faults import Fault, did_you_mean
from gateway.policy.hours_shape import HolidaysList, QuotaList, TimetableList
from gateway.policy.list_shape import ListShape
from gateway.policy.strict import Kind as Kind
from gateway.policy.strict import OneOrMore
from gateway.policy.strict import Shape as Shape
from gateway.policy.strict import Words as Words
from gateway.policy.strict import one_or_more as _one_or_more

# The keys of an installation file that a home may keep in the same file (gateway/edge/installation_shape.py).
INSTALLATION_KEYS: Final = frozenset(
    {
        "addon",
        "admin",
        "blocked-by",
        "data",
        "demo",
        "limits",
        "listeners",
        "logins",
        "network",
        "policy",
        "ports",
        "probe",
        "retention",
        "workers",
    }
)


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _as_group(value: object) -> object:
    """A plain list, or one name, is a group of these people."""
    return {"people": value} if isinstance(value, str | list) else value


def _exempt_ground(value: object) -> ExemptGround:
    grounds = [ground.value for ground in ExemptGround]
    if value not in grounds:
        raise Fault(f"{value!r} is not a ground of Art. 2", did_you_mean(str(value), grounds))
    return ExemptGround(str(value))


type _Step = Literal["allow", "ask", "block"]

Age = Annotated[int, BeforeValidator(written.age_of, json_schema_input_type=int | Literal["adult"])]
Band = Annotated[int, BeforeValidator(written.band_of, json_schema_input_type=str)]
Turns = Annotated[tuple[int, date], BeforeValidator(written.turns_of, json_schema_input_type=dict[str, str])]
Day = Annotated[date, BeforeValidator(written.date_of, json_schema_input_type=str)]
Moment = Annotated[datetime, BeforeValidator(written.moment_of, json_schema_input_type=str)]
Steps = Annotated[
    tuple[tuple[int, Action], ...],
    BeforeValidator(written.steps_of, json_schema_input_type=_Step | dict[str, _Step]),
]
Name = Annotated[str, AfterValidator(written.name_of)]
Host = Annotated[str, AfterValidator(written.host_of)]
Path = Annotated[str, AfterValidator(written.path_of)]
Zone = Annotated[str, AfterValidator(written.zone_of)]
Pack = Annotated[str, AfterValidator(written.pack_of)]
Ground = Annotated[ExemptGround, BeforeValidator(_exempt_ground, json_schema_input_type=str)]

Directory = Annotated[str, AfterValidator(written.directory_of)]

Hosts = Annotated[tuple[Host, ...], _one_or_more]
Kinds = Annotated[tuple[Kind, ...], _one_or_more]
Packs = Annotated[tuple[Pack, ...], _one_or_more]
Addresses = Annotated[tuple[Annotated[str, AfterValidator(written.network_of)], ...], _one_or_more]
Devices = Annotated[tuple[Annotated[str, AfterValidator(written.device_of)], ...], _one_or_more]
LoginPattern = Annotated[str, AfterValidator(written.login_pattern_of)]
Folders = Annotated[tuple[Annotated[str, AfterValidator(written.folder_of)], ...], _one_or_more]
Tokens = Annotated[tuple[Annotated[str, AfterValidator(written.token_of)], ...], _one_or_more]


class PersonShape(Shape):
    """One person: an age, given in exactly one way, and the clues they are known by."""

    age: Age | None = Field(None, description="completed years, or `adult`")
    band: Band | None = Field(None, description="an age band, like 14-15; its youngest age counts")
    turns: Turns | None = Field(None, description="the day of a birthday, like {14: 2027-03-02}; the age follows it")
    born: Day | None = Field(
        None, description="accepted and reduced to `turns` when the file is read; better write that"
    )
    language: Literal["kk", "ru", "en"] | None = Field(None, description="the language of what is shown to them")
    listeners: Words = Field((), description="everybody who comes through these listeners and is not known otherwise")
    addresses: Addresses = Field((), description="IP addresses and networks; the narrowest network counts")
    logins: Words = Field((), description="names at the proxy or the directory")
    devices: Devices = Field((), description="MAC addresses")
    tokens: Tokens = Field((), description="digests of tokens, `sha256:` and 64 hexadecimal digits")

    @model_validator(mode="after")
    def _has_one_age(self) -> Self:
        given = [key for key in ("age", "band", "turns", "born") if getattr(self, key) is not None]
        if len(given) != 1:
            said = f"it has {' and '.join(given)}" if given else "it has none"
            raise Fault(f"a person has one of age, band and turns; {said}", "write it like age: 8")
        return self


class GroupShape(Shape):
    """People under one name. With an age it introduces them: a class of a school is one list of names."""

    people: Words = Field((), description="who belongs to it; with an age, also people who are written nowhere else")
    age: Age | None = Field(None, description="completed years of those listed here, or `adult`")
    band: Band | None = Field(None, description="the age band of those listed here; its youngest age counts")
    turns: Turns | None = Field(None, description="the next birthday of those listed here: the last day it falls on")
    logins: LoginPattern | None = Field(None, description="their logins, with * for the name: `*`, `*@school.kz`")
    addresses: Addresses = Field((), description="networks of the group: who is not known otherwise is its youngest")
    listeners: Words = Field((), description="listeners of the group: who is not known otherwise is its youngest")

    @model_validator(mode="after")
    def _has_at_most_one_age(self) -> Self:
        given = [key for key in ("age", "band", "turns") if getattr(self, key) is not None]
        if len(given) > 1:
            raise Fault(f"a group has one of age, band and turns; it has {' and '.join(given)}")
        return self


class LineShape(Shape):
    """How a tenant's clients are told from all others'."""

    addresses: Addresses = Field((), description="IP addresses and networks of the subscriber")
    listeners: Words = Field((), description="listeners that are this subscriber's alone")


class RuleShape(Shape):
    """A rule of the house under `block:`, `ask:` or `allow:`; it speaks when all its conditions hold."""

    id: str | None = Field(None, description="a name for `without:` and for explanations")
    host: Hosts = Field((), description="hosts, each with all below it")
    path: Path | None = Field(None, description="this path of the host and all below it")
    topic: Words = Field((), description="what the host is about, any of these")
    kind: Kinds = Field((), description="what the host is, any of these")
    category: Literal["6-", "6+", "12+", "14+", "16+", "18+"] | None = Field(
        None, description="block and ask: labels of this category and older ones; allow: this and younger ones"
    )
    action: Literal["view", "register", "search"] | None = Field(None, description="what the person does")
    for_: Words = Field((), description="people and groups; without it everybody under 18; `everyone`: adults as well")
    until: Moment | None = Field(None, description="when the rule ends; a bare day means the end of that day")

    @model_validator(mode="after")
    def _has_a_condition(self) -> Self:
        if not (self.host or self.topic or self.kind or self.category or self.action):
            raise Fault("a rule says what it is about", "add host:, topic:, kind:, category: or action:")
        if self.path and not self.host:
            raise Fault("a path belongs to a host", "add host:")
        return self


class GrantShape(Shape):
    """A temporary permission."""

    by: str = Field(description="who gives it: an adult of `people`")
    for_: Words = Field(description="people and groups it is given to")
    host: Host | None = Field(None, description="a host with all below it")
    path: Path | None = Field(None, description="only this path of the host and all below it")
    minutes: int = Field(0, ge=0, le=1440, description="extra minutes before `until`, instead of a host")
    until: Moment | None = Field(None, description="when it ends; extra minutes always end")

    @model_validator(mode="after")
    def _grants_something(self) -> Self:
        if not self.for_:
            raise Fault("a grant names whom it is for", "write it like for: aigerim")
        if (self.host is None) == (self.minutes == 0):
            raise Fault("a grant gives either a host or minutes", "write it like host: example.kz")
        if self.path and not self.host:
            raise Fault("a path belongs to a host", "add host:")
        if self.minutes and self.until is None:
            raise Fault("extra minutes end at some moment", "add until:")
        return self


class ExemptShape(Shape):
    """An Art. 2 ground; a site's own claim is not evidence."""

    ground: Ground = Field(description="which ground of Art. 2")
    evidence: str = Field(min_length=1, description="what it rests on: a list, a reviewer")


class HostShape(Shape):
    """What is known of a host and of all below it."""

    host: Host = Field(description="the host")
    kind: Kind | None = Field(None, description="what it is")
    topics: Words = Field((), description="what it is about")
    exempt: ExemptShape | None = Field(None, description="a ground of Art. 2 on which the law does not apply")
    audience: Literal["public", "limited"] = Field("public", description="limited: private traffic, Art. 1(1)")
    source: str = Field("", description="where this is known from")


class StancesShape(Shape):
    """Named defaults where the law is silent. What is left out comes from `base` or the preset."""

    base: Literal["default", "strict", "lenient"] | None = Field(None, description="where to start from")
    unlabelled: Steps | None = Field(
        None, description="pages without a label: an action, or steps {0: block, 12: allow}"
    )
    unreadable: Literal["ask", "block"] | None = Field(None, description="responses that cannot be read; never allow")
    foreign: Literal["exact", "step", "ignore"] | None = Field(None, description="labels of other countries' scales")
    site_sign_binds: bool | None = Field(None, description="whether a KZ online publication's site-wide sign binds")
    unlabelled_online_publication: Literal["flag", "block", "none"] | None = Field(
        None, description="a KZ online publication without the sign of Art. 15(2)"
    )
    simulcast_is_broadcast: bool | None = Field(
        None, description="whether a TV channel's stream on the web counts as broadcasting (Art. 17(1))"
    )
    local_allow_up_to: int | None = Field(
        None, ge=0, le=21, description="a local allow or grant overrules labels up to this age; 0: never"
    )
    estimate_from: float | None = Field(None, ge=0, le=1, description="confidence from which an estimate speaks")
    registration_scope: Literal["text", "ministry"] | None = Field(
        None, description="how the under-16 draft reads `online platform`: by its text or as the ministry says"
    )
    adults_opened: bool | None = Field(None, description="whether adults' connections are read as well")
    pinned: Literal["pass", "refuse"] | None = Field(
        None, description="apps that do not accept the gateway's certificate, at hosts without pages and labels"
    )
    safe_search: bool | None = Field(None, description="whether search engines are asked for safe results")
    restricted_videos: Literal["none", "moderate", "strict"] | None = Field(
        None, description="the restricted mode that video hosts are asked for"
    )
    prefer_safe: bool | None = Field(None, description="whether sites are told `Prefer: safe` (RFC 8674)")
    google_domains: Hosts | None = Field(None, description="a school: only Google accounts of these domains")
    microsoft_tenants: Hosts | None = Field(None, description="a school: only Microsoft accounts of these tenants")
    microsoft_directory: Directory | None = Field(None, description="a school: the id of its Microsoft directory")


entries = BeforeValidator(_frozen)
Group = Annotated[GroupShape, BeforeValidator(_as_group, json_schema_input_type=OneOrMore | GroupShape)]
RuleList = Annotated[tuple[RuleShape, ...], entries]
GrantList = Annotated[tuple[GrantShape, ...], entries]
HostList = Annotated[tuple[HostShape, ...], entries]
ListList = Annotated[tuple[ListShape, ...], entries]


class PolicyShape(Shape):
    """A policy: who is here, what the house allows, and where the law is silent."""

    extends: str | None = Field(None, description="a shipped preset: home, school, library, isp, strict; or a file")
    zone: Zone | None = Field(None, description="time zone by name, like Asia/Almaty")
    language: Literal["kk", "ru", "en"] | None = Field(
        None, description="language of what is shown, if a person has none"
    )
    packs: Packs | None = Field(None, description="law packs that apply, like kz/169-vi")
    people: dict[Name, PersonShape] = Field(default_factory=dict, description="people by name")
    groups: dict[Name, Group] = Field(default_factory=dict, description="groups by name: lists of people, or classes")
    default: str | None = Field(None, description="whom an unknown client counts as; `nobody` refuses it")
    block: RuleList = Field((), description="what is blocked")
    ask: RuleList = Field((), description="what needs somebody's permission")
    allow: RuleList = Field((), description="what is allowed")
    without: Words = Field((), description="ids of the preset's rules that do not hold here")
    stances: StancesShape = Field(StancesShape(), description="named defaults where the law is silent")
    timetable: TimetableList = Field((), description="hours that are closed, open or free")
    holidays: HolidaysList = Field((), description="days that count as Sunday, or as `as` says: dates and calendars")
    terms: HolidaysList = Field((), description="school terms: the days between them count as holidays")
    quota: QuotaList = Field((), description="minutes a day")
    grants: GrantList = Field((), description="temporary permissions")
    hosts: HostList = Field((), description="what the household knows of hosts")
    tariffs: dict[Name, object] = Field(
        default_factory=dict, description="an operator's presets, for tenants to extend"
    )
    tenants: dict[Name, object] = Field(default_factory=dict, description="an operator's subscribers, by name")
    tenant_files: Folders = Field((), description="folders beside this file; each file in them is a tenant of its name")
    line: LineShape | None = Field(None, description="in a tenant: how its clients are told from all others'")
    lists: ListList = Field((), description="lists of hosts and addresses to load, from files or by https")
