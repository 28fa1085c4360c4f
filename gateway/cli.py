"""The command line. Each verb is thin and imports what it needs inside, so that quick verbs stay quick.

Exit status: 0 fine, 1 the answer is no or problems were found, 2 wrong usage. Messages on stderr, data on stdout.
"""

import json
import mimetypes
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway import __version__
from gateway.problems import Problem, ProblemsFound

cli = typer.Typer(
    add_completion=False, no_args_is_help=True, help=__doc__.splitlines()[0], pretty_exceptions_enable=False
)


def main() -> None:
    cli()


def _say(text: str) -> None:
    print(text, file=sys.stderr)


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


@cli.command()
def run(
    config: Annotated[Path | None, typer.Option(help="installation file; without it the demo starts")] = None,
    data: Annotated[Path | None, typer.Option(help="data directory (overrides the file)")] = None,
) -> None:
    """Start everything: proxy, probe, API, block page. Ctrl-C stops it."""
    from gateway.edge.run import CannotRun, run_installation

    try:
        raise typer.Exit(run_installation(config, data, _say, print))
    except ProblemsFound as found:
        raise typer.Exit(_say_problems(found.problems)) from None
    except CannotRun as fault:
        _say(str(fault))
        raise typer.Exit(1) from None


@cli.command()
def check(files: Annotated[list[Path], typer.Argument(help="policy or installation files, or folders")]) -> None:
    """Say what is wrong with policies: file:line:col, caret, hint. Exit 1 if anything is."""
    from gateway.edge.ruling import check_files

    problems = check_files(files)
    if problems:
        status = _say_problems(problems)
        _say(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}")
        raise typer.Exit(status)
    _say("no problems")


@cli.command()
def schema() -> None:
    """Print the JSON Schema of the policy file, for editors."""
    from gateway.policy.schema import json_schema

    print(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@cli.command()
def labels(
    file: Annotated[str, typer.Argument(help="a saved page, a jsonl file, or - for standard input")] = "-",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="one response a line in, one reading a line out")] = False,
    url: Annotated[str, typer.Option(help="the address of a saved page")] = "https://page.invalid/",
    media_type: Annotated[
        str | None, typer.Option("--type", help="media type of a saved page; else by its name, else sniffed")
    ] = None,
) -> None:
    """Read responses and print their labels."""
    from gateway.document.document import Headers
    from gateway.document.read import read_document
    from gateway.edge.ruling import label_data
    from gateway.labels.jsonl import answer
    from gateway.labels.read import read_labels
    from gateway.labels.table import show

    data = label_data()
    if jsonl:
        raise typer.Exit(_answer_lines(file, lambda line, _number: (answer(line, data), None)))
    kind = media_type or mimetypes.guess_type(file)[0]
    headers = Headers([("Content-Type", kind)] if kind else [])
    page = read_document(url=url, status=200, headers=headers, body=b"".join(_lines_of(file)))
    print(show(read_labels(page, data)))


@cli.command()
def decide(
    file: Annotated[str, typer.Argument(help="a jsonl file, or - for standard input")] = "-",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="one question a line in, one verdict a line out")] = False,
    policy: Annotated[Path | None, typer.Option(help="policy file or folder; without it the law alone speaks")] = None,
) -> None:
    """Answer questions with verdicts."""
    if not jsonl:
        _say("decide reads questions as JSON lines: add --jsonl")
        raise typer.Exit(2)
    from gateway.decision.jsonl import judge
    from gateway.edge.ruling import decision_sources

    try:
        sources = decision_sources(policy)
    except ProblemsFound as found:
        raise typer.Exit(_say_problems(found.problems)) from None
    raise typer.Exit(_answer_lines(file, lambda line, number: judge(line, sources, file, number)))


@cli.command()
def explain(
    url: Annotated[str, typer.Argument(help="the address of a page")],
    person: Annotated[str, typer.Option("--as", help="who asks, by the name in the policy")],
    config: Annotated[Path | None, typer.Option(help="installation or policy file; without it the demo's")] = None,
    data: Annotated[Path | None, typer.Option(help="data directory (overrides the file)")] = None,
    at: Annotated[str | None, typer.Option(help="moment, e.g. 2026-12-01T20:00+05:00; now without it")] = None,
) -> None:
    """Visit a page and say what its verdict would be, why, and what would change it."""
    from gateway.edge.explaining import explain_url

    try:
        moment = datetime.fromisoformat(at) if at else datetime.now(UTC)
    except ValueError:
        _say(f"--at {at!r} is no moment; write it as 2026-12-01T20:00+05:00")
        raise typer.Exit(2) from None
    try:
        print(explain_url(url, person, config, data, moment if moment.tzinfo else moment.astimezone()))
    except ProblemsFound as found:
        raise typer.Exit(_say_problems(found.problems)) from None
    except (LookupError, ValueError) as fault:
        _say(str(fault))
        raise typer.Exit(1) from None


@cli.command()
def law(
    article: Annotated[str | None, typer.Argument(metavar="[ID]", help="an article's id, or a pack's")] = None,
    day: Annotated[str | None, typer.Option(help="day, e.g. 2026-12-01; today without it")] = None,
    pack: Annotated[list[str] | None, typer.Option(help="packs, e.g. kz/169-vi (several times)")] = None,
) -> None:
    """Print the codex in force on a day, with citations."""
    from gateway.law.build import build_codex
    from gateway.law.print import show_codex
    from gateway.shipped import texts

    try:
        on = date.fromisoformat(day) if day else datetime.now(UTC).astimezone().date()
    except ValueError:
        _say(f"--day {day!r} is no day; write it as 2026-12-01")
        raise typer.Exit(2) from None
    packs = texts("law")
    wanted = pack or ([article] if article and f"law/{article}.yaml" in packs else ["kz/169-vi"])
    try:
        print(show_codex(build_codex(packs, wanted, on), None if article in wanted else article))
    except (LookupError, ProblemsFound) as fault:
        _say(str(fault))
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
        print(authority_of(read_installation(config, data)).describe())
    except ProblemsFound as found:
        raise typer.Exit(_say_problems(found.problems)) from None
    except CannotRun as fault:
        _say(str(fault))
        raise typer.Exit(1) from None


@cli.command()
def password() -> None:
    """Ask for a password and print the hash that `logins:` of an installation file keeps."""
    from gateway.edge.passwords import hash_of

    print(hash_of(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)))


@cli.command()
def where(folder: Annotated[str | None, typer.Argument(help="policies or addons")] = None) -> None:
    """Say where the shipped policies and add-ons lie."""
    from gateway.shipped import shipped

    try:
        for name in [folder] if folder else ["policies", "addons"]:
            print(shipped(name))
    except LookupError as fault:
        _say(str(fault))
        raise typer.Exit(1) from None


def _lines_of(file: str) -> Iterator[bytes]:
    """The lines of a file, or of standard input for `-`, as they come."""
    if file == "-":
        yield from sys.stdin.buffer
        return
    try:
        with Path(file).open("rb") as stream:
            yield from stream
    except OSError as fault:
        _say(f"cannot read {file}: {fault.strerror}")
        raise typer.Exit(2) from None


def _answer_lines(file: str, answer: Callable[[Any, int], tuple[dict[str, Any], Problem | None]]) -> int:
    """One JSON value a line in, one answer a line out, in order. What is no JSON is answered too: nothing shifts."""
    status = 0
    for number, raw in enumerate(_lines_of(file), 1):
        if not raw.strip():
            continue
        line: object = None
        problem: Problem | None = None
        try:
            line = json.loads(raw)
        except (ValueError, RecursionError) as fault:
            problem = Problem(file, number, 1, f"this line is no JSON: {fault}")
        told, refused = answer(line, number)
        print(json.dumps(told), flush=True)
        if problem or refused:
            status = 1
            _say((problem or refused or Problem(file, number, 1, "")).show())
    return status


def _say_problems(problems: Iterable[Problem]) -> int:
    """Shows each problem with its line and a caret. Returns the exit status."""
    from gateway.store.files import source_line

    for problem in problems:
        _say(problem.show(source_line(problem)))
    return 1


if __name__ == "__main__":
    main()
