"""A verb for a guardian: opened."""

import json
from typing import Annotated

import typer

from gateway.cli.running import Config, Data, running
from gateway.cli.verb import cli
from gateway.edge.streams import say


@cli.command()
def opened(
    person: Annotated[str | None, typer.Option(help="only what this person's devices asked for")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print it as JSON")] = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Show which connections the running gateway opened, refused or passed unread, and why: hosts, never pages."""
    from gateway.edge.opened import opened_page

    with running(config, data) as client:
        lines = client.opened(person)
    if as_json:
        print(json.dumps(lines, ensure_ascii=False, indent=2))
    elif not lines:
        say("nothing yet")
    else:
        for line in opened_page(lines):
            print(line)
