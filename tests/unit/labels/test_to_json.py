"""The label data as JSON: everything that a reader asks for, the same each time, nothing that no document shows."""

import json

from gateway.edge.addon_data import addon_data
from gateway.labels.badges import Badges
from gateway.labels.data import LabelData
from gateway.labels.to_json import FORM, data_as_json
from tests.runners.labels import data


def test_the_shipped_data_is_json_and_the_same_each_time() -> None:
    once = json.loads(addon_data())
    assert once == data_as_json(data()) == json.loads(addon_data())
    assert once["form"] == FORM
    assert {scale["id"] for scale in once["scales"]} == set(data().scales.ids)
    assert [language["code"] for language in once["signs"]["languages"]] == ["en", "kk", "ru"]


def test_a_spelling_keeps_its_mark_and_age() -> None:
    scales = {scale["id"]: scale for scale in data_as_json(data())["scales"]}
    assert scales["mpa"]["everywhere"]["pg13"] == ["PG-13", 13]
    assert scales["kz"]["top_level"] == list(data().scales["kz"].top_level)


def test_recipes_keep_all_places_but_bodies_of_json() -> None:
    sites = data_as_json(data())["sites"]
    assert set(sites) == set(data().sites.recipes)
    kinds = {declaration["where"]["kind"] for declarations in sites.values() for declaration in declarations}
    assert kinds <= {"element", "script", "state", "code", "header", "address"}
    assert sites["vk.com"] == []  # its interface alone declares ages


def test_data_without_badges_has_none() -> None:
    empty = LabelData(scales=data().scales, signs=data().signs, badges=Badges())
    assert data_as_json(empty)["badges"] == {"badges": [], "notices": []}
