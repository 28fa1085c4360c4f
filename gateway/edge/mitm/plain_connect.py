"""A CONNECT as browsers send it, answered without the layers of HTTP.

mitmproxy makes a codec, a layer and a stream of HTTP for one line that it reads and one that it writes: a fifth of what
a connection costs that is passed unread. What is odd about a CONNECT, what goes wrong with it or has to be waited for,
goes that long way, where it is refused with a reason.
"""

import re
from dataclasses import dataclass
from typing import Final

from mitmproxy.connection import Client
from mitmproxy.proxy import events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator, Layer, NextLayer

STANDS: Final = b"HTTP/1.1 200 Connection established\r\n\r\n"  # what mitmproxy answers (RFC 9110, section 9.3.6)

# Only fields that say nothing of the tunnel. RFC 9112, section 3.2.3: the target is what it is for, not the Host field.
_PLAIN: Final = re.compile(
    rb"CONNECT ([A-Za-z0-9.-]{1,253}:[0-9]{1,5}) HTTP/1\.1\r\n"
    rb"(?i:(?:host|user-agent|accept|connection|proxy-connection): [\x20-\x7e]*\r\n)*\r\n"
)
_LONGEST: Final = 4_096  # bytes; no browser's is longer


@dataclass(slots=True)
class PlainConnect:
    """What the hook `plain_connect` is called with. It sets `tunnel` when the client may be told that it stands."""

    client: Client
    authority: bytes  # host and port, as they were sent
    tunnel: tuple[str, int] | None = None  # the canonical host, and the port


@dataclass(slots=True)
class PlainHello:
    """What the hook `plain_hello` is called with. It sets `layer` when what comes from now on is to pass unread."""

    context: Context  # of the tunnel
    data: bytes  # the first that came through it
    layer: Layer | None = None


class _Standing(Layer):
    """In the place of the layers that would have answered, so that those in the tunnel find one above themselves."""

    def _handle_event(self, event: events.Event) -> CommandGenerator[None]:
        raise AssertionError(f"nothing comes to it: {event}")


def plain_authority(data: bytes) -> bytes | None:
    """The target of the CONNECT that is the whole of `data`; None when that is anything else, or not all of it."""
    found = _PLAIN.fullmatch(data) if len(data) <= _LONGEST else None
    if found is None or data.lower().count(b"\nhost:") != 1:  # RFC 9112, section 3.2
        return None
    return found[1]


def layer_behind(context: Context, tunnel: tuple[str, int]) -> NextLayer:
    """What is given the bytes of a tunnel that stands."""
    context.server.address = tunnel
    _Standing(context)  # it is in the context's list from now on
    return NextLayer(context)
