"""The `stances` of a line → Stances: a base with whatever the line changes of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from gateway.decision import line as field
from gateway.decision.line import BadLine, Line
from gateway.decision.verdict import Action
from gateway.law.codex import Codex
from gateway.policy.stances import Foreign, Stances

_BASES: Final = ("default", "strict", "lenient")
# "restrict" is any limiting of the way of access that is no block: an adult is asked.
_STEPS: Final = {"allow": Action.ALLOW, "ask": Action.ASK, "restrict": Action.ASK, "block": Action.BLOCK}


def stances_of(line: Line, codex: Codex, base: Stances) -> Stances:
    """`base` (unless the line names another) with the line's changes. Names may have hyphens or underscores."""
    given = {field.hyphenated(name): value for name, value in field.object_of(line, "stances").items()}
    named = field.word_of(given, "base")
    if named is not None:
        if named not in _BASES:
            raise field.one_of("stances.base", named, _BASES)
        base = codex.stances.get(named, Stances(base=named))
    changes: dict[str, Any] = {}
    for name, value in given.items():
        if name == "base" or value is None:
            continue
        if name not in _READERS:
            raise field.one_of("stances", name, _READERS)
        key, read = _READERS[name]
        if key is not None:
            changes[key] = read(given, name)
    return replace(base, **changes) if changes else base


def _step(given: Line, name: str) -> Action:
    value = field.word_of(given, name)
    if value is None or value not in _STEPS:
        raise field.one_of(name, value, _STEPS)
    return _STEPS[value]


def _unlabelled(given: Line, name: str) -> tuple[tuple[int, Action], ...]:
    """One action for every age, or bounds: {"below_12": "block", "from_12": "allow"}, {"0": "block", "12": "allow"}."""
    if not isinstance(given[name], Mapping):
        return ((0, _step(given, name)),)
    bounds: dict[int, Action] = {}
    steps = {field.hyphenated(key): value for key, value in given[name].items()}
    for key in steps:
        below = key.startswith("below-")
        years = key.removeprefix("below-").removeprefix("from-")
        if not years.isdecimal() or len(years) > 2:
            raise BadLine(f"{name!r} has {key!r}", 'write it as {"below_12": "block", "from_12": "allow"}')
        bounds[0 if below else int(years)] = _step(steps, key)
    return tuple(sorted(bounds.items()))


def _publication(given: Line, name: str) -> str:
    value = field.word_of(given, name)
    if value not in ("flag", "block", "none"):
        raise field.one_of(name, value, ("flag", "block", "none"))
    return str(value)


def _scope(given: Line, name: str) -> str:
    value = field.word_of(given, name)
    if value not in ("text", "ministry"):
        raise field.one_of(name, value, ("text", "ministry"))
    return str(value)


def _unreadable(given: Line, name: str) -> Action:
    step = _step(given, name)
    if step == Action.ALLOW:
        raise BadLine(f"{name!r} can never be allow: what cannot be read could be anything", "block, or ask")
    return step


def _foreign(given: Line, name: str) -> Foreign:
    return field.choice_of(given, name, Foreign, Foreign.EXACT)


# Each name → the field of Stances and how its value is read; the names of the pack's table beside our own.
_READERS: Final[Mapping[str, tuple[str | None, Callable[[Line, str], object]]]] = {
    "site-label-binding": ("site_sign_binds", field.truth_of),
    "site-sign-binds": ("site_sign_binds", field.truth_of),
    "unlabelled-online-publication": ("unlabelled_online_publication", _publication),
    "simulcast-is-broadcast": ("simulcast_is_broadcast", field.truth_of),
    "unknown-page": ("unlabelled", _unlabelled),
    "unlabelled": ("unlabelled", _unlabelled),
    "unreadable": ("unreadable", _unreadable),
    "foreign": ("foreign", _foreign),
    "local-allow-up-to": ("local_allow_up_to", field.years_of),
    "estimate-from": ("estimate_from", field.share_of),
    "registration-scope": ("registration_scope", _scope),
    "scope": ("registration_scope", _scope),
    "adults-opened": ("adults_opened", field.truth_of),
    "obscene-density": (None, field.share_of),  # for whoever estimates; no decision rests on it
}
