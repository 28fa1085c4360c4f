"""The codex in force, for a person to read."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from gateway.law.article import Article
from gateway.law.codex import Codex
from gateway.law.pack import Act, Pack
from gateway.policy.faults import did_you_mean


def show_codex(codex: Codex, article_id: str | None = None) -> str:
    """Every article of the codex with its citations, or the one called `article_id` (its end is enough: "16.3").

    Raises LookupError with a sentence when no article is called so.
    """
    if article_id is None:
        packs = ("\n".join(_pack_lines(pack, codex)) for pack in codex.packs)
        return "\n\n".join((*_on_countries(codex), *packs))
    named = [(pack, article) for pack in codex.packs for article in pack.articles if _is_called(article, article_id)]
    if not named:
        known = [article.id for pack in codex.packs for article in pack.articles]
        hint = did_you_mean(article_id, known)
        raise LookupError(f"there is no article {article_id!r} in {', '.join(codex.ids)}{'; ' + hint if hint else ''}")
    return "\n\n".join("\n".join(_article_lines(pack, article, codex)) for pack, article in named)


def show_packs(packs: Iterable[Pack], day: date, held: Iterable[str]) -> str:
    """Each pack with its country, its title, and whether it is in force on `day`; `held` hold without being named."""
    lines = []
    for pack in packs:
        disabled = sum(not article.enabled for article in pack.articles)
        articles = "one article" if len(pack.articles) == 1 else f"{len(pack.articles)} articles"
        parts = [f"{articles}{f', {disabled} of them disabled' if disabled else ''}"]
        parts.append("holds unless a policy names others" if pack.id in held else "off unless a policy names it")
        lines += [
            f"{pack.id}  [{pack.act.jurisdiction}]  {_status(pack.act, day)}",
            f"  {pack.act.title}",
            f"  {'; '.join(parts)}",
        ]
    return "\n".join(lines)


def _status(act: Act, day: date) -> str:
    if act.status == "draft":
        return "a draft, not in force"
    if act.in_force is None:
        return "in force; since when was not found"
    return f"in force since {act.in_force}" if act.in_force <= day else f"not yet in force; it begins on {act.in_force}"


def _on_countries(codex: Codex) -> Iterator[str]:
    countries = codex.countries
    if len(countries) > 1:
        yield (
            f"Acts of {len(countries)} countries hold ({', '.join(countries)}). Each is asked by itself and the "
            f"strictest answer counts;\nevery ground names its own article, and categories are shown as those of "
            f"{countries[0]}."
        )


def _is_called(article: Article[Any], name: str) -> bool:
    return article.id == name or article.id.endswith("." + name)


def _pack_lines(pack: Pack, codex: Codex) -> Iterator[str]:
    act = pack.act
    yield f"{act.pack}: {act.title}"
    yield f"  {_status(act, codex.day)}; shown for {codex.day}"
    yield f"  revision {codex.revision}"
    yield f"  text: {act.text_version}"
    yield f"  checked {act.checked}; sources: {'; '.join(act.sources)}"
    for sign, category in act.categories.items():
        yield f"  {sign:>4}  from the age of {category.min_age}"
    for article in pack.articles:
        yield ""
        yield from _article_lines(pack, article, codex)


def _article_lines(pack: Pack, article: Article[Any], codex: Codex) -> Iterator[str]:
    value = article.value_on(codex.day)
    yield f"{article.id}  [{article.kind}]{_state(article, codex)}"
    yield f"  {article.title}"
    yield f"  cites     {', '.join(article.cites)}"
    yield f"  binds     {article.binds}"
    if value is not None:
        yield f"  since     {value.begins} ({value.reference})"
        told = value.model_dump(mode="json", exclude={"begins", "until", "reference"})
        yield from (f"  {name.replace('_', '-')}: {_told(entry)}" for name, entry in told.items())
    yield from (f"  except    {exception}" for exception in article.exceptions)
    if article.note is not None:
        yield f"  note      {article.note}"
    yield f"  checked   {article.checked}; {pack.places[article.id]}"


def _state(article: Article[Any], codex: Codex) -> str:
    state = " disabled" if not article.enabled else "" if article.value_on(codex.day) is not None else " not in force"
    return f"{state} contestable" if article.contestable else state


def _told(entry: object) -> str:
    if isinstance(entry, dict):
        return "; ".join(f"{key}: {_told(value)}" for key, value in entry.items())
    if isinstance(entry, list):
        return ", ".join(str(item) for item in entry)
    return str(entry)
