"""`limits:` of the installation file: how much of anything the proxy holds, lets come, and waits for.

Every limit has a default that suits a school. Sizes are whole bytes on the wire, times are seconds; what each is about
stands at gateway.edge.mitm.settings.Limits.
"""

from typing import Final

from pydantic import Field

from gateway.edge.mitm.settings import Limits
from gateway.policy.strict import Shape

_KB: Final = 1024
_MB: Final = 1024 * 1024
_GB: Final = 1024 * _MB
_USUAL: Final = Limits()


class LimitsShape(Shape):
    """The least values are those with which sites still work; the greatest those that one machine can bear."""

    head_bytes: int = Field(_USUAL.head_bytes, ge=8 * _KB, le=_MB, description="of one request or response head")
    head_seconds: float = Field(
        _USUAL.head_seconds, ge=1, le=120, description="from a head's first byte, or from connecting, to its last"
    )
    body_seconds: float = Field(
        _USUAL.body_seconds, ge=1, le=3_600, description="that a request's body may be behind `body-rate`"
    )
    body_rate: float = Field(_USUAL.body_rate, ge=1, le=_MB, description="bytes a second of a request's body")
    upload_bytes: int = Field(
        _USUAL.upload_bytes,
        ge=64 * _KB,
        le=64 * _MB,
        description="of a request's body that is collected",
    )
    hold_bytes: int = Field(
        _USUAL.hold_bytes, ge=256 * _KB, le=64 * _MB, description="of one page that is held; a longer one is unreadable"
    )
    hold_seconds: float = Field(_USUAL.hold_seconds, ge=1, le=300, description="from a page's head to its last byte")
    hold_bytes_in_all: int = Field(
        _USUAL.hold_bytes_in_all, ge=16 * _MB, le=16 * _GB, description="of all that one process holds at one time"
    )
    connect_seconds: float = Field(_USUAL.connect_seconds, ge=1, le=120, description="to reach one destination")
    resolve_seconds: float = Field(_USUAL.resolve_seconds, ge=0.5, le=60, description="to look up one name")
    hook_seconds: float = Field(_USUAL.hook_seconds, ge=5, le=600, description="for one decision, visits included")
    idle_seconds: int = Field(_USUAL.idle_seconds, ge=10, le=86_400, description="a connection without traffic")
    client_connections: int = Field(
        _USUAL.client_connections, ge=8, le=100_000, description="of one address in one process"
    )
    connections: int = Field(_USUAL.connections, ge=16, le=100_000, description="of all clients in one process")
    hosts_a_minute: int = Field(
        _USUAL.hosts_a_minute,
        ge=20,
        le=1_000_000,
        description="different ones that one address asks for",
    )
    h2_streams: int = Field(_USUAL.h2_streams, ge=1, le=1_000, description="of one HTTP/2 connection at one time")
    h2_resets: int = Field(int(_USUAL.h2_resets[0]), ge=10, le=100_000, description="of streams, at once")
    h2_resets_a_second: float = Field(_USUAL.h2_resets[1], ge=1, le=10_000, description="of streams, on average")
    h2_chatter: int = Field(
        int(_USUAL.h2_chatter[0]), ge=100, le=1_000_000, description="HTTP/2 frames that ask for nothing, at once"
    )
    h2_chatter_a_second: float = Field(_USUAL.h2_chatter[1], ge=10, le=100_000, description="of these, on average")
    websocket_message_bytes: int = Field(
        _USUAL.websocket_message_bytes, ge=64 * _KB, le=256 * _MB, description="of one message; a longer one ends it"
    )
    websocket_bytes: int = Field(
        _USUAL.websocket_bytes,
        ge=_MB,
        le=1024 * _GB,
        description="of one WebSocket, both ways, until it ends",
    )
    leaves: int = Field(_USUAL.leaves, ge=100, le=1_000_000, description="certificates that one process keeps")

    def to_limits(self) -> Limits:
        """The same as the proxy takes them."""
        plain = {name: getattr(self, name) for name in type(self).model_fields if not name.startswith(("h2_r", "h2_c"))}
        resets, chatter = (self.h2_resets, self.h2_resets_a_second), (self.h2_chatter, self.h2_chatter_a_second)
        return Limits(**plain, h2_resets=resets, h2_chatter=chatter)
