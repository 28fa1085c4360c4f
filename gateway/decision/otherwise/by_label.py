"""With which label, list entry or Art. 2 evidence the verdict differs."""

from collections.abc import Iterator
from dataclasses import replace

from gateway.decision.otherwise.asking import Asking, Counterfactual, Kind
from gateway.decision.otherwise.writing import entry, word
from gateway.decision.question import Question
from gateway.decision.verdict import Action, Verdict
from gateway.hosts.record import Exempt, ExemptGround, HostRecord
from gateway.labels.label import Label, Reading, Scope, Status, Trust

_EVIDENCE = "name the list or the reviewer"


def by_label(asking: Asking) -> Iterator[Counterfactual]:
    """Without a label at all; the highest label that would open a closed page, the lowest that would close an open one.

    Only labels of the law's own categories, on the page itself.
    """
    question = asking.question
    if asking.verdict.evidence:
        bare = asking.again(_with_reading(question, Reading(status=Status.UNLABELLED)))
        if bare is not None:
            yield Counterfactual(kind=Kind.LABEL, change="without its labels", verdict=bare)
    elif question.reading is not None and question.reading.status is Status.UNREADABLE:
        read = asking.again(_with_reading(question, Reading(status=Status.UNLABELLED)))
        if read is not None:
            yield Counterfactual(kind=Kind.LABEL, change="if it could be read and had no label", verdict=read)
    is_open = asking.verdict.action == Action.ALLOW
    found = _first_label(asking, opens=not is_open)
    if found is not None:
        category, verdict = found
        youngest = category == next(iter(_categories(question)))
        more = "" if youngest and not is_open else " or more" if is_open else " or less"
        yield Counterfactual(kind=Kind.LABEL, change=f"labelled {category}{more}", verdict=verdict)


def by_list(asking: Asking) -> Iterator[Counterfactual]:
    """Without the topics under which the host is listed; without what makes it private or a help line."""
    record = asking.question.host
    if record is None:
        return
    for known, change in (
        (f"listed under {', '.join(sorted(record.topics))}" if record.topics else "", {"topics": frozenset()}),
        (f"listed as {record.kind}" if record.kind else "", {"kind": None}),
    ):
        if not known:
            continue
        unlisted: HostRecord = replace(record, **change)
        found = asking.again(replace(asking.question, host=unlisted))
        if found is not None:
            yield Counterfactual(kind=Kind.LIST, change=_unlisted(asking, record, known), verdict=found)


def _unlisted(asking: Asking, record: HostRecord, known: str) -> str:
    """What would be otherwise if nothing said so of the host; lists that the policy loads by their names."""
    sources = record.source.split("; ") if record.source else []
    loaded = {each.name for each in asking.policy.lists} if asking.policy is not None else set()
    if sources and loaded.issuperset(sources):
        lists = " and ".join(sources)
        return f"if the list{'s' if len(sources) > 1 else ''} {lists} did not name {record.host}"
    return f"if {record.host or 'it'} were not {known}" + (f" ({record.source})" if sources else "")


def by_exemption(asking: Asking) -> Iterator[Counterfactual]:
    """With evidence of an Art. 2 ground, or without the evidence there is."""
    question, exempt = asking.question, asking.question.profile.codex.exempt
    record = question.host or HostRecord(host=asking.host)
    if record.exempt is not None:
        found = asking.again(replace(question, host=replace(record, exempt=None)))
        if found is not None:
            change = f"without the evidence for Art. 2 ({record.exempt.evidence})"
            yield Counterfactual(kind=Kind.EXEMPT, change=change, verdict=found)
        return
    if not exempt:
        return
    ground = ExemptGround.EDUCATIONAL if ExemptGround.EDUCATIONAL in exempt else ExemptGround(next(iter(exempt)))
    found = asking.again(replace(question, host=replace(record, exempt=Exempt(ground, _EVIDENCE))))
    if found is not None:
        shown = f'{{ground: {ground.value}, evidence: "{_EVIDENCE}"}}'
        host = asking.host
        yield Counterfactual(
            kind=Kind.EXEMPT,
            change=f"with evidence that it is {ground.value} (Art. 2)",
            verdict=found,
            write=entry("hosts", f"host: {word(host)}, exempt: {shown}") if host else "",
        )


def _first_label(asking: Asking, *, opens: bool) -> tuple[str, Verdict] | None:
    categories = _categories(asking.question)
    now = asking.verdict.action
    for category, age in sorted(categories.items(), key=lambda pair: pair[1], reverse=opens):
        found = asking.again(_with_reading(asking.question, _labelled(asking.question, category, age)))
        if found is not None and (found.action < now) == opens:
            return category, found
    return None


def _categories(question: Question) -> dict[str, int]:
    """The categories of the law in force and their ages, the youngest first."""
    return {step.category: step.reached for step in question.profile.codex.steps}


def _labelled(question: Question, category: str, age: int) -> Reading:
    scale = min(question.profile.codex.scales, default="kz")
    label = Label(
        scale=scale,
        mark=category,
        min_age=age,
        scope=Scope.PAGE,
        trust=Trust.B,
        carrier="assumed",
        raw=category,
        place="assumed",
    )
    return Reading(status=Status.RATED, labels=(label,))


def _with_reading(question: Question, reading: Reading) -> Question:
    """The question with this reading of the page, and without labels that are known of its host."""
    host = None if question.host is None else replace(question.host, reading=None)
    return replace(question, reading=reading, host=host, heard=())
