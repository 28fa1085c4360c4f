"""The age band, rules and limits that hold for one person at one moment."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.policy.rules import Rules
from gateway.policy.stances import Stances
from gateway.profiles.grant import Grant
from gateway.profiles.timetable import Timetable

if TYPE_CHECKING:  # `qorgan check` reads no law, and is quicker for it
    from gateway.law.codex import Codex


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who is asking, as far as a decision needs it.

    `age` is in completed years; of an age band it is the youngest age, so that doubt never frees.
    """

    person: str
    age: int
    codex: "Codex"
    rules: Rules
    stances: Stances
    timetable: Timetable
    grants: tuple[Grant, ...] = ()
    groups: frozenset[str] = frozenset()
    revision: str = ""
    language: str | None = None  # preferred language of what is shown: "kk", "ru", "en"
