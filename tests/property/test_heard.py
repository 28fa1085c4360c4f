"""Whoever tells what of a page: nobody is bound by less than before, and others only by what two people reach."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from gateway.document.url import canonical
from gateway.edge.heard import HELD_FOR, Heard, page_key
from gateway.labels.label import Label, Scope, Trust
from gateway.store.heard import HeardLabel

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
URL = canonical("https://a.example/film")
PEOPLE = ["aigerim", "daniyar", "sanzhar", "erlan"]
TOLD = st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(0, 3), st.integers(0, 21)), max_size=12)


def bound(heard: Heard, person: str) -> int:
    """The age that a page has for somebody; -1: none."""
    return max((label.min_age for label in heard.of(person, URL, NOW)), default=-1)


@given(TOLD)
def test_telling_only_tightens_and_one_person_alone_binds_nobody_else(told: list[tuple[str, int, int]]) -> None:
    heard, ages = Heard(), dict[str, int]()
    devices = set[str]()
    for person, number, age in told:
        device = f"{person} {number}"
        if device in devices:  # what a device says later of the same page: tests/edge/verdict_api/test_labels.py
            continue
        devices.add(device)
        before = {each: bound(heard, each) for each in PEOPLE}
        label = Label(
            scale="kz", mark="x", min_age=age, scope=Scope.PAGE, trust=Trust.B, carrier="meta", raw="x", place=device
        )
        heard.put(HeardLabel(device=device, person=person, page=page_key(URL), label=label, until=NOW + HELD_FOR))
        ages[person] = max(ages.get(person, -1), age)
        assert all(bound(heard, each) >= before[each] for each in PEOPLE)
    second = sorted([-1, -1, *ages.values()])[-2]
    assert {each: bound(heard, each) for each in PEOPLE} == {each: max(ages.get(each, -1), second) for each in PEOPLE}
    for each in list(heard.all(heard.pages())):
        heard.drop(each)
    assert heard.pages() == ()
