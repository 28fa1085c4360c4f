"""Policies from files, proved and compared: what `qorgan prove`, `diff` and `test` read."""

from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from time import perf_counter

from gateway.decision.sources import Sources
from gateway.edge.ruling import decision_sources
from gateway.policy.policy import Policy
from gateway.proof.proof import Proof
from gateway.proof.prove import prove


def sources_of(files: Sequence[Path], moment: datetime | None = None) -> tuple[Sources, Policy]:
    """What `qorgan decide` rests on under the policy of `files`, and that policy. Raises ProblemsFound. Blocks."""
    sources = decision_sources(files, moment)
    assert sources.policy is not None
    return sources, sources.policy


def noon(policy: Policy, moment: datetime) -> datetime:
    """Noon of the day of `moment` (aware), in the policy's zone."""
    return datetime.combine(moment.astimezone(policy.zone).date(), time(12), policy.zone)


def prove_files(files: Sequence[Path], moment: datetime) -> tuple[Policy, Proof, float]:
    """The policy of `files`, its proof from noon of the day of `moment` on, and the seconds that it took."""
    sources, policy = sources_of(files, moment)
    began = perf_counter()
    return policy, prove(sources, policy, noon(policy, moment)), perf_counter() - began
