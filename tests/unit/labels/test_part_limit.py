from gateway.labels.label import Label, Scope, Trust
from gateway.labels.part_limit import MOST_PARTS, Part, limited
from gateway.labels.reader import Note
from gateway.labels.scales import Mark


def label(number: int, min_age: int, trust: Trust = Trust.B) -> Label:
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


def part(number: int, min_age: int, trust: Trust = Trust.B) -> Part:
    return Part(Mark("age", f"{min_age}+", min_age), trust, lambda: label(number, min_age, trust))


FULL = [part(number, 6) for number in range(MOST_PARTS)]
FULL_LABELS = [label(number, 6) for number in range(MOST_PARTS)]


def test_up_to_the_limit_every_part_keeps_its_label() -> None:
    assert list(limited(FULL)) == FULL_LABELS


def test_labels_that_are_built_already_count_as_parts() -> None:
    *kept, _, last = limited([*FULL_LABELS, label(1_000, 12)])
    assert kept == FULL_LABELS
    assert isinstance(last, Label)
    assert (last.min_age, last.scope, last.part) == (12, Scope.PAGE, None)


def test_past_the_limit_the_strictest_of_the_rest_is_the_page_s() -> None:
    *kept, note, last = limited([*FULL, part(1_000, 12), part(1_001, 18), part(1_002, 16)])
    assert kept == FULL_LABELS
    assert isinstance(note, Note)
    assert str(MOST_PARTS + 3) in note.sentence
    assert isinstance(last, Label)
    assert (last.min_age, last.scope, last.part) == (18, Scope.PAGE, None)
    assert last.place == "/tv/programme[1001]/rating"


def test_a_hint_does_not_hide_a_label_that_counts() -> None:
    *_, last = limited([*FULL, part(0, 18, Trust.D), part(1, 12)])
    assert isinstance(last, Label)
    assert (last.min_age, last.trust) == (12, Trust.B)


def test_what_is_no_part_passes() -> None:
    note = Note("a sentence")
    assert list(limited([note])) == [note]
