"""`qorgan labels --recipe`: a site recipe that somebody is writing, tried alone on a saved page."""

from pathlib import Path

from gateway.document.url import canonical
from gateway.labels.data import LabelData
from gateway.labels.recipe_samples import try_recipe, with_recipe
from gateway.store.files import read_policy_files


def read_trial(file: Path, data: LabelData, url: str | None) -> tuple[LabelData, str]:
    """The label data with the recipe in `file` as the only one, and the address to read the page at.

    Without `url` that is the front page of the recipe's first host. Raises ProblemsFound when the recipe is faulty or
    one of its samples reads otherwise than it says; ValueError with a sentence when it says nothing of `url`.
    """
    files = read_policy_files([file])
    if len(files) != 1:
        raise ValueError(f"{file} has {len(files)} files; name one recipe file")
    name, text = files.popitem()
    recipe = try_recipe(text, name, data)
    own = with_recipe(data, recipe)
    address = canonical(url if url is not None else f"https://{recipe.hosts[0]}/")
    if not own.sites.at(address):
        raise ValueError(f"the recipe says nothing of {address.href}; it is for {', '.join(recipe.hosts)}")
    return own, address.href
