"""The traces of labels as plain JSON: for a look at a live page that costs next to nothing (`gateway.labels.traces`).

A page without any of them has no label, whatever the readers are; addons/browser/content/traces.js looks for them.
"""

from typing import Any, Final

from gateway.labels.data import LabelData
from gateway.labels.from_meta import NAMES
from gateway.labels.invisible import INVISIBLE, PLUSES
from gateway.labels.schema_org import AUDIENCE, PROPERTIES
from gateway.labels.sign_patterns import SIGN_AGES
from gateway.labels.signs import DASHES
from gateway.labels.to_ecmascript import to_ecmascript

_GROUP: Final = "(?<age>"  # a name stands once in a pattern, and here several are joined


def traces_as_json(data: LabelData) -> dict[str, Any]:
    """The traces as objects, lists and texts. The same data gives the same JSON, in the same order."""
    languages, badges, names = data.signs.languages, data.badges, data.names
    shown = [*(form.pattern for form in names.forms), *(form.pattern for form in names.weak), names.classes.pattern]
    return {
        "ages": sorted(SIGN_AGES, reverse=True),
        "pluses": PLUSES,
        "dashes": DASHES,
        "invisible": INVISIBLE,
        "adults_only": data.signs.places.adults_only,
        "words": sorted({word for each in languages for word in (*each.traces, *each.title_traces)}),
        "begun": [to_ecmascript(each.begun.pattern) for each in languages],
        "notices": sorted({notice.trace for notice in badges.notices}),
        "links": sorted({host for badge in badges.badges for host in badge.hosts}),
        "pictures": sorted({name for badge in badges.badges for name in badge.pictures}),
        "meta": sorted(NAMES),
        "properties": sorted({*PROPERTIES, *AUDIENCE}),
        "names": {
            "top_level": sorted({top for each in names.scales for top in data.scales[each].top_level}),
            "words": sorted(word.decode() for word, _ in names.traces if word.isalpha()),
            "classes": [to_ecmascript(pattern).replace(_GROUP, "(?:") for pattern in shown],
        },
        "sites": sorted(data.sites.recipes),
    }
