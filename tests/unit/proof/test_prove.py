"""Every law can be seen to fail: by a policy that nobody could write, or by a decision that is broken on purpose."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from gateway.decision.decide import decide
from gateway.decision.from_line import question_of
from gateway.decision.question import Question
from gateway.decision.sight import Sight
from gateway.decision.sources import Sources, build_sources
from gateway.decision.verdict import Action, Reason, Verdict
from gateway.labels.data import build_label_data
from gateway.labels.label import Status
from gateway.policy.policy import Policy
from gateway.proof import lattice, laws
from gateway.proof.proof import Counterexample, Proof
from gateway.proof.prove import prove
from gateway.proof.to_text import show_proof
from gateway.shipped import texts

NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)
YOUNGER, STRICTER, HELP, PRIVATE, EIGHTEEN, UNREADABLE, UNSEEN, ENDING = (law.sentence for law in laws.LAWS)
STRANGERS = "who is not known gets no more than any child here"


def sources_of(text: str) -> Sources:
    scales = build_label_data({**texts("scales"), **texts("signs")}).scales
    return build_sources(
        packs=texts("law"), presets=texts("presets"), scales=scales, moment=NOON, policy={"home.yaml": text}
    )


def proof_of(text: str, change: Callable[[Policy], Policy] = lambda policy: policy) -> Proof:
    sources = sources_of(text)
    assert sources.policy is not None
    policy = change(sources.policy)
    return prove(replace(sources, policy=policy), policy, NOON)


def broken(proof: Proof) -> dict[str, Counterexample]:
    return {law.sentence: law.counterexample for law in proof.laws if law.counterexample is not None}


def with_stances(**changes: object) -> Callable[[Policy], Policy]:
    """The policy with stances that no file may have."""

    def change(policy: Policy) -> Policy:
        people = {
            name: replace(person, stances=replace(person.stances, **changes)) for name, person in policy.people.items()
        }
        return replace(policy, people=MappingProxyType(people))

    return change


HOME = "people: {aru: {age: 8}}\ndefault: nobody\n"


def breaking(monkeypatch: pytest.MonkeyPatch, rule: Callable[[Question, Verdict], Action | None]) -> None:
    """Puts a decision in the place of the real one that answers otherwise wherever `rule` says so."""

    def decide_wrongly(question: Question) -> Verdict:
        verdict = decide(question)
        action = rule(question, verdict)
        return verdict if action is None else replace(verdict, action=action)

    monkeypatch.setattr(lattice, "decide", decide_wrongly)


def test_steps_that_close_with_age_break_the_first_law():
    found = broken(proof_of(HOME, with_stances(unlabelled=((0, Action.ALLOW), (12, Action.BLOCK)))))
    assert list(found) == [YOUNGER]
    example = found[YOUNGER]
    assert example.words == "pages without a label"
    assert [line["age"] for line in example.lines] == [7, 12]
    assert [verdict.action for verdict in example.verdicts] == [Action.ALLOW, Action.BLOCK]


def test_a_stance_that_opens_what_cannot_be_read():
    policy = with_stances(unreadable=Action.ALLOW)
    assert broken(proof_of(HOME, policy)) == {}  # the decision itself knows no such stance


def test_a_law_under_which_sixteen_is_adult():
    def change(policy: Policy) -> Policy:
        return replace(policy, codex=replace(policy.codex, child_below=16))

    found = broken(proof_of(HOME, change))
    assert {EIGHTEEN, UNREADABLE} <= set(found)
    assert found[EIGHTEEN].words == "pages labelled 18+"
    assert found[EIGHTEEN].lines[0]["age"] == 16


def test_a_law_without_private_traffic():
    def change(policy: Policy) -> Policy:
        return replace(policy, codex=replace(policy.codex, private_kinds=frozenset(), private_audiences=frozenset()))

    found = broken(proof_of(HOME, change))
    assert set(found) == {PRIVATE}
    assert found[PRIVATE].lines[0]["kind"] == "private"


def test_a_default_that_is_freer_than_a_child(monkeypatch):
    def change(policy: Policy) -> Policy:
        adult = replace(policy.clues.default, ages=policy.people["dana"].ages)
        return replace(policy, clues=replace(policy.clues, default=adult))

    found = broken(proof_of("people: {dana: {age: adult}, aru: {age: 8}}\n", change))
    assert set(found) == {STRANGERS}
    assert found[STRANGERS].lines[0].get("person") is None
    assert found[STRANGERS].lines[1]["person"] == "aru"


BAD_TOPICS = "adult, induces-self-harm, obscene-vocabulary, other-law-ban, provokes-illegal or others"

# What a broken decision does, the law that it breaks, and the words of the counterexample.
WRONG = [
    (YOUNGER, "pages without a label", lambda q, v: Action.BLOCK if q.profile.age >= 14 else None),
    (
        STRICTER,
        "pages labelled 16+",
        lambda q, v: Action.ALLOW if q.reading and any(each.min_age == 16 for each in q.reading.labels) else None,
    ),
    (
        HELP,
        "pages without a label listed as help-line",
        lambda q, v: Action.BLOCK if v.reason is Reason.HELP_LINE else None,
    ),
    (
        PRIVATE,
        "pages without a label listed as private",
        lambda q, v: Action.BLOCK if v.reason is Reason.OUT_OF_SCOPE else None,
    ),
    (
        EIGHTEEN,
        "pages labelled 18+",
        lambda q, v: Action.ALLOW if v.category == "18+" and v.reason is Reason.LABEL else None,
    ),
    (
        EIGHTEEN,
        f"pages without a label listed under {BAD_TOPICS}",
        lambda q, v: Action.ALLOW if v.reason is Reason.TOPIC else None,
    ),
    (
        UNREADABLE,
        "pages that cannot be read",
        lambda q, v: Action.ALLOW if q.reading and q.reading.status is Status.UNREADABLE else None,
    ),
]


@pytest.mark.parametrize(("law", "words", "rule"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_a_broken_decision_is_found_out_by_its_plainest_question(monkeypatch, law, words, rule):
    breaking(monkeypatch, rule)
    found = broken(proof_of(HOME))
    assert law in found
    assert found[law].words == words


def test_a_sight_that_passes_everything_is_found_out(monkeypatch):
    monkeypatch.setattr(laws, "sight", lambda question: Sight.PASS)
    found = broken(proof_of(HOME))
    assert set(found) == {UNSEEN}
    assert found[UNSEEN].verdicts[0].action > Action.ALLOW


def test_a_sight_that_refuses_everything_is_found_out(monkeypatch):
    monkeypatch.setattr(laws, "sight", lambda question: Sight.REFUSE)
    found = broken(proof_of(HOME))
    assert set(found) == {UNSEEN}
    assert found[UNSEEN].verdicts[0].action == Action.ALLOW


def breaking_table(monkeypatch: pytest.MonkeyPatch, until: Callable[[Verdict], datetime | None]) -> None:
    """Puts a decision in the place of the real one whose hours and minutes end at another moment than they say."""

    def decide_wrongly(question: Question) -> Verdict:
        verdict = decide(question)
        is_time = verdict.reason in (Reason.SCHEDULE, Reason.QUOTA)
        return replace(verdict, until=until(verdict)) if is_time else verdict

    monkeypatch.setattr(lattice, "decide", decide_wrongly)


TIMED = """people: {aru: {age: 8}}
timetable: [{block: [mon], from: "14:00", to: "18:00", only: {topic: games}}]
quota: [{minutes: 60, only: {kind: film}}]
default: nobody
"""


@pytest.mark.parametrize(
    "hours", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=9)], ids=["early", "late", "past"]
)
def test_hours_that_do_not_end_when_they_say(monkeypatch, hours):
    breaking_table(monkeypatch, lambda verdict: verdict.until and verdict.until - hours)
    found = broken(proof_of(TIMED))
    assert list(found) == [ENDING]
    assert found[ENDING].words.endswith("listed under games on Mon 2026-11-23 at 14:00")


def test_minutes_that_do_not_end_when_they_say(monkeypatch):
    def until(verdict):
        return verdict.until and verdict.until - timedelta(hours=1 if verdict.reason is Reason.QUOTA else 0)

    breaking_table(monkeypatch, until)
    found = broken(proof_of(TIMED))
    assert list(found) == [ENDING]
    assert found[ENDING].lines[0]["used"] == {"kind:film": 60}
    assert found[ENDING].words.endswith("listed as film after 60 minutes of kind:film on Sun 2026-11-22 at 12:00")


def test_a_help_line_that_minutes_close_is_found_out(monkeypatch):
    def rule(question, verdict):
        is_help = verdict.reason is Reason.HELP_LINE
        return Action.BLOCK if is_help and question.profile.timetable.tallies else None

    breaking(monkeypatch, rule)
    found = broken(proof_of(TIMED))
    assert list(found) == [HELP, UNSEEN]
    assert "after 60 minutes of kind:film" in found[HELP].words


def test_words_that_are_not_alike_after_all_are_asked_about_apart(monkeypatch):
    breaking(monkeypatch, lambda q, v: Action.ALLOW if q.host and q.host.kind == "forum" else None)
    found = broken(proof_of(HOME))
    assert found[EIGHTEEN].words == "pages labelled 18+ listed as forum"


def test_an_age_at_which_a_verdict_changes_is_asked_about_even_where_nothing_draws_a_line(monkeypatch):
    breaking(monkeypatch, lambda q, v: Action.BLOCK if q.profile.age == 10 else None)
    found = broken(proof_of(HOME))
    assert [line["age"] for line in found[YOUNGER].lines] == [7, 10]


def test_a_counterexample_is_told_at_the_person_s_own_age(monkeypatch):
    breaking(monkeypatch, lambda q, v: Action.ALLOW if v.category == "18+" else None)
    text = show_proof(proof_of(HOME), "home.yaml", 0.25)
    assert "  BROKEN  nobody under 18 gets what is 18+" in text
    assert "not so: nobody under 18 gets what is 18+\n  pages labelled 18+\n" in text
    assert '  {"person": "aru", "age": 8, "url": "https://page.invalid/", "moment": ' in text
    assert "allowed, because its age label is above the person's age" in text
    assert "kz.169-VI.16.3 says block (law/kz/169-vi.yaml:" in text


def test_a_proof_that_holds_is_told_with_its_counts():
    proof = proof_of(
        "extends: home\npeople: {dana: {age: adult}, aru: {age: 8}}\nallow: [{host: wiki.example}]\ndefault: nobody\n"
    )
    assert proof.holds
    first, _, *rest = show_proof(proof, "home.yaml", 0.25).splitlines()
    assert first.startswith("home.yaml: 2 people, 1 set of rules, ")
    assert first.endswith(f" situations, {proof.asked:,} questions in 0.2 s")
    assert sum(line.startswith("  holds   ") for line in rest) == len(laws.LAWS) + 1
    at = rest.index("    allow wiki.example (home.yaml:3)")
    assert rest[at + 1] == "        pages labelled 18+ on wiki.example; for everybody under 18"


def test_where_nothing_is_so_on_purpose_nothing_is_said_of_it():
    text = show_proof(proof_of("people: {dana: {age: adult}}\ndefault: nobody\n"), "home.yaml", 1.0)
    assert "on purpose" not in text


def test_a_default_that_somebody_chose_is_told_as_a_choice():
    text = show_proof(proof_of("people: {dana: {age: adult}}\ndefault: dana\n"), "home.yaml", 1.0)
    assert "1 person, 1 set of rules" in text
    assert "  choice  who is not known gets no more than any child here" in text


def test_a_listener_s_strangers_can_be_asked_about_as_well():
    text = "people: {aru: {age: 8, listeners: [kids]}, bota: {age: 6, listeners: [kids]}}\n"
    sources = sources_of(text)
    assert sources.policy is not None
    person = sources.policy.clues.listeners["kids"]
    found = lattice.Lattice(sources, sources.policy, person, NOON)
    line = found.line(found.plain, lattice.PAGES[0], 6)
    assert line["listener"] == "kids"
    assert question_of(line, sources).profile.person == "unknown@kids"
