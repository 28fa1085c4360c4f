"""Packs in text → the Codex in force on a day."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from gateway.law.codex import Codex
from gateway.law.countries import assemble
from gateway.law.pack import Pack, read_pack
from gateway.law.pack_id import pack_id
from gateway.policy.faults import did_you_mean
from gateway.problems import Problem, ProblemsFound


def build_codex(texts: Mapping[str, str], ids: Sequence[str], day: date) -> Codex:
    """The packs `ids`, in the order in which they speak, as they are in force on `day`.

    `texts`: the path of a pack (`law/kz/169-vi.yaml`) → its YAML. Packs that are not named in `ids` are not read.
    Raises ProblemsFound with every problem of the named packs; an id without a file is one.
    """
    paths = {pack_id(path): path for path in texts}
    packs: list[Pack] = []
    problems: list[Problem] = []
    for asked in dict.fromkeys(ids):
        if asked not in paths:
            problems.append(Problem(asked, 1, 1, "there is no such law pack", did_you_mean(asked, paths)))
            continue
        try:
            packs.append(read_pack(texts[paths[asked]], paths[asked]))
        except ProblemsFound as found:
            problems += found.problems
    problems += _named_twice(packs)
    if problems:
        raise ProblemsFound(problems)
    return assemble(packs, day, _revision(texts, [paths[pack.id] for pack in packs], day))


def _revision(texts: Mapping[str, str], paths: Iterable[str], day: date) -> str:
    digest = hashlib.sha256(day.isoformat().encode())
    for path in paths:
        digest.update(f"\0{path}\0{texts[path]}".encode())
    return digest.hexdigest()[:12]


def _named_twice(packs: Iterable[Pack]) -> Iterator[Problem]:
    """Within one pack read_pack has seen to it; a verdict names articles without their pack."""
    seen: dict[str, str] = {}
    for pack in packs:
        for name, place in pack.places.items():
            if name in seen:
                file, line = place.rsplit(":", 1)
                yield Problem(file, int(line), 1, f"an article is already called {name!r}", f"see {seen[name]}")
            seen.setdefault(name, place)
