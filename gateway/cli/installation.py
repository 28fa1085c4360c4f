"""Verbs for whoever runs a gateway: run, ca, password, where."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.verb import cli, opened, problems_told
from gateway.edge.signals import ended_by_signals
from gateway.edge.streams import say, show


@cli.command()
def run(
    config: Annotated[Path | None, typer.Option(help="installation file; without it the demo starts")] = None,
    data: Annotated[Path | None, typer.Option(help="data directory (overrides the file)")] = None,
) -> None:
    """Start everything: proxy, probe, API, block page. Ctrl-C stops it."""
    with ended_by_signals():
        from gateway.edge.run import CannotRun, run_installation

        try:
            with problems_told():
                raise typer.Exit(run_installation(config, data, say, show))
        except CannotRun as fault:
            say(str(fault))
            raise typer.Exit(1) from None


@cli.command()
def ca(
    data: Annotated[Path | None, typer.Option(help="data directory")] = None,
    config: Annotated[Path | None, typer.Option(help="installation file")] = None,
) -> None:
    """Show the CA: fingerprint, what it can never sign, how to install it."""
    from gateway.edge.installation import read_installation
    from gateway.edge.run import CannotRun, authority_of

    try:
        with problems_told():
            print(authority_of(read_installation(config, data)).describe(), end="")
    except CannotRun as fault:
        say(str(fault))
        raise typer.Exit(1) from None


@cli.command()
def password() -> None:
    """Ask for a password and print the hash that `logins:` of an installation file keeps."""
    from gateway.edge.passwords import hash_of

    if sys.stdin is not None and sys.stdin.isatty():
        word = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        with opened("-") as stream:
            word = stream.readline().rstrip(b"\r\n").decode("utf-8", "replace")
    if not word:
        say("no password was given")
        raise typer.Exit(2)
    print(hash_of(word))


@cli.command()
def where(folder: Annotated[str | None, typer.Argument(help="policies or addons")] = None) -> None:
    """Say where the shipped policies and add-ons lie."""
    from gateway.shipped import shipped

    names = ("policies", "addons")
    if folder is not None and folder not in names:
        say(f"there is no shipped folder {folder!r}; there are {' and '.join(names)}")
        raise typer.Exit(2)
    try:
        for name in [folder] if folder else names:
            print(shipped(name))
    except LookupError as fault:
        say(str(fault))
        raise typer.Exit(1) from None
