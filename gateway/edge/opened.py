"""What was opened, in words: one sentence for each reason, and what the API and `qorgan opened` show."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from gateway.decision.splice import Why
from gateway.store.opened import OpenedLine

WORDS: Final[Mapping[Why, str]] = MappingProxyType(
    {
        Why.PRIVATE: "private traffic (bank, mail, health, government): never opened",
        Why.ADULT: "an adult's: nothing of it is opened",
        Why.HELP_LINE: "a help line: always passes",
        Why.ALLOWED: "allowed by the house, or exempt, whatever the page says",
        Why.PARTS_ONLY: "it has only ever served pictures, fonts, scripts or films",
        Why.ONE_LABEL: "all its pages have the same label, which fits",
        Why.PINNED: "an app that takes no certificate but its site's own, or a device without the CA",
        Why.LABELS: "the labels of its pages decide",
        Why.WANTED: "an adult whose own rules ask for it",
        Why.SAMPLED: "known to be harmless, and looked at again by chance",
        Why.NAMES: "the connection hid or changed the host's name",
        Why.ASKED: "it needs somebody's permission, which a page asks for",
        Why.BLOCKED: "a rule, a list, a label or the hour forbids the host",
        Why.NOBODY: "nobody is known here",
        Why.TROUBLE: "the gateway was in trouble",
    }
)
VERBS: Final[Mapping[str, str]] = MappingProxyType({"pass": "passed", "look": "opened", "refuse": "refused"})
_HIDDEN: Final = "(not kept)"


def opened_json(line: OpenedLine) -> dict[str, Any]:
    """A line in JSON values; a person and a host that are not kept are null."""
    said = line.opened
    return {
        "person": said.person or None,
        "host": said.host or None,
        "sight": said.sight,
        "reason": said.why,
        "words": WORDS[Why(said.why)] if said.why in set(Why) else said.why,
        "times": line.times,
        "first": line.first.isoformat(),
        "last": line.last.isoformat(),
    }


def opened_page(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """What `qorgan opened` prints of the API's lines: by person, what was opened first, then refused, then passed."""
    order = {"look": 0, "refuse": 1, "pass": 2}
    people: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        people.setdefault(line["person"] or "", []).append(line)
    for person in sorted(people):
        yield person or "Somebody"
        for each in sorted(people[person], key=lambda line: (order[line["sight"]], -line["times"])):
            days = each["first"] if each["first"] == each["last"] else f"{each['first']} to {each['last']}"
            host = each["host"] or _HIDDEN
            yield f"  {VERBS[each['sight']]:<8} {each['times']:>6} ×  {host:<32} {each['words']} ({days})"
