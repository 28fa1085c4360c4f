"""What somebody should know of the law packs that their policy names: drafts, and acts of several countries."""

from collections.abc import Iterator

from gateway.law.codex import Codex
from gateway.policy.source import Written
from gateway.problems import Problem


def notes_on_packs(written: Written[tuple[str, ...]] | None, codex: Codex) -> Iterator[Problem]:
    """Notes on the packs that `written` names, all of which are known; each stands at its place in the file."""
    if written is None:
        return
    acts = {pack.id: pack.act for pack in codex.packs}
    for index, name in enumerate(written.value):
        begins = acts[name].in_force
        if acts[name].status == "draft":
            message = f"{name} is a draft and no law: it holds because this policy names it, and is shown as its rule"
            yield written.problem(message, at=(index,))
        elif begins is not None and begins > codex.day:
            message = f"{name} is not in force yet; it begins on {begins}"
            yield written.problem(message, at=(index,))
    countries = codex.countries
    if len(countries) > 1:
        message = (
            f"acts of {len(countries)} countries hold ({', '.join(countries)}): each is asked by itself, and the "
            f"strictest answer counts; categories are shown as those of {countries[0]}"
        )
        yield written.problem(message, "name the packs of one country if that is not what you want")
