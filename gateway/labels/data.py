"""The label data of an installation, compiled: what stands in the folders of policies/ that `FOLDERS` names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel

from gateway.labels.badges import Badges, badges_of
from gateway.labels.folding import fold
from gateway.labels.json_keys import JsonKeys, build_json_keys
from gateway.labels.recipe import Sites
from gateway.labels.recipe_file import build_sites
from gateway.labels.scales import Mark, Scale, Scales, is_numeric, key_of
from gateway.labels.schema_org import SchemaOrg, kinds_of
from gateway.labels.shape import BadgesFile, MarkEntry, NamesFile, PlacesFile, ScaleFile, SchemaOrgFile, SignFile
from gateway.labels.shaped_file import read_shaped
from gateway.labels.sign_names import SignNames, sign_names_of
from gateway.labels.signs import Signs, language_of
from gateway.labels.trace_words import TraceWords
from gateway.problems import Problem, ProblemsFound

FOLDERS: Final = ("scales", "signs", "vocabularies", "sites")
_SCHEMA_ORG: Final = "vocabularies/schema-org.yaml"
_JSON_KEYS: Final = "vocabularies/json-keys.yaml"
# The files of policies/signs that are no language.
_PLACES: Final = "signs/places.yaml"
_BADGES: Final = "signs/badges.yaml"
_NAMES: Final = "signs/names.yaml"


@dataclass(frozen=True, slots=True)
class LabelData:
    """What readers know of rating systems, of the signs in text, of names in JSON and of named sites."""

    scales: Scales
    signs: Signs
    badges: Badges = field(default_factory=Badges)
    names: SignNames = field(default_factory=SignNames)
    schema_org: SchemaOrg = field(default_factory=SchemaOrg)
    keys: JsonKeys = field(default_factory=JsonKeys)
    sites: Sites = field(default_factory=Sites)
    trace_words: TraceWords = field(default_factory=TraceWords)


def build_label_data(texts: Mapping[str, str]) -> LabelData:
    """Compile `texts`: path from policies/ ("scales/kz.yaml", "signs/ru.yaml", "signs/places.yaml") → YAML text.

    Raises ProblemsFound with every fault and the place where it stands.
    """
    problems: list[Problem] = []
    scales = list(_read(texts, "scales/", ScaleFile, problems))
    languages = list(_read(texts, "signs/", SignFile, problems, but=(_PLACES, _BADGES, _NAMES)))
    places = list(_read({_PLACES: texts.get(_PLACES, "")}, "signs/", PlacesFile, problems))
    compiled = []
    for path, language in languages:
        try:
            compiled.append(language_of(language))
        except ValueError as fault:
            problems.append(Problem(path, 1, 1, str(fault)))
    every_scale = Scales(scale_of(scale) for _, scale in scales)
    problems += _doubles([(path, scale_of(scale)) for path, scale in scales])
    keys = JsonKeys()
    if _JSON_KEYS in texts:
        try:
            keys = build_json_keys(texts[_JSON_KEYS], _JSON_KEYS, every_scale)
        except ProblemsFound as found:
            problems += found.problems
    names = _names(texts, every_scale, problems)
    badges, schema_org = _badges(texts, every_scale, problems), _schema_org(texts, problems)
    recipes = {path: text for path, text in texts.items() if path.startswith("sites/")}
    sites = build_sites(recipes, every_scale, problems)
    if problems:
        raise ProblemsFound(problems)
    signs = Signs(compiled, places[0][1])
    words = _trace_words(signs, badges, names)
    return LabelData(every_scale, signs, badges, names, schema_org, keys, sites, words)


def _trace_words(signs: Signs, badges: Badges, names: SignNames) -> TraceWords:
    """The words by which a page's bytes are asked whether it may have a sign, a badge or a notice."""
    shown = (word for badge in badges.badges for word in (*badge.hosts, *badge.pictures))
    words = [fold(word) for word in (*shown, *(notice.trace for notice in badges.notices))]
    words += [word for word, _ in names.traces]
    return TraceWords(words, signs.traces, signs.places.adults_only)


def _badges(texts: Mapping[str, str], scales: Scales, problems: list[Problem]) -> Badges:
    for path, file in _read(texts, _BADGES, BadgesFile, problems):
        try:
            return badges_of(file, scales)
        except ValueError as fault:
            problems.append(Problem(path, 1, 1, str(fault)))
    return Badges()


def _names(texts: Mapping[str, str], scales: Scales, problems: list[Problem]) -> SignNames:
    for path, file in _read(texts, _NAMES, NamesFile, problems):
        problems += [
            Problem(path, 1, 1, f"there is no scale {scale!r}") for scale in file.scales if scale not in scales.ids
        ]
        try:
            return sign_names_of(file)
        except ValueError as fault:
            problems.append(Problem(path, 1, 1, str(fault)))
    return SignNames()


def _schema_org(texts: Mapping[str, str], problems: list[Problem]) -> SchemaOrg:
    files = (file for _, file in _read(texts, _SCHEMA_ORG, SchemaOrgFile, problems))
    return next((SchemaOrg(kinds_of(file.works), kinds_of(file.patients)) for file in files), SchemaOrg())


def _read[File: BaseModel](
    texts: Mapping[str, str], folder: str, model: type[File], problems: list[Problem], *, but: tuple[str, ...] = ()
) -> Iterator[tuple[str, File]]:
    for path, text in sorted(texts.items()):
        if not path.startswith(folder) or path in but:
            continue
        try:
            yield path, read_shaped(model, text, path)[0]
        except ProblemsFound as found:
            problems += found.problems


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
        services=file.services,
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
