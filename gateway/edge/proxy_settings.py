"""What the proxy of an installation is told at its start."""

from pathlib import Path

from gateway.edge.authority.upstream_trust import upstream_trust_bundle
from gateway.edge.installation import Installation
from gateway.edge.mitm.settings import Listener, ProxySettings


def settings_of(installation: Installation, confdir: Path) -> ProxySettings:
    """`confdir` is where the authority keeps the proxy's CA. Blocks: it reads certificates. Raises DataFault."""
    network = installation.shape.network
    return ProxySettings(
        listeners=tuple(
            Listener(name=name, host=shape.address, port=shape.port, login=shape.login)
            for name, shape in installation.listeners.items()
        ),
        confdir=confdir,
        connect_ports=frozenset(network.connect_ports),
        allow_private=installation.allow_private,
        fixed_hosts=network.hosts,
        blocked_by=installation.blocked_by,
        limits=installation.shape.limits.to_limits(),
        upstream_ca=upstream_trust_bundle(installation.data, installation.upstream_ca),
    )
