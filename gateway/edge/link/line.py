"""One end of a line between a worker and the keeper: messages with a length before them, in JSON (RFC 8259)."""

import asyncio
import json
import os
import socket
import struct
from collections.abc import Iterable, Mapping
from typing import Any, Final

_LENGTH: Final = struct.Struct("!I")
_LONGEST: Final = 32 << 20  # bytes of one message: more than the longest policy file, escaped
_CREDENTIALS: Final = struct.Struct("3i")  # pid, uid, gid (unix(7), SO_PEERCRED)

type Message = Mapping[str, Any]  # "is" says what it is


class LineClosed(Exception):  # noqa: N818 - reads as a sentence
    """The other end is gone, or says what is no message."""


class Line:
    """Belongs to one event loop. `most` is how many bytes may wait to be sent before `say` refuses."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, most: int) -> None:
        self._reader, self._writer, self._most = reader, writer, most

    def say(self, kind: str, **values: Any) -> bool:
        """Sends a message without waiting; False when it cannot be sent, because too much waits or the line is closed.

        What is sent comes in order.
        """
        if not self.has_room:
            return False
        self._write({"is": kind, **values})
        return True

    @property
    def has_room(self) -> bool:
        """Whether `say` would send now."""
        transport = self._writer.transport
        return not transport.is_closing() and transport.get_write_buffer_size() <= self._most

    async def say_all(self, messages: Iterable[Message]) -> None:
        """Sends many long messages, no faster than the other end takes them. Raises LineClosed."""
        for message in messages:
            if self._writer.transport.is_closing():
                raise LineClosed
            self._write(message)
            await self.drain()

    async def drain(self) -> None:
        """Waits until little is left to be sent. Raises LineClosed."""
        try:
            await self._writer.drain()
        except ConnectionError as fault:
            raise LineClosed from fault

    async def hear(self) -> Message:
        """The next message. Raises LineClosed."""
        try:
            (length,) = _LENGTH.unpack(await self._reader.readexactly(_LENGTH.size))
            if length > _LONGEST:
                raise LineClosed(f"a message of {length} bytes")
            message = json.loads(await self._reader.readexactly(length))
        except (OSError, EOFError, ValueError) as fault:
            raise LineClosed from fault
        if not isinstance(message, dict) or not isinstance(message.get("is"), str):
            raise LineClosed("no message")
        return message

    async def close(self) -> None:
        """Sends what waits, for a short time, and closes."""
        self._writer.close()
        try:
            async with asyncio.timeout(1.0):
                await self._writer.wait_closed()
        except (TimeoutError, OSError):
            self._writer.transport.abort()

    def cut(self) -> None:
        """Closes at once; whoever hears on this end or the other gets LineClosed."""
        self._writer.transport.abort()

    def is_ours(self) -> bool:
        """Whether the other end runs as the same user: nobody else has any business here."""
        other: socket.socket = self._writer.get_extra_info("socket")
        options = other.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        _, uid, _ = _CREDENTIALS.unpack(options)
        return bool(uid == os.geteuid())

    def _write(self, message: Message) -> None:
        content = json.dumps(message, separators=(",", ":")).encode()
        self._writer.write(_LENGTH.pack(len(content)) + content)
