"""Verbs that show that a policy does what is meant: test, prove, diff."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.telling import counted, say_problems
from gateway.cli.verb import cli, problems_told
from gateway.edge.streams import say

_NOT_IN_FORCE = "not in force, this tenant is held strictly: "


@cli.command()
def prove(
    policy: Annotated[Path, typer.Argument(help="policy or installation file, or a folder")],
    day: Annotated[str | None, typer.Option(help="day, e.g. 2026-12-01; today without it")] = None,
) -> None:
    """Prove that a policy keeps the laws of the house for everybody. Exit 1 with the question that breaks one."""
    from gateway.edge.proving import prove_files
    from gateway.proof.to_text import show_proof

    with problems_told():
        proved, proof, seconds = prove_files([policy], _moment(day))
    say_problems(proved.problems, _NOT_IN_FORCE)
    print(show_proof(proof, str(policy), seconds))
    raise typer.Exit(0 if proof.holds else 1)


@cli.command("test")
def try_cases(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="folder with a policy and its *.cases.yaml, or a file")],
    explained: Annotated[bool, typer.Option("--explain", help="explain each case that is not as expected")] = False,
) -> None:
    """Try a household's own cases on its policy. Exit 1 if one is not as expected."""
    from gateway.edge.trying import try_files
    from gateway.proof.to_lines import show_trials

    try:
        with problems_told():
            tried = try_files(folder, datetime.now(UTC))
    except LookupError as fault:
        say(str(fault))
        raise typer.Exit(2) from None
    say_problems(dict.fromkeys(problem for each in tried for problem in each.policy.problems), _NOT_IN_FORCE)
    failed = 0
    for each in tried:
        print(each.file)
        for line in show_trials(each.trials, each.policy, explained=explained):
            print(line)
        failed += sum(not trial.passed for trial in each.trials)
    count = sum(len(each.trials) for each in tried)
    print(f"{counted(range(count), 'case')}: {count - failed} as expected" + (f", {failed} not" if failed else ""))
    raise typer.Exit(1 if failed else 0)


@cli.command()
def diff(
    old: Annotated[Path, typer.Argument(help="the policy that holds: a file or a folder")],
    new: Annotated[Path, typer.Argument(help="the policy that is to hold")],
    journal: Annotated[Path | None, typer.Option(help="database with a journal, qorgan.db, to be asked again")] = None,
    data: Annotated[Path | None, typer.Option(help="data directory whose journal is to be asked again")] = None,
    day: Annotated[str | None, typer.Option(help="day, e.g. 2026-12-01; today without it")] = None,
) -> None:
    """Say whose verdicts change between two policies. Exit 0 if nobody's, 1 if somebody's."""
    from gateway.edge.comparing import compare_files, review_journal
    from gateway.proof.to_words import show_difference, show_review
    from gateway.store.fault import StoreFault

    moment = _moment(day)
    file = journal or (data / "qorgan.db" if data is not None else None)
    try:
        with problems_told(2):
            one, other, difference, seconds = compare_files(old, new, moment)
        reviewed = review_journal(file, one, other) if file is not None else None
    except (LookupError, StoreFault) as fault:
        say(str(fault))
        raise typer.Exit(2) from None
    say_problems(dict.fromkeys((*one.policy.problems, *other.policy.problems)), _NOT_IN_FORCE)
    for line in show_difference(difference, seconds):
        print(line)
    for line in show_review(reviewed) if reviewed is not None else ():
        print(line)
    raise typer.Exit(0 if difference.empty and not (reviewed and reviewed.changed) else 1)


def _moment(day: str | None) -> datetime:
    """Now, or noon of a day."""
    try:
        return datetime.fromisoformat(f"{day}T12:00").astimezone() if day else datetime.now(UTC)
    except (ValueError, OverflowError):
        say(f"--day {day!r} is no day; write it as 2026-12-01")
        raise typer.Exit(2) from None
