"""Everything that would make another verdict of a question, each found by asking `decide` again."""

from contextlib import suppress

from gateway.decision.otherwise.asking import Asking, Counterfactual
from gateway.decision.otherwise.by_age import by_age
from gateway.decision.otherwise.by_block import by_block
from gateway.decision.otherwise.by_grant import by_grant
from gateway.decision.otherwise.by_label import by_exemption, by_label, by_list
from gateway.decision.otherwise.by_rule import by_rule, by_stance
from gateway.decision.otherwise.by_time import by_time
from gateway.decision.question import Question
from gateway.decision.verdict import Reason, Verdict
from gateway.policy.policy import Policy
from gateway.profiles.person import Person

_BY = (by_age, by_label, by_list, by_grant, by_time, by_rule, by_stance, by_block, by_exemption)


def counterfactuals(
    question: Question, verdict: Verdict, policy: Policy | None = None, person: Person | None = None
) -> tuple[Counterfactual, ...]:
    """The changes that would make another action; at most some 150 questions are asked.

    `verdict` is the answer of `decide` to `question`. With `policy` and `person` (who asks, of that policy) it names
    the day of a birthday, who may give a grant, and when the hours change. A decision that failed has none.
    """
    if verdict.reason is Reason.FAULT:
        return ()
    asking = Asking(question, verdict, policy, person)
    found: list[Counterfactual] = []
    for by in _BY:
        with suppress(OverflowError):  # at the ends of the calendar there is no later day to ask about
            found += by(asking)
    return tuple(found)
