"""What the proxy is told at its start; nothing here changes while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A proxy port. `name` is the clue that the policy knows it by; `port` 0 lets the system choose one."""

    name: str
    host: str = "127.0.0.1"
    port: int = 0
    login: bool = False  # ask for a name and password (407) before anything else


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of anything is held, and for how long. Sizes in bytes on the wire, times in seconds."""

    hold_bytes: int = 8 * 1024 * 1024  # of one document; beyond it the document is unreadable
    hold_seconds: float = 30.0  # from a document's head to its last byte
    head_bytes: int = 64 * 1024  # of one request or response head
    body_seconds: float = 60.0  # that a request's body may be behind `body_rate`
    body_rate: float = 500.0  # bytes a second
    upload_bytes: int = 1024 * 1024  # request bodies longer than this are streamed
    connect_seconds: float = 10.0  # all attempts to reach one destination
    resolve_seconds: float = 5.0  # one name
    hook_seconds: float = 60.0  # any one hook of ours, whatever it waits for
    idle_seconds: int = 120  # a connection without traffic
    hold_bytes_in_all: int = 256 * 1024 * 1024  # of all documents, uploads and messages that are held at one time
    head_seconds: float = 10.0  # from connecting, or from a head's first byte, to its last; the same for a handshake
    client_connections: int = 1_000  # of one address; many people may be behind it
    connections: int = 4_000  # of all clients
    hosts_a_minute: int = 2_000  # different ones that one address may ask for
    h2_streams: int = 100  # of one connection at one time (RFC 9113, section 6.5.2)
    h2_resets: tuple[float, float] = (200, 20)  # at once, and a second on average
    h2_chatter: tuple[float, float] = (1_000, 100)  # frames that ask for nothing: at once, and a second on average
    websocket_message_bytes: int = 16 * 1024 * 1024  # of one message, while it is collected
    websocket_bytes: int = 512 * 1024 * 1024  # of one connection, both ways
    leaves: int = 5_000  # certificates that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxySettings:
    """`confdir` holds `mitmproxy-ca.pem` (key and chain), made by the authority; the proxy never makes a CA itself."""

    listeners: tuple[Listener, ...]
    confdir: Path
    connect_ports: frozenset[int] = frozenset({80, 443})
    allow_private: frozenset[tuple[str, int]] = frozenset()  # (address, port) that may be reached though not public
    fixed_hosts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # canonical name → address
    # PEM file of all CAs that are trusted upstream (gateway.edge.authority.upstream_trust); None: certifi's.
    upstream_ca: Path | None = None
    realm: str = "Qorgan"  # what a login dialogue shows
    blocked_by: str | None = None  # address of who restricts, for the Link field of a 451 (RFC 7725, section 4)
    limits: Limits = field(default_factory=Limits)
