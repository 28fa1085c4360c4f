"""The values between the gate and the edges: what is in force, what is asked, what is to happen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from gateway.actions.recipe import Recipes
from gateway.decision.question import Question
from gateway.decision.verdict import Action, Verdict
from gateway.document.url import Url
from gateway.enforce.answer import Answer
from gateway.enforce.services import Services
from gateway.hosts.carriers import Carriers
from gateway.hosts.index import HostIndex
from gateway.hosts.record import HostRecord
from gateway.labels.data import LabelData
from gateway.labels.label import Label
from gateway.policy.policy import Policy
from gateway.profiles.activity import Sign
from gateway.profiles.clue import Clues
from gateway.profiles.person import Person
from gateway.profiles.profile import Profile
from gateway.profiles.recognise import person_of, profile_of

type Record = Callable[[Verdict, Question | None], None]


class Probe(Protocol):
    """Whoever visits hosts to read their labels (gateway.edge.probe)."""

    def known(self, host: str, *, port: int = 443) -> HostRecord | None:
        """What an earlier visit found, at once; None when there was none."""

    async def record(self, host: str, *, port: int = 443, scheme: str = "https") -> HostRecord | None:
        """What a visit finds; None when it finds nothing. May take its time; may be cancelled."""


class Standing(Protocol):
    """What holds for people besides the policy (gateway.edge.standing)."""

    def profile_now(self, profile: Profile) -> Profile:
        """The profile with the grants that its person was given, and the minutes they have used."""

    def heard(self, profile: Profile, url: Url, moment: datetime) -> tuple[Label, ...]:
        """The labels of the page that devices saw in the live document, as far as they bind this person."""

    def active(self, question: Question, moment: datetime, sign: Sign) -> None:
        """Counts a sign of activity on a page that passed."""


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Ruling:
    """Everything a verdict depends on besides the person and the page. One value, swapped whole."""

    policy: Policy
    labels: LabelData
    hosts: HostIndex
    actions: Recipes = field(default_factory=Recipes)
    services: Services = field(default_factory=Services)
    carriers: Carriers = field(default_factory=Carriers)
    _profiles: dict[str, tuple[Person, Profile]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def revision(self) -> str:
        return self.policy.revision

    def recognise(self, clues: Clues, moment: datetime) -> Profile | None:
        """As gateway.profiles.recognise; a profile is made once, until the person is a year older."""
        person = person_of(self.policy, clues)
        if person is None:
            return None
        made = self._profiles.get(person.name)
        if made is None or made[0] is not person or made[1].age != person.age_at(moment):
            made = self._profiles[person.name] = person, profile_of(self.policy, person, moment)
        return made[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """One request on its way: who came, the question so far, and the ruling it began under.

    `is_part`: what came is a part of a page, of which the stance on pages without a label does not speak.
    `visited`: what a visit to the host found is in the question already.
    """

    ruling: Ruling
    question: Question
    clues: Clues
    is_part: bool = False
    visited: bool = False

    def about(self, question: Question, *, is_part: bool | None = None) -> "Inquiry":
        """The same with another question; `is_part` None: as before."""
        # Written out: `replace` takes several times as long, and this is done at every request.
        return Inquiry(
            ruling=self.ruling,
            question=question,
            clues=self.clues,
            is_part=self.is_part if is_part is None else is_part,
            visited=self.visited,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is to happen. `final`: nothing that could still be read changes it.

    `masked`: the page to send instead of the origin's, without its over-age parts.
    """

    verdict: Verdict
    inquiry: Inquiry | None = None  # None: nobody was recognised
    final: bool = True
    masked: Answer | None = None

    @property
    def passes(self) -> bool:
        return self.verdict.action is Action.ALLOW or self.masked is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the gate waits, in seconds, and up to which size it reads on the event loop itself."""

    reading_seconds: float = 10.0
    visiting_seconds: float = 9.0
    inline_bytes: int = 128 * 1024
