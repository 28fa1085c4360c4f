"""What an unquoted YAML scalar means: the 1.2 core schema, less the forms that people misread."""

import math
import re
from typing import Final

type Scalar = str | int | float | bool | None

# YAML 1.2.2, section 10.3.2. Only what starts like a number is tried as one; all else is text.
_WORDS: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = re.compile(r"[-+]?[0-9]+", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_OTHER_BASE: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LEADING_ZERO: Final = re.compile(r"[-+]?0[0-9]")
_MAX_DIGITS: Final = 18  # below 2**63, so that every reader of our JSON keeps it exact


def resolve(text: str) -> Scalar:
    """The value of the unquoted scalar `text`. Raises ValueError with a sentence for a form that is refused."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "0123456789+-.":
        return text
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"{text} is not a number that can be used here")
    if _OTHER_BASE.fullmatch(text):
        raise ValueError(f"{text} is a number in base 8 or 16; write it in base 10")
    is_integer = _INTEGER.fullmatch(text) is not None
    if not is_integer and not _FLOAT.fullmatch(text):
        return text
    if _LEADING_ZERO.match(text):
        # Base 8 to some readers (012 is 10), base 10 to others: nobody can tell what was meant.
        raise ValueError(f"the number {text} begins with a zero; write it without, or as text")
    if len(text) > _MAX_DIGITS:
        raise ValueError(f"a number has at most {_MAX_DIGITS} characters")
    return int(text) if is_integer else _finite(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text} is too large")
    return number
