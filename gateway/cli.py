"""The command line. Each verb is thin and imports what it needs inside, so that quick verbs stay quick.

Exit status: 0 fine, 1 the answer is no or problems were found, 2 wrong usage. Messages on stderr, data on stdout.
"""

import contextlib
import errno
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from gateway import __version__
from gateway.edge.signals import ended_by_signals
from gateway.edge.streams import guarded, say, show
from gateway.problems import Problem, ProblemsFound

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


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


@cli.command()
def run(
    config: Annotated[Path | None, typer.Option(help="installation file; without it the demo starts")] = None,
    data: Annotated[Path | None, typer.Option(help="data directory (overrides the file)")] = None,
) -> None:
    """Start everything: proxy, probe, API, block page. Ctrl-C stops it."""
    with ended_by_signals():
        from gateway.edge.run import CannotRun, run_installation

        try:
            with _problems_told():
                raise typer.Exit(run_installation(config, data, say, show))
        except CannotRun as fault:
            say(str(fault))
            raise typer.Exit(1) from None


@cli.command()
def check(files: Annotated[list[Path], typer.Argument(help="policy or installation files, or folders")]) -> None:
    """Say what is wrong with a policy: file:line:col, caret, hint. Exit 1 if anything is.

    The files are taken together, as one policy; those that an installation file names come with it.
    """
    from gateway.edge.ruling import check_files

    try:
        notes = check_files(files)
    except ProblemsFound as found:
        _say_problems(found.problems)
        say(_counted(found.problems, "problem"))
        raise typer.Exit(1) from None
    _say_problems(notes, "note: ")
    say("no problems" + (f", {_counted(notes, 'note')}" if notes else ""))


@cli.command()
def schema() -> None:
    """Print the JSON Schema of the policy file, for editors."""
    from gateway.policy.schema import json_schema

    print(json.dumps(json_schema(), ensure_ascii=False, indent=2))


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
            with _problems_told():
                data, url = read_trial(recipe, data, url)
        except ValueError as fault:
            say(f"--recipe: {fault}")
            raise typer.Exit(2) from None
    with _opened(file) as stream:
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

    with _problems_told():
        sources = decision_sources(policy)
    with _opened(file) as stream:
        answered = answer_lines(stream, file, lambda line, number: judge(line, sources, file, number), show, say)
    raise typer.Exit(answered)


@cli.command()
def explain(
    url: Annotated[str, typer.Argument(help="the address of a page")],
    person: Annotated[str, typer.Option("--as", help="who asks, by the name in the policy")],
    config: Annotated[Path | None, typer.Option(help="installation or policy file; without it the demo's")] = None,
    data: Annotated[Path | None, typer.Option(help="data directory (overrides the file)")] = None,
    at: Annotated[str | None, typer.Option(help="moment, e.g. 2026-12-01T20:00+05:00; now without it")] = None,
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
        with _problems_told():
            found = explain_url(url, person, config, data, moment)
    except CannotRun as fault:
        say(str(fault))
        raise typer.Exit(1) from None
    except (LookupError, ValueError) as fault:
        say(str(fault))
        raise typer.Exit(2) from None
    print(found.text)
    raise typer.Exit(1 if found.verdict.action > Action.MASK else 0)


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
        say(f"--day {day!r} is no day; write it as 2026-12-01")
        raise typer.Exit(2) from None
    is_pack = article is not None and "/" in article
    wanted = pack or ([article] if article and is_pack else ["kz/169-vi"])
    try:
        with _problems_told():
            print(show_codex(build_codex(texts("law"), wanted, on), None if is_pack else article))
    except LookupError as fault:
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
        with _problems_told():
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
        with _opened("-") as stream:
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


def _opened(file: str) -> BinaryIO:
    """A file, or standard input for `-`."""
    try:
        if file != "-":
            return Path(file).open("rb")
        if sys.stdin is None:
            raise OSError(errno.EBADF, "it is closed")
        return sys.stdin.buffer
    except OSError as fault:
        say(f"cannot read {'standard input' if file == '-' else file}: {fault.strerror}")
        raise typer.Exit(2) from None


@contextlib.contextmanager
def _problems_told() -> Iterator[None]:
    """Shows the problems of a file that cannot be used, and ends with status 1."""
    try:
        yield
    except ProblemsFound as found:
        _say_problems(found.problems)
        raise typer.Exit(1) from None


def _say_problems(problems: Iterable[Problem], kind: str = "") -> None:
    """Shows each problem with its line and a caret."""
    from gateway.store.files import source_line

    for problem in problems:
        say(replace(problem, message=kind + problem.message).show(source_line(problem)))


def _counted(problems: Sequence[Problem], word: str) -> str:
    return f"{len(problems)} {word}{'' if len(problems) == 1 else 's'}"


if __name__ == "__main__":
    main()
