"""The verb for lists of hosts: how they stand, and which of them name a host."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.verb import cli, problems_told
from gateway.edge.streams import say


@cli.command()
def lists(
    host: Annotated[str | None, typer.Argument(help="a host or an address: which lists name it?")] = None,
    config: Annotated[Path | None, typer.Option(help="installation or policy file; without it the demo's")] = None,
    data: Annotated[Path | None, typer.Option(help="data directory (overrides the file)")] = None,
) -> None:
    """Say how the lists of the policy stand, or which of them name a host.

    Exit 1 if a list is missing, or if none names the host.
    """
    from gateway.edge.lists.telling import tell_lists, tell_naming

    with problems_told():
        try:
            text, good = tell_lists(config, data) if host is None else tell_naming(host, config, data)
        except ValueError as fault:
            say(str(fault))
            raise typer.Exit(2) from None
    print(text)
    raise typer.Exit(0 if good else 1)
