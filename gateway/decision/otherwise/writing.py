"""Lines of a policy as a person would write them."""

import json
import re
from datetime import datetime
from typing import Final

from gateway.policy.scalar import resolve

_PLAIN: Final = re.compile(r"\w(?:[\w .-]*[\w.])?")


def entry(key: str, inside: str) -> str:
    """One entry of a list of the policy: `block: [{host: example.kz}]` on two lines."""
    return f"{key}:\n  - {{{inside}}}"


def own_name(name: str) -> str:
    """A person's name in the files of their own house: of a tenant's people without the tenant's name."""
    return name.rpartition("/")[2]


def word(text: str) -> str:
    """A text as YAML reads it back: plain where that is safe, else in double quotes (JSON strings are YAML)."""
    try:
        is_plain = _PLAIN.fullmatch(text) is not None and resolve(text) == text
    except ValueError:  # a number in a form that is refused
        is_plain = False
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def moment_word(moment: datetime) -> str:
    """A moment to the minute, with its offset."""
    return f'"{moment.isoformat(timespec="minutes")}"'
