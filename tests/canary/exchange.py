"""What is asked and what is answered, byte by byte: values that can be written to a file and read again."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

type Fields = list[tuple[str, str]]


@dataclass(slots=True, kw_only=True)
class Reply:
    """The origin's answer. `body` is what goes over the wire, coded; `applied` are the codings it really has.

    `framing`: length, chunked, close, and for faults short, long, both, bad-chunk, no-end, twice; over HTTP/2 only
    what HTTP/2 can say of them is said. `canary` is looked for at the client, `trailing` are trailer fields.
    """

    status: int = 200
    fields: Fields = field(default_factory=list)
    body: bytes = b""
    applied: list[str] = field(default_factory=list)
    framing: str = "length"
    version: str = "HTTP/1.1"
    pieces: list[int] = field(default_factory=list)  # sizes of chunks or writes, again and again
    extension: str = ""  # of each chunk
    interim: list[int] = field(default_factory=list)  # statuses that come before
    trailing: Fields = field(default_factory=list)
    closes: bool = False
    after: str = ""  # "websocket": frames with the canary; "events": more of the body after a moment
    fault: str = ""  # reset, stall, garbage, cut: see tests/soak


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request and its answer.

    `overage`: no minor may see a byte of the canary. `lawful`: an adult must see it. `fine`: a teenager must, too.
    """

    token: str
    canary: str
    says: str  # what it tries, for who reads a finding
    overage: bool
    lawful: bool
    fine: bool
    method: str = "GET"
    target: str = ""  # as it stands in the request line
    authority: str = ""  # Host or :authority
    fields: Fields = field(default_factory=list)
    body: bytes = b""
    reply: Reply = field(default_factory=Reply)


@dataclass(slots=True, kw_only=True)
class Visit:
    """One connection of one person, and what goes over it. `way`: plain, tunnel (TLS), h2, plain-in-tunnel."""

    person: str
    way: str
    host: str  # that CONNECT and SNI name
    pipelined: bool = False
    exchanges: list[Exchange] = field(default_factory=list)

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=lambda raw: {"latin-1": raw.decode("latin-1")}, indent=1)

    @classmethod
    def of_json(cls, text: str) -> "Visit":
        told = json.loads(text, object_hook=_bytes)
        exchanges = [Exchange(**{**each, "reply": Reply(**each["reply"])}) for each in told.pop("exchanges")]
        return cls(**told, exchanges=exchanges)


def _bytes(told: dict[str, Any]) -> Any:
    return told["latin-1"].encode("latin-1") if list(told) == ["latin-1"] else told
