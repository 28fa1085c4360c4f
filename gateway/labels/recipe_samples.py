"""The samples of a recipe file, tried: does the recipe find in each exactly what the file says?"""

from collections.abc import Sequence
from dataclasses import replace

from gateway.document.document import Headers
from gateway.document.read import read_document
from gateway.labels.data import LabelData
from gateway.labels.from_site_recipe import SiteRecipeReader
from gateway.labels.label import Reading
from gateway.labels.read import read_with
from gateway.labels.recipe import Recipe, Sites
from gateway.labels.recipe_file import read_recipe
from gateway.labels.recipe_shape import ReadsEntry, SampleEntry
from gateway.policy.parse import locate
from gateway.problems import Problem, ProblemsFound


def with_recipe(data: LabelData, recipe: Recipe) -> LabelData:
    """The label data with this recipe and no other."""
    return replace(data, sites=Sites.of([recipe]))


def try_recipe(text: str, path: str, data: LabelData) -> Recipe:
    """The recipe of a file that is sound, and whose samples read as they say.

    Raises ProblemsFound with every fault of the file and every sample that reads otherwise.
    """
    recipe, file, root = read_recipe(text, path, data.scales)
    own = with_recipe(data, recipe)
    problems = []
    for number, sample in enumerate(file.samples):
        reading = _read(sample, own)
        found, wanted = _found(reading), sorted(map(_wanted, sample.reads))
        if found != wanted:
            place = locate(root, ("samples", number))
            message = f"the recipe reads {_shown(found)} here, and the sample says {_shown(wanted)}"
            problems.append(Problem(path, *place, message, "; ".join(reading.notes) or None))
    if problems:
        raise ProblemsFound(problems)
    return recipe


type Gist = tuple[str, int, str]


def _read(sample: SampleEntry, data: LabelData) -> Reading:
    headers = Headers([("Content-Type", sample.type), *sample.headers.items()])
    body = sample.body.encode("utf-8", "replace")
    document = read_document(url=sample.url, status=200, headers=headers, body=body)
    return read_with((SiteRecipeReader(),), document, data)


def _found(reading: Reading) -> list[Gist]:
    return sorted((label.mark, label.min_age, label.scope.value) for label in reading.labels)


def _wanted(entry: ReadsEntry) -> Gist:
    return entry.mark, entry.min_age, entry.scope


def _shown(gists: Sequence[Gist]) -> str:
    return ", ".join(f"{mark} ({min_age}, {scope})" for mark, min_age, scope in gists) or "nothing"
