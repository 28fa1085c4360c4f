"""The bodies that a device sends: their shapes, bounded in every direction, and every fault of them in a sentence."""

import asyncio
import re
from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from aiohttp import web
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from gateway.document.url import Url, canonical, canonical_host
from gateway.edge.control_api.exchange import body_of
from gateway.edge.control_api.problem import Refused
from gateway.labels.label import Label, Reading, Scope, Status, Trust

LONGEST_URL: Final = 8_192
MOST_LABELS: Final = 1_000  # of a reading: a listing of a thousand items (gateway/labels/listing.py)
MOST_TOLD: Final = 64  # of what is told of one page
LONGEST_BODY_BYTES: Final = 1 << 20  # a listing of a thousand items, each with its label
_BODY_SECONDS: Final = 10.0
_EVIDENCE: Final = 4_000
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def _line(text: str) -> str:
    """What people read in a list of devices or a question: one line, and nothing that reorders it."""
    if _CONTROL.search(text):
        raise ValueError("has characters that cannot be shown")
    return text.strip()


def _evidence(text: str) -> str:
    return text.encode("utf-8", "replace").decode()  # a lone surrogate can neither be stored nor shown


Line = Annotated[str, AfterValidator(_line)]
Word = Annotated[str, Field(max_length=60), AfterValidator(_line)]
Flags = Annotated[list[Word], Field(max_length=64)]
Evidence = Annotated[str, Field(max_length=_EVIDENCE), AfterValidator(_evidence)]
Address = Annotated[Url, BeforeValidator(lambda text: _address(text))]


def _address(text: object) -> Url:
    if not isinstance(text, str) or len(text) > LONGEST_URL:
        raise ValueError(f"an address of at most {LONGEST_URL} characters")
    try:
        return canonical(text)
    except ValueError:
        raise ValueError("no address of a web page") from None


def _host(text: str) -> str:
    try:
        return canonical_host(text)
    except ValueError:
        raise ValueError("no host name") from None


class _Body(BaseModel):
    # Strict: a number is no text and "true" is no truth. Unknown fields are a slip or another version.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True)


class AskedPairing(_Body):
    code: str = Field(max_length=100)
    name: Line = Field(min_length=1, max_length=60)
    browser: Word
    version: Line = Field(max_length=30)


class ToldLabel(_Body):
    scale: Word
    mark: Line = Field(max_length=100)
    min_age: int = Field(ge=0, le=99)
    scope: Literal["site", "page", "part"]
    trust: Literal["A", "B", "C", "D"]
    carrier: Word
    raw: Evidence
    place: Evidence
    part: Evidence | None = None

    def label(self) -> Label:
        """The label as the device claims it; gateway/edge/verdict_api/telling.py says what is believed of it."""
        fields = {name: getattr(self, name) for name in ("scale", "mark", "min_age", "carrier", "raw", "place", "part")}
        return Label(**fields, scope=Scope(self.scope), trust=Trust[self.trust])


class ToldReading(_Body):
    status: Literal["rated", "unlabelled", "unreadable"]
    labels: list[ToldLabel] = Field(max_length=MOST_LABELS)
    flags: Flags = Field(default_factory=list)

    def reading(self) -> Reading:
        return Reading(status=Status(self.status), labels=labels_of(self.labels), flags=tuple(self.flags))


class AskedPage(_Body):
    url: Address
    action: Literal["view", "register", "search"] | None = None
    kind: Word | None = None
    reading: ToldReading | None = None


class ToldLabels(_Body):
    url: Address
    labels: list[ToldLabel] = Field(max_length=MOST_TOLD)
    flags: Flags = Field(default_factory=list)  # say what the law asks of a site, nothing of a person: not kept


class Heartbeat(_Body):
    version: Line = Field(max_length=30)
    browser: Word
    incognito: bool | None = None
    private_browsing: bool | None = None
    bundle: Annotated[str, Field(max_length=128), AfterValidator(_line)] | None = None
    state: Line = Field(max_length=30)


class AskedHost(_Body):
    host: Annotated[str, Field(max_length=255), AfterValidator(_host)]
    reason: Line = Field("", max_length=200)


def labels_of(told: Iterable[ToldLabel]) -> tuple[Label, ...]:
    return tuple(each.label() for each in told)


async def read[B: _Body](request: web.Request, shape: type[B]) -> B:
    """The body of a request in its shape. Raises Refused, which never repeats what was sent."""
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            sent: Any = await body_of(request, most=LONGEST_BODY_BYTES)
    except TimeoutError:
        raise Refused(408, "the body did not come in time") from None
    try:
        return shape.model_validate(sent)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        told = [
            {"field": _place(fault["loc"]), "message": fault["msg"].removeprefix("Value error, ")}
            for fault in faults[:10]
        ]
        raise Refused(422, f"{told[0]['field'] or 'the body'}: {told[0]['message']}", faults=told) from None


def _place(steps: tuple[int | str, ...]) -> str:
    """Where in the body; names that nobody knows are the sender's own words, so they are cut."""
    return ".".join(str(step)[:60] for step in steps)
