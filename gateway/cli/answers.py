"""Verbs that answer a question about a page, a moment or the law: labels, decide, explain, law."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.verb import cli, opened, problems_told
from gateway.edge.streams import say, show


@cli.command()
def labels(
    file: Annotated[str, typer.Argument(help="a saved page, a jsonl file, or - for standard input")] = "-",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="one response a line in, one reading a line out")] = False,
    url: Annotated[str | None, typer.Option(help="the address of a saved page")] = None,
    recipe: Annotated[Path | None, typer.Option(help="a site recipe to try, with its samples, on the page")] = None,
    media_type: Annotated[
        str | None, typer.Option("--type", help="media type of a saved page; else by its name, else sniffed")
    ] = None,
) -> None:
    """Read responses and print their labels."""
    from gateway.edge.json_lines import answer_lines
    from gateway.edge.ruling import label_data
    from gateway.edge.saved_page import read_saved_page
    from gateway.labels import table
    from gateway.labels.jsonl import judge
    from gateway.labels.read import read_labels

    data = label_data()
    if recipe is not None:
        from gateway.edge.recipe_trial import read_trial

        try:
            with problems_told():
                data, url = read_trial(recipe, data, url)
        except ValueError as fault:
            say(f"--recipe: {fault}")
            raise typer.Exit(2) from None
    with opened(file) as stream:
        if jsonl:
            answered = answer_lines(stream, file, lambda line, number: judge(line, data, file, number), show, say)
            raise typer.Exit(answered)
        try:
            page = read_saved_page(stream, file, url or "https://page.invalid/", media_type)
        except ValueError as fault:
            say(f"--url: {fault}")
            raise typer.Exit(2) from None
    print(table.show(read_labels(page, data)))


@cli.command()
def decide(
    file: Annotated[str, typer.Argument(help="a jsonl file, or - for standard input")] = "-",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="one question a line in, one verdict a line out")] = False,
    policy: Annotated[Path | None, typer.Option(help="policy file or folder; without it the law alone speaks")] = None,
) -> None:
    """Answer questions with verdicts."""
    if not jsonl:
        say("decide reads questions as JSON lines: add --jsonl")
        raise typer.Exit(2)
    from gateway.decision.jsonl import judge
    from gateway.edge.json_lines import answer_lines
    from gateway.edge.ruling import decision_sources

    with problems_told():
        sources = decision_sources([policy] if policy is not None else ())
    with opened(file) as stream:
        answered = answer_lines(stream, file, lambda line, number: judge(line, sources, file, number), show, say)
    raise typer.Exit(answered)


@cli.command()
def explain(
    url: Annotated[str, typer.Argument(help="the address of a page")],
    person: Annotated[str, typer.Option("--as", help="who asks, by the name in the policy")],
    config: Annotated[Path | None, typer.Option(help="installation or policy file; without it the demo's")] = None,
    data: Annotated[Path | None, typer.Option(help="data directory (overrides the file)")] = None,
    at: Annotated[str | None, typer.Option(help="moment, e.g. 2026-12-01T20:00+05:00; now without it")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print it as JSON")] = False,
) -> None:
    """Visit a page and say what its verdict would be, why, and what would change it. Exit 1 if it is no."""
    from gateway.decision.verdict import Action
    from gateway.edge.explaining import explain_url
    from gateway.edge.run import CannotRun

    try:
        moment = datetime.fromisoformat(at).astimezone() if at else datetime.now(UTC)
    except (ValueError, OverflowError):
        say(f"--at {at!r} is no moment; write it as 2026-12-01T20:00+05:00")
        raise typer.Exit(2) from None
    try:
        with problems_told():
            found = explain_url(url, person, config, data, moment)
    except CannotRun as fault:
        say(str(fault))
        raise typer.Exit(1) from None
    except (LookupError, ValueError) as fault:
        say(str(fault))
        raise typer.Exit(2) from None
    print(json.dumps(found.to_json(), ensure_ascii=False, indent=2) if as_json else found.text)
    raise typer.Exit(1 if found.verdict.action > Action.MASK else 0)


@cli.command()
def law(
    article: Annotated[str | None, typer.Argument(metavar="[ID]", help="an article's id, or a pack's")] = None,
    day: Annotated[str | None, typer.Option(help="day, e.g. 2026-12-01; today without it")] = None,
    pack: Annotated[list[str] | None, typer.Option(help="packs, e.g. kz/169-vi (several times)")] = None,
    list_packs: Annotated[bool, typer.Option("--list", help="the packs that there are, each with its status")] = False,
) -> None:
    """Print the codex in force on a day, with citations."""
    from gateway.edge.law_shelf import packs_of, print_codex, print_list

    try:
        on = date.fromisoformat(day) if day else datetime.now(UTC).astimezone().date()
    except ValueError:
        say(f"--day {day!r} is no day; write it as 2026-12-01")
        raise typer.Exit(2) from None
    try:
        with problems_told():
            shown = print_list(on) if list_packs else print_codex(article, packs_of(article, pack), on)
    except LookupError as fault:
        say(str(fault))
        raise typer.Exit(1) from None
    print(shown)
