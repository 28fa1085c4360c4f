"""TLS that stands, read and written without a walk through the layers for it.

mitmproxy passes every event and every command through two tunnel layers, of which at most one has something to do with
it. Once the handshakes are over they only decrypt and encrypt; here that is done where the bytes come in and go out.
Everything else (handshakes, closing, opening, hooks that were waited for) goes through the layers as ever.
"""

from typing import Final

from mitmproxy.connection import ConnectionState
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layer import CommandGenerator, Layer, NextLayer
from mitmproxy.proxy.layers import ClientTLSLayer, HttpLayer, ServerTLSLayer
from mitmproxy.proxy.layers.tls import TLSLayer
from mitmproxy.proxy.tunnel import TunnelState
from OpenSSL import SSL

_ROOM: Final = 65_535  # bytes that are asked of OpenSSL at once


class StandingTls:
    """The tunnels of one client's connection and the HTTP layer in them; made by `find`."""

    def __init__(self, tunnels: tuple[TLSLayer, ...], http: HttpLayer) -> None:
        self._tunnels = tunnels  # the outermost first
        self._by_connection = {tunnel.conn: tunnel for tunnel in tunnels}
        self._http = http

    @classmethod
    def find(cls, top: Layer) -> "StandingTls | None":
        """None while `top` is anything but TLS tunnels around an HTTP layer."""
        tunnels: list[TLSLayer] = []
        layer = _behind(top)
        while type(layer) is ServerTLSLayer or type(layer) is ClientTLSLayer:
            tunnels.append(layer)
            layer = _behind(layer.child_layer)
        return cls(tuple(tunnels), layer) if tunnels and isinstance(layer, HttpLayer) else None

    def take(self, event: events.DataReceived) -> CommandGenerator[None] | None:
        """What the layers would answer to bytes that have come; None: they have to be asked."""
        receiver = self._by_connection.get(event.connection)
        if receiver is None or receiver.tunnel_state is not TunnelState.OPEN or self._http._paused is not None:
            return None
        for tunnel in self._tunnels:
            if not _only_passes(tunnel):
                return None
        return self._work(receiver, event)

    def _work(self, receiver: TLSLayer, event: events.DataReceived) -> CommandGenerator[None]:
        """As TLSLayer.receive_data."""
        plaintext, is_over = _decrypted(receiver, event.data)
        if data := _waiting(receiver):
            yield commands.SendData(receiver.conn, data)
        if plaintext:
            yield from self._below(events.DataReceived(event.connection, plaintext))
        if is_over:
            event.connection.state &= ~ConnectionState.CAN_READ
            yield from self._below(events.ConnectionClosed(event.connection))

    def _below(self, event: events.ConnectionEvent) -> CommandGenerator[None]:
        http = self._http
        codec = http.connections.get(event.connection)
        for command in http._handle_event(event) if codec is None else http.event_to_child(codec, event):
            if type(command) is not commands.SendData:
                if type(command) is commands.OpenConnection and command.connection in self._by_connection:
                    # Only the tunnel's own layer can wait for that; and what stands is not opened.
                    raise AssertionError(f"a connection that stands is opened again: {command}")
                yield command
            elif (sender := self._by_connection.get(command.connection)) is None:
                yield command
            else:
                command.data = _encrypted(sender, command.data)
                yield command


def _behind(layer: Layer | None) -> Layer | None:
    while isinstance(layer, NextLayer):
        layer = layer.layer if layer._handle is not None else None
    return layer


def _only_passes(tunnel: TLSLayer) -> bool:
    """Whether the tunnel's layer would do nothing but pass on, decrypt and encrypt."""
    return (
        tunnel.tunnel_state is not TunnelState.ESTABLISHING
        and tunnel._paused is None
        and tunnel.command_to_reply_to is None
        and not (type(tunnel) is ServerTLSLayer and tunnel.wait_for_clienthello)
        and "event_to_child" not in tunnel.__dict__  # a handshake has failed
    )


def _decrypted(tunnel: TLSLayer, data: bytes) -> tuple[bytes, bool]:
    """The plaintext, and whether the peer has said that there is no more of it."""
    tls = tunnel.tls
    if data:
        tls.bio_write(data)
    parts: list[bytes] = []
    is_over = False
    try:
        while True:
            parts.append(tls.recv(_ROOM))
    except SSL.WantReadError:
        pass
    except SSL.ZeroReturnError:
        is_over = True
    except SSL.Error:
        pass  # the peer has sent an alert; it closes the connection
    return parts[0] if len(parts) == 1 else b"".join(parts), is_over


def _encrypted(tunnel: TLSLayer, data: bytes) -> bytes:
    """As TLSLayer.send_data."""
    try:
        tunnel.tls.sendall(data)
    except (SSL.ZeroReturnError, SSL.SysCallError):  # the peer has closed, and may still be sending
        return b""
    return _waiting(tunnel)


def _waiting(tunnel: TLSLayer) -> bytes:
    """What OpenSSL has for the peer. It never gives less than there is, or than it is asked for."""
    parts: list[bytes] = []
    try:
        while not parts or len(parts[-1]) == _ROOM:
            parts.append(tunnel.tls.bio_read(_ROOM))
    except SSL.WantReadError:
        pass
    return parts[0] if len(parts) == 1 else b"".join(parts)
