"""Badges and notices that show a mark without stating it: compiled from policies/signs/badges.yaml."""

import re
from dataclasses import dataclass
from typing import Final

from gateway.labels.scales import Mark, Scales
from gateway.labels.shape import BadgesFile, NoticeEntry
from gateway.labels.warning_form import compile_form

_NO_NUMBERS: Final[dict[str, int]] = {}


@dataclass(frozen=True, slots=True)
class Badge:
    """A picture or link that stands for a mark."""

    mark: Mark
    hosts: frozenset[str]  # where its link leads to
    pictures: tuple[str, ...]  # what its file name has in it, in lower case
    announced_by: tuple[str, ...]  # words of the line around a link without a picture


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that only those publish whom the mark fits. `trace` is a word of every one."""

    mark: Mark
    trace: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Badges:
    """All that are known. Build with `gateway.labels.data.build_label_data`."""

    badges: tuple[Badge, ...] = ()
    notices: tuple[Notice, ...] = ()


def badges_of(file: BadgesFile, scales: Scales) -> Badges:
    """The compiled file. Raises ValueError with a sentence for a mark that no scale has or a form that is none."""
    return Badges(
        badges=tuple(
            Badge(
                _mark(entry.scale, entry.mark, scales),
                frozenset(entry.hosts),
                tuple(name.casefold() for name in entry.pictures),
                tuple(word.casefold() for word in entry.announced_by),
            )
            for entry in file.badges
        ),
        notices=tuple(_notice(entry, scales) for entry in file.notices),
    )


def _notice(entry: NoticeEntry, scales: Scales) -> Notice:
    if entry.trace not in entry.form:
        raise ValueError(f"no notice of the form {entry.form!r} has the trace {entry.trace!r}")
    return Notice(_mark(entry.scale, entry.mark, scales), entry.trace, compile_form(entry.form, _NO_NUMBERS))


def _mark(scale: str, text: str, scales: Scales) -> Mark:
    mark = scales.find(text, scale=scale)
    if mark is None:
        raise ValueError(f"the scale {scale!r} has no mark {text!r}")
    return mark
