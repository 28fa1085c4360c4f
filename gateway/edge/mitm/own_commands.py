"""What our layers tell our handler of a connection, beside mitmproxy's own commands."""

from collections.abc import Awaitable
from dataclasses import dataclass

from mitmproxy.connection import Connection
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy import commands
from mitmproxy.proxy.layer import Layer


class TakeOver(commands.Command):
    """From the next event on, the connection belongs to `layer`: the layers around it have nothing left to do.

    `between`: what comes from each of these two goes to the other as it is, and the layer need not be given it.
    """

    def __init__(self, layer: Layer, between: tuple[Connection, Connection] | None = None) -> None:
        self.layer, self.between = layer, between


@dataclass
class HookBegun(commands.StartHook):
    """A hook that was called already and is not done."""

    name = "begun"
    flow: HTTPFlow
    waiting: Awaitable[None]
