"""The shape of the files in policies/scales and policies/signs."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, model_validator

Words = tuple[Annotated[str, Field(min_length=1)], ...]
Age = Annotated[StrictInt, Field(ge=0, le=21)]
Text = Annotated[str, Field(min_length=1)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MarkEntry(Shape):
    """A mark and its spellings: `spelled` everywhere, `short` only when the system or the country is known."""

    mark: Text
    min_age: Age
    spelled: Words = ()
    short: Words = ()
    source: Text | None = None


class ScaleFile(Shape):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Text
    source: Text
    checked: Day
    countries: Words = ()
    top_level: Words = ()
    names: Words = ()
    services: Words = ()
    suffix_letters: str = ""
    marks: tuple[MarkEntry, ...]
    patterns: Words = ()
    ages: tuple[Age, ...] = ()
    everyone: Words = ()


class WarningEntry(Shape):
    """A notice: `form` as policies/signs/README.md says; its age is `min_age` or the `{age}` of the form."""

    form: Text
    min_age: Age | None = None
    under: StrictBool = False

    @model_validator(mode="after")
    def _one_age(self) -> Self:
        if (self.min_age is None) != ("{age}" in self.form):
            raise ValueError("a warning has either {age} in its form or a min_age")
        return self


class SignFile(Shape):
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    source: Text
    checked: Day
    verified: StrictBool
    numbers: dict[str, Age]
    alike: dict[Annotated[str, Field(min_length=1, max_length=1)], Text] = Field(default_factory=dict)
    traces: Words
    warnings: tuple[WarningEntry, ...]
    titles: Words
    title_traces: Words = ()
    leads: Words = ()
    years: Words = ()
    publications: Words
    not_after: Words = ()
    not_before: Words = ()
    may_follow: Words = ()


class PlaceWords(Shape):
    """Where something stands: an element's tag, role, microdata type, attribute, or a word of its class or id."""

    tags: Words = ()
    types: Words = ()
    attributes: Words = ()
    roles: Words = ()
    words: Words = ()


class PlacesFile(Shape):
    source: Text
    checked: Day
    rhombus: Text
    rhombus_words: Words
    adults_only: Text
    outer_words: Words
    header: PlaceWords
    footer: PlaceWords
    own: PlaceWords
    deaf: PlaceWords


class BadgeEntry(Shape):
    """A picture or a link that shows a mark: by the host it leads to, or by the name of its file."""

    scale: Text
    mark: Text
    hosts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")], ...]
    pictures: tuple[Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")], ...]
    announced_by: Words


class NoticeEntry(Shape):
    """A notice that only those publish whom a mark fits: `form` as for warnings; `trace` is in all of them."""

    scale: Text
    mark: Text
    trace: Text
    form: Text


class BadgesFile(Shape):
    source: Text
    checked: Day
    badges: tuple[BadgeEntry, ...]
    notices: tuple[NoticeEntry, ...]


class NamesFile(Shape):
    """Names of files and classes that show an age: `{age}` in a form is one of the law's ages."""

    source: Text
    checked: Day
    scales: Words
    forms: Words
    weak: Words
    classes: Words
    areas: Words
    beside: Words


class SchemaOrgFile(Shape):
    """Which types of schema.org are works, and which audiences are patients (the audience's age is then theirs)."""

    source: Text
    checked: Day
    works: Words
    patients: Words
