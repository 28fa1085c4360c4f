"""The label data of an installation: the scales and signs of policies/scales and policies/signs, compiled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import BaseModel, ValidationError

from gateway.labels.scales import Mark, Scale, Scales, is_numeric, key_of
from gateway.labels.shape import MarkEntry, PlacesFile, ScaleFile, SignFile
from gateway.labels.signs import Signs, language_of
from gateway.policy.faults import problems_of
from gateway.policy.parse import as_plain, parse
from gateway.problems import Problem, ProblemsFound


@dataclass(frozen=True, slots=True)
class LabelData:
    """What readers know of rating systems and of the signs in text."""

    scales: Scales
    signs: Signs


def build_label_data(texts: Mapping[str, str]) -> LabelData:
    """Compile `texts`: path from policies/ ("scales/kz.yaml", "signs/ru.yaml", "signs/places.yaml") → YAML text.

    Raises ProblemsFound with every fault and the place where it stands.
    """
    problems: list[Problem] = []
    scales = list(_read(texts, "scales/", ScaleFile, problems))
    languages = list(_read(texts, "signs/", SignFile, problems, but="signs/places.yaml"))
    places = list(_read({"signs/places.yaml": texts.get("signs/places.yaml", "")}, "signs/", PlacesFile, problems))
    compiled = []
    for path, language in languages:
        try:
            compiled.append(language_of(language))
        except ValueError as fault:
            problems.append(Problem(path, 1, 1, str(fault)))
    problems += _doubles([(path, scale_of(scale)) for path, scale in scales])
    if problems:
        raise ProblemsFound(problems)
    return LabelData(Scales(scale_of(scale) for _, scale in scales), Signs(compiled, places[0][1]))


def _read[File: BaseModel](
    texts: Mapping[str, str], folder: str, model: type[File], problems: list[Problem], *, but: str = ""
) -> Iterator[tuple[str, File]]:
    for path, text in sorted(texts.items()):
        if not path.startswith(folder) or path == but:
            continue
        try:
            node = parse(text, path)
        except ProblemsFound as found:
            problems += found.problems
            continue
        try:
            yield path, model.model_validate(as_plain(node))
        except ValidationError as error:
            problems += problems_of(error, model, node, path)


def scale_of(file: ScaleFile) -> Scale:
    """The compiled scale of one file."""
    everywhere: dict[str, Mark] = {}
    in_context: dict[str, Mark] = {}
    for entry in file.marks:
        mark = Mark(file.id, entry.mark, entry.min_age)
        for key, needs_context in _spellings(entry):
            (in_context if needs_context else everywhere)[key] = mark
    return Scale(
        id=file.id,
        countries=file.countries,
        top_level=file.top_level,
        names=file.names,
        suffix_letters=file.suffix_letters.casefold(),
        everywhere=MappingProxyType(everywhere),
        in_context=MappingProxyType(in_context),
        patterns=frozenset(key_of(pattern.replace("{age}", "1")).replace("1", "#") for pattern in file.patterns),
        ages=frozenset(file.ages),
        everyone=frozenset(key_of(word) for word in file.everyone),
    )


def _spellings(entry: MarkEntry) -> Iterator[tuple[str, bool]]:
    """Each spelling of a mark, and whether it is understood only when the system or the country is known."""
    short = {key_of(text) for text in entry.short}
    # The dash of "6-" is what tells it from a six.
    own = entry.mark if entry.mark.endswith("-") else key_of(entry.mark)
    yield own, own in short or is_numeric(own)
    for key in short:
        yield key, True
    for text in entry.spelled:
        yield key_of(text), False


def _doubles(scales: list[tuple[str, Scale]]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    ids: set[str] = set()
    for path, scale in scales:
        if scale.id in ids:
            yield Problem(path, 1, 1, f"another file has the scale {scale.id!r} already")
        ids.add(scale.id)
        for key, mark in scale.everywhere.items():
            owner = owners.setdefault(key, scale.id)
            if owner != scale.id:
                message = f"{key!r} (the mark {mark.mark}) is a spelling of the scale {owner!r} too"
                yield Problem(path, 1, 1, message, "list it under short, so that the system must be known")
