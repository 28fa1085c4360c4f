"""Questions of every kind, whatever an edge may ask, and the law packs that they are asked under."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from hypothesis import strategies as st

from gateway.decision.question import Asked, Channel, Estimate, Question, Tier
from gateway.decision.sources import Sources, build_sources
from gateway.decision.verdict import Action, Reason
from gateway.document.url import canonical
from gateway.hosts.record import Exempt, ExemptGround, HostRecord
from gateway.hosts.vocabulary import KINDS, TOPICS
from gateway.labels.data import build_label_data
from gateway.labels.label import Label, Reading, Scope, Status, Trust
from gateway.law.build import build_codex
from gateway.law.codex import Codex
from gateway.policy.rules import Hit, Rule, Rules
from gateway.policy.stances import Foreign, Stances
from gateway.profiles.grant import Grant
from gateway.profiles.hours import Hours
from gateway.profiles.profile import Profile
from gateway.profiles.timetable import Timetable
from gateway.shipped import texts

MOMENT = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOST = "page.example"
PACKS = (
    ("kz/169-vi",),
    ("kz/169-vi", "kz/draft-18-viii-10-1"),
    ("kz/draft-18-viii-10-1",),
    (),
    ("ru/436-fz",),
    ("kz/169-vi", "ru/436-fz"),
    ("de/jmstv", "it/agcom-9-23", "kz/169-vi", "au/smma", "br/eca-digital"),
    ("us/cipa", "id/pp-tunas", "uz/child-info"),
)


@cache
def codex_of(ids: tuple[str, ...]) -> Codex:
    return build_codex(texts("law"), ids, MOMENT.date())


@cache
def sources() -> Sources:
    scales = build_label_data({**texts("scales"), **texts("signs")}).scales
    return build_sources(packs=texts("law"), presets=texts("presets"), scales=scales, moment=MOMENT)


labels = st.builds(
    Label,
    scale=st.sampled_from(["kz", "rars", "mpa", "rta"]),
    mark=st.just("mark"),
    min_age=st.integers(0, 25),
    scope=st.sampled_from(Scope),
    trust=st.sampled_from(Trust),
    carrier=st.just("meta"),
    raw=st.just("raw"),
    place=st.just("byte 1"),
    part=st.sampled_from([None, "#part", "/0/part"]),
)
readings = st.builds(
    Reading,
    status=st.sampled_from(Status),
    labels=st.lists(labels, max_size=4).map(tuple),
    flags=st.lists(st.sampled_from(["missing-sign", "sign-form"]), max_size=1).map(tuple),
)
# Steps that open with age; whoever writes other steps asks for what they get.
bounds = st.tuples(st.integers(0, 17), st.sampled_from([Action.ALLOW, Action.ASK, Action.BLOCK]))
steps = st.lists(bounds, max_size=3).map(
    lambda pairs: tuple(zip(sorted(age for age, _ in pairs), sorted((a for _, a in pairs), reverse=True), strict=True))
)
stances = st.builds(
    Stances,
    unlabelled=steps,
    unreadable=st.sampled_from([Action.ASK, Action.BLOCK]),
    foreign=st.sampled_from(Foreign),
    site_sign_binds=st.booleans(),
    unlabelled_online_publication=st.sampled_from(["flag", "block", "none"]),
    simulcast_is_broadcast=st.booleans(),
    local_allow_up_to=st.integers(0, 21),
    estimate_from=st.floats(0, 1),
    registration_scope=st.sampled_from(["text", "ministry"]),
)
records = st.builds(
    HostRecord,
    host=st.just(HOST),
    kind=st.none() | st.sampled_from(sorted(KINDS)),
    topics=st.frozensets(st.sampled_from(sorted(TOPICS)), max_size=2),
    exempt=st.none() | st.builds(Exempt, st.sampled_from(ExemptGround), st.just("a list")),
    audience=st.sampled_from(["public", "public", "limited"]),
    reading=st.none() | readings,
)
rules = st.lists(
    st.builds(
        Rule,
        hit=st.sampled_from(
            [
                Hit("block", "home.yaml:1", Action.BLOCK, Reason.LOCAL_BLOCK),
                Hit("ask", "home.yaml:2", Action.ASK, Reason.LOCAL_ASK),
                Hit("allow", "home.yaml:3", Action.ALLOW, Reason.LOCAL_ALLOW),
                Hit("over", "home.yaml:4", Action.BLOCK, Reason.LOCAL_BLOCK, MOMENT),
            ]
        ),
        host=st.sampled_from(["", HOST, "other.example"]),
        path=st.sampled_from(["", "/a"]),
        kinds=st.frozensets(st.sampled_from(["forum", "search"]), max_size=1),
        category=st.sampled_from([None, None, "12+", "18+"]),
    ),
    max_size=2,
).map(Rules.of)
grants = st.lists(
    st.builds(
        Grant,
        id=st.just("1"),
        by=st.just("dana"),
        people=st.sampled_from([frozenset({"aru"}), frozenset({"bota"})]),
        host=st.sampled_from([HOST, "example", "other.example"]),
        path=st.sampled_from([None, "/a"]),
        until=st.sampled_from([None, MOMENT, MOMENT + timedelta(hours=1)]),
    ),
    max_size=1,
).map(tuple)
timetables = st.sampled_from(
    [Timetable(), Timetable(), Timetable.of([Hours(end=1_439, rule="all", where="home.yaml:5")], UTC)]
)
profiles = st.builds(
    Profile,
    person=st.just("aru"),
    age=st.integers(0, 21),
    codex=st.sampled_from(PACKS).map(codex_of),
    rules=rules,
    stances=stances,
    timetable=timetables,
    grants=grants,
)
questions = st.builds(
    Question,
    profile=profiles,
    url=st.sampled_from([None, canonical(f"https://{HOST}/"), canonical(f"https://www.{HOST}/a/b")]),
    moment=st.sampled_from([MOMENT, MOMENT + timedelta(hours=9)]),
    action=st.sampled_from(Asked),
    host=st.none() | records,
    reading=st.none() | readings,
    tier=st.sampled_from(Tier),
    channel=st.sampled_from([Channel.INTERNET, Channel.INTERNET, Channel.BROADCAST]),
    estimate=st.none() | st.builds(Estimate, st.integers(0, 25), st.floats(0, 1)),
    paid_decoder=st.booleans(),
)


def with_profile(question: Question, **changes: object) -> Question:
    return replace(question, profile=replace(question.profile, **changes))
