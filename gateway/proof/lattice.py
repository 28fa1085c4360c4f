"""The finite lattice of questions under a policy: who × where × when × what is done × what is known × what was read.

A scene is one choice of everything but page and age; its table has the verdict on every page at every age. Values that
the law and the rules name in the same places are asked about once; that they are alike is itself asked of `decide`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import product
from types import MappingProxyType
from typing import Any, Final

from gateway.decision.decide import decide
from gateway.decision.from_line import question_of
from gateway.decision.question import Asked, Question
from gateway.decision.sources import Sources
from gateway.decision.verdict import Action, Reason, Verdict
from gateway.document.url import Url
from gateway.hosts.record import HostRecord
from gateway.hosts.vocabulary import KINDS, TOPICS
from gateway.labels.label import Reading
from gateway.law import house
from gateway.policy.policy import Policy
from gateway.policy.rules import Rule
from gateway.profiles.edges import edges_of
from gateway.profiles.person import Age, Person
from gateway.profiles.profile import Profile
from gateway.profiles.recognise import profile_of
from gateway.proof.alike import Spot, spots
from gateway.proof.axis import AGES, PLAIN, LinePart, Page, Value, or_list, pages
from gateway.proof.mention import Mentions, all_rules

NOWHERE: Final = "https://page.invalid/"  # RFC 2606: a name that nobody has, so no rule or list speaks of it
PAGES: Final = pages()
_PROBES: Final = tuple(page for page in PAGES if page.words.endswith(("a label", "be read", "pages labelled 18+")))
_MOST_MOMENTS: Final = 64
_NO_PLACES: Final[Mapping[Spot, Value]] = MappingProxyType({})

type Table = Sequence[Sequence[Verdict]]  # by page, then by age


@dataclass(frozen=True, slots=True)
class Scene:
    """A place of the lattice: a value for each axis."""

    where: Value
    when: Value = PLAIN
    does: Value = PLAIN
    kind: Value = PLAIN
    topic: Value = PLAIN
    exempt: Value = PLAIN

    @property
    def values(self) -> tuple[Value, ...]:
        return (self.where, self.when, self.does, self.kind, self.topic, self.exempt)

    @property
    def words(self) -> str:
        """What is not plain about it, for a person to read."""
        told = (self.does, self.kind, self.topic, self.exempt, self.where, self.when)
        return " ".join(value.words for value in told if value.words)

    def plainer(self, plain: "Scene") -> Iterator["Scene"]:
        """The same scene with one of its values as in `plain`."""
        for axis in ("when", "does", "exempt", "topic", "kind", "where"):
            if getattr(self, axis) != getattr(plain, axis):
                yield replace(self, **{axis: getattr(plain, axis)})


class Lattice:
    """The lattice of one person under `policy`; `sources` are those of `qorgan decide` under the same policy.

    `places`: where to ask besides the spots of which the person's rules speak, and what stands for which spot.
    `mentions`: what tells words apart, if more does than the law and the rules of this person.
    """

    def __init__(
        self,
        sources: Sources,
        policy: Policy,
        person: Person,
        moment: datetime,
        places: Mapping[Spot, Value] = _NO_PLACES,
        mentions: Mentions | None = None,
    ) -> None:
        self.person, self.policy, self.asked = person, policy, 0
        self._sources, self._moment = sources, moment
        self.codex = profile_of(policy, person, moment).codex
        self._named = places
        self._mentions = mentions or Mentions(self.codex, person)
        self._profile = cache(self._profile_at)
        self._record = cache(self._record_of)
        self._url = cache(self._url_of)
        self._when = cache(self._moment_of)
        self._readings: dict[str, Reading | None] = {page.words: self._reading_of(page) for page in PAGES}
        free, self._full, self._edges = self._moments()
        self.plain = Scene(Value(line={"url": NOWHERE}), free)
        self.ages = tuple(self._distinct_ages())

    @property
    def own_age(self) -> int:
        """The person's age, in completed years."""
        return self.person.age_at(self._moment)

    def scenes(self) -> Iterator[Scene]:
        """Every scene, the plainest first; at the edges of the hours only those that a timetable can change."""
        kinds, topics = self._kinds(), self._topics()
        exempt, does, where = self._exemptions(), self._actions(), self._places()
        free, *closed = self._full
        for at, asked, kind, topic, ground in product(where, does, kinds, topics, exempt):
            yield Scene(at, free, asked, kind, topic, ground)
        for when in closed:
            yield from self.scenes_at(when)
            yield from (Scene(at, when, kind=kind) for at, kind in product(where[1:], kinds))
        lasting = [kind for kind in kinds if not kind.line or kind.line.get("kind") in _LASTING]
        for when, at, kind in product(self._edges, where, lasting):
            yield Scene(at, when, kind=kind)

    def scenes_at(self, when: Value) -> Iterator[Scene]:
        """The scenes in which hours may differ for what a host is and what it is about."""
        for kind, topic in product(self._kinds(), self._topics()):
            yield Scene(self.plain.where, when, kind=kind, topic=topic)

    @property
    def closed(self) -> tuple[Value, ...]:
        """The moments besides the plain one at which the hours answer otherwise, or begin to."""
        return (*self._full[1:], *self._edges)

    def pages(self, scene: Scene) -> Sequence[Page]:
        """The pages to ask about in a scene: at the edges of the hours a few are enough, since hours know no pages."""
        return _PROBES if scene.when in self._edges else PAGES

    def table(self, scene: Scene, shown: Iterable[Page], ages: Sequence[int]) -> Table:
        """The verdicts on pages at ages."""
        at_age = self._at_ages(scene, ages)
        rows = []
        for page in shown:
            reading = self._readings[page.words]
            rows.append([decide(with_reading(reading)) for with_reading in at_age])
        self.asked += len(rows) * len(at_age)
        return rows

    def ask(self, question: Question) -> Verdict:
        """The verdict on a question that is no longer one of the lattice."""
        self.asked += 1
        return decide(question)

    def question(self, scene: Scene, page: Page | None, age: int) -> Question:
        """A question of the lattice; without a page nothing is read yet."""
        [with_reading] = self._at_ages(scene, (age,))
        return with_reading(None if page is None else self._readings[page.words])

    def _at_ages(self, scene: Scene, ages: Sequence[int]) -> list[Callable[[Reading | None], Question]]:
        """For each age what makes the question of a scene out of a reading."""
        moment = self._when(scene.when)
        rest = {
            "url": self._url(scene.where),
            "moment": moment,
            "action": Asked(scene.does.line.get("action", Asked.VIEW)),
            "host": self._record(scene.where, scene.kind, scene.topic, scene.exempt),
        }

        def asking(profile: Profile) -> Callable[[Reading | None], Question]:
            return lambda reading: Question(profile=profile, reading=reading, **rest)  # type: ignore[arg-type]

        return [asking(self._profile(moment, age)) for age in ages]

    def line(self, scene: Scene, page: Page, age: int) -> dict[str, Any]:
        """The question as a line that `qorgan decide --jsonl` accepts under the same policy."""
        found: dict[str, Any] = {**self._who(), "age": age}
        for value in scene.values:
            found |= value.line
        return {**found, **page.line}

    def _who(self) -> Mapping[str, Any]:
        name = self.person.name
        if name in self.policy.people:
            return {"person": name}
        listener = next((key for key, found in self.policy.clues.listeners.items() if found.name == name), None)
        return {} if listener is None else {"listener": listener}

    def _profile_at(self, moment: datetime, age: int) -> Profile:
        return profile_of(self.policy, replace(self.person, ages=(Age(age),)), moment)

    # What a line says is read by the reader of lines itself, so that a counterexample asks the same question again.

    def _asked(self, line: Mapping[str, Any]) -> Question:
        return question_of({"age": AGES[0], **self._who(), **line}, self._sources)

    def _record_of(self, where: Value, kind: Value, topic: Value, exempt: Value) -> HostRecord | None:
        return self._asked({**where.line, **kind.line, **topic.line, **exempt.line}).host

    def _url_of(self, where: Value) -> Url | None:
        return self._asked(where.line).url

    def _moment_of(self, when: Value) -> datetime:
        return self._asked(when.line).moment

    def _reading_of(self, page: Page) -> Reading | None:
        return self._asked(page.line).reading

    def _moments(self) -> tuple[Value, list[Value], list[Value]]:
        """A plain moment; one moment for each different answer of the hours; and all their edges."""
        person = self.person
        tables = [
            timetable.with_grants(person.grants)
            for timetable in dict.fromkeys((person.as_child.timetable, person.as_adult.timetable))
            if not timetable.empty
        ]
        untils = [grant.until for grant in person.grants]
        untils += [rule.hit.until for rule in self._rules()]
        known = sorted({until for until in untils if until is not None and until > self._moment})
        edges = sorted({edge for table in tables for edge in edges_of(table, self._moment)})
        told: dict[tuple[Reason | None, ...], Value] = {}
        for moment in (self._moment, *edges):
            blocked = (table.block_at(moment) for table in tables)
            reasons = tuple(None if each is None else each.reason for each in blocked)
            told.setdefault(reasons, _at(moment, person))
        free = min(told, key=lambda reasons: sum(reason is not None for reason in reasons))
        plain = replace(told[free], words="")
        full = [plain, *(value for reasons, value in told.items() if reasons != free)]
        met = [value.line for value in told.values()]
        ends = [_at(moment, person) for moment in (*known, *edges)[:_MOST_MOMENTS]]
        return plain, full, [value for value in ends if value.line not in met]

    def _distinct_ages(self) -> Iterator[int]:
        """The ages at which a label, a stance or the law draws a line, and any other at which a verdict changes."""
        codex, stances = self.codex, self.person.stances
        lines = {page.min_age for page in PAGES} | {codex.child_below, AGES[0]}
        lines |= {lower for lower, _ in stances.unlabelled} | {ban.below for ban in codex.registration}
        lines |= {topic.min_age for topic in codex.topics.values()}
        columns = list(zip(*self.table(self.plain, PAGES, AGES), strict=True))
        for age in AGES:
            told, before = ([verdict.action for verdict in columns[each]] for each in (age, age - 1))
            if age in lines or told != before:
                yield age

    def _places(self) -> list[Value]:
        own = {spot: place_of(spot) for spot in spots(self.person, self._sources.hosts)}
        return [self.plain.where, *dict.fromkeys((own | dict(self._named)).values())]

    def _actions(self) -> list[Value]:
        named = {rule.asked for rule in self._rules()}
        if self.codex.registration:
            named.add(Asked.REGISTER)
        made = {asked: Value(_DOING[asked], {"action": asked.value}) for asked in Asked if asked is not Asked.VIEW}
        alike = self._checked("does", PLAIN, (value for asked, value in made.items() if asked not in named))
        return [*alike, *(value for asked, value in made.items() if asked in named)]

    def _kinds(self) -> list[Value]:
        kinds = KINDS | self.codex.private_kinds | house.PRIVATE_KINDS
        found = self._words("kind", kinds, lambda kind: {"kind": kind}, "listed as")
        return [*found, Value("of a limited audience", {"audience": "limited"})]

    def _topics(self) -> list[Value]:
        own = {topic for record in self.policy.hosts for topic in record.topics}
        own |= {topic for rule in self._rules() for topic in rule.topics}
        topics = TOPICS | own | self.codex.topics.keys()
        return self._words("topic", topics, lambda topic: {"topics": [topic]}, "listed under")

    def _exemptions(self) -> list[Value]:
        grounds = frozenset(self.codex.exempt)
        plain, *found = self._words("exempt", grounds, lambda ground: {"exempt": ground}, "with evidence for Art. 2 as")
        # All grounds are alike, so one is said for them.
        return [plain, replace(found[0], words="with evidence for Art. 2")] if len(found) == 1 else [plain, *found]

    def _words(self, axis: str, words: Iterable[str], line: Callable[[str], LinePart], before: str) -> list[Value]:
        """A value for each group of words that the law and the rules name alike; what nobody names is plain."""
        values = [PLAIN]
        for first, others in self._mentions.alike(words).items():
            each = {word: Value(f"{before} {word}", line(word)) for word in (first, *others)}
            one, *unlike = self._checked(axis, each[first] if self._mentions.named(first) else PLAIN, each.values())
            if one is not PLAIN:
                told = [word for word, value in each.items() if value not in unlike]
                values.append(replace(one, words=f"{before} {or_list(told)}"))
            values += unlike
        return values

    def _checked(self, axis: str, first: Value, others: Iterable[Value]) -> list[Value]:
        """`first`, and whichever of the others gets other verdicts than it all the same."""
        row = self._row(axis, first)
        return [first, *(other for other in others if self._row(axis, other) != row)]

    def _row(self, axis: str, value: Value) -> list[tuple[Action, Reason]]:
        table = self.table(replace(self.plain, **{axis: value}), _PROBES, self.ages)
        return [(verdict.action, verdict.reason) for row in table for verdict in row]

    def _rules(self) -> Iterator[Rule]:
        yield from all_rules(self.person.as_child.rules)
        yield from all_rules(self.person.as_adult.rules)


_DOING: Final = {Asked.VIEW: "", Asked.REGISTER: "when signing up", Asked.SEARCH: "when searching"}
_LASTING: Final = (house.HELP_LINE_KIND, *sorted(house.PRIVATE_KINDS))
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _at(moment: datetime, person: Person) -> Value:
    local = moment.astimezone(person.zone)
    return Value(f"on {_DAYS[local.weekday()]} {local:%Y-%m-%d at %H:%M}", {"moment": local.isoformat()})


def place_of(spot: Spot, words: str = "") -> Value:
    """The value of the axis `where` for a spot; `words` tell it."""
    host = f"[{spot.host}]" if ":" in spot.host else spot.host
    return Value(words or f"on {spot.host}{spot.path.rstrip('/')}", {"url": f"https://{host}{spot.path}"})
