"""Trials of cases in lines for a terminal."""

from collections.abc import Iterator, Sequence

from gateway.decision.explain import explain, told
from gateway.decision.otherwise.otherwise import counterfactuals
from gateway.decision.verdict import Verdict
from gateway.policy.policy import Policy
from gateway.proof.trial import Trial

_NOBODY = "blocked, because nobody is known here"


def show_trials(trials: Sequence[Trial], policy: Policy, *, explained: bool = False) -> Iterator[str]:
    """A line for each case; below one that is not as expected what was, what came, why and by which rule.

    `explained`: the whole explanation of those as well.
    """
    for trial in trials:
        if trial.passed:
            yield f"  ok      {trial.case.sentence}: {_in_short(trial.verdict)}"
            continue
        yield f"  FAILED  {trial.case.sentence}  ({trial.case.written.where})"
        for key, wanted, got in trial.misses:
            yield f"          {'expected' if key == 'expect' else key:<9} {wanted}, got {got}"
        yield f"          why       {_NOBODY if trial.verdict is None else told(trial.verdict)}"
        if trial.verdict is not None:
            ground = trial.verdict.grounds[0]
            cites = f"; {', '.join(ground.cites)}" if ground.cites else ""
            yield f"          by        {ground.rule} ({ground.where}){cites}"
        if explained and trial.question is not None and trial.verdict is not None:
            others = counterfactuals(trial.question, trial.verdict, policy, trial.person)
            yield from (f"          | {line}" for line in explain(trial.question, trial.verdict, others).splitlines())


def _in_short(verdict: Verdict | None) -> str:
    if verdict is None:
        return "block, nobody is known here"
    return f"{verdict.action.word}, by {verdict.grounds[0].rule} ({verdict.grounds[0].where})"
