"""Verbs for whoever writes a policy: check, schema."""

import json
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.verb import cli, counted, say_problems
from gateway.edge.streams import say
from gateway.problems import ProblemsFound


@cli.command()
def check(files: Annotated[list[Path], typer.Argument(help="policy or installation files, or folders")]) -> None:
    """Say what is wrong with a policy: file:line:col, caret, hint. Exit 1 if anything is.

    The files are taken together, as one policy; those that an installation file names come with it.
    """
    from gateway.edge.ruling import check_files

    try:
        notes = check_files(files)
    except ProblemsFound as found:
        say_problems(found.problems)
        say(counted(found.problems, "problem"))
        raise typer.Exit(1) from None
    say_problems(notes, "note: ")
    say("no problems" + (f", {counted(notes, 'note')}" if notes else ""))


@cli.command()
def schema() -> None:
    """Print the JSON Schema of the policy file, for editors."""
    from gateway.policy.schema import json_schema

    print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
