"""A WebSocket client of a few lines (RFC 6455), over a socket that is already there."""

import socket


def open_websocket(stream: socket.socket, host: str, path: str) -> bytes:
    """Sends the opening handshake and returns the head of the answer."""
    stream.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    head = b""
    while b"\r\n\r\n" not in head:
        data = stream.recv(1)
        if not data:
            break
        head += data
    return head


def send_text(stream: socket.socket, data: bytes) -> None:
    stream.sendall(bytes([0x81, 0x80 | len(data)]) + b"\0\0\0\0" + data)


def read_frame(stream: socket.socket) -> bytes:
    """The payload of the next data frame; empty when the connection ends or a close frame comes."""
    head = stream.recv(2)
    if len(head) < 2 or head[0] & 0x0F == 8:
        return b""
    return stream.recv(head[1] & 0x7F)
