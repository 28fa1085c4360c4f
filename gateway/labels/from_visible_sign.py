"""The age sign of law 169-VI, Art. 15(1), and its kin: marks and warnings that a person sees on a page.

They stand in text, in the text of attributes (alt, title, aria-label) and in strings of style sheets; where signs are a
duty, names of pictures and classes count a little too. Text is full of numbers with a plus. A mark counts only where a
sign stands: alone in its element, announced ("Возрастная категория: 16+"), at the end of a title, or set apart in the
page's header, footer or imprint. What a mark looks like in a line is `signs`; where it stands is `sighting`; here it
becomes a label.
"""

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Final

from selectolax.lexbor import LexborNode

from gateway.document.document import UnreadableReason
from gateway.labels.folding import unfolded
from gateway.labels.invisible import PLUSES
from gateway.labels.label import Label, Scope, Trust
from gateway.labels.marked import label_of
from gateway.labels.most_sightings import TooMany, most_sightings
from gateway.labels.page import Page
from gateway.labels.part_limit import Part, limited
from gateway.labels.reader import EVERYTHING, Blocked, Flag, Found
from gateway.labels.scales import Mark, Scales
from gateway.labels.shown_marks import WrittenMarks, are_all_shown, end_of_text
from gateway.labels.sighting import Sighting, sightings
from gateway.labels.sign_names import SignNames
from gateway.labels.text_nodes import beginning_of
from gateway.labels.trace_words import DASHED, SIXES

# A plus that an age may stand before ("18+", "18 +", "18</b>+", "18&nbsp;+", or `content: "+"` of a style sheet), or
# after ("+18").
_PLUS: Final = re.compile(
    rb"\+(?:(?<=[06]\+)(?<![0-9][06]\+)|(?<=1[2468]\+)|(?<=21\+)|(?<=[0-9][\s\x80-\xff]\+)|(?<=[>;\x80-\xff]\+)"
    rb"|(?<=[>;\x80-\xff]\s\+)|(?<=(?i:content):[\"']\+)|(?<=(?i:content): [\"']\+)"
    rb"|(?=(?:1[2468]|21|[06])(?![0-9])))"
)
_MINUS: Final = re.compile(rb"6(?<![0-9]6)(?:" + b"|".join(map(unfolded, DASHED)) + rb")(?![0-9a-zA-Z_-])")
# A value in JSON: `signs` takes it for none either.
_IN_JSON: Final = re.compile(rb'": ?"[0-9]{1,2}$')
_KAZAKHSTAN: Final = "kz"


class VisibleSignReader:
    name = "visible-sign"

    def reach(self, page: Page) -> int | None:
        if not page.is_html:
            return None
        if page.is_spelt or _has_mark(page) or _words(page):
            return EVERYTHING
        names = _names(page)
        return EVERYTHING if names is not None and names.may_be_in(page.traces) else None

    def find(self, page: Page) -> Iterator[Found]:
        names, words = _names(page), _words(page)
        written = _written(page, words)
        try:
            end = end_of_text(page.tree, written, page.work) if written is not None else None
            visible = end or page.visible_text
            found = sightings(
                page.tree,
                page.data.signs,
                words,
                names=names if names is not None and names.may_be_anyhow_in(page.traces) else None,
                most=most_sightings(len(page.source)),
                visible=visible,
                parts=page.parts,
                work=page.work,
                only_in_text=written is not None and are_all_shown(written, visible),
                has_styles=page.traces.has(b"<style"),
            )
        except TooMany as refused:
            yield Blocked(UnreadableReason.MALFORMED, str(refused))
            return
        meaning = _Meaning(page)
        yield from limited(self._said(page, meaning, found))
        yield from _flags(page, meaning, [seen for seen in found if seen.part is None])

    def _said(self, page: Page, meaning: "_Meaning", found: list[Sighting]) -> Iterator[Found | Part]:
        told: set[tuple[str, bool, int | None]] = set()
        for seen in found:
            publication = meaning.is_publication(seen)
            key = (seen.sign.mark, publication, seen.part.mem_id if seen.part is not None else None)
            if key in told:
                continue
            told.add(key)
            mark = meaning.mark_of(seen)
            trust = _trust(seen, mark.scale, publication=publication)
            build = partial(self._label, page, seen, mark, trust, publication=publication)
            yield build() if seen.part is None else Part(mark, trust, build)

    def _label(self, page: Page, seen: Sighting, mark: Mark, trust: Trust, *, publication: bool) -> Label:
        part = page.selectors.of(seen.part) if seen.part is not None else None
        site = publication or (seen.frame is not None and page.whole is Scope.SITE)
        return label_of(
            mark,
            scope=Scope.PART if part else Scope.SITE if site else Scope.PAGE,
            trust=trust,
            carrier=seen.carrier,
            raw=" ".join(seen.line.replace("\x1f", " ").split())[:300],
            place=part or page.selectors.of(seen.element),
            part=part,
        )


def _written(page: Page, words: tuple[str, ...]) -> WrittenMarks | None:
    """The marks of the source, as `shown_marks` takes them; None where there may be more than marks with a plus."""
    if words or page.is_spelt or page.has_invisible or _has_odd_mark(page) or page.traces.has(*SIXES):
        return None
    return WrittenMarks(page.text)


def _has_odd_mark(page: Page) -> bool:
    """Whether there is another plus, or the sign of one character."""
    return page.traces.shows(PLUSES + page.data.signs.places.adults_only)


def _has_mark(page: Page) -> bool:
    source = page.source
    plus = source.find(b"+")  # a byte is found far faster than a pattern that begins so
    pluses = _PLUS.finditer(source, plus) if plus >= 0 else ()
    if any(not _IN_JSON.search(source[max(0, found.start() - 6) : found.start()]) for found in pluses):
        return True
    if page.traces.bare_six and _MINUS.search(source):
        return True
    return _has_odd_mark(page)


def _words(page: Page) -> tuple[str, ...]:
    """The words of warnings that are in the page's bytes; all of them where they may be hidden."""
    words = page.data.signs.traces
    return words if page.is_spelt else page.traces.words_of(words)


def _names(page: Page) -> SignNames | None:
    """The names of pictures and classes, where such names are looked at: a name alone says little."""
    usual = page.data.scales.of_host(page.url.host) if page.url else None
    publication = page.host is not None and page.host.kind == "online-publication"
    return page.data.names if publication or (usual is not None and usual.id in page.data.names.scales) else None


class _Meaning:
    """What the signs of one page mean; lines, frames and marks repeat, so what was found out about one is kept."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._imprints: dict[str, bool] = {}
        self._frames: dict[int, bool] = {}
        self._marks: dict[tuple[str, str | None, bool, bool], Mark] = {}
        known = page.host is not None and page.host.kind == "online-publication"
        self._is_known = known or _is_kazakh(page)

    def is_publication(self, seen: Sighting) -> bool:
        """Whether the sign is that of a Kazakh online publication: it speaks for the oldest thing on the resource."""
        if seen.part is None and seen.place.heading is None and self._is_imprint(seen.line):
            return True
        if seen.frame is None:
            return False
        return self._is_known or self._is_imprint_in(seen.frame)

    def mark_of(self, seen: Sighting) -> Mark:
        sign = seen.sign
        key = sign.mark, sign.language, sign.warning, sign.rhombus or seen.place.rhombus
        if key not in self._marks:
            scale = _scale(self._page, seen)
            mark = _find(self._page.data.scales, sign.mark, scale)
            self._marks[key] = Mark(scale, mark.mark if mark else sign.mark, sign.min_age)
        return self._marks[key]

    def _is_imprint(self, line: str) -> bool:
        known = self._imprints.get(line)
        if known is None:
            known = self._imprints[line] = self._page.data.signs.is_imprint(line)
        return known

    def _is_imprint_in(self, frame: LexborNode) -> bool:
        known = self._frames.get(frame.mem_id)
        if known is None:
            text = beginning_of(frame, 5_000, self._page.work)
            known = self._frames[frame.mem_id] = self._page.data.signs.is_imprint(text)
        return known


def _is_kazakh(page: Page) -> bool:
    scale = page.data.scales.of_host(page.url.host) if page.url else None
    return scale is not None and scale.id == _KAZAKHSTAN


def _scale(page: Page, seen: Sighting) -> str:
    """The scale that a mark of this page is of: of the country, else of the language, else only its number counts."""
    if seen.sign.rhombus or seen.place.rhombus:
        return _KAZAKHSTAN  # Art. 15(1): no other system draws a rhombus
    sign = seen.sign
    usual = page.data.scales.of_host(page.url.host) if page.url else None
    spoken = {"kk": _KAZAKHSTAN, "ru": "rars"}.get(sign.language or page.language or "")
    for scale in (usual.id if usual else None, spoken):
        if scale is not None and _find(page.data.scales, sign.mark, scale):
            return scale
    # No other system here has these marks, or says its ages in these words.
    only_kazakh = sign.mark in ("6-", "14+") or (sign.warning and sign.language == "en") or spoken is not None
    return _KAZAKHSTAN if only_kazakh else "age"


@lru_cache(maxsize=64)
def _find(scales: Scales, mark: str, scale: str) -> Mark | None:
    """The mark of a scale that a sign is: signs have few marks."""
    return scales.find(mark, scale=scale)


def _trust(seen: Sighting, scale: str, *, publication: bool) -> Trust:
    if seen.trust is not None:
        return seen.trust
    if publication:
        return Trust.A  # Art. 15(1): a duty of online publications
    if seen.sign.in_years or seen.sign.led:
        return Trust.C  # often the age of a visitor or a buyer; "+18" may be a temperature
    return Trust.B if seen.sign.language is not None or scale != "age" else Trust.C


def _flags(page: Page, meaning: _Meaning, found: list[Sighting]) -> Iterator[Flag]:
    """What is wrong with the form of the page's own signs (Art. 15(1) and (4))."""
    kazakh = _is_kazakh(page) or page.language == "kk" or any(map(meaning.is_publication, found))
    formal = any(seen.sign.warning or seen.sign.rhombus or seen.place.rhombus for seen in found)
    if found and kazakh and not formal:
        yield Flag("sign-form")
    spoken = {seen.sign.language for seen in found if seen.sign.warning}
    known = {language.code for language in page.data.signs.languages}
    if spoken and page.language in known and page.language not in spoken:
        yield Flag("sign-language")
