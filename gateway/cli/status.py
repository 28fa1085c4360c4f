"""A verb for whoever runs a gateway: status."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.verb import cli, problems_told
from gateway.edge.streams import say


@cli.command()
def status(
    config: Annotated[Path | None, typer.Option(help="installation file; without it the demo's")] = None,
    data: Annotated[Path | None, typer.Option(help="data directory (overrides the file)")] = None,
) -> None:
    """Show how the running gateway does: its processes, lists, and what is wrong. Status 1 when something is."""
    from gateway.edge.control_client import ControlClient, NoGateway, NotDone
    from gateway.edge.installation import read_installation
    from gateway.edge.status_page import status_page

    with problems_told():
        client = ControlClient(read_installation(config, data))
    try:
        health = client.health()
    except (NoGateway, NotDone) as fault:
        say(str(fault))
        raise typer.Exit(1) from None
    print(status_page(health))
    raise typer.Exit(0 if health["status"] == "ok" else 1)
