"""What the decision's tests ask with: the shipped law, a pupil of fifteen, a page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.decision.question import Question
from gateway.document.url import canonical
from gateway.labels.label import Label, Reading, Scope, Status, Trust
from gateway.law.build import build_codex
from gateway.law.codex import Codex
from gateway.policy.rules import Rules
from gateway.policy.stances import Stances
from gateway.profiles.profile import Profile
from gateway.profiles.timetable import Timetable
from gateway.shipped import texts

MOMENT = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def codex() -> Codex:
    return build_codex(texts("law"), ["kz/169-vi"], MOMENT.date())


@pytest.fixture
def pupil(codex: Codex) -> Profile:
    return Profile(
        person="aru", age=15, codex=codex, rules=Rules(), stances=Stances(), timetable=Timetable(), revision="r1"
    )


@pytest.fixture
def label() -> Callable[..., Label]:
    def build(min_age: int, **changes: Any) -> Label:
        label = Label(
            scale="kz",
            mark=f"{min_age}+",
            min_age=min_age,
            scope=Scope.PAGE,
            trust=Trust.B,
            carrier="visible-sign",
            raw=f"<{min_age}+>",
            place="byte 7",
        )
        return replace(label, **changes)

    return build


@pytest.fixture
def ask(pupil: Profile) -> Callable[..., Question]:
    """A question of the pupil about a page; `labels` and `age` are short for a reading and another profile."""

    def build(*, labels: tuple[Label, ...] = (), age: int | None = None, **changes: Any) -> Question:
        status = Status.RATED if labels else Status.UNLABELLED
        question = Question(
            profile=pupil,
            url=canonical("https://www.page.example/a/b"),
            moment=MOMENT,
            reading=Reading(status=status, labels=labels),
        )
        question = replace(question, **changes)
        return question if age is None else replace(question, profile=replace(question.profile, age=age))

    return build
