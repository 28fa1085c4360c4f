"""The command line as typer knows it: every verb, and what can be said without one."""

from typing import Annotated

import typer

from gateway import __version__
from gateway.cli import addon, answers, bundles, devices, grants, installation, lists, opened, policies, proofs, status
from gateway.cli.verb import cli

__all__ = [
    "addon",
    "answers",
    "bundles",
    "cli",
    "devices",
    "grants",
    "installation",
    "lists",
    "opened",
    "policies",
    "proofs",
    "status",
]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"qorgan {__version__}")
        raise typer.Exit


@cli.callback()
def qorgan(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    """A filtering gateway that reads age labels and applies Art. 16(3) of Kazakhstan's law 169-VI by age."""
