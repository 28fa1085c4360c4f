"""A verb for a guardian: opened."""

import json
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.verb import cli, problems_told
from gateway.edge.streams import say


@cli.command()
def opened(
    person: Annotated[str | None, typer.Option(help="only what this person's devices asked for")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print it as JSON")] = False,
    config: Annotated[Path | None, typer.Option(help="installation file; without it the demo's")] = None,
    data: Annotated[Path | None, typer.Option(help="data directory (overrides the file)")] = None,
) -> None:
    """Show which connections the running gateway opened, refused or passed unread, and why: hosts, never pages."""
    from gateway.edge.control_client import ControlClient, NoGateway, NotDone
    from gateway.edge.installation import read_installation
    from gateway.edge.opened import opened_page

    with problems_told():
        client = ControlClient(read_installation(config, data))
    try:
        lines = client.opened(person)
    except (NoGateway, NotDone) as fault:
        say(str(fault))
        raise typer.Exit(1) from None
    if as_json:
        print(json.dumps(lines, ensure_ascii=False, indent=2))
    elif not lines:
        say("nothing yet")
    else:
        for line in opened_page(lines):
            print(line)
