"""`qorgan lists`: how lists stand and which of them name a host, out of what the gateway left in its data directory."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from gateway.document.url import Url, canonical, canonical_host
from gateway.edge.installation import Installation, read_installation
from gateway.edge.lists.opening import Standing, open_lists, standings
from gateway.edge.lists.order import FOLDER
from gateway.edge.ruling import compiled
from gateway.policy.policy import Policy
from gateway.problems import Problem
from gateway.store.host_file import COMPILED, compiled_head
from gateway.store.list_state import read_states

_SHOWN: Final = 5  # bad lines of one list
_NONE: Final = "the policy names no lists; its key lists: loads them"


def tell_lists(config: Path | None, data: Path | None) -> tuple[str, bool]:
    """How every list of the installation's policy stands, and whether each of them is in use. Raises ProblemsFound."""
    installation, policy = _read(config, data)
    if not policy.lists:
        return _NONE, True
    folder = installation.data / FOLDER
    head = compiled_head(folder / COMPILED)
    found = standings(policy.lists, head["lists"] if head else (), read_states(folder))
    return "\n".join(line for each in found for line in _lines_of(each)), all(each.compiled for each in found)


def tell_naming(text: str, config: Path | None, data: Path | None) -> tuple[str, bool]:
    """Which lists name a host or an address, by which entry, and whether any does.

    Raises ProblemsFound, and ValueError when `text` is neither.
    """
    url = _address(text)
    installation, policy = _read(config, data)
    if not policy.lists:
        return _NONE, False
    listed = open_lists(installation.data, policy.lists)
    if listed is None:
        return "the lists are not compiled yet: start the gateway once (qorgan run)", False
    named = listed.naming(url)
    if not named:
        return f"no list names {text}", False
    return "\n".join(f"{each.list}: {each.entry}" for each in named), True


def _read(config: Path | None, data: Path | None) -> tuple[Installation, Policy]:
    installation = read_installation(config, data)
    return installation, compiled(installation)


def _address(text: str) -> Url:
    if "://" in text:
        return canonical(text)
    host, slash, path = text.partition("/")
    host = canonical_host(host)
    return canonical(f"https://[{host}]/" if ":" in host else f"https://{host}/{path if slash else ''}")


def _lines_of(standing: Standing) -> Iterator[str]:
    source, compiled = standing.source, standing.compiled
    means = ", ".join([*([source.kind] if source.kind else []), *sorted(source.topics)]) or "what each entry says"
    yield f"{source.name}: {standing.word} ({means})"
    yield f"  from      {source.origin}" + (f" ({source.source})" if source.source else "")
    if compiled is not None:
        formats = ", ".join(sorted(set(compiled["formats"].values())))
        expressions = len(compiled["expressions"])
        yield f"  entries   {compiled['entries']:,} ({formats})" + (
            f", {expressions} expressions" if expressions else ""
        )
        yield from _bad_lines(compiled["bad"], [Problem(**each) for each in compiled["problems"]])
        for doubt in compiled["doubts"]:
            yield f"  note      {Problem(**doubt).show()}"
    if standing.error is not None:
        yield f"  error     {standing.error}"
    if source.is_remote:
        yield f"  fetched   {_moment(standing.fetched)}; again {_moment(standing.due)}"


def _bad_lines(counts: dict[str, int], problems: Sequence[Problem]) -> Iterator[str]:
    if not counts:
        return
    sorts = ", ".join(f"{sort} {count:,}" for sort, count in sorted(counts.items(), key=lambda each: -each[1]))
    yield f"  left out  {sum(counts.values()):,} lines: {sorts}"
    for problem in problems[:_SHOWN]:
        yield f"            {problem.file}:{problem.line}: {problem.message}"


def _moment(moment: datetime | None) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment is not None else "not yet"
