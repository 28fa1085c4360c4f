"""Packs → one Codex: the acts of each country are compiled by themselves and stand beside each other, never mixed.

The acts of one country make one codex, as they make one law. Acts of two countries are two: both are asked, the
strictest answer counts, and each ground names its own article (gateway.decision.countries).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from gateway.law.assembly import assemble_country
from gateway.law.codex import Codex
from gateway.law.pack import Pack


def assemble(packs: Sequence[Pack], day: date, revision: str) -> Codex:
    """The Codex of `packs` as they are in force on `day`; the country of the first pack speaks first."""
    by_country: dict[str, list[Pack]] = {}
    for pack in packs:
        by_country.setdefault(pack.act.jurisdiction, []).append(pack)
    codices = [assemble_country(own, day, revision) for own in by_country.values() or ([],)]
    return codices[0] if len(codices) == 1 else _joined(codices, packs)


def _joined(codices: Sequence[Codex], packs: Sequence[Pack]) -> Codex:
    """The first codex with the others beside it; what no two countries can say differently is said once."""
    child_below = max(codex.child_below for codex in codices)  # the act that protects longest holds
    return replace(
        codices[0],
        ids=tuple(pack.id for pack in packs),
        packs=tuple(packs),
        child_below=child_below,
        private_kinds=frozenset[str]().union(*(codex.private_kinds for codex in codices)),
        private_audiences=frozenset[str]().union(*(codex.private_audiences for codex in codices)),
        scales=frozenset[str]().union(*(codex.scales for codex in codices)),
        flags=MappingProxyType({name: flag for codex in reversed(codices) for name, flag in codex.flags.items()}),
        signed_kinds=frozenset[str]().union(*(codex.signed_kinds for codex in codices)),
        watershed=next((codex.watershed for codex in codices if codex.watershed is not None), None),
        registration=tuple(ban for codex in codices for ban in codex.registration),
        stances=MappingProxyType({base: said for codex in reversed(codices) for base, said in codex.stances.items()}),
        beside=tuple(codices[1:]),
    )
