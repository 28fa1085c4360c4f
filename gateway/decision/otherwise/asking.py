"""A question with its verdict, and how to ask it again with one thing changed."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gateway.decision.decide import decide
from gateway.decision.question import Question
from gateway.decision.verdict import Verdict
from gateway.policy.policy import Policy
from gateway.profiles.person import ADULT, Age, Person
from gateway.profiles.profile import Profile
from gateway.profiles.recognise import profile_of, with_grants


class Kind(StrEnum):
    """What would have to be different."""

    AGE = "age"
    LABEL = "label"
    LIST = "list"  # what is known of the host
    EXEMPT = "exempt"  # evidence of an Art. 2 ground
    GRANT = "grant"
    TIME = "time"
    RULE = "rule"  # without a rule of the house
    STANCE = "stance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfactual:
    """A change and the verdict that `decide` gives with it; its action is another one than now.

    `change`: what is different, as the beginning of an English sentence ("from the age of 16"). `write`: the lines of
    a policy that would bring it about; empty where no policy can.
    """

    kind: Kind
    change: str
    verdict: Verdict
    write: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """`policy` and `person`: the household of the person who asks, as far as it is known."""

    question: Question
    verdict: Verdict
    policy: Policy | None = None
    person: Person | None = None

    @property
    def host(self) -> str:
        """The host that was asked about; "" when there is none."""
        question = self.question
        if question.url is not None:
            return question.url.host
        return question.host.host if question.host is not None else ""

    def asked(self, question: Question) -> tuple[Verdict, bool]:
        """The verdict on the changed question, and whether its action is another one than now."""
        found = decide(question)
        return found, found.action != self.verdict.action

    def again(self, question: Question) -> Verdict | None:
        """The verdict on the changed question; None when its action is the same as now."""
        found, differs = self.asked(question)
        return found if differs else None

    def with_profile(self, profile: Profile) -> Question:
        return replace(self.question, profile=profile)

    def at_age(self, years: int) -> Question:
        """The same person at another age, with the rules and hours that hold for them then."""
        if self.policy is None or self.person is None:
            return self.with_profile(replace(self.question.profile, age=years))
        older = replace(self.person, ages=(Age(years),))
        return self.with_profile(self._profile_of(self.policy, older, self.question.moment))

    def at_moment(self, moment: datetime) -> Question:
        """The same page at another moment; the person may be older then."""
        if self.policy is None or self.person is None:
            return replace(self.question, moment=moment)
        return replace(self.question, moment=moment, profile=self._profile_of(self.policy, self.person, moment))

    def _profile_of(self, policy: Policy, person: Person, moment: datetime) -> Profile:
        """The profile then, with what is laid over the policy now: minutes used, grants given since."""
        now = self.question.profile
        then = profile_of(policy, person, moment)
        if (then.age < ADULT) == (now.age < ADULT):  # the same hours hold
            return replace(then, timetable=now.timetable, grants=now.grants)
        return with_grants(then, (grant for grant in now.grants if grant not in then.grants))
