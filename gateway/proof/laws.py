"""The laws of the house (DESIGN, section 6), each as a check of a table of verdicts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from gateway.decision.claim import only_mentions
from gateway.decision.question import Question, Tier
from gateway.decision.sight import Sight, sight
from gateway.decision.verdict import Action, Reason, Verdict
from gateway.labels.label import Scope
from gateway.law import house
from gateway.policy.rules import Rules
from gateway.policy.stances import Foreign
from gateway.profiles.person import ADULT
from gateway.proof.axis import Page
from gateway.proof.lattice import Lattice, Table
from gateway.proof.scene import Scene

_SECOND: Final = timedelta(seconds=1)


class Excuse(NamedTuple):
    """Why a law does not hold somewhere on purpose: a rule, grant or stance of the policy, or Art. 2 of the law."""

    what: str
    where: str = ""  # file:line


class Cell(NamedTuple):
    page: Page
    age: int
    verdict: Verdict


class Breach(NamedTuple):
    """The verdict that breaks a law, first, and the one it is compared with, if any."""

    cells: tuple[Cell, ...]
    excuse: Excuse | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A table with its margins: rows are pages, columns are ages."""

    lattice: Lattice
    scene: Scene
    pages: Sequence[Page]
    ages: Sequence[int]
    table: Table

    def cell(self, row: int, column: int) -> Cell:
        return Cell(self.pages[row], self.ages[column], self.table[row][column])


@dataclass(frozen=True, slots=True)
class Law:
    """`check` gives every breach in a scene of which the law `speaks`; `count` how many verdicts it compared."""

    name: str
    sentence: str
    speaks: Callable[[Scene], bool]
    check: Callable[[Shown], Iterator[Breach]]
    count: Callable[[Shown], int]


def _younger(shown: Shown) -> Iterator[Breach]:
    for row, verdicts in enumerate(shown.table):
        for column, (younger, older) in enumerate(pairwise(verdicts)):
            if younger.action < older.action:
                yield Breach((shown.cell(row, column), shown.cell(row, column + 1)))


def _stricter(shown: Shown) -> Iterator[Breach]:
    for row, (milder, stricter) in enumerate(pairwise(shown.pages)):
        if not milder.row or milder.row != stricter.row:
            continue
        for column in range(len(shown.ages)):
            if shown.table[row][column].action > shown.table[row + 1][column].action:
                yield Breach((shown.cell(row + 1, column), shown.cell(row, column)))


def _help_lines(shown: Shown) -> Iterator[Breach]:
    yield from (Breach((cell,)) for cell in _cells(shown, _every(shown)) if cell.verdict.action != Action.ALLOW)


def _private(shown: Shown) -> Iterator[Breach]:
    for cell in _cells(shown, _every(shown)):
        if cell.verdict.reason != Reason.OUT_OF_SCOPE or cell.verdict.action != Action.ALLOW:
            yield Breach((cell,))


def _eighteen(shown: Shown) -> Iterator[Breach]:
    topic = _age_of_topic(shown)
    for cell in _cells(shown, _rows_of_18(shown), below=ADULT):
        if cell.verdict.action == Action.ALLOW and not (topic < ADULT and _is_mention(shown, cell)):
            yield Breach((cell,), _excuse_for(shown, cell, max(cell.page.min_age, topic)))


def _is_mention(shown: Shown, cell: Cell) -> bool:
    """Art. 15(3): what a list of search results or a shop's grid mentions is no part of the page."""
    question = shown.lattice.question(shown.scene, cell.page, cell.age)
    labels = () if question.reading is None else question.reading.labels
    return only_mentions(question) and bool(labels) and all(label.scope is Scope.PART for label in labels)


def _unreadable(shown: Shown) -> Iterator[Breach]:
    for cell in _cells(shown, _rows_unreadable(shown), below=ADULT):
        if cell.verdict.action == Action.ALLOW:
            yield Breach((cell,), _excuse_for(shown, cell, ADULT))


def _unseen(shown: Shown) -> Iterator[Breach]:
    """What `sight` passes unopened no page may close; what it refuses unread no page may open."""
    for column, age in enumerate(shown.ages):
        question = shown.lattice.question(shown.scene, None, age)
        is_host = question.url is not None and question.url.path == "/"
        seen = sight(replace(question, tier=Tier.HOST if is_host else Tier.PAGE))
        refused = sight(replace(question, tier=Tier.PAGE)) is Sight.REFUSE
        for row in range(len(shown.pages)):
            is_open = shown.table[row][column].action == Action.ALLOW
            if (seen is Sight.PASS and not is_open) or (refused and is_open):
                yield Breach((shown.cell(row, column),))


def _ending(shown: Shown) -> Iterator[Breach]:
    """At the moment at which closed hours or used-up minutes are said to end they do, and not a second before."""
    for column, age in enumerate(shown.ages):
        row = next((row for row in _every(shown) if _is_time(shown.table[row][column])), None)
        if row is None:
            continue
        cell = shown.cell(row, column)
        until = cell.verdict.until
        if until is None:
            continue  # it never ends
        question = shown.lattice.question(shown.scene, cell.page, age)
        last, after = (shown.lattice.ask(replace(question, moment=each)) for each in (until - _SECOND, until))
        is_same = after.reason is cell.verdict.reason and after.grounds[0].where == cell.verdict.grounds[0].where
        if until <= question.moment or last.action < Action.BLOCK or is_same:
            yield Breach((cell,))


def _is_time(verdict: Verdict) -> bool:
    return verdict.reason in (Reason.SCHEDULE, Reason.QUOTA)


def _excuse_for(shown: Shown, cell: Cell, claimed: int) -> Excuse | None:
    return _excuse(shown.lattice, shown.lattice.question(shown.scene, cell.page, cell.age), cell.verdict, claimed)


def _excuse(lattice: Lattice, question: Question, verdict: Verdict, claimed: int) -> Excuse | None:
    """What the policy or the law itself says to open a page for `claimed` years and over."""
    profile = question.profile
    if verdict.reason is Reason.EXEMPT:
        return Excuse("Art. 2 of the law, where somebody has given evidence for it")
    if verdict.reason in (Reason.LOCAL_ALLOW, Reason.GRANT):
        if profile.stances.local_allow_up_to >= claimed:
            return Excuse(verdict.grounds[0].rule, verdict.grounds[0].where)
        stance = _stance_for(lattice, question)
        if stance is not None:
            return stance
        # It must have been open without the house's own word already.
        bare = replace(question, profile=replace(profile, rules=Rules(), grants=()))
        found = lattice.ask(bare)
        return _excuse(lattice, bare, found, claimed) if found.action == Action.ALLOW else None
    return _stance_for(lattice, question)


def _stance_for(lattice: Lattice, question: Question) -> Excuse | None:
    """The stance without which a page would not be open."""
    profile, stances = question.profile, question.profile.stances
    for what, strict in (
        ("the stance site-sign-binds: false", replace(stances, site_sign_binds=True)),
        (f"the stance foreign: {stances.foreign.value}", replace(stances, foreign=Foreign.EXACT)),
    ):
        if lattice.ask(replace(question, profile=replace(profile, stances=strict))).action > Action.ALLOW:
            return Excuse(what)
    return None


def _cells(shown: Shown, rows: Sequence[int], *, below: int | None = None) -> Iterator[Cell]:
    for row in rows:
        for column, age in enumerate(shown.ages):
            if below is None or age < below:
                yield shown.cell(row, column)


def _every(shown: Shown) -> Sequence[int]:
    return range(len(shown.pages))


def _rows_of_18(shown: Shown) -> Sequence[int]:
    rows = _every(shown)
    return rows if _age_of_topic(shown) >= ADULT else [row for row in rows if shown.pages[row].min_age >= ADULT]


def _rows_unreadable(shown: Shown) -> Sequence[int]:
    return [row for row in _every(shown) if shown.pages[row].is_unreadable]


def _pairs(shown: Shown) -> int:
    return sum(one.row == two.row != "" for one, two in pairwise(shown.pages))


def _closed_columns(shown: Shown) -> int:
    return sum(any(_is_time(row[column]) for row in shown.table) for column in range(len(shown.ages)))


def _minors(shown: Shown) -> int:
    return sum(age < ADULT for age in shown.ages)


def _is_ordinary(scene: Scene) -> bool:
    return not _is_help_line(scene) and not _is_private(scene)


def _is_any(_scene: Scene) -> bool:
    return True


def _is_timed(scene: Scene) -> bool:
    return bool(scene.when.words)


def _is_help_line(scene: Scene) -> bool:
    return scene.kind.line.get("kind") == house.HELP_LINE_KIND


def _is_private(scene: Scene) -> bool:
    line = scene.kind.line
    return line.get("kind") in house.PRIVATE_KINDS or line.get("audience") in house.PRIVATE_AUDIENCES


def _age_of_topic(shown: Shown) -> int:
    known = shown.lattice.codex.topics
    named = shown.scene.topic.line.get("topics", ())
    return max((known[topic].min_age for topic in named if topic in known), default=-1)


LAWS: Final = (
    Law(
        "younger",
        "the younger never get more",
        _is_any,
        _younger,
        lambda shown: len(shown.pages) * (len(shown.ages) - 1),
    ),
    Law(
        "stricter",
        "a stricter label never loosens",
        _is_any,
        _stricter,
        lambda shown: len(shown.ages) * _pairs(shown),
    ),
    Law(
        "help-lines",
        "help lines always pass",
        _is_help_line,
        _help_lines,
        lambda shown: len(shown.pages) * len(shown.ages),
    ),
    Law(
        "private",
        "private traffic is never judged",
        _is_private,
        _private,
        lambda shown: len(shown.pages) * len(shown.ages),
    ),
    Law(
        "eighteen",
        "nobody under 18 gets what is 18+",
        _is_ordinary,
        _eighteen,
        lambda shown: len(_rows_of_18(shown)) * _minors(shown),
    ),
    Law(
        "unreadable",
        "nobody under 18 gets what cannot be read",
        _is_ordinary,
        _unreadable,
        lambda shown: len(_rows_unreadable(shown)) * _minors(shown),
    ),
    Law(
        "unseen",
        "what is passed or refused unread is answered the same when read",
        _is_any,
        _unseen,
        lambda shown: len(shown.pages) * len(shown.ages),
    ),
    Law(
        "ending",
        "closed hours and used-up minutes end when they say",
        _is_timed,
        _ending,
        _closed_columns,
    ),
)
