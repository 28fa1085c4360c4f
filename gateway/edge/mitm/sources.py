"""Which mitmproxy we know: the fingerprints of every part of it that is replaced, or leant on by what replaces it.

They are those of mitmproxy 12.2.3 and 12.3.1, where these two are equal; both are listed where they differ.
"""

import hashlib
import inspect
from collections.abc import Iterable, Mapping
from typing import Any, Final

KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "mitmproxy.addonmanager.AddonManager": ("6be8dc580f5c66bf",),
    "mitmproxy.addonmanager.traverse": ("bad3d9f88bdf9269",),
    "mitmproxy.proxy.server.ConnectionHandler": ("f7209a1273f3da94",),
    "mitmproxy.proxy.mode_servers.ProxyConnectionHandler": ("10e340d70b3f23d9",),
    "mitmproxy.proxy.mode_servers.ServerInstance.handle_stream": ("21eea06f208c752e",),
    "mitmproxy.http.MessageData": ("bad2ea9a351a70d6",),
    "mitmproxy.flow.Flow.__init__": ("7c7b602cfb75bf18",),
    "mitmproxy.connection.Connection": ("fc9cbe673085d377",),
    "mitmproxy.proxy.server.ConnectionHandler.open_connection": ("5e0b3cbaf7a4030a",),
    "mitmproxy.proxy.mode_servers.AsyncioServerInstance.listen": ("7670a9038b44170d",),
    "mitmproxy.proxy.layers.http.HttpStream": ("baaac4f7cdb36a32",),
    "mitmproxy.proxy.layers.http.HttpLayer": ("8da4a8a48e637b88",),
    "mitmproxy.proxy.layers.http.HttpClient": ("8401d422afdaff15",),
    "mitmproxy.proxy.layers.http._http1.Http1Connection": ("c0675638b0756013",),
    "mitmproxy.proxy.layers.http._http1.Http1Server": ("cc8428d0bb6f79a5",),
    "mitmproxy.proxy.layers.http._http1.Http1Client": ("706b7a68f2809929",),
    "mitmproxy.proxy.layers.http._http1.make_error_response": ("03ce75ab62e8e78b",),
    "mitmproxy.proxy.layers.http._base.format_error": ("26271a67770fbaf1",),
}


def unknown_parts(parts: Iterable[Any]) -> list[str]:
    """The names of those classes and functions whose source is not one that we know."""
    named = ((f"{part.__module__}.{part.__qualname__}", part) for part in parts)
    return [name for name, part in named if fingerprint(part) not in KNOWN.get(name, ())]


def fingerprint(part: Any) -> str:
    """A short digest of the source of a class or function; "" when the source is not at hand."""
    try:
        return hashlib.sha256(inspect.getsource(part).encode()).hexdigest()[:16]
    except OSError:
        return ""
