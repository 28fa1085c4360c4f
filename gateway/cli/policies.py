"""Verbs for whoever writes a policy: check, schema."""

import json
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.verb import cli, counted, say_problems
from gateway.edge.streams import say


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
    from gateway.edge.checking import check_files

    checked = check_files(files)
    if checked.problems:
        say_problems(checked.problems)
        say(counted(checked.problems, "problem"))
        raise typer.Exit(1)
    say_problems(checked.notes, "note: ")
    if explain:
        from gateway.edge.describing import describe_files

        print(describe_files(files))
    say("no problems" + (f", {counted(checked.notes, 'note')}" if checked.notes else ""))


@cli.command()
def schema() -> None:
    """Print the JSON Schema of the policy file, for editors."""
    from gateway.policy.schema import json_schema

    print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
