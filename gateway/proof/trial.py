"""A household's cases tried on its policy."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.decision.decide import decide
from gateway.decision.from_line import question_of
from gateway.decision.line import BadLine
from gateway.decision.question import Question
from gateway.decision.sources import Sources
from gateway.decision.verdict import Verdict
from gateway.policy.faults import known_words
from gateway.policy.limits import in_zone
from gateway.policy.policy import Policy
from gateway.problems import Problem, ProblemsFound
from gateway.profiles.clue import Clues
from gateway.profiles.person import Person
from gateway.proof.case_file import Case, CaseFile, CaseShape


@dataclass(frozen=True, slots=True)
class Trial:
    """`misses`: what was expected and what came instead, as (key, expected, got); empty when all is as expected.

    Without a `verdict` nobody is known there, so that every edge refuses.
    """

    case: Case
    question: Question | None
    verdict: Verdict | None
    person: Person | None
    misses: tuple[tuple[str, str, str], ...]

    @property
    def passed(self) -> bool:
        return not self.misses


def try_cases(file: CaseFile, sources: Sources, policy: Policy, noon: datetime) -> tuple[Trial, ...]:
    """Every case of `file` under `policy`, which is that of `sources`. `noon` (aware) stands for cases without `at`.

    Raises ProblemsFound with every case that cannot be asked: a name that is nobody's, a mark of no scale.
    """
    problems: list[Problem] = []
    trials = [_try(case, sources, policy, noon, problems) for case in file.cases]
    if problems:
        raise ProblemsFound(problems)
    return tuple(trial for trial in trials if trial is not None)


def _try(case: Case, sources: Sources, policy: Policy, noon: datetime, problems: list[Problem]) -> Trial | None:
    shape = case.written.value
    moment = in_zone(shape.at, policy.zone) or noon
    found = _person(case, policy, problems)
    if found is None:
        return None
    [person] = found
    if person is None:
        return Trial(case, None, None, None, _misses(shape, None, policy))
    age = person.age_at(moment) if shape.age is None else shape.age
    line = {**shape.line(), **_who(shape), "age": age, "moment": moment.isoformat()}
    try:
        question = question_of(line, sources)
    except BadLine as bad:
        problems.append(_problem(case, bad))
        return None
    verdict = decide(question)
    return Trial(case, question, verdict, person, _misses(shape, verdict, policy))


def _problem(case: Case, bad: BadLine) -> Problem:
    """What is still wrong with a case of the right shape: minutes of no quota, a label of no scale ("labels[1]: …")."""
    if str(bad).startswith("'used'"):
        return case.written.problem(str(bad), bad.hint, at=("used",))
    place, _, message = str(bad).rpartition("]")
    index = int(place.removeprefix("labels[") or 0)
    hint = "write its age: label: {mark: …, min-age: 16}"
    return case.written.problem(message.lstrip(": "), hint, at=("label", index))


def _person(case: Case, policy: Policy, problems: list[Problem]) -> tuple[Person | None] | None:
    """Who asks; None in the tuple: nobody, so the edge refuses. None alone: the case names nobody that is known."""
    shape = case.written.value
    if shape.as_ is not None:
        person = policy.people.get(shape.as_)
        if person is None:
            hint = known_words(shape.as_, policy.people)
            problems.append(case.written.problem(f"the policy knows nobody called {shape.as_!r}", hint, at=("as",)))
            return None
        return (person,)
    return (policy.clues.person_for(Clues(listener=shape.listener, address=shape.address)),)


def _who(shape: CaseShape) -> dict[str, Any]:
    told = {"person": shape.as_, "listener": shape.listener, "address": shape.address}
    return {key: name for key, name in told.items() if name is not None}


def _misses(shape: CaseShape, verdict: Verdict | None, policy: Policy) -> tuple[tuple[str, str, str], ...]:
    until = in_zone(shape.until, policy.zone)
    wanted = {"expect": shape.expect, "reason": shape.reason, "category": shape.category, "until": until}
    got: dict[str, object]
    if verdict is None:
        got = {"expect": "block", "reason": "no-profile", "category": None, "until": None}
    else:
        got = {
            "expect": verdict.action.word,
            "reason": verdict.reason.value,
            "category": verdict.category,
            "until": verdict.until,
        }
    return tuple(
        (key, _shown(value), _shown(got[key]))
        for key, value in wanted.items()
        if value is not None and value != got[key]
    )


def _shown(value: object) -> str:
    return "none" if value is None else value.isoformat() if isinstance(value, datetime) else str(value)
