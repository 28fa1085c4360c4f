"""How a value is written into a YAML text: so that our reader, and those of YAML 1.1, read what was meant."""

import json
import re
from collections.abc import Mapping
from typing import Final

from gateway.policy.parse import Plain
from gateway.policy.scalar import resolve

# Words, host names, addresses and days need no quotes; everything that some reader takes for something else gets them.
_PLAIN: Final = re.compile(
    r"[^\W\d_][\w./@+-]*(?: [\w./@+-]+)*|\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?"
)
_TAKEN_FOR_OTHER: Final = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false", "null"})
# What JSON leaves as it is and YAML does not let stand, or takes for the end of a line.
_ESCAPED: Final = re.compile("[\x7f-\xa0\xad\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def spell(value: Plain, style: str = "") -> str:
    """`value` as it is written in one line; a text in the quotes `style` where it can be, lists and groups in [ ], { }.

    Raises ValueError for what cannot be written: nothing, and numbers that are none.
    """
    if isinstance(value, str):
        return _text(value, style)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        spelled = repr(value)
        if resolve(spelled) != value:
            raise ValueError(f"{spelled} cannot be written as a number")
        return spelled
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key, '')}: {spell(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(spell(each) for each in value) + "]"
    raise ValueError("a value is missing")


def spell_key(key: str) -> str:
    """A key as it is written; ages stay as they are, because keys are always text."""
    return key if key.isascii() and key.isdigit() else _text(key, "")


def _text(value: str, style: str) -> str:
    if style == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    if style in ("", "'") and _PLAIN.fullmatch(value) and value.casefold() not in _TAKEN_FOR_OTHER:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)
