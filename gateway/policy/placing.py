"""Where in a text an edit goes, and what it puts there."""

from dataclasses import dataclass

from gateway.policy.parse import Plain
from gateway.policy.spans import Entry, Lines, Span
from gateway.policy.spelling import spell, spell_key


@dataclass(frozen=True, slots=True)
class Splice:
    """`text` in the place of the characters from `start` to before `end`."""

    start: int
    end: int
    text: str

    def apply(self, whole: str) -> str:
        return whole[: self.start] + self.text + whole[self.end :]

    def back(self, whole: str) -> "Splice":
        """The splice that undoes this one, made in `whole`."""
        return Splice(self.start, self.start + len(self.text), whole[self.start : self.end])

    def moved(self, by: int) -> "Splice":
        return Splice(self.start + by, self.end + by, self.text)


def placed(text: str, root: Span | None, op: str, path: tuple[str, ...], value: Plain) -> Splice:
    """The splice that makes an edit; `path` leads somewhere in `root`. Raises ValueError for what cannot be written."""
    lines = Lines(text)
    if root is None or root.start == root.end:
        begin = "" if not text or lines.start(len(text)) == len(text) else lines.ending
        return Splice(len(text), len(text), f"{begin}{spell_key(path[-1])}: {spell(value)}{lines.ending}")
    if root.entries is None:
        raise ValueError("nothing is written in this file, but in a word: remove it")
    above: Span | None = None
    span = root
    for key in path[:-1]:
        above, span = span, _entry(span, key).value
    assert span.entries is not None
    found = next((entry for entry in span.entries if entry.key == path[-1]), None)
    if op == "remove":
        assert found is not None
        return _removal(lines, span, above, found, is_root=span is root)
    if found is not None and (op == "replace" or not span.is_list):
        return _replacement(lines, span, found.value, value)
    spelled = spell(value) if span.is_list else f"{spell_key(path[-1])}: {spell(value)}"
    if span.is_flow:
        return _addition_in_flow(text, span, found, spelled)
    return _addition_in_block(lines, span, found, spelled)


def _entry(span: Span, key: str) -> Entry:
    assert span.entries is not None
    return next(entry for entry in span.entries if entry.key == key)


def _replacement(lines: Lines, parent: Span, old: Span, value: Plain) -> Splice:
    if old.start == old.end and not lines.text[old.start : old.end]:
        raise ValueError("nothing is written there that could be replaced")
    style = old.style if isinstance(value, str) else ""
    # A list may stand at the column of its key, what replaces it may not.
    indent = "  " if old.entries is not None and lines.column(old.start) <= lines.column(parent.start) else ""
    return Splice(old.start, old.end, indent + spell(value, "" if style in ("|", ">") else style))


def _addition_in_flow(text: str, span: Span, before: Entry | None, spelled: str) -> Splice:
    assert span.entries is not None
    if text[span.start] not in "[{":
        raise ValueError("a single pair without braces cannot get a second one")
    if before is not None:
        return Splice(before.start, before.start, f"{spelled}, ")
    if span.entries:
        end = span.entries[-1].end
        return Splice(end, end, f", {spelled}")
    return Splice(span.start + 1, span.start + 1, spelled)


def _addition_in_block(lines: Lines, span: Span, before: Entry | None, spelled: str) -> Splice:
    """A line of its own: behind the last entry, or before the item that has its index."""
    indent = " " * lines.column(span.start)
    dash = "- " if span.is_list else ""
    if before is not None:
        return Splice(before.start, before.start, f"{dash}{spelled}{lines.ending}{indent}")
    after = lines.after(span.end)
    if after > span.end and lines.start(after) == after:
        return Splice(after, after, f"{indent}{dash}{spelled}{lines.ending}")
    return Splice(after, after, f"{lines.ending}{indent}{dash}{spelled}")


def _removal(lines: Lines, span: Span, above: Span | None, found: Entry, *, is_root: bool) -> Splice:
    assert span.entries is not None
    if len(span.entries) == 1 and not is_root:
        return _emptying(lines, span, above, found)
    return _removal_in_flow(lines, span, found) if span.is_flow else _removal_in_block(lines, span, found)


def _emptying(lines: Lines, span: Span, above: Span | None, found: Entry) -> Splice:
    if span.is_flow:
        return _flow_line(lines, found.start, found.end)
    indent = "  " if above is not None and lines.column(span.start) <= lines.column(above.start) else ""
    return Splice(span.start, span.end, indent + ("[]" if span.is_list else "{}"))


def _removal_in_flow(lines: Lines, span: Span, found: Entry) -> Splice:
    """With the comma before it, or after the first one; where lines or comments stand between, with its own comma."""
    assert span.entries is not None
    index = span.entries.index(found)
    if index:
        start, end = span.entries[index - 1].end, found.end
        gap = lines.text[start : found.start]
    else:
        start, end = found.start, span.entries[1].start if len(span.entries) > 1 else found.end
        gap = lines.text[found.end : end]
    return Splice(start, end, "") if not set(gap) & set("\r\n#") else _flow_line(lines, found.start, found.end)


def _flow_line(lines: Lines, start: int, end: int) -> Splice:
    """From `start` to `end` with the comma that follows; the whole line, when only a comment stands beside it."""
    last = lines.end(end)
    rest = lines.text[end:last]
    if rest.lstrip(" ").startswith(","):
        end += rest.index(",") + 1
        end += len(lines.text[end:last]) - len(lines.text[end:last].lstrip(" "))
    if lines.begins_at(start) and not lines.text[end:last].strip(" ").partition("#")[0]:
        return Splice(lines.start(start), lines.after(end), "")
    return Splice(start, end, "")


def _removal_in_block(lines: Lines, span: Span, found: Entry) -> Splice:
    """The lines in which it stands, with the comment behind it; comments above stay."""
    assert span.entries is not None
    if lines.begins_at(found.start):
        after = lines.after(found.end)
        if (
            after == len(lines.text) and lines.start(after) != after
        ):  # the last line has no end: the one before loses its
            start = lines.start(found.start)
            return Splice(max((before for before, end in lines.breaks if end <= start), default=0), after, "")
        return Splice(lines.start(found.start), after, "")
    index = span.entries.index(found)
    following = span.entries[index + 1].start
    if "#" in lines.text[found.end : following]:
        raise ValueError("a comment stands behind it: remove it by hand")
    return Splice(found.start, following, "")
