"""The running gateway, as verbs ask it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.verb import problems_told
from gateway.edge.streams import say

if TYPE_CHECKING:
    from gateway.edge.control_client import ControlClient

Config = Annotated[Path | None, typer.Option(help="installation file; without it the demo's")]
Data = Annotated[Path | None, typer.Option(help="data directory (overrides the file)")]


@contextlib.contextmanager
def running(config: Path | None, data: Path | None) -> Iterator["ControlClient"]:
    """The control API of the gateway that runs with the installation file. Says what is wrong, and ends with 1."""
    from gateway.edge.control_client import ControlClient, NoGateway, NotDone
    from gateway.edge.installation import read_installation

    with problems_told():
        client = ControlClient(read_installation(config, data))
    try:
        yield client
    except (NoGateway, NotDone) as fault:
        say(str(fault))
        raise typer.Exit(1) from None
