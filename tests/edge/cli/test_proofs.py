"""`qorgan test`, `prove` and `diff` as somebody types them, on files of their own."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.store.database import Database
from gateway.store.journal import Journal
from gateway.store.masking import JournalEntry, Keeping

Qorgan = Callable[..., Any]  # tests/edge/cli/conftest.py
ROOT = Path(__file__).parents[3]
HOME = "extends: home\npeople: {dana: {age: adult}, aru: {age: 8}, bota: {age: 15}}\ndefault: nobody\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "home.yaml").write_text(HOME)
    return folder


def cases(folder: Path, *lines: str, name: str = "home.cases.yaml") -> Path:
    file = folder / name
    file.write_text("".join(f"- {line}\n" for line in lines))
    return file


@pytest.mark.parametrize(("folder", "count"), [("demo", 11), ("samples/school", 13), ("samples/operator", 13)])
def test_what_is_shipped_does_what_its_cases_say(qorgan: Qorgan, folder: str, count: int) -> None:
    done = qorgan("test", ROOT / "policies" / folder)
    assert (done.status, done.err) == (0, ""), done.out
    assert done.out.endswith(f"\n{count} cases: {count} as expected\n")


@pytest.mark.parametrize("folder", ["demo", "samples/school", "samples/operator"])
def test_what_is_shipped_keeps_every_law(qorgan: Qorgan, folder: str) -> None:
    done = qorgan("prove", ROOT / "policies" / folder, "--day", "2026-12-01")
    assert (done.status, done.err) == (0, "")
    assert "BROKEN" not in done.out


def test_a_case_that_fails_says_what_was_expected_what_came_and_why(qorgan: Qorgan, home: Path) -> None:
    file = cases(
        home,
        "Aru may not open a 12+ page: {as: aru, label: 12+, expect: block}",
        "Aru may open a 12+ page: {as: aru, url: film.example, label: 12+, expect: allow, category: 14+}",
    )
    done = qorgan("test", home)
    assert (done.status, done.err) == (1, "")
    name, first, failed, expected, category, why, by, count = done.out.splitlines()
    assert name == str(file)
    assert first.startswith("  ok      Aru may not open a 12+ page: block, by kz.169-VI.9.3-label (law/kz/169-vi.yaml:")
    assert failed == f"  FAILED  Aru may open a 12+ page  ({file}:2)"
    assert expected == "          expected  allow, got block"
    assert category == "          category  14+, got 12+"
    assert why == "          why       blocked, because its age label is above the person's age"
    assert by.startswith("          by        kz.169-VI.9.3-label (law/kz/169-vi.yaml:")
    assert "Law 169-VI Art. 12" in by
    assert count == "2 cases: 1 as expected, 1 not"
    explained = qorgan("test", home, "--explain").out
    assert "          |   otherwise with a grant by dana: allowed, because a guardian has granted it" in explained


def test_a_stranger_whom_the_policy_refuses(qorgan: Qorgan, home: Path) -> None:
    cases(home, "a guest: {listener: guests, expect: allow}", "another: {listener: guests, expect: block}")
    done = qorgan("test", home, "--explain")
    assert done.status == 1
    assert (
        "          expected  allow, got block\n          why       blocked, because nobody is known here\n" in done.out
    )
    assert "  ok      another: block, nobody is known here" in done.out


def test_cases_of_several_files_and_of_one_alone(qorgan: Qorgan, home: Path) -> None:
    cases(home, "one: {as: aru, expect: allow}")
    inner = home / "more"
    inner.mkdir()
    more = cases(inner, "two: {as: bota, expect: allow}", name="more.cases.yml")
    assert qorgan("test", home).out.endswith("2 cases: 2 as expected\n")
    done = qorgan("test", more)
    assert done.status == 1
    assert f"{more}:1:1: there is no policy in the folder of these cases" in done.err
    more.write_text("policy: ../home.yaml\ncases: [two: {as: bota, expect: allow}]\n")
    assert qorgan("test", more).out.endswith("1 case: 1 as expected\n")


def test_a_folder_s_cases_are_no_part_of_its_policy(qorgan: Qorgan, home: Path) -> None:
    cases(home, "one: {as: aru, expect: allow}")
    assert qorgan("check", home).err == "no problems\n"


def test_problems_of_cases_and_of_their_policy(qorgan: Qorgan, home: Path) -> None:
    file = cases(home, "one: {as: aru, expekt: allow}")
    done = qorgan("test", home)
    assert (done.status, done.out) == (1, "")
    assert f"{file}:1:18: the key 'expekt' is not known here" in done.err
    assert "hint: did you mean expect?" in done.err
    cases(home, "one: {as: aru, expect: allow}")
    (home / "home.yaml").write_text("people: {aru: {agee: 8}}\n")
    assert "the key 'agee' is not known here" in qorgan("test", home).err
    file.write_text("- [")
    assert qorgan("test", home).status == 1


def test_nothing_to_try_is_wrong_usage(qorgan: Qorgan, home: Path) -> None:
    done = qorgan("test", home)
    assert (done.status, done.out) == (2, "")
    assert "no file there ends in .cases.yaml" in done.err
    assert qorgan("test", home / "none").status == 2


def test_a_proof_that_holds(qorgan: Qorgan, home: Path) -> None:
    done = qorgan("prove", home, "--day", "2026-12-01")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"{home}: 3 people, 1 set of rules, ")
    assert "BROKEN" not in done.out


def test_a_counterexample_is_a_line_that_decide_accepts(
    qorgan: Qorgan, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.decision.sight import Sight
    from gateway.proof import laws

    monkeypatch.setattr(laws, "sight", lambda question: Sight.REFUSE)
    done = qorgan("prove", home)
    assert done.status == 1
    line = next(line.strip() for line in done.out.splitlines() if line.startswith("  {"))
    monkeypatch.undo()
    answered = qorgan("decide", "--jsonl", "--policy", home, stdin=line.encode())
    assert (answered.status, answered.err) == (0, "")
    assert json.loads(answered.out)["action"] == "allow"


def test_a_proof_of_what_cannot_be_read(qorgan: Qorgan, home: Path) -> None:
    assert "the file or folder is missing" in qorgan("prove", home / "none").err
    done = qorgan("prove", home, "--day", "soon")
    assert (done.status, done.err) == (2, "--day 'soon' is no day; write it as 2026-12-01\n")


def test_the_last_day_of_the_calendar(qorgan: Qorgan, home: Path) -> None:
    (home / "hours.yaml").write_text('timetable: [{block: daily, from: "21:30", to: "07:00"}]\n')
    assert qorgan("prove", home, "--day", "9999-12-30").status == 0


def test_a_difference(qorgan: Qorgan, home: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.yaml"
    new.write_text(HOME + "block: [{host: toys.example, for: [aru]}]\n")
    done = qorgan("diff", home, new)
    assert (done.status, done.err) == (1, "")
    assert done.out.splitlines()[:3] == [
        "aru (8):",
        "  allow -> block  everything that was allowed or masked on toys.example",
        "the same for dana, bota",
    ]
    assert qorgan("diff", home, home / "home.yaml").status == 0


def test_a_difference_of_what_cannot_be_read(qorgan: Qorgan, home: Path) -> None:
    done = qorgan("diff", home, home / "none")
    assert (done.status, done.out) == (2, "")
    assert "the file or folder is missing" in done.err


OPERATOR = """extends: isp
tenants:
  a:
    line: {addresses: [10.0.0.0/30], listeners: [a]}
    people: {dana: {age: adult, addresses: [10.0.0.0/32]}, aru: {age: 8}}
    block: [{topic: games, for: [aru]}]
  b:
    line: {addresses: [10.0.0.4/30]}
    people: {bota: {age: 15}}
  c:
    people: {saule: {age: 10, logins: [saule]}}
    block: [{topic: games}]
"""


def test_an_operator_is_proved_tenant_by_tenant(qorgan: Qorgan, tmp_path: Path) -> None:
    file = tmp_path / "operator.yaml"
    file.write_text(OPERATOR)
    done = qorgan("prove", file, "--day", "2026-12-01")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"{file}: 4 people, 3 sets of rules, ")
    at = done.out.index("  who is not known gets no more than any child here, but for\n")
    assert done.out[at:].splitlines()[1:3] == [
        "    unknown clients of a tenant without a line count as the operator's",
        "        pages without a label listed under games, malware or phishing; for c/saule",
    ]


def test_a_tenant_s_change_is_told_of_its_people_and_nobody_else(qorgan: Qorgan, tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(OPERATOR)
    new.write_text(OPERATOR.replace("topic: games, for: [aru]", "host: toys.example, for: [aru]"))
    done = qorgan("diff", old, new, "--day", "2026-12-01")
    assert (done.status, done.err) == (1, "")
    assert done.out.splitlines()[0] == "a/aru (8):"
    assert "the same for a/dana, b/bota, c/saule" in done.out.splitlines()


def test_a_faulty_tenant_is_named_and_keeps_nobody_out(qorgan: Qorgan, tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(OPERATOR)
    new.write_text(OPERATOR.replace("{age: 15}", "{age: teen}"))
    done = qorgan("prove", new, "--day", "2026-12-01")
    assert done.status == 0
    assert f"{new}:9:26: not in force, this tenant is held strictly: " in done.err
    done = qorgan("diff", old, new, "--day", "2026-12-01")
    assert done.out.splitlines()[:2] == ["gone     b/bota (15)", "the same for a/dana, a/aru, c/saule"]
    assert "not in force" in done.err
    (tmp_path / "home.cases.yaml").write_text("policy: new.yaml\ncases: " + json.dumps(TENANT_CASES))
    done = qorgan("test", tmp_path)
    assert (done.status, done.out.splitlines()[-1]) == (0, "2 cases: 2 as expected")
    assert "not in force" in done.err


TENANT_CASES = [
    {"a guest of b": {"address": "10.0.0.5", "label": "18+", "expect": "block"}},
    {"a guest of a": {"address": "10.0.0.1", "topics": "games", "expect": "block"}},
]


async def written(folder: Path, **fields: Any) -> Path:
    """A data directory with a journal of one entry that came twice."""
    database = Database.open(folder / "qorgan.db")
    journal = Journal(database, Keeping(days=7, bucket=timedelta(minutes=1), host=True, person=True))
    moment = datetime(2026, 11, 21, 12, tzinfo=UTC)
    entry = JournalEntry(moment=moment, action="block", reason="label", layer="law", category="12+", **fields)
    journal.add(entry, 2)
    await journal.close()
    await database.close()
    return folder


async def test_the_journal_is_asked_again_and_left_as_it_is(qorgan: Qorgan, home: Path, tmp_path: Path) -> None:
    data = await written(tmp_path / "data", person="aru", host="wiki.example")
    before = (data / "qorgan.db").read_bytes()
    new = tmp_path / "new.yaml"
    new.write_text(HOME + "allow: [{host: wiki.example, for: [aru]}]\n")
    for words in (["--data", data], ["--journal", data / "qorgan.db"]):
        done = qorgan("diff", home, new, *words)
        assert (done.status, done.err) == (1, "")
        assert done.out.splitlines()[-3:] == [
            "from the journal (it is masked, and holds nothing that was allowed):",
            "  block -> allow  wiki.example labelled 12+ (label) for aru, 2 times, last on 2026-11-21",
            "  1 entry: 1 asked again, 0 tell too little, 0 were answered by another policy than the old one",
        ]
    assert (data / "qorgan.db").read_bytes() == before
    assert "nothing of what can be asked again" in qorgan("diff", home, home, "--data", data).out


def test_a_journal_that_is_none(qorgan: Qorgan, home: Path, tmp_path: Path) -> None:
    done = qorgan("diff", home, home, "--data", tmp_path)
    assert (done.status, done.out) == (2, "")
    assert "there is no such database; a data directory has it as qorgan.db" in done.err
    file = tmp_path / "notes.db"
    file.write_text("no database")
    done = qorgan("diff", home, home, "--journal", file)
    assert (done.status, done.out) == (2, "")
    assert "no journal can be read from it (file is not a database)" in done.err


def test_explain_as_json(qorgan: Qorgan, home: Path) -> None:
    config = home / "home.yaml"
    config.write_text(HOME + "probe: {enabled: false}\nblock: [{host: toys.example}]\n")
    done = qorgan("explain", "https://toys.example/", "--as", "aru", "--config", config, "--json")
    assert (done.status, done.err) == (1, "")
    told = json.loads(done.out)
    assert (told["person"], told["age"], told["url"]) == ("aru", 8, "https://toys.example/")
    assert told["verdict"]["action"] == "block"
    assert told["verdict"]["grounds"][0]["where"] == f"{config}:5"
    rule = next(other for other in told["otherwise"] if other["kind"] == "rule")
    assert rule["change"] == f"without 'block toys.example' ({config}:5)"
    assert (rule["action"], rule["reason"], rule["write"]) == ("allow", "unlabelled", "")
