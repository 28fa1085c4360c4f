"""The label data as plain JSON: for readers in other languages, such as those of the browser add-on.

What the folders of policies/ hold is compiled once, here; the other reader gets keys, words and patterns that mean the
same to it (`gateway.labels.to_ecmascript`). addons/browser/labels/README.md says what the objects hold.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from gateway.labels.badges import Badges
from gateway.labels.data import LabelData
from gateway.labels.recipe import Address, Code, Declaration, Element, Header, JsonBody, JsonScript, Sites, State, Where
from gateway.labels.scales import Mark, Scale
from gateway.labels.shape import PlacesFile, PlaceWords
from gateway.labels.sign_names import SignNames
from gateway.labels.signs import Language
from gateway.labels.to_ecmascript import to_ecmascript
from gateway.labels.value_form import ValueForm, Words

FORM: Final = 1
"""Counts up when a reader of the older form would misread the data."""


def data_as_json(data: LabelData) -> dict[str, Any]:
    """The data as objects, lists, texts and numbers. The same data gives the same JSON, in the same order."""
    return {
        "form": FORM,
        "scales": [_scale(data.scales[scale_id]) for scale_id in data.scales.ids],
        "signs": {"languages": list(map(_language, data.signs.languages)), "places": _places(data.signs.places)},
        "names": _names(data.names),
        "badges": _badges(data.badges),
        "schema_org": {"works": sorted(data.schema_org.works), "patients": sorted(data.schema_org.patients)},
        "words": _words(data.keys.words),
        "sites": _sites(data.sites),
    }


def _scale(scale: Scale) -> dict[str, Any]:
    return {
        "id": scale.id,
        "countries": list(scale.countries),
        "top_level": list(scale.top_level),
        "names": list(scale.names),
        "services": list(scale.services),
        "suffix_letters": scale.suffix_letters,
        "everywhere": _spellings(scale.everywhere),
        "in_context": _spellings(scale.in_context),
        "patterns": sorted(scale.patterns),
        "ages": sorted(scale.ages),
        "everyone": sorted(scale.everyone),
    }


def _spellings(marks: Mapping[str, Mark]) -> dict[str, list[Any]]:
    return {key: [mark.mark, mark.min_age] for key, mark in marks.items()}


def _language(language: Language) -> dict[str, Any]:
    return {
        "code": language.code,
        "traces": list(language.traces),
        "warnings": [[to_ecmascript(pattern.pattern), age, under] for pattern, age, under in language.warnings],
        "numbers": dict(language.numbers),
        "title_traces": list(language.title_traces),
        **{
            name: to_ecmascript(getattr(language, name).pattern)
            for name in ("begun", "title", "titled", "titled_years")
        },
        "publications": list(language.publications),
        "not_after": list(language.not_after),
        "not_before": list(language.not_before),
        "may_follow": list(language.may_follow),
        "alike": {chr(code): other for code, other in language.alike.items()},
    }


def _places(places: PlacesFile) -> dict[str, Any]:
    return {
        "rhombus": places.rhombus,
        "rhombus_words": list(places.rhombus_words),
        "adults_only": places.adults_only,
        "outer_words": list(places.outer_words),
        "header": _place_words(places.header),
        "footer": _place_words(places.footer),
        "own": _place_words(places.own),
        "deaf": _place_words(places.deaf),
    }


def _place_words(words: PlaceWords) -> dict[str, list[str]]:
    return {key: list(value) for key, value in words.model_dump().items()}


def _names(names: SignNames) -> dict[str, Any]:
    return {
        "scales": sorted(names.scales),
        "forms": [to_ecmascript(form.pattern) for form in names.forms],
        "weak": [to_ecmascript(form.pattern) for form in names.weak],
        "classes": to_ecmascript(names.classes.pattern),
        "beside": sorted(names.beside),
        "areas": sorted(names.areas),
        "words": sorted(word.decode() for word, _ in names.traces if word.isalpha()),
    }


def _badges(badges: Badges) -> dict[str, Any]:
    return {
        "badges": [
            {
                "mark": _mark(badge.mark),
                "hosts": sorted(badge.hosts),
                "pictures": list(badge.pictures),
                "announced_by": list(badge.announced_by),
            }
            for badge in badges.badges
        ],
        "notices": [
            {"mark": _mark(each.mark), "trace": each.trace, "pattern": to_ecmascript(each.pattern.pattern)}
            for each in badges.notices
        ],
    }


def _words(words: Words) -> dict[str, Any]:
    return {
        "numbers": dict(words.numbers),
        "leading": sorted(words.leading),
        "plus": sorted(words.plus),
        "inner": sorted(words.inner),
        "systems": sorted(words.systems),
    }


def _sites(sites: Sites) -> dict[str, list[dict[str, Any]]]:
    return {
        host: [entry for recipe in recipes for entry in _declarations(recipe.declarations)]
        for host, recipes in sorted(sites.recipes.items())
    }


def _declarations(declarations: Iterable[Declaration]) -> Iterable[dict[str, Any]]:
    for each in declarations:
        where = _where(each.where)
        if where is not None:
            yield {
                "says": each.says,
                "where": where,
                "mark": None if each.mark is None else _mark(each.mark),
                "form": _form(each.form),
                "trust": each.trust.name,
                "scope": each.scope.value,
                "part": each.part,
                "paths": [to_ecmascript(path.pattern) for path in each.paths],
            }


def _where(where: Where) -> dict[str, Any] | None:
    """The place of a declaration; None for a body of JSON, which is no document."""
    match where:
        case Element(css, attribute, after):
            return {"kind": "element", "css": css, "attribute": attribute, "after": after}
        case JsonScript(css, steps):
            return {"kind": "script", "css": css, "steps": list(steps)}
        case State(name, steps):
            return {"kind": "state", "name": name, "steps": list(steps)}
        case Code(text):
            return {"kind": "code", "text": text}
        case Header(name):
            return {"kind": "header", "name": name}
        case Address():
            return {"kind": "address"}
        case JsonBody():
            return None


def _form(form: ValueForm) -> dict[str, Any]:
    values = {text: None if mark is None else _mark(mark) for text, mark in form.values.items()}
    return {"values": values, "others": form.others, "scale": form.scale}


def _mark(mark: Mark) -> dict[str, Any]:
    return {"scale": mark.scale, "mark": mark.mark, "min_age": mark.min_age}
