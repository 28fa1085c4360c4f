"""What a policy does for each person, in plain words: those for whom it does the same stand together."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from gateway.decision.verdict import Action
from gateway.policy.policy import Policy
from gateway.policy.rules import Rule, Rules
from gateway.policy.stances import Foreign, Stances
from gateway.profiles.grant import Grant
from gateway.profiles.layer import Layer
from gateway.profiles.pages import EVERYTHING
from gateway.profiles.person import Limits, Person
from gateway.profiles.timetable import Timetable

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_NAMES: Final = 8
_VERBS: Final = ((Action.BLOCK, "Blocked"), (Action.ASK, "With permission"), (Action.ALLOW, "Allowed"))
_FOREIGN: Final = {
    Foreign.EXACT: "by their exact age",
    Foreign.STEP: "as the next category up",
    Foreign.IGNORE: "not at all",
}


def describe(policy: Policy, day: date) -> str:
    """The whole policy in words, as it is on `day`; one block of lines for all who have the same."""
    words = _Words(policy, day)
    blocks: dict[tuple[str, ...], list[Person]] = {}
    for person in policy.people.values():
        blocks.setdefault(tuple(words.of(person)), []).append(person)
    shown = [_headed(words.heading(people), lines) for lines, people in blocks.items()]
    unknown = ["Refused"] if policy.default is None else words.of(policy.default)
    shown.append(_headed("Somebody whom nothing tells who they are", unknown))
    return "\n\n".join([words.of_house(), *shown])


def _headed(heading: str, lines: Iterable[str]) -> str:
    return "\n".join([heading, *(f"  {line}" for line in lines)])


class _Words:
    def __init__(self, policy: Policy, day: date) -> None:
        self._policy, self._day = policy, day
        self._limits: dict[int, list[str]] = {}
        self._adults: dict[str, list[str]] = {}
        for name, person in policy.people.items():
            if self._age_of(person) >= policy.codex.child_below:
                self._adults.setdefault(_house_of(name), []).append(name)
        self._members = {people: name for name, people in reversed(list(policy.groups.items()))}

    def of_house(self) -> str:
        policy = self._policy
        count, tenants = len(policy.people), len(policy.parts)
        people = f"{count} {'person' if count == 1 else 'people'}" + (f" of {tenants} tenants" if tenants else "")
        laws = ", ".join(policy.codex.ids) or "none, only the house speaks"
        return f"{people}; law: {laws}; time zone: {policy.zone}; day: {self._day}"

    def heading(self, people: Sequence[Person]) -> str:
        """The names, with the name of the group that they are; of many the first, and how many more there are."""
        names = [self._named(person) for person in people]
        group = self._members.get(frozenset(person.name for person in people)) if len(people) > 1 else None
        count = f"{len(people)} people: " if len(people) > _MOST_NAMES else ""
        return f"{group}, {len(people)} people: {_first(names)}" if group is not None else count + _first(names)

    def _named(self, person: Person) -> str:
        """The name, with the next birthday that the policy knows of."""
        nexts = [age for age in person.ages if age.on is not None and self._day < age.on]
        return f"{person.name} (turns {nexts[0].years} on {nexts[0].on})" if nexts else person.name

    def _age_of(self, person: Person) -> int:
        return person.age_at(datetime.combine(self._day, time(12), person.zone))

    def of(self, person: Person) -> Iterator[str]:
        age = self._age_of(person)
        is_adult = age >= self._policy.codex.child_below
        limits = person.as_adult if is_adult else person.as_child
        if is_adult:
            is_opened = person.stances.adults_opened or not (limits.rules.empty and limits.timetable.empty)
            connections = "are read" if is_opened else "pass unopened"
            yield f"Age: {age} or over: nothing is restricted, and connections {connections}"
        else:
            yield f"Age: counts as {age}: {self._categories(age)}"
            yield from _stances(person.stances, age)
        if id(limits) not in self._limits:
            self._limits[id(limits)] = list(_limits(limits, datetime.combine(self._day, time(), person.zone)))
        yield from self._limits[id(limits)]
        house = _house_of(person.name)
        yield from (_grant(grant, grant.by.removeprefix(f"{house}/")) for grant in person.grants)
        if not is_adult:
            adults = [name.removeprefix(f"{house}/") for name in self._adults.get(house, [])]
            yield f"Grants: by {_first(adults)}" if adults else "Grants: nobody here is old enough to give one"

    def _categories(self, age: int) -> str:
        steps = {step.category: step for step in self._policy.codex.steps}.values()
        open_ = [step.category for step in steps if step.reached <= age]
        closed = [step for step in steps if step.reached > age]
        names = ", ".join(step.category for step in closed)
        cites = dict.fromkeys(cite for step in closed for cite in step.internet.ground.cites[:1])
        by = f" ({', '.join(cites)})" if cites else ""
        return f"labels up to {open_[-1]} are open, {names} are not{by}"


def _house_of(name: str) -> str:
    return name.rpartition("/")[0]


def _first(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _stances(stances: Stances, age: int) -> Iterator[str]:
    yield f"Pages without a label: {_unlabelled(stances, age)}; pages that cannot be read: {stances.unreadable.word}"
    foreign = {
        Foreign.EXACT: "by their exact age",
        Foreign.STEP: "as the next category up",
        Foreign.IGNORE: "not at all",
    }
    yield f"Labels of other countries count {foreign[stances.foreign]}"
    if stances.site_sign_binds:
        yield "The sign of a whole site binds on each of its pages"
    over = stances.local_allow_up_to
    yield f"An allow or grant of the house {f'overrules labels up to {over}+' if over else 'never overrules a label'}"
    if stances.pinned == "pass":
        yield "Apps that take no certificate but their own pass, at hosts without pages, lists and labels against them"
    if asked := list(_asked_of_sites(stances)):
        yield f"Sites are asked for: {', '.join(asked)}"


def _asked_of_sites(stances: Stances) -> Iterator[str]:
    if stances.safe_search:
        yield "safe search"
    if stances.restricted_videos != "none":
        yield f"{stances.restricted_videos} restricted mode of videos"
    if stances.prefer_safe:
        yield "safe content (Prefer: safe)"
    if stances.google_domains:
        yield f"Google accounts of {_first(stances.google_domains)} only"
    if stances.microsoft_tenants:
        yield f"Microsoft accounts of {_first(stances.microsoft_tenants)} only"


def _unlabelled(stances: Stances, age: int) -> str:
    said = [stances.for_unlabelled(age).word]
    for lower, action in stances.unlabelled:
        if lower > age and action != stances.for_unlabelled(lower - 1):
            said.append(f"{action.word} from {lower}")
    return ", ".join(said)


def _limits(limits: Limits, midnight: datetime) -> Iterator[str]:
    for action, verb in _VERBS:
        for words in _rules(limits.rules, action):
            yield f"{verb}: {words}"
    yield from _hours(limits.timetable, midnight)
    for quota in limits.timetable.quotas:
        of = "" if quota.subject == EVERYTHING else f" of {quota.service}"
        yield f"Minutes{of}: at most {quota.minutes} a day ({quota.rule}, {quota.where})"


def _rules(rules: Rules, action: Action) -> Iterator[str]:
    """Each written rule once: its conditions in words, its end, and where it stands."""
    found: dict[object, list[Rule]] = {}
    for rule in (*rules.hostless, *(rule for named in rules.by_host.values() for rule in named)):
        if rule.hit.says is action:
            found.setdefault(rule.hit, []).append(rule)
    for same in found.values():
        rule = same[0]
        hosts = ", ".join(dict.fromkeys(each.host for each in same if each.host))
        parts = [hosts + rule.path] if hosts else []
        parts += [f"topic {_either(rule.topics)}"] if rule.topics else []
        parts += [f"kind {_either(rule.kinds)}"] if rule.kinds else []
        if rule.category is not None:
            parts.append(f"{rule.category} and {'younger' if action is Action.ALLOW else 'older'}")
        parts += [f"when they {rule.asked.value}"] if rule.asked is not None else []
        until = f", until {rule.hit.until:%Y-%m-%d %H:%M}" if rule.hit.until is not None else ""
        yield f"{' and '.join(parts)}{until} ({rule.hit.where})"


def _either(words: Iterable[str]) -> str:
    return " or ".join(sorted(words))


def _hours(timetable: Timetable, midnight: datetime) -> Iterator[str]:
    """The hours of the coming week that are closed, by what they are about; days with the same stand together."""
    for layer in timetable.layers:
        about = "" if layer.subject == EVERYTHING else f" for {layer.subject.name}"
        but = "".join(f", but {lift.subject.name} at some hours" for lift in layer.lifts)
        days: dict[str, list[int]] = {}
        for day in sorted((midnight + timedelta(ahead) for ahead in range(7)), key=datetime.weekday):
            days.setdefault(_closed(layer, day), []).append(day.weekday())
        yield from (f"Closed{about}: {_day_names(same)} {hours}{but}" for hours, same in days.items() if hours)


def _closed(layer: Layer, day: datetime) -> str:
    runs: list[list[int]] = []
    for span in layer.map_on(day.toordinal()).spans:
        if runs and runs[-1][1] == span.start:
            runs[-1][1] = span.end
        else:
            runs.append([span.start, span.end])
    return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in runs)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _day_names(days: Sequence[int]) -> str:
    """Days of the week, in order, as people say them."""
    if len(days) == len(_DAYS):
        return "every day"
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{_DAYS[days[0]]}-{_DAYS[days[-1]]}"
    return ", ".join(_DAYS[day] for day in days)


def _grant(grant: Grant, by: str) -> str:
    what = f"{grant.minutes} more minutes" if grant.minutes else grant.host + (grant.path or "")
    until = f" until {grant.until:%Y-%m-%d %H:%M}" if grant.until is not None else ""
    return f"Granted: {what}{until}, by {by} ({grant.where})"
