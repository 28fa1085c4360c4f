from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from gateway.law.build import build_codex
from gateway.shipped import texts

DAY = date(2026, 11, 22)


def codex(*ids):
    return build_codex(texts("law"), ids, DAY)


def test_acts_of_one_country_make_one_codex():
    both = codex("kz/169-vi", "kz/draft-18-viii-10-1")
    assert both.countries == ("KZ",)
    assert both.beside == ()


def test_acts_of_further_countries_stand_beside_the_first():
    joined = codex("kz/169-vi", "ru/436-fz", "kz/draft-18-viii-10-1", "it/agcom-9-23")
    assert joined.ids == ("kz/169-vi", "ru/436-fz", "kz/draft-18-viii-10-1", "it/agcom-9-23")
    assert joined.countries == ("KZ", "RU", "IT")
    assert [other.ids for other in joined.beside] == [("ru/436-fz",), ("it/agcom-9-23",)]
    assert [other.has_ladder for other in joined.beside] == [True, False]
    assert joined.has_ladder


def test_each_country_keeps_its_own_ladder_topics_and_exemptions():
    joined = codex("kz/169-vi", "ru/436-fz", "it/agcom-9-23")
    russian, italian = joined.beside
    assert joined.steps == codex("kz/169-vi").steps
    assert russian.steps == codex("ru/436-fz").steps
    assert (joined.exempt.keys() - russian.exempt.keys()) == {
        "educational", "educational-methodical", "scientific-methodical",
    }  # fmt: skip
    assert "gambling" not in joined.topics
    assert "gambling" in italian.topics


def test_what_countries_cannot_contradict_each_other_in_is_said_once():
    joined, alone = codex("ru/436-fz", "kz/169-vi"), codex("kz/169-vi")
    assert joined.flags == alone.flags
    assert joined.signed_kinds == alone.signed_kinds == {"online-publication"}
    assert joined.watershed == alone.watershed
    assert joined.watershed is not None
    assert (joined.watershed.begins, joined.watershed.zone) == (time(6), ZoneInfo("Asia/Almaty"))
    assert joined.watershed.covers(datetime(2026, 11, 22, 1, tzinfo=UTC))
    assert joined.scales == {"rars", "kz", "kz-film"}
    assert joined.private_kinds == {"private"}
    assert joined.private_audiences == {"limited"}
    assert set(joined.stances) == {"default", "strict", "lenient"}
    assert joined.child_below == 18


def test_bans_on_registration_stand_together_in_the_order_of_the_packs():
    joined = codex("au/smma", "kz/169-vi", "kz/draft-18-viii-10-1")
    assert [ban.provision.ground.rule for ban in joined.registration] == ["au.smma.63C", "kz.draft.18-VIII.10-1"]


def test_a_draft_speaks_for_the_house_and_an_act_in_force_for_the_law():
    joined = codex("kz/draft-18-viii-10-1", "au/smma")
    assert [ban.provision.layer.value for ban in joined.registration] == ["local", "law"]


def test_no_pack_is_no_country():
    assert codex().countries == ()
