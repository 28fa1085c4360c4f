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
    "mitmproxy.http.Headers": ("947aa0298abd4010",),
    "mitmproxy.coretypes.multidict.MultiDict": ("c5fd61b78bd9a2e7",),
    "mitmproxy.net.http.http1.read.expected_http_body_size": ("bf258f07286cf770",),
    "mitmproxy.net.http.http1.read.connection_close": ("d53e499096578d6b",),
    "mitmproxy.certs.CertStore": ("7737a5d766d66534", "909337226e72d9b8"),
    "mitmproxy.certs.dummy_cert": ("07e0758a7ed5a518", "872deb71633ad693"),
    "mitmproxy.hooks.Hook": ("314edf62e53f4828",),
    "mitmproxy.proxy.commands.StartHook": ("4c08af5e44205aa1",),
    "mitmproxy.proxy.events.CommandCompleted": ("05f4b12eb5c1ced5",),
    "mitmproxy.proxy.layers.http.HttpLayer.event_to_child": ("1095f6e1581d1780",),
    "mitmproxy.proxy.context.Context": ("dd52bbec90eacace",),
    "mitmproxy.proxy.server.ConnectionHandler.open_connection": ("5e0b3cbaf7a4030a",),
    "mitmproxy.proxy.server.ConnectionHandler.handle_connection": ("95c3f93e9824e527",),
    "mitmproxy.proxy.server.ConnectionHandler.drain_writers": ("6b57434604561e3e",),
    "mitmproxy.proxy.mode_servers.AsyncioServerInstance.listen": ("7670a9038b44170d",),
    "mitmproxy.proxy.layers.http.HttpStream": ("baaac4f7cdb36a32",),
    "mitmproxy.proxy.layers.http.HttpLayer": ("8da4a8a48e637b88",),
    "mitmproxy.proxy.layers.http.HttpClient": ("8401d422afdaff15",),
    "mitmproxy.proxy.layers.http._http1.Http1Connection": ("c0675638b0756013",),
    "mitmproxy.proxy.layers.http._http1.Http1Server": ("cc8428d0bb6f79a5",),
    "mitmproxy.proxy.layers.http._http1.Http1Client": ("706b7a68f2809929",),
    "mitmproxy.proxy.layers.http._http1.make_error_response": ("03ce75ab62e8e78b",),
    "mitmproxy.proxy.layers.http._http2.Http2Connection": ("f18f3940fd55a0f0", "2aab9ba553a3721c"),
    "mitmproxy.proxy.layers.http._http2.Http2Server": ("97aac4eab18a0294",),
    "mitmproxy.proxy.layers.http._http2.Http2Client": ("a113056f7d2beb2f",),
    "mitmproxy.proxy.layers.http._http_h2.BufferedH2Connection": ("f983b7220f47b60a", "c085c1abb1f4c477"),
    "mitmproxy.proxy.layers.http._base.format_error": ("26271a67770fbaf1",),
    "mitmproxy.proxy.layers.websocket.WebsocketConnection": ("9c6f5dd6ece0042e",),
    "mitmproxy.proxy.layers.websocket.WebsocketLayer": ("094cd5f8cf031433",),
    "mitmproxy.proxy.layers.tcp.TCPLayer": ("5e842b94cd4425b0",),
    "mitmproxy.proxy.utils.expect": ("f51ff4e0854d172c",),
    "mitmproxy.proxy.layer.Layer": ("e98dedd896fb7cd2",),
    "mitmproxy.proxy.layers.tls.TLSLayer": ("c52e04ed2c416749",),
    "mitmproxy.proxy.layers.tls.ClientTLSLayer": ("b76248ba39a93ae9",),
    "mitmproxy.proxy.layers.tls.ServerTLSLayer": ("8666fc7667d70e23",),
    "mitmproxy.proxy.tunnel.TunnelLayer": ("a0a2a31af17dfacb",),
    "mitmproxy.proxy.layer.NextLayer": ("3cbcbafad282cba3",),
    "mitmproxy.addons.next_layer.NextLayer.next_layer": ("d277fef31bbe9519",),
    "mitmproxy.proxy.server.LiveConnectionHandler": ("7e512dd40fb290b9",),
    "mitmproxy.proxy.server.TimeoutWatchdog": ("95c9f187c70d4d09",),
    "mitmproxy.utils.asyncio_utils.create_task": ("1e4ddcc5df8a95ab",),
    "mitmproxy.utils.asyncio_utils.set_current_task_debug_info": ("347874032cd2d9de",),
    "mitmproxy.addons.next_layer.NextLayer._next_layer": ("ed22cb84e2f72df2",),
    "mitmproxy.addons.tlsconfig.TlsConfig.tls_start_client": ("05334c27c22a10ed", "d3093c897eeafc2f"),
    "mitmproxy.proxy.layers.modes.HttpProxy": ("9ca8027a4b749d23",),
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
