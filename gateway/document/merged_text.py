"""Text between tags that a parser drops becomes one text, which is copied whole for each piece that is added to it.

Dropped are, outside of their places, html, head, body, frames, parts of tables and a form in a form, every tag but a
few in a list of choices, and end tags of nothing (WHATWG HTML, 13.2.6.4.7 and 13.2.6.4.16). A text grows in its place
unless the parser kept something else meanwhile: the attributes of the dropped tag.
"""

import re
from typing import Final

_PARTS: Final = b"|caption|col|colgroup|tbody|td|tfoot|th|thead|tr"
_SMALL: Final = 20_000  # bytes, of which no more than some megabytes can be copied
_LEAST: Final = 20  # such tags one after the other
_WITH_ATTRIBUTES: Final = re.compile(rb"<[^\t\n\f\r >]++[\t\n\f\r /]++[^\t\n\f\r />]")
_IN_CHOICES: Final = re.compile(rb"<(?!opt(?:ion|group)[\t\n\f\r />])[a-z/][^\t\n\f\r >]*+[\t\n\f\r /]++[^\t\n\f\r />]")
_MAY_BE_DROPPED: Final = re.compile(
    rb"<(?:(?:html|head|body|form|frame|frameset" + _PARTS + rb")|/[a-z][^\t\n\f\r >]*+)[\t\n\f\r /]++[^\t\n\f\r />]"
)
_TAG: Final = re.compile(rb"<[^>]*+>")


def _run(names: bytes) -> re.Pattern[bytes]:
    tag = rb"<(?:(?:html|head|body|form|frame|frameset" + names + rb")(?=[\t\n\f\r />])|/[a-z])[^>]*+>"
    return re.compile(tag + rb"(?:[^<]*+" + tag + rb"){%d,}+" % (_LEAST - 1))


_RUN: Final = _run(b"")
_RUN_WITHOUT_TABLE: Final = _run(_PARTS)


def bytes_copied(source: bytes) -> int:
    """How many bytes of text a parser copies at most because tags between them are dropped."""
    if len(source) <= _SMALL:
        return 0
    lower, copied = source.lower(), 0
    if len(_MAY_BE_DROPPED.findall(lower)) >= _LEAST:
        pattern = _RUN if lower.rfind(b"<table") >= 0 else _RUN_WITHOUT_TABLE
        copied = sum(_copied(run, _WITH_ATTRIBUTES) for run in pattern.findall(lower))
    if lower.rfind(b"<select") >= 0:
        lists = (part.partition(b"</select")[0] for part in lower.split(b"<select")[1:])
        copied += sum(_copied(inside, _IN_CHOICES) for inside in lists)
    return copied


def _copied(run: bytes, dropped: re.Pattern[bytes]) -> int:
    count = len(dropped.findall(run))
    return count * len(_TAG.sub(b"", run)) // 2 if count >= _LEAST else 0
