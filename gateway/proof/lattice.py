"""The finite lattice of questions under a policy: who × where × when × what is done × what is known × what was read.

A scene is one choice of everything but page and age; its table has the verdict on every page at every age. Values that
the law and the rules name in the same places are asked about once; that they are alike is itself asked of `decide`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, cached_property
from itertools import chain, product
from types import MappingProxyType
from typing import Any, Final

from gateway.decision.decide import decide
from gateway.decision.from_line import question_of
from gateway.decision.from_used import with_used
from gateway.decision.question import Asked, Question
from gateway.decision.sources import Sources
from gateway.decision.verdict import Action, Reason, Verdict
from gateway.document.url import Url
from gateway.hosts.record import HostRecord
from gateway.hosts.vocabulary import KINDS, TOPICS
from gateway.labels.label import Reading
from gateway.law import house
from gateway.policy.policy import Policy
from gateway.profiles.person import Age, Person
from gateway.profiles.profile import Profile
from gateway.profiles.recognise import profile_of
from gateway.proof.alike import Spot, spots
from gateway.proof.axis import AGES, PLAIN, LinePart, Page, Value, or_list, pages
from gateway.proof.clue_of import clue_of
from gateway.proof.mention import Mentions, rules_of
from gateway.proof.moments import moments_of
from gateway.proof.scene import Scene, place_of
from gateway.proof.timed import said_of_host

NOWHERE: Final = "https://page.invalid/"  # RFC 2606: a name that nobody has, so no rule or list speaks of it
PAGES: Final = pages()
_PROBES: Final = tuple(page for page in PAGES if page.words.endswith(("a label", "be read", "pages labelled 18+")))
_NO_PLACES: Final[Mapping[Spot, Value]] = MappingProxyType({})

type Table = Sequence[Sequence[Verdict]]  # by page, then by age


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
        self._moments = moments_of(person, moment)
        self._edges = frozenset(self._moments.edges + self._moments.ends + self._moments.used)
        self.plain = Scene(Value(line={"url": NOWHERE}), self._moments.plain)
        self.ages = tuple(self._distinct_ages())

    @property
    def own_age(self) -> int:
        """The person's age, in completed years."""
        return self.person.age_at(self._moment)

    def scenes(self) -> Iterator[Scene]:
        """Every scene, the plainest first; at the edges of the hours only those that a timetable can change."""
        kinds, topics = self._kinds, self._topics
        exempt, does, where = self._exemptions, self._actions, self._places
        free = self._moments.plain
        for at, asked, kind, topic, ground in product(where, does, kinds, topics, exempt):
            yield Scene(at, free, asked, kind, topic, ground)
        for when in (*self._moments.closed, *self._moments.used):
            elsewhere = (Scene(at, when, kind=kind) for at, kind in product(where[1:], kinds))
            yield from dict.fromkeys(chain(self.scenes_at(when), elsewhere))
        lasting = [kind for kind in kinds if not kind.line or kind.line.get("kind") in _LASTING]
        for when, at, kind in product(self._moments.edges + self._moments.ends, where, lasting):
            yield Scene(at, when, kind=kind)
        for when in self._moments.edges:
            yield from (scene for scene in self._timed_at(when) if scene.kind not in lasting or scene.topic.line)

    def scenes_at(self, when: Value) -> Iterator[Scene]:
        """The scenes in which hours may differ for what a host is, what it is about and which it is."""
        for kind, topic in product(self._kinds, self._topics):
            yield Scene(self.plain.where, when, kind=kind, topic=topic)
        yield from (scene for scene in self._timed_at(when) if scene.where != self.plain.where)

    def _timed_at(self, when: Value) -> Iterator[Scene]:
        """The scenes of everything that the hours name."""
        for at, kind, topic in product(self._timed_places, self._timed_kinds, self._timed_topics):
            yield Scene(at, when, kind=kind, topic=topic)

    @property
    def closed(self) -> tuple[Value, ...]:
        """The moments besides the plain one at which the hours answer otherwise, or begin to, or minutes are used."""
        return self._moments.closed + self._moments.used + self._moments.edges

    @cached_property
    def timed(self) -> frozenset[Value]:
        """The places, kinds and topics that the hours name."""
        named = (self._timed_places[1:], self._timed_kinds[1:], self._timed_topics[1:])
        return frozenset(chain.from_iterable(named))

    def scenes_after_ends(self) -> Iterator[Scene]:
        """The scenes in which a rule or grant that ends may make a difference then."""
        for when, at in product(self._moments.ends, self._places):
            yield Scene(at, when)

    def pages(self, scene: Scene) -> Sequence[Page]:
        """The pages to ask about in a scene: where only the hours differ a few are enough, since they know no pages."""
        is_twofold = scene.when != self.plain.when and bool(scene.kind.words and scene.topic.words)
        return _PROBES if scene.when in self._edges or is_twofold else PAGES

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
        moment = self.moment(scene)
        rest = {
            "url": self._url(scene.where),
            "moment": moment,
            "action": Asked(scene.does.line.get("action", Asked.VIEW)),
            "host": self._record(scene.where, scene.kind, scene.topic, scene.exempt),
        }

        def asking(profile: Profile) -> Callable[[Reading | None], Question]:
            return lambda reading: Question(profile=profile, reading=reading, **rest)  # type: ignore[arg-type]

        return [asking(self._profile(scene.when, age)) for age in ages]

    def moment(self, scene: Scene) -> datetime:
        """When a scene is."""
        return self._when(scene.when)

    def line(self, scene: Scene, page: Page, age: int) -> dict[str, Any]:
        """The question as a line that `qorgan decide --jsonl` accepts under the same policy."""
        found: dict[str, Any] = {**self._who(), "age": age}
        for value in scene.values:
            found |= value.line
        return {**found, **page.line}

    def _who(self) -> Mapping[str, Any]:
        return clue_of(self.person, self.policy)

    def _profile_at(self, when: Value, age: int) -> Profile:
        moment = self._when(when)
        profile = profile_of(self.policy, replace(self.person, ages=(Age(age),)), moment)
        return with_used(profile, when.line.get("used", {}), moment)

    # What a line says is read by the reader of lines itself, so that a counterexample asks the same question again.

    def _asked(self, line: Mapping[str, Any]) -> Question:
        return question_of({"age": AGES[0], **self._who(), **line}, self._sources)

    def _record_of(self, where: Value, kind: Value, topic: Value, exempt: Value) -> HostRecord | None:
        return self._asked({**where.line, **kind.line, **topic.line, **exempt.line}).host

    def _url_of(self, where: Value) -> Url | None:
        return self._asked(where.line).url

    def _moment_of(self, when: Value) -> datetime:
        # Minutes used are of one person's quotas; in a comparison they may be the other side's.
        return self._asked({"moment": when.line["moment"]}).moment

    def _reading_of(self, page: Page) -> Reading | None:
        return self._asked(page.line).reading

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

    @cached_property
    def _spots(self) -> Mapping[Spot, Value]:
        own = {spot: place_of(spot) for spot in spots(self.person, self._sources.hosts)}
        return own | dict(self._named)

    @cached_property
    def _places(self) -> list[Value]:
        return [self.plain.where, *dict.fromkeys(self._spots.values())]

    @cached_property
    def _timed_places(self) -> list[Value]:
        timed = (value for spot, value in self._spots.items() if said_of_host(self.person, spot.host))
        return [self.plain.where, *dict.fromkeys(timed)]

    @cached_property
    def _timed_kinds(self) -> list[Value]:
        return [kind for kind in self._kinds if not kind.line or self._mentions.timed(kind.line.get("kind"))]

    @cached_property
    def _timed_topics(self) -> list[Value]:
        return [topic for topic in self._topics if not topic.line or self._mentions.timed(topic.line["topics"][0])]

    @cached_property
    def _actions(self) -> list[Value]:
        named = {rule.asked for rule in rules_of(self.person)}
        if self.codex.registration:
            named.add(Asked.REGISTER)
        made = {asked: Value(_DOING[asked], {"action": asked.value}) for asked in Asked if asked is not Asked.VIEW}
        alike = self._checked("does", PLAIN, (value for asked, value in made.items() if asked not in named))
        return [*alike, *(value for asked, value in made.items() if asked in named)]

    @cached_property
    def _kinds(self) -> list[Value]:
        kinds = KINDS | self.codex.private_kinds | house.PRIVATE_KINDS
        found = self._words("kind", kinds, lambda kind: {"kind": kind}, "listed as")
        return [*found, Value("of a limited audience", {"audience": "limited"})]

    @cached_property
    def _topics(self) -> list[Value]:
        own = {topic for record in self.policy.hosts for topic in record.topics}
        own |= {topic for rule in rules_of(self.person) for topic in rule.topics}
        topics = TOPICS | own | self.codex.topics.keys()
        return self._words("topic", topics, lambda topic: {"topics": [topic]}, "listed under")

    @cached_property
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


_DOING: Final = {Asked.VIEW: "", Asked.REGISTER: "when signing up", Asked.SEARCH: "when searching"}
_LASTING: Final = (house.HELP_LINE_KIND, *sorted(house.PRIVATE_KINDS))
