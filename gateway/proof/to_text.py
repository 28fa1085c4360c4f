"""A proof in lines for a terminal: what holds, what does not and by which question, what is so on purpose."""

from collections.abc import Iterator
from json import dumps

from gateway.decision.explain import told
from gateway.proof.axis import names_of
from gateway.proof.proof import Counterexample, Proof, Proved


def show_proof(proof: Proof, what: str, seconds: float) -> str:
    """Lines of text. `what`: the policy's name; `seconds`: how long the proof took."""
    sets = _counted(len(proof.groups), "set of rules", "sets of rules")
    people = _counted(proof.people, "person", "people")
    lines = [
        f"{what}: {people}, {sets}, {proof.scenes:,} situations, {proof.asked:,} questions in {seconds:.1f} s",
        "",
    ]
    widest = max(len(proved.sentence) for proved in proof.laws)
    lines += [_law(proved, widest) for proved in proof.laws]
    on_purpose = [line for proved in proof.laws for line in _on_purpose(proved, proof)]
    if on_purpose:
        lines += ["", "not so on purpose", *on_purpose]
    for proved in proof.laws:
        if proved.counterexample is not None:
            lines += ["", f"not so: {proved.sentence}", *_counterexample(proved.counterexample)]
    return "\n".join(lines)


def _law(proved: Proved, widest: int) -> str:
    word = "holds " if proved.counterexample is None else "BROKEN"
    if proved.counterexample is None and not proved.compared and proved.on_purpose:
        return f"  choice  {proved.sentence:<{widest}}  see below"
    return f"  {word}  {proved.sentence:<{widest}}  {proved.compared:>11,} verdicts compared"


def _on_purpose(proved: Proved, proof: Proof) -> Iterator[str]:
    if not proved.on_purpose:
        return
    yield f"  {proved.sentence}, but for"
    for found in proved.on_purpose.values():
        where = f" ({found.excuse.where})" if found.excuse.where else ""
        everybody = set(found.people) == set(proof.minors)
        whom = "everybody under 18" if everybody else names_of(found.people)
        yield f"    {found.excuse.what}{where}"
        yield f"        {found.words}" + (f"; for {whom}" if found.people else "")


def _counterexample(example: Counterexample) -> Iterator[str]:
    yield f"  {example.words}"
    for line, verdict in zip(example.lines, example.verdicts, strict=True):
        yield f"  {dumps(line, ensure_ascii=False)}"
        yield f"      {told(verdict)}"
        for ground in verdict.grounds:
            by = "" if ground.overruled_by is None else f", overruled by {ground.overruled_by}"
            yield f"      {ground.rule} says {ground.says.word} ({ground.where}){by}"


def _counted(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
