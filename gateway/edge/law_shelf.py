"""The law packs that are shipped: which there are, which one has an article, and the codex of some of them as text."""

from collections.abc import Sequence
from datetime import date

from gateway.law.build import build_codex
from gateway.law.pack import Pack, read_pack
from gateway.law.pack_id import pack_id
from gateway.law.print import show_codex, show_packs
from gateway.policy.assembly import DEFAULT_PACKS
from gateway.shipped import texts


def packs_of(article: str | None, named: Sequence[str] | None) -> tuple[str, ...]:
    """The packs to look into: those that are named, the one that `article` is the id of, or the one that has it."""
    if named:
        return tuple(named)
    if article is None:
        return DEFAULT_PACKS
    if "/" in article:
        return (article,)
    end = f".{article}"
    having = [pack.id for pack in _shelf() if any(name == article or name.endswith(end) for name in pack.places)]
    return tuple(having) if having and not set(having) & set(DEFAULT_PACKS) else DEFAULT_PACKS


def print_codex(article: str | None, packs: Sequence[str], day: date) -> str:
    """The codex, or one article of it. Raises LookupError for an unknown article, ProblemsFound for an unknown pack."""
    whole = article is None or "/" in article
    shown = show_codex(build_codex(texts("law"), packs, day), None if whole else article)
    if article is not None:
        return shown
    others = ", ".join(name for name in sorted(pack_id(path) for path in texts("law")) if name not in packs)
    return f"{shown}\n\nOther packs, which hold only where a policy names them: {others}. See qorgan law --list."


def print_list(day: date) -> str:
    """All shipped packs."""
    return show_packs(_shelf(), day, DEFAULT_PACKS)


def _shelf() -> list[Pack]:
    return [read_pack(text, path) for path, text in sorted(texts("law").items())]
