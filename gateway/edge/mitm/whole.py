"""A response that is at hand as a whole, sent on as one event: one record of TLS and one write instead of two."""

from dataclasses import dataclass
from typing import Any

from mitmproxy.proxy import commands
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import SendHttp
from mitmproxy.proxy.layers.http._events import ResponseData, ResponseHeaders


@dataclass
class WholeResponse(ResponseHeaders):
    """Head and body; our codecs know it. `ResponseEndOfMessage` follows, as after any body."""

    content: bytes = b""


def joined(sending: CommandGenerator[None]) -> CommandGenerator[None]:
    """The commands of `sending`, in which a head with its body right behind it become a WholeResponse."""
    head: SendHttp | None = None
    reply: Any = None
    try:
        command: commands.Command = next(sending)
        while True:
            if isinstance(command, SendHttp) and isinstance(command.event, ResponseHeaders):
                head = command
                command = next(sending)
                continue
            if head is not None:
                before, begun, head = head, head.event, None
                body = command.event if isinstance(command, SendHttp) else None
                if isinstance(begun, ResponseHeaders) and isinstance(body, ResponseData):
                    whole = WholeResponse(begun.stream_id, begun.response, begun.end_stream, body.data)
                    command = SendHttp(whole, before.connection)
                else:
                    yield before
            reply = yield command
            command = sending.send(reply)
    except StopIteration:
        if head is not None:
            yield head
