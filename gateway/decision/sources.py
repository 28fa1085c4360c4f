"""What `qorgan decide` rests on: packs, scales, presets, a policy if one is given. Text in, nothing read here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from gateway.hosts.index import HostIndex
from gateway.hosts.record import HostRecord
from gateway.labels.scales import Scales
from gateway.law.build import build_codex
from gateway.law.codex import Codex
from gateway.policy.compile import compile_policy
from gateway.policy.holidays import NO_CALENDARS, Calendars
from gateway.policy.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """`codex` and `preset` compile once for each different answer, and raise ProblemsFound for what is unknown.

    `moment` (aware) stands for a question that names none. `hosts` is asked only under a policy or preset.
    """

    moment: datetime
    scales: Scales
    codex: Callable[[tuple[str, ...]], Codex]
    preset: Callable[[str], Policy]
    policy: Policy | None = None
    hosts: HostIndex = field(default_factory=HostIndex)


def build_sources(
    *,
    packs: Mapping[str, str],
    presets: Mapping[str, str],
    scales: Scales,
    moment: datetime,
    hosts: Iterable[HostRecord] = (),
    policy: Mapping[str, str] | None = None,
    calendars: Calendars = NO_CALENDARS,
) -> Sources:
    """Sources of texts by their paths below policies/. Raises ProblemsFound when `policy` (name → text) has any.

    `calendars`: texts of the calendar files that it names, by their paths. `hosts`: what is known of hosts without a
    policy, whose own entries are laid over them.
    """
    day = moment.date()

    @cache
    def codex_of(ids: tuple[str, ...]) -> Codex:
        return build_codex(packs, ids, day)

    @cache
    def policy_of(preset: str) -> Policy:
        return compile_policy({"preset": f'extends: "{preset}"\n'}, presets, packs, day)

    own = None if policy is None else compile_policy(policy, presets, packs, day, calendars)
    known = HostIndex.of(hosts, () if own is None else own.hosts)
    return Sources(moment=moment, scales=scales, codex=codex_of, preset=policy_of, policy=own, hosts=known)
