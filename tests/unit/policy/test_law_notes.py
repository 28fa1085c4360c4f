from datetime import date

from gateway.policy.compile import compile_policy
from gateway.shipped import texts


def notes(packs: str, day: date = date(2026, 11, 22)) -> list[str]:
    policy = compile_policy({"home.yaml": f"extends: home\npacks: {packs}\n"}, texts("presets"), texts("law"), day)
    return [f"{note.line}:{note.column}: {note.message}" for note in policy.notes]


def test_one_act_in_force_needs_no_note():
    assert notes("[kz/169-vi]") == []
    assert notes("[]") == []


def test_a_draft_is_no_law():
    said = "a draft and no law: it holds because this policy names it, and is shown as its rule"
    assert notes("[kz/169-vi, kz/draft-18-viii-10-1]") == [f"2:20: kz/draft-18-viii-10-1 is {said}"]


def test_an_act_that_has_not_begun():
    begins = date(2026, 6, 1)
    assert notes("[my/onsa]", begins) == []
    assert notes("[my/onsa]", date(2026, 5, 31)) == ["2:9: my/onsa is not in force yet; it begins on 2026-06-01"]


def test_acts_of_two_countries():
    (note,) = notes("[kz/169-vi, ru/436-fz]")
    assert note.startswith("2:8: acts of 2 countries hold (KZ, RU): each is asked by itself, and the strictest answer")
    assert note.endswith("categories are shown as those of KZ")
