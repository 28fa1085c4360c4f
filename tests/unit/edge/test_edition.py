"""An edition reaches every worker as it was read, and faulty tenants have at each what they have at the keeper."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gateway.edge.edition import Edition, from_pieces, pieces_of
from gateway.edge.inquiry import Ruling
from gateway.edge.installation import read_installation
from gateway.edge.keeper.editions import Draft, Editions
from gateway.edge.link.values import (
    pack_entries,
    pack_grants,
    pack_record,
    pack_used,
    unpack_entries,
    unpack_grants,
    unpack_record,
    unpack_used,
)
from gateway.edge.worker.rulings import Rulings
from gateway.hosts.record import HostRecord, Learned, SiteFile
from gateway.labels.label import Label, Reading, Scope, Status, Trust
from gateway.problems import Problem, ProblemsFound
from gateway.profiles.grant import Grant
from gateway.profiles.quota import Tally
from gateway.store.masking import JournalEntry

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.mark.parametrize("size", [0, 1, 300_000])
def test_pieces_make_the_same_edition(size: int) -> None:
    problem = Problem("bad.yaml", 3, 4, "cannot be read", "mend it")
    edition = Edition(
        serial="k-1",
        day=date(2026, 11, 23),
        files={f"{number}.yaml": "қ" * size for number in range(5)},
        unread={"bad.yaml": problem},
        calendars={"a.ics": "BEGIN", "b.ics": problem},
        presets={"presets/home.yaml": "a: 1"},
        packs={"law/kz/169-vi.yaml": "b: 2"},
        before="k-0",
    )
    pieces = list(pieces_of(edition))
    assert from_pieces(pieces) == edition
    assert len(pieces) == (6 if size > 200_000 else 1)


def test_an_edition_of_nothing_is_one_piece() -> None:
    edition = Edition(serial="k-1", day=date(2026, 11, 23))
    assert from_pieces(list(pieces_of(edition))) == edition


def draft_of(editions: Editions) -> Draft:
    draft = editions.draft()
    editions.publish(draft)
    return draft


async def told(rulings: Rulings, draft: Draft, *, known: bool) -> str:
    """As the hub does: those that the worker does not have."""
    serials = [edition.serial for edition in draft.editions]
    start = serials.index(rulings.serial) + 1 if known and rulings.serial in serials else 0
    for edition in draft.editions[start:]:
        for piece in pieces_of(edition):
            rulings.take(piece)
    ruling = await rulings.prepare(serials[start:])
    rulings.put_in_force(serials[-1])
    return ruling.revision


async def test_a_faulty_policy_is_no_draft_and_serials_never_come_again(tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text("extends: home\npeople: {ana: {age: 8, listeners: [home]}}\n")
    editions = Editions(read_installation(file, tmp_path / "data"))
    first = draft_of(editions)
    file.write_text("people: {ana: {agee: 8}}\n")
    with pytest.raises(ProblemsFound):
        editions.draft()
    assert editions.in_force is first
    file.write_text("extends: home\npeople: {ana: {age: 9, listeners: [home]}}\n")
    second = draft_of(editions)
    assert first.ruling.revision != second.ruling.revision
    assert [edition.before for edition in second.editions] == [None]
    assert second.editions[-1].serial != first.editions[-1].serial


async def test_a_worker_makes_the_same_ruling_whenever_it_starts(tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text("extends: home\npeople: {ana: {age: 8, listeners: [home]}}\n")
    editions = Editions(read_installation(file, tmp_path / "data"))
    draft = draft_of(editions)
    # As from another process: what this one has compiled is not found by that name.
    foreign = Draft([replace(edition, serial="far-" + edition.serial) for edition in draft.editions], draft.ruling)
    swapped: list[str] = []
    rulings = Rulings(tmp_path / "data", lambda ruling: swapped.append(ruling.revision))
    assert await told(rulings, foreign, known=True) == draft.ruling.revision
    assert swapped == [draft.ruling.revision]
    assert rulings.serial == foreign.editions[-1].serial


async def test_a_worker_that_starts_later_has_what_a_faulty_tenant_keeps(tmp_path: Path) -> None:
    folder = tmp_path / "subscribers"
    folder.mkdir()
    (tmp_path / "operator.yaml").write_text("extends: isp\ntenant-files: subscribers\n")
    (folder / "s-1.yaml").write_text(tenant(0, "{aigerim: {age: 15}}"))
    (folder / "s-2.yaml").write_text(tenant(4, "{dana: {age: 15}}"))
    editions = Editions(read_installation(tmp_path / "operator.yaml", tmp_path / "data"))
    good = draft_of(editions)
    assert not good.ruling.policy.problems
    (folder / "s-1.yaml").write_text(tenant(0, "{aigerim: {agee: 15}}"))
    draft_of(editions)
    (folder / "s-2.yaml").write_text(tenant(4, "{dana: {agee: 15}}"))
    faulty = draft_of(editions)
    assert {problem.file.rpartition("/")[2] for problem in faulty.ruling.policy.problems} == {"s-1.yaml", "s-2.yaml"}
    assert set(faulty.ruling.policy.people) >= {"s-1/aigerim", "s-2/dana"}
    assert len(faulty.editions) == 3

    def far(draft: Draft) -> Draft:
        """As from another process: what this one has compiled is not found by such names."""
        return Draft(
            [
                replace(each, serial="far-" + each.serial, before="far-" + each.before if each.before else None)
                for each in draft.editions
            ],
            draft.ruling,
        )

    swapped: list[Ruling] = []
    late, early = (Rulings(tmp_path / "data", swapped.append) for _ in range(2))
    await told(late, far(faulty), known=True)
    await told(early, far(good), known=True)
    await told(early, far(faulty), known=True)  # only what it does not have
    assert [set(each.policy.people) for each in swapped] == [set(faulty.ruling.policy.people)] * 3
    for number in range(10):  # faulty for long: what is kept has an end
        (folder / "s-2.yaml").write_text(tenant(4, f"{{dana: {{agee: {number}}}}}"))
        last = draft_of(editions)
    assert len(last.editions) == 8
    assert set(last.ruling.policy.people) >= {"s-1/aigerim", "s-2/dana"}
    await told(late, far(last), known=False)


def tenant(net: int, people: str) -> str:
    return f"line: {{addresses: [100.64.1.{net}/30]}}\npeople: {people}\n"


def test_values_come_back_as_they_were() -> None:
    label = Label(
        scale="kz", mark="18+", min_age=18, scope=Scope.SITE, trust=Trust.A, carrier="meta", raw="қ", place="1"
    )
    record = HostRecord(
        host="a.kz:8443",
        topics=frozenset({"adult", "games"}),
        reading=Reading(status=Status.RATED, labels=(label,)),
        learned=Learned.VISIT,
        until=NOW,
        site_files=(SiteFile("https://a.kz/age.xml", "<x/>"),),
    )
    assert unpack_record(pack_record(record)) == record
    assert unpack_record(pack_record(None)) is None
    grants = (
        Grant(id="1", by="dana", people=frozenset({"ana", "bek"}), host="a.kz", path="/x", until=NOW, where="here"),
        Grant(id="2", by="dana", people=frozenset({"ana"}), host="", minutes=15, since=NOW, until=NOW),
    )
    assert unpack_grants(pack_grants(grants)) == grants
    used = [("ana", "everything", Tally(date(2026, 11, 23), 5, 29)), ("bek", "topic:games", Tally())]
    assert unpack_used(pack_used(used)) == used[:1]
    entry = JournalEntry(
        moment=NOW, action="block", reason="label", layer="law", cites=("Art. 16(3)",), masked=("url",)
    )
    assert unpack_entries(pack_entries({entry: 3})) == [(entry, 3)]
