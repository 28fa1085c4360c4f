"""A pack: the rules of one legal act as data, read from YAML and checked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictBool, ValidationError

from gateway.decision.verdict import Action
from gateway.law.article import (
    KINDS,
    Age,
    Article,
    BroadcastHours,
    Dated,
    Day,
    Ladder,
    Restricted,
    Shape,
    Text,
    TopicList,
    Words,
    filled,
)
from gateway.law.pack_id import pack_id
from gateway.policy.faults import did_you_mean, problems_of
from gateway.policy.parse import Node, as_plain, find, locate, parse
from gateway.policy.stances import Stances
from gateway.problems import Problem, ProblemsFound


class Phrase(Shape):
    """The words that stand for a category in one language; unverified ones are for recognising, never for showing."""

    text: Text
    verified: StrictBool
    source: Text


class Category(Shape):
    min_age: Age
    name: str | None = None
    phrases: dict[Literal["kk", "ru", "en"], Phrase] = Field(default_factory=dict)


def _by_age[T](bounds: dict[str, T]) -> dict[str, T]:
    if not all(age.isdecimal() and len(age) <= 2 for age in bounds):
        raise ValueError("write it by lower age bounds, as {0: block, 12: allow}")
    return bounds


class StanceSet(Shape):
    """A named set of answers where the act is silent. `unlabelled`: lower age bound → action."""

    unlabelled: Annotated[dict[str, Literal["allow", "ask", "block"]], AfterValidator(_by_age)]
    site_sign_binds: StrictBool
    unlabelled_online_publication: Literal["flag", "block", "none"]
    simulcast_is_broadcast: StrictBool


class Act(Shape):
    """The whole file. `in_force` None: a draft, or the day is not known."""

    pack: str
    title: Text
    jurisdiction: Text
    status: Literal["in-force", "draft"]
    in_force: Day | None
    text_version: Text
    checked: Day
    sources: Words
    scales: Words = ()
    categories: dict[str, Category] = Field(default_factory=dict)
    stances: dict[Literal["default", "strict", "lenient"], StanceSet] = Field(default_factory=dict)
    articles: Annotated[tuple[dict[str, object], ...], filled]


@dataclass(frozen=True, slots=True)
class Pack:
    """An act with its articles and their places (file:line), and its stances as the decision takes them."""

    act: Act
    articles: tuple[Article[Any], ...]
    places: Mapping[str, str]
    stances: Mapping[str, Stances]

    @property
    def id(self) -> str:
        return self.act.pack


def read_pack(text: str, path: str) -> Pack:
    """The pack in `text`; `path` names it. Raises ProblemsFound with every problem of the file."""
    root = parse(text, path)
    try:
        act = Act.model_validate(as_plain(root))
    except ValidationError as error:
        raise ProblemsFound(problems_of(error, Act, root, path)) from None
    problems: list[Problem] = []
    articles = tuple(_read_articles(root, path, problems))
    if problems:
        raise ProblemsFound(problems)
    problems = _Check(act, articles, root, path).problems
    if problems:
        raise ProblemsFound(problems)
    places = {article.id: f"{path}:{locate(root, ('articles', i))[0]}" for i, article in enumerate(articles)}
    return Pack(act, articles, places, {name: _to_stances(name, chosen) for name, chosen in act.stances.items()})


def _read_articles(root: Node, path: str, problems: list[Problem]) -> Iterator[Article[Any]]:
    """Each article by the shape of its kind; what does not fit goes to `problems`."""
    for node in find(root, ("articles",)).items:
        named = node.entries.get("kind", node)
        kind = named.value if named is not node else None
        if not isinstance(kind, str) or kind not in KINDS:
            written = kind if isinstance(kind, str) else ""
            message = f"{kind!r} is not a kind of rule" if written else "the key 'kind' must name a kind of rule"
            problems.append(Problem(path, named.line, named.column, message, did_you_mean(written, KINDS)))
            continue
        try:
            yield KINDS[kind].model_validate(as_plain(node))
        except ValidationError as error:
            problems += problems_of(error, KINDS[kind], node, path)


def _to_stances(name: str, chosen: StanceSet) -> Stances:
    bounds = sorted((int(age), Action[action.upper()]) for age, action in chosen.unlabelled.items())
    return Stances(
        base=name,
        unlabelled=tuple(bounds),
        site_sign_binds=chosen.site_sign_binds,
        unlabelled_online_publication=chosen.unlabelled_online_publication,
        simulcast_is_broadcast=chosen.simulcast_is_broadcast,
    )


type _Place = tuple[str | int, ...]


class _Check:
    """What the shape alone cannot say. `problems` has what was found."""

    def __init__(self, act: Act, articles: Sequence[Article[Any]], root: Node, path: str) -> None:
        self._root, self._path = root, path
        self.problems: list[Problem] = []
        if act.pack != pack_id(path):
            self._note(("pack",), f"the pack calls itself {act.pack!r}", f"by its place it is {pack_id(path)!r}")
        self._check_categories(act.categories)
        self._check_names([article.id for article in articles])
        for index, article in enumerate(articles):
            self._check_days([value.begins for value in article.values], ("articles", index, "values"))
            for number, value in enumerate(article.values):
                self._check_value(value, act.categories, ("articles", index, "values", number))

    def _check_categories(self, categories: Mapping[str, Category]) -> None:
        ages = [category.min_age for category in categories.values()]
        if ages != sorted(set(ages)):
            hint = "write them from the youngest to the oldest, each age once"
            self._note(("categories",), "the categories are not in order", hint, key=True)

    def _check_names(self, names: Sequence[str]) -> None:
        for index, name in enumerate(names):
            if name in names[:index]:
                first = locate(self._root, ("articles", names.index(name)))[0]
                self._note(("articles", index, "id"), f"two articles are called {name!r}", f"see line {first}")

    def _check_days(self, days: Sequence[date], place: _Place) -> None:
        for number, (earlier, later) in enumerate(pairwise(days), start=1):
            if later <= earlier:
                hint = "write the oldest value first"
                self._note((*place, number, "from"), f"this value must begin after {earlier}", hint)

    def _check_value(self, value: Dated, categories: Mapping[str, Category], place: _Place) -> None:
        """Every category that a value names must be one of the pack's own."""
        match value:
            case Ladder():
                named = [(sign, (*place, "steps", sign)) for sign in value.steps]
            case Restricted() | TopicList() | BroadcastHours():
                named = [(value.category, (*place, "category"))]
            case _:
                named = []
        for sign, where in named:
            if sign not in categories:
                message = f"{sign!r} is not a category of this pack"
                self._note(where, message, did_you_mean(sign, categories), key="steps" in where)

    def _note(self, where: _Place, message: str, hint: str | None, *, key: bool = False) -> None:
        self.problems.append(Problem(self._path, *locate(self._root, where, key=key), message, hint))
