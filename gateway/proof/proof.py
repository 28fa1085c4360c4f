"""What a proof found: for each law how much was compared, what breaks it, and where it does not hold on purpose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.decision.verdict import Verdict
from gateway.proof.alike import Alike
from gateway.proof.laws import Excuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """`lines` are questions that `qorgan decide --jsonl` accepts under the policy; the first one gets too much.

    `verdicts` answer them. `words` say in what it lies, for a person.
    """

    words: str
    lines: tuple[Mapping[str, Any], ...]
    verdicts: tuple[Verdict, ...]


@dataclass(slots=True)
class OnPurpose:
    """Where a law does not hold on purpose: what opens it, an example of what, and for whom."""

    excuse: Excuse
    words: str
    people: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Proved:
    """What came of one law. It holds when there is no counterexample."""

    sentence: str
    compared: int = 0
    counterexample: Counterexample | None = None
    on_purpose: dict[Excuse, OnPurpose] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """`people`: how many there are; `minors`: those of them under 18, and who is not known."""

    people: int
    minors: tuple[str, ...]
    groups: tuple[Alike, ...]
    scenes: int
    asked: int  # questions put to `decide`
    laws: tuple[Proved, ...]

    @property
    def holds(self) -> bool:
        return all(proved.counterexample is None for proved in self.laws)
