"""A verb for whoever runs a gateway: status."""

import typer

from gateway.cli.running import Config, Data, running
from gateway.cli.verb import cli


@cli.command()
def status(
    config: Config = None,
    data: Data = None,
) -> None:
    """Show how the running gateway does: its processes, lists, and what is wrong. Status 1 when something is."""
    from gateway.edge.status_page import status_page

    with running(config, data) as client:
        health = client.health()
    print(status_page(health))
    raise typer.Exit(0 if health["status"] == "ok" else 1)
