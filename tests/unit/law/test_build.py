from datetime import UTC, date, datetime

import pytest

from gateway.labels.category import CATEGORIES
from gateway.law.build import build_codex
from gateway.policy.stances import Stances
from gateway.problems import ProblemsFound
from gateway.shipped import texts

DAY = date(2026, 11, 22)
LAW = "kz/169-vi"
DRAFT = "kz/draft-18-viii-10-1"


def test_the_revision_changes_with_the_text_the_packs_and_the_day():
    packs = texts("law")
    changed = {path: text + "\n" for path, text in packs.items()}
    revisions = {
        build_codex(packs, [LAW], DAY).revision,
        build_codex(changed, [LAW], DAY).revision,
        build_codex(packs, [LAW, DRAFT], DAY).revision,
        build_codex(packs, [DRAFT, LAW], DAY).revision,
        build_codex(packs, [LAW], date(2026, 11, 23)).revision,
    }
    assert len(revisions) == 5
    assert build_codex(packs, [LAW], DAY).revision in revisions


def test_packs_that_are_not_asked_for_are_not_read():
    packs = {**texts("law"), "law/zz/broken.yaml": "["}
    assert build_codex(packs, [LAW], DAY).ids == (LAW,)


def test_the_categories_of_169_vi_are_those_of_the_code():
    act = build_codex(texts("law"), [LAW], DAY).packs[0].act
    assert {sign: category.min_age for sign, category in act.categories.items()} == dict(CATEGORIES)


def test_the_draft_adds_registration_and_changes_nothing_else():
    law, both = (build_codex(texts("law"), ids, DAY) for ids in ([LAW], [LAW, DRAFT]))
    assert (law.steps, law.topics, law.flags, law.child_below) == (
        both.steps,
        both.topics,
        both.flags,
        both.child_below,
    )
    assert law.registration == ()
    assert [ban.below for ban in both.registration] == [16]


def test_the_stances_of_the_pack():
    stances = build_codex(texts("law"), [LAW], DAY).stances
    assert stances["default"] == Stances()
    assert stances["strict"].site_sign_binds
    assert stances["strict"].for_unlabelled(11).word == "block"
    assert stances["strict"].for_unlabelled(12).word == "allow"
    assert not stances["lenient"].simulcast_is_broadcast


def test_a_codex_without_packs_still_protects_until_18():
    codex = build_codex({}, [], DAY)
    assert codex.child_below == 18
    assert "private" in codex.private_kinds
    assert codex.step(-5) == codex.step(0)
    assert codex.step(99) == codex.step(21)
    assert codex.watershed is None


@pytest.mark.parametrize(("hour", "covered"), [(0, False), (1, True), (16, True), (17, False)])
def test_the_watershed_is_by_the_clock_in_almaty(hour, covered):
    watershed = build_codex(texts("law"), [LAW], DAY).watershed
    assert watershed.covers(datetime(2026, 11, 22, hour, tzinfo=UTC)) is covered


def test_every_article_has_a_citation_a_day_and_a_reference():
    for path in texts("law"):
        codex = build_codex(texts("law"), [path.removeprefix("law/").removesuffix(".yaml")], DAY)
        for article in codex.packs[0].articles:
            assert article.cites
            assert article.checked <= DAY
            assert all(value.reference for value in article.values)


def test_unverified_phrases_are_marked():
    categories = build_codex(texts("law"), [LAW], DAY).packs[0].act.categories
    assert not any(category.phrases["kk"].verified for category in categories.values())
    assert {sign for sign, category in categories.items() if category.phrases["ru"].verified} == {
        "6-",
        "6+",
        "12+",
        "14+",
    }


def test_an_id_is_looked_for_by_its_whole_name():
    with pytest.raises(ProblemsFound) as found:
        build_codex(texts("law"), ["169-vi", "kz/170-vi"], DAY)
    assert [problem.file for problem in found.value.problems] == ["169-vi", "kz/170-vi"]
