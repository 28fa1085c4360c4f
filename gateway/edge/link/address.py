"""Where the keeper is found: a Unix socket without a file, which the supervisor keeps open while keepers come and go.

Its name is in Linux's abstract namespace (unix(7)), which has no permissions: each end asks who the other is instead.
"""

import secrets
import socket

_BACKLOG = 64


def open_address() -> socket.socket:
    """A listening socket under a name that nobody can guess."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(f"\0qorgan-{secrets.token_hex(16)}")
    listening.listen(_BACKLOG)
    listening.setblocking(False)
    return listening


def name_of(listening: socket.socket) -> str:
    """The name to dial, without the zero byte that it begins with."""
    name: bytes = listening.getsockname()
    return name[1:].decode("ascii")


def path_of(name: str) -> str:
    """The name as `connect` wants it."""
    return "\0" + name
