"""A reading as a person sees it."""

from gateway.labels.label import Label, Reading, Scope, Status, Trust
from gateway.labels.table import show


def label(raw: str, mark: str = "16+") -> Label:
    return Label(
        scale="kz",
        mark=mark,
        min_age=16,
        scope=Scope.SITE,
        trust=Trust.A,
        carrier="visible-sign",
        raw=raw,
        place="body > footer",
    )


def test_a_caret_stands_under_the_mark() -> None:
    lines = show(Reading(status=Status.RATED, labels=(label("Сетевое издание · 16+"),))).splitlines()
    text = next(line for line in lines if "Сетевое" in line)
    caret = lines[lines.index(text) + 1]
    assert text[caret.index("^") : caret.rindex("^") + 1] == "16+"
    assert lines[0] == "rated: 16+, from 16 years"
    assert any("the site" in line and "visible-sign" in line for line in lines)


def test_a_mark_that_is_spelt_otherwise_has_its_whole_text_underlined() -> None:
    lines = show(Reading(status=Status.RATED, labels=(label("он алты жасқа толған"),))).splitlines()
    assert lines[-1].strip() == "^" * len("он алты жасқа толған")


def test_a_mark_far_inside_a_long_text_is_shown() -> None:
    lines = show(Reading(status=Status.RATED, labels=(label("x" * 300 + "16+" + "y" * 300),))).splitlines()
    assert max(map(len, lines)) < 120
    assert "16+" in lines[-2]


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in show(Reading(status=Status.RATED, labels=(label("\x1b[31m16+\x07"),)))


def test_a_reading_without_labels_says_why() -> None:
    shown = show(Reading(status=Status.UNREADABLE, notes=("cut short",), flags=("sign-form",), reason="damaged"))
    assert shown.splitlines() == ["unreadable (damaged)", "", "flags: sign-form", "", "note: cut short"]
