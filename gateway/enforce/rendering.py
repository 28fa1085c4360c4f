"""The templates of the block page, compiled once at import, and the style that they carry inline.

A template that is missing or does not compile stops the start of the program; nothing is looked up while serving.
"""

import re
from base64 import b64encode
from hashlib import sha256
from typing import Final

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from gateway.decision.verdict import Reason
from gateway.shipped import package_texts

_TEXTS: Final = package_texts("enforce/templates")
# Autoescaping holds for SVG too: every template of ours is markup, and every value in it is foreign.
_ENVIRONMENT: Final = Environment(
    loader=DictLoader(_TEXTS), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)

PAGE: Final = _ENVIRONMENT.get_template("page.html")
FRAME: Final = _ENVIRONMENT.get_template("frame.html")
PART: Final = _ENVIRONMENT.get_template("part.html")
IMAGE: Final = _ENVIRONMENT.get_template("image.svg")


def _without_layout(css: str) -> str:
    """`css` without its comments and indentation: people read the file, browsers read this."""
    bare = re.sub(r"/\*[^*]*\*/", "", css)
    return re.sub(r" ?([{}:;,>]) ?", r"\1", " ".join(bare.split()))


# With what every page of ours begins, and the block page's own: our own files, and nothing foreign in them.
BASE_STYLE: Final = Markup(_without_layout(_TEXTS["base.css"]))  # noqa: S704
STYLE: Final = BASE_STYLE + Markup(_without_layout(_TEXTS["page.css"]))  # noqa: S704
STYLE_SOURCE: Final = f"'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"

# Drawn in the rhombus where no category of the law decided: paths on a grid of 96 by 96.
_CLOCK: Final = "M48 37V49L55 54M48 28a20 20 0 1 0 .1 0Z"
_HOUSE: Final = "M30 49 48 32 66 49M36 46V65H60V46"
_QUESTION: Final = "M39 40a9.5 9.5 0 1 1 13 9q-4 2-4 7M48 66v.5"
_EXCLAMATION: Final = "M48 30V53M48 66v.5"
_DRAWINGS: Final = {
    Reason.SCHEDULE: _CLOCK,
    Reason.QUOTA: _CLOCK,
    Reason.LOCAL_BLOCK: _HOUSE,
    Reason.TOPIC: _HOUSE,
    Reason.LOCAL_ASK: _QUESTION,
    Reason.UNLABELLED: _QUESTION,
    Reason.ESTIMATE: _QUESTION,
    Reason.NO_PROFILE: _QUESTION,
}


def drawing_of(reason: Reason) -> str:
    """The path that is drawn in the rhombus for `reason` when no category stands in it."""
    return _DRAWINGS.get(reason, _EXCLAMATION)
