"""What a `rating` says: the free text of the meta element and of the HTTP header, which share one vocabulary."""

import re
from typing import Final

from gateway.labels.label import Trust
from gateway.labels.scales import LONGEST_TEXT, Mark, Scales

# rtalabel.org: one token for every page of every site.
RTA_TOKEN: Final = re.compile(r"(?<![0-9a-z])rta-5042-1996-1400-1577-rta(?![0-9a-z])", re.IGNORECASE)
_RANGE: Final = re.compile(r"(?P<lowest>[0-9]{1,2})\s?-\s?[0-9]{1,3}")
_SCORE: Final = re.compile(r"(?:10|[0-9])")  # out of five or ten: what "rating" means elsewhere


def read_rating(text: str, scales: Scales) -> tuple[Mark, Trust] | None:
    """The mark that a rating of this text names, and how far it is to be trusted; None when it names none.

    B for the words that mean one thing only (the RTA token, "adult", "mature", "restricted"), C for what was found
    in free text ("18 years", "10-70", "PG-13").
    """
    text = text[: 4 * LONGEST_TEXT].strip()
    if RTA_TOKEN.search(text) and (token := scales.find("rta", scale="rta")):
        return token, Trust.B
    if scales.means_everyone(text):
        return None
    if word := scales.find(text, scale="web"):
        return word, Trust.B
    mark = read_age(text, scales)
    return None if mark is None or _SCORE.fullmatch(text) else (mark, Trust.C)


def read_age(text: str, scales: Scales) -> Mark | None:
    """The mark or the lower bound of a range ("10-70") that free text names."""
    text = text.strip()
    if bounds := _RANGE.fullmatch(text):
        return scales.find(bounds["lowest"], scale="age")
    return None if scales.means_everyone(text) else scales.find(text)
