"""The command line. Each verb is thin and imports what it needs inside, so that quick verbs stay quick.

Exit status: 0 fine, 1 the answer is no or problems were found, 2 wrong usage. Messages on stderr, data on stdout.
"""

from typing import Annotated

import typer

from gateway import __version__
from gateway.cli import answers, bundles, grants, installation, lists, policies, proofs, status
from gateway.cli.verb import cli
from gateway.edge.streams import guarded

__all__ = ["answers", "bundles", "cli", "grants", "installation", "lists", "main", "policies", "proofs", "status"]


def main() -> None:
    with guarded():
        cli(prog_name="qorgan")


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
