"""Verbs for whoever writes a policy: check, schema."""

import json
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.check import check as check_policies
from gateway.cli.verb import cli


@cli.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="policy or installation files, or folders")],
    explain: Annotated[
        bool, typer.Option("--explain", help="say in words what the policy does for each person")
    ] = False,
) -> None:
    """Say what is wrong with a policy: file:line:col, caret, hint. Exit 1 if anything is.

    The files are taken together, as one policy; those that an installation file names come with it.
    """
    raise typer.Exit(check_policies(files, explain=explain))


@cli.command()
def schema() -> None:
    """Print the JSON Schema of the policy file, for editors."""
    from gateway.policy.schema import json_schema

    print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
