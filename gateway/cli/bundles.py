"""A verb for devices: bundle."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.verb import cli, problems_told
from gateway.edge.streams import say


@cli.command()
def bundle(
    person: Annotated[str, typer.Option("--as", help="whose device it is, by the name in the policy")],
    out: Annotated[Path | None, typer.Option(help="sign it and write it to this file; without it, print it")] = None,
    days: Annotated[int, typer.Option(min=1, max=90, help="how long it holds away from the gateway")] = 14,
    config: Annotated[Path | None, typer.Option(help="installation or policy file; without it the demo's")] = None,
    data: Annotated[Path | None, typer.Option(help="data directory (overrides the file)")] = None,
) -> None:
    """Show what a device knows to decide by itself, or sign it for one that is set up by hand."""
    from gateway.edge.bundling import bundle_for, write_signed
    from gateway.edge.run import CannotRun

    try:
        with problems_told():
            installation, made = bundle_for(person, config, data, datetime.now(UTC), timedelta(days=days))
        if out is None:
            told = {key: value for key, value in made.items() if key != "words"}  # of the block page: long, and no rule
            print(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            say(
                f"{out}: for {person}, until {made['expires']}; signed with key {write_signed(made, installation, out)}"
            )
    except CannotRun as fault:
        say(str(fault))
        raise typer.Exit(1) from None
    except LookupError as fault:
        say(str(fault))
        raise typer.Exit(2) from None
