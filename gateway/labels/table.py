"""A reading for a person: what it comes to, each label with the text it rests on, and a caret under the mark."""

from collections.abc import Iterator

from gateway.labels.label import Label, Reading, Scope

_WIDEST = 100  # characters of evidence that are shown
_COLUMNS = ("age", "mark", "scale", "speaks for", "trust", "carrier")
_SCOPES = {Scope.SITE: "the site", Scope.PAGE: "the page", Scope.PART: "a part"}


def show(reading: Reading) -> str:
    """The reading as lines of text, without a line break at the end."""
    lines = [_headline(reading)]
    if reading.labels:
        lines += ["", *_table(reading)]
    if reading.flags:
        lines += ["", "flags: " + ", ".join(reading.flags)]
    if reading.notes:
        lines += ["", *(f"note: {note}" for note in reading.notes)]
    return "\n".join(lines)


def _headline(reading: Reading) -> str:
    age = "" if reading.min_age is None else f": {reading.category}, from {reading.min_age} years"
    reason = f" ({reading.reason})" if reading.reason else ""
    return f"{reading.status.value}{reason}{age}"


def _table(reading: Reading) -> Iterator[str]:
    rows = [_row(label) for label in reading.labels]
    widths = [max(len(row[column]) for row in [_COLUMNS, *rows]) for column in range(len(_COLUMNS))]
    yield _aligned(_COLUMNS, widths)
    for label, row in zip(reading.labels, rows, strict=True):
        yield _aligned(row, widths)
        yield from _evidence(label)


def _row(label: Label) -> tuple[str, ...]:
    return (str(label.min_age), label.mark, label.scale, _SCOPES[label.scope], label.trust.name, label.carrier)


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


def _evidence(label: Label) -> Iterator[str]:
    """The place, the text, and a caret under the mark, or under the whole text when it is spelt otherwise there."""
    raw = "".join(character if character.isprintable() else " " for character in label.raw)
    at = raw.casefold().find(label.mark.casefold())
    start = max(0, at - _WIDEST // 2) if at >= 0 else 0
    shown = raw[start : start + _WIDEST]
    caret, width = (at - start, len(label.mark)) if at >= 0 else (0, len(shown))
    yield f"    {label.place}"
    yield f"    {shown}"
    yield f"    {' ' * caret}{'^' * max(1, min(width, _WIDEST - caret))}"
