"""The traces for the browser: complete by the data they are made of, and one pattern where several are joined."""

import json

from gateway.labels.from_meta import NAMES
from gateway.labels.to_traces import traces_as_json
from tests.runners.labels import data


def test_every_word_of_a_warning_a_title_and_a_notice_is_a_trace() -> None:
    traces = traces_as_json(data())
    for language in data().signs.languages:
        assert {*language.traces, *language.title_traces} <= set(traces["words"])
    assert {notice.trace for notice in data().badges.notices} == set(traces["notices"])
    assert set(traces["meta"]) == set(NAMES)


def test_every_site_with_a_recipe_and_every_country_with_names_is_a_trace() -> None:
    traces = traces_as_json(data())
    assert set(traces["sites"]) == set(data().sites.recipes)
    assert {"kz", "ru", "ua"} <= set(traces["names"]["top_level"])


def test_names_of_groups_do_not_stand_twice_in_what_is_joined() -> None:
    traces = traces_as_json(data())
    assert not any("(?<age>" in pattern for pattern in traces["names"]["classes"])


def test_the_same_data_gives_the_same_bytes() -> None:
    assert json.dumps(traces_as_json(data())) == json.dumps(traces_as_json(data()))
