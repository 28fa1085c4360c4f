"""The laws that readings of JSON bodies keep, whatever the JSON is."""

import json
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.document.document import Document, Headers
from gateway.document.read import read_document
from gateway.labels.data import FOLDERS, LabelData, build_label_data
from gateway.labels.json_tree import BrokenJson, TooMuch, parse_texts
from gateway.labels.label import Reading, Status
from gateway.labels.read import read_labels
from gateway.shipped import texts

NAMES = st.one_of(
    st.sampled_from(["ageRating", "age_limit", "nsfw", "over_18", "adult", "contentRating", "ratingMpaa", "sensitive"]),
    st.sampled_from(["val", "labels", "spoiler_text", "user", "filters", "ageLower", "title", "value"]),
    st.sampled_from(["a", "a/b", "~", "", "contentAdvisoryRating"]),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 25),
    st.floats(),
    st.sampled_from(["18+", "6+", "R12_PLUS", "PG-13", "porn", "true", "R", "x", "Explicit", "18", "0+"]),
    st.text(max_size=20),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=5)),
    max_leaves=25,
)


@cache
def data() -> LabelData:
    return build_label_data({path: text for folder in FOLDERS for path, text in texts(folder).items()})


def reading_of(body: str | bytes, essence: str = "application/json") -> Reading:
    raw = body.encode("utf-8", "replace") if isinstance(body, str) else body
    headers = Headers([("Content-Type", essence)])
    document = read_document(url="https://site.test/api", status=200, headers=headers, body=raw)
    assert isinstance(document, Document)
    return read_labels(document, data())


def at(value: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


@given(VALUES)
@settings(max_examples=150, deadline=None)
def test_every_place_leads_into_the_body(value: Any) -> None:
    reading = reading_of(json.dumps(value))
    assert reading.status is not Status.UNREADABLE
    for label in reading.labels:
        at(value, label.place)


@given(VALUES, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_names_makes_no_difference(value: Any, random: Any) -> None:
    def shuffled(here: Any) -> Any:
        if isinstance(here, dict):
            names = list(here)
            random.shuffle(names)
            return {name: shuffled(here[name]) for name in names}
        return [shuffled(each) for each in here] if isinstance(here, list) else here

    def gist(reading: Reading) -> list[tuple[str, str, int, str]]:
        return sorted((x.scale, x.mark, x.min_age, x.scope.value) for x in reading.labels)

    assert gist(reading_of(json.dumps(value))) == gist(reading_of(json.dumps(shuffled(value))))


@given(VALUES, VALUES)
@settings(max_examples=100, deadline=None)
def test_noise_beside_a_label_never_lowers_the_age(noise: Any, more: Any) -> None:
    reading = reading_of(json.dumps({"noise": noise, "film": {"ageRating": "18+"}, "more": [more, more]}))
    assert (reading.min_age or 0) >= 18


@given(VALUES, st.integers(1, 200))
@settings(max_examples=100, deadline=None)
def test_a_body_cut_short_is_unreadable_or_names_nothing(value: Any, cut: int) -> None:
    body = json.dumps({"x": value, "end": 1})
    whole, part = reading_of(body), reading_of(body[: max(1, len(body) - cut)])
    assert part.status is not Status.RATED
    assert part.status is Status.UNREADABLE or not part.labels or not whole.labels


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
@settings(max_examples=150, deadline=None)
def test_no_body_is_too_odd(body: str | bytes) -> None:
    for essence in ("application/json", "application/x-ndjson", "application/ld+json"):
        assert reading_of(body, essence).reason != "fault"
        named = body + (b' "nsfw"' if isinstance(body, bytes) else ' "nsfw"')
        assert reading_of(named, essence).reason != "fault"


@given(st.text(alphabet="{}[]\",:0 a'\\();\x1e\n)", max_size=60))
@settings(max_examples=200, deadline=None)
def test_texts_are_parsed_or_refused(text: str) -> None:
    try:
        found = parse_texts(text, [")]}'"])
    except (BrokenJson, TooMuch):
        return
    assert isinstance(found, list)
