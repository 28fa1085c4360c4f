"""A difference between two policies in lines for a terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from gateway.decision.verdict import Action
from gateway.proof.axis import Page, names_of, or_list
from gateway.proof.change import Change
from gateway.proof.difference import Difference
from gateway.proof.recorded import Review


def show_difference(difference: Difference, seconds: float) -> Iterator[str]:
    """Who comes and goes, then for each group of people what changes; at last how much was asked."""
    yield from _people("new here", difference.added)
    yield from _people("gone", difference.removed)
    for name, (age, later) in difference.ages.items():
        yield f"age      {name}: {age} -> {later}"
    one, other = difference.packs
    if one != other:
        yield f"law      {', '.join(one) or 'none'} -> {', '.join(other) or 'none'}"
    for name, (before, after) in difference.lists.items():
        yield f"list     {name}: {before or 'not loaded'} -> {after or 'not loaded'}"
    for group in difference.changed:
        yield f"{names_of([f'{name} ({age})' for name, age in group.people.items()])}:"
        for changes in _one_line_each(group.changes):
            yield f"  {changes[0].before.word:>5} -> {changes[0].after.word:<5}  {_words(changes)}"
    if difference.unchanged:
        yield f"the same for {names_of(difference.unchanged)}"
    yield f"{difference.asked:,} questions in {seconds:.1f} s"


def show_review(review: Review) -> Iterator[str]:
    """What of the journal would be answered otherwise, and how much of it can be asked again at all."""
    yield ""
    yield "from the journal (it is masked, and holds nothing that was allowed):"
    for found in sorted(review.changed, key=lambda found: -found.times):
        often = "once" if found.times == 1 else f"{found.times:,} times"
        yield (
            f"  {found.old.action.word:>5} -> {found.new.action.word:<5}  {found.what} for {found.person}, {often}, "
            f"last on {found.last:%Y-%m-%d}"
        )
    if not review.changed:
        yield "  nothing of what can be asked again would be answered otherwise"
    asked = review.entries - review.masked - review.other
    entries = "1 entry" if review.entries == 1 else f"{review.entries:,} entries"
    yield (
        f"  {entries}: {asked:,} asked again, {review.masked:,} tell too little, "
        f"{review.other:,} were answered by another policy than the old one"
    )


def _people(word: str, people: Mapping[str, int]) -> Iterator[str]:
    if people:
        yield f"{word:<8} {names_of([f'{name} ({age})' for name, age in people.items()])}"


# Whether it opens, and whether it is by minutes.
_HOURS: Final = {
    (True, False): "closed hours are open",
    (False, False): "open hours are closed",
    (True, True): "minutes are left",
    (False, True): "no minutes are left",
}
_HAD_BEEN = {Action.ALLOW: "allowed", Action.MASK: "masked", Action.ASK: "asked about", Action.BLOCK: "blocked"}


def _one_line_each(changes: Sequence[Change]) -> Iterable[Sequence[Change]]:
    """Changes of everything in one scene that end alike are said together."""
    lines: dict[object, list[Change]] = {}
    for change in changes:
        is_whole = change.whole and not change.hours
        key = (change.scene, change.after) if is_whole else change
        lines.setdefault(key, []).append(change)
    return lines.values()


def _words(changes: Sequence[Change]) -> str:
    change = changes[0]
    if change.hours:
        what = _HOURS[change.after is Action.ALLOW, "used" in change.scene.when.line]
    elif change.whole:
        what = f"everything that was {or_list([_HAD_BEEN[each.before] for each in changes])}"
    else:
        what = ", ".join(_pages(change.pages))
    but = f", but not {or_list(change.but)}" if change.but else ""
    return f"{what} {change.scene.words}".rstrip() + but


def _pages(pages: Sequence[Page]) -> Iterator[str]:
    """The pages in as few words as say them all.

    Labels as ranges; of foreign scales only where no label of the law's own says it; of sites and parts only where
    they differ from pages.
    """
    rows = {row: tuple(found) for row, found in groupby(pages, key=lambda page: page.row)}
    yield from (page.words for page in rows.pop("", ()))
    own = {row: found for row, found in rows.items() if row.endswith(" kz")} or rows
    told: set[tuple[int, ...]] = set()
    for found in own.values():
        ages = tuple(page.min_age for page in found)
        if ages not in told:
            told.add(ages)
            first, _, scale = found[0].words.partition(" by ")
            last = found[-1].words.partition(" labelled ")[2].partition(" by ")[0]
            until = "" if len(found) == 1 else f" to {last}"
            yield f"{first}{until}" + (f" by {scale}" if scale else "")
