"""The law in force → plain values: every provision with its citations and the line it stands in."""

from datetime import datetime, time
from typing import Any

from gateway.bundle.zone import zone_values
from gateway.decision.verdict import Ground
from gateway.law.codex import Codex, Provision, RegistrationBan, Step, TopicEntry, Watershed


def codex_values(codex: Codex, start: datetime, end: datetime) -> dict[str, Any]:
    """`codex` with the acts of further countries beside it; `start` to `end` (aware) is when it will be asked."""
    return {
        "child_below": codex.child_below,
        "private_kinds": sorted(codex.private_kinds),
        "private_audiences": sorted(codex.private_audiences),
        "private": _provision(codex.private),
        "adult": _provision(codex.adult),
        "exempt": {ground: _provision(provision) for ground, provision in sorted(codex.exempt.items())},
        "steps": [_step(step) for step in dict.fromkeys(codex.steps)],
        "oldest": len(codex.steps) - 1,
        "scales": sorted(codex.scales),
        "film": None
        if codex.film is None
        else {
            "kinds": sorted(codex.film.kinds),
            "min_age": codex.film.min_age,
            "provision": _provision(codex.film.provision),
        },
        "estimates": [
            {
                "above": each.above,
                "up_to": each.up_to,
                "provision": _provision(each.provision),
                "beats_labels": each.beats_labels,
            }
            for each in codex.estimates
        ],
        "topics": {topic: _topic(entry) for topic, entry in sorted(codex.topics.items())},
        "parts": {
            "whole": sorted(codex.parts.whole),
            "listings": sorted(codex.parts.listings),
            "ground": ground_values(codex.parts.ground),
        },
        "site_sign": None
        if codex.site_sign is None
        else {
            "kinds": sorted(codex.site_sign.kinds),
            "scales": sorted(codex.site_sign.scales),
            "provision": _provision(codex.site_sign.provision),
            "set_aside": ground_values(codex.site_sign.set_aside),
        },
        "flags": {flag: ground_values(ground) for flag, ground in sorted(codex.flags.items())},
        "signed_kinds": sorted(codex.signed_kinds),
        "watershed": None if codex.watershed is None else _watershed(codex.watershed, start, end),
        "registration": [_ban(ban) for ban in codex.registration],
        "has_ladder": codex.has_ladder,
        "beside": [codex_values(other, start, end) for other in codex.beside],
    }


def ground_values(ground: Ground) -> dict[str, Any]:
    """A ground as it stands in a verdict; what is not said of it is left out."""
    values: dict[str, Any] = {
        "rule": ground.rule,
        "where": ground.where,
        "says": ground.says.word,
        "cites": list(ground.cites),
    }
    if ground.overruled_by is not None:
        values["overruled_by"] = ground.overruled_by
    if ground.draft:
        values["draft"] = True
    return values


def _provision(provision: Provision) -> dict[str, Any]:
    return {"ground": ground_values(provision.ground), "effect": provision.effect.value}


def _step(step: Step) -> dict[str, Any]:
    return {
        "category": step.category,
        "reached": step.reached,
        "internet": _provision(step.internet),
        "broadcast": _provision(step.broadcast),
        "fits": _provision(step.fits),
    }


def _topic(entry: TopicEntry) -> dict[str, Any]:
    own = None if entry.provision is None else _provision(entry.provision)
    return {"min_age": entry.min_age, "ground": ground_values(entry.ground), "provision": own}


def _watershed(watershed: Watershed, start: datetime, end: datetime) -> dict[str, Any]:
    return {
        "flag": watershed.flag,
        "begins": _seconds(watershed.begins),
        "ends": _seconds(watershed.ends),
        "zone": zone_values(watershed.zone, start, end),
        "min_age": watershed.min_age,
        "simulcasts": sorted(watershed.simulcasts),
    }


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second


def _ban(ban: RegistrationBan) -> dict[str, Any]:
    return {
        "below": ban.below,
        "scopes": {reading: sorted(kinds) for reading, kinds in sorted(ban.scopes.items())},
        "provision": _provision(ban.provision),
    }
