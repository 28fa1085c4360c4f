"""The probe of an installation: what it may reach, whom it believes, where it keeps what it learns."""

from dataclasses import replace

from gateway.edge.authority.upstream_trust import upstream_trust_bundle
from gateway.edge.installation import Installation
from gateway.edge.probe.probe import HostStore, Probe
from gateway.edge.probe.visiting import Limits
from gateway.edge.reach import Reach
from gateway.edge.ruling import label_data


def build_probe(installation: Installation, hosts: HostStore) -> Probe | None:
    """The probe, or None where the installation switches it off. Blocks: it reads certificates. Raises DataFault."""
    shape = installation.shape
    if not shape.probe.enabled:
        return None
    trust = upstream_trust_bundle(installation.data, installation.upstream_ca)
    reach = Reach(shape.network.hosts, installation.allow_private)
    return Probe(label_data(), hosts, trust, reach=reach, limits=replace(Limits(), seconds=shape.probe.seconds))
