"""What would a person's verdict be, and why: the host and the page are visited, and the question is asked as ever."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gateway.decision.decide import decide
from gateway.decision.explain import explain
from gateway.decision.jsonl import to_line
from gateway.decision.otherwise.asking import Counterfactual
from gateway.decision.otherwise.otherwise import counterfactuals
from gateway.decision.question import Question, Tier
from gateway.decision.sight import Sight, sight
from gateway.decision.verdict import Reason, Verdict
from gateway.document.url import Url
from gateway.edge.inquiry import Ruling, Standing
from gateway.edge.probe.probe import Probe
from gateway.edge.reading import known_of
from gateway.labels.read import read_labels
from gateway.policy.faults import known_words
from gateway.policy.policy import Policy
from gateway.profiles.person import Person
from gateway.profiles.recognise import profile_of


@dataclass(frozen=True, slots=True)
class Explanation:
    """`otherwise`: what would make another verdict. `text` says everything in lines for a terminal."""

    question: Question
    verdict: Verdict
    otherwise: tuple[Counterfactual, ...]
    text: str

    def to_json(self) -> dict[str, Any]:
        """The same in JSON values; verdicts as `qorgan decide --jsonl` gives them."""
        question = self.question
        return {
            "url": None if question.url is None else question.url.href,
            "person": question.profile.person,
            "age": question.profile.age,
            "moment": question.moment.isoformat(),
            "verdict": _verdict_json(self.verdict),
            "otherwise": [
                {
                    "kind": other.kind.value,
                    "change": other.change,
                    "action": other.verdict.action.word,
                    "reason": other.verdict.reason.value,
                    "write": other.write,
                }
                for other in self.otherwise
            ],
        }


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    line = to_line(None, verdict)
    del line["id"]
    return {**line, "layer": verdict.layer.value, "min_age": verdict.min_age, "revision": verdict.revision}


async def explain_page(
    ruling: Ruling,
    probe: Probe | None,
    url: Url,
    name: str,
    moment: datetime,
    standing: Standing | None = None,
) -> Explanation:
    """The verdict on `url` for the person `name` at `moment` (aware).

    `standing` adds what was granted, used and heard since the policy was written.

    Raises LookupError when the policy knows nobody of that name. A page that cannot be visited is explained by what is
    known of its host, and the text says so.
    """
    person = person_called(name, ruling.policy)
    profile = profile_of(ruling.policy, person, moment)
    profile = profile if standing is None else standing.profile_now(profile)
    heard = standing.heard(profile, url, moment) if standing is not None else ()
    record = ruling.hosts.lookup_address(url)
    asked = ruling.actions.asked("GET", url, None if record is None else record.kind)
    question = Question(profile=profile, url=url, moment=moment, action=asked, host=record, tier=Tier.HOST, heard=heard)
    note = ""
    # An adult's pages are not opened on their way, but what others would get can only be said when this one was seen.
    if sight(question) is Sight.LOOK or decide(question).reason is Reason.ADULT:
        question, note = await _looked_at(question, ruling, probe, url)
    verdict = decide(question)
    # Some hundred questions and a week of minutes: too long for the thread that serves pages.
    otherwise = await asyncio.to_thread(counterfactuals, question, verdict, ruling.policy, person)
    text = explain(question, verdict, otherwise) + _listed(ruling, url) + note
    return Explanation(question, verdict, otherwise, text)


def _listed(ruling: Ruling, url: Url) -> str:
    """The lists that name the host or the address, each with its entry; and those that cannot be asked yet."""
    listed = ruling.hosts.listed
    named = listed.naming(url) if listed is not None else ()
    asked = {meaning.name for meaning in listed.meanings if meaning is not None} if listed is not None else set()
    lines = [f"\n  listed    {each.list}: {each.entry}" for each in named]
    missing = (each.name for each in ruling.policy.lists if each.name not in asked)
    lines += [f"\n  not asked {name}: this list was not loaded yet" for name in missing]
    return "".join(lines)


def person_called(name: str, policy: Policy) -> Person:
    """The person of that name. Raises LookupError with a sentence when the policy has none."""
    try:
        return policy.people[name]
    except KeyError:
        hint = known_words(name, policy.people) or "it names nobody"
        raise LookupError(f"the policy knows nobody called {name!r}; {hint}") from None


async def _looked_at(question: Question, ruling: Ruling, probe: Probe | None, url: Url) -> tuple[Question, str]:
    if probe is None:
        return question, "\n  not seen  the page was not visited: the probe is switched off"
    found = await probe.record(url.host, port=url.port, scheme=url.scheme)
    question = replace(question, host=known_of(url, question.host, found, ruling.labels))
    page = await probe.page(url)
    if isinstance(page, str):
        return question, f"\n  not seen  {page}"
    reading = read_labels(page, ruling.labels, host=question.host)
    return replace(question, reading=reading, tier=Tier.PAGE), ""
