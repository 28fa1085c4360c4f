from gateway.labels.label import Label, Scope, Trust
from gateway.labels.part_limit import MOST_PARTS, limited
from gateway.labels.reader import Note


def part(number: int, min_age: int, trust: Trust = Trust.B) -> Label:
    place = f"/tv/programme[{number}]"
    return Label(
        scale="age",
        mark=f"{min_age}+",
        min_age=min_age,
        scope=Scope.PART,
        trust=trust,
        carrier="broadcast",
        raw="",
        place=f"{place}/rating",
        part=place,
    )


def test_up_to_the_limit_every_part_keeps_its_label() -> None:
    parts = [part(number, 12) for number in range(MOST_PARTS)]
    assert list(limited(parts)) == parts


def test_past_the_limit_the_strictest_of_the_rest_is_the_page_s() -> None:
    parts = [part(number, 6) for number in range(MOST_PARTS)]
    late = [part(MOST_PARTS, 12), part(MOST_PARTS + 1, 18), part(MOST_PARTS + 2, 16)]
    *kept, note, last = limited([*parts, *late])
    assert kept == parts
    assert isinstance(note, Note)
    assert str(MOST_PARTS + 3) in note.sentence
    assert isinstance(last, Label)
    assert (last.min_age, last.scope, last.part) == (18, Scope.PAGE, None)
    assert last.place == late[1].place


def test_a_hint_does_not_hide_a_label_that_counts() -> None:
    parts = [part(number, 6) for number in range(MOST_PARTS)]
    *_, last = limited([*parts, part(0, 18, Trust.D), part(1, 12)])
    assert isinstance(last, Label)
    assert (last.min_age, last.trust) == (12, Trust.B)


def test_what_is_no_part_passes() -> None:
    note = Note("a sentence")
    assert list(limited([note])) == [note]
