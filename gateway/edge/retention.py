"""What the journal of an installation keeps."""

from dataclasses import replace

from gateway.edge.installation import Installation
from gateway.store.masking import KEEPING, Keeping


def keeping_of(installation: Installation) -> Keeping:
    """What is kept of a verdict, and for how long."""
    retention = installation.shape.retention
    return replace(KEEPING[retention.like], days=retention.journal_days, host=retention.hosts)
