"""A question and its verdict that are to be masked: fixtures of tests of the store, with it and without."""

from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.decision.question import Question
from gateway.decision.verdict import Action, Effect, Ground, Layer, Reason, Verdict
from gateway.document.url import canonical
from gateway.labels.label import Label, Scope, Trust
from gateway.policy.rules import Rules
from gateway.policy.stances import Stances
from gateway.profiles.profile import Profile

MOMENT = datetime(2026, 11, 22, 9, 41, 27, tzinfo=UTC)


@pytest.fixture
def question() -> Question:
    nothing: Any = None  # masking asks neither the codex nor the timetable
    pupil = Profile(
        person="pupil-17", age=13, codex=nothing, rules=Rules(), stances=Stances(), timetable=nothing, revision="r1"
    )
    return Question(profile=pupil, url=canonical("https://m.tube.example/watch?v=secret"), moment=MOMENT)


@pytest.fixture
def verdict() -> Verdict:
    label = Label(
        scale="kz", mark="18+", min_age=18, scope=Scope.PAGE, trust=Trust.A, carrier="meta", raw="18+", place="byte 9"
    )
    return Verdict(
        action=Action.BLOCK,
        reason=Reason.LABEL,
        effect=Effect.RESTRICT,
        layer=Layer.LAW,
        category="18+",
        min_age=18,
        grounds=(
            Ground(rule="kz/169-vi:16(3)", where="169-vi.yaml:40", says=Action.BLOCK, cites=("Art. 16(3)",)),
            Ground(rule="home:block:tube.example", where="home.yaml:7", says=Action.BLOCK),
            Ground(rule="home:allow", where="home.yaml:9", says=Action.ALLOW, overruled_by="kz/169-vi:16(3)"),
        ),
        evidence=(label,),
        revision="r1",
        detail="https://m.tube.example/watch?v=secret says 18+",
    )
