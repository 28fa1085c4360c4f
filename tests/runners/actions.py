"""Cases of actions: a request → what the person does, by the shipped recipes.

A case has a `url`; and may have the `method` (GET without it), the `kind` of the host (that of the shipped lists
without it), and a body, either as names of its `fields` or as `type` and `body`, as it is on the wire. `asks` is view,
register or search. With `file`, the text of a recipe file, `problems` lists what is wrong with it
("line:column: message").
"""

from functools import cache
from typing import Any

from gateway.actions.build import build_recipes
from gateway.actions.form import field_names
from gateway.actions.recipe import Recipes
from gateway.document.document import Headers
from gateway.document.url import canonical
from gateway.hosts.index import HostIndex
from gateway.hosts.lists import read_hosts
from gateway.problems import ProblemsFound
from gateway.shipped import texts


@cache
def recipes() -> Recipes:
    return build_recipes(texts("actions"))


@cache
def hosts() -> HostIndex:
    return HostIndex.of(read_hosts(texts("hosts")), ())


def run(case: dict[str, Any]) -> None:
    if "file" in case:
        said = problems_of(case["file"])
        assert said == case.get("problems", []), "problems:\n" + "\n".join(f"  - {line!r}" for line in said)
        return
    url, fields = canonical(case["url"]), case.get("fields")
    known = hosts().lookup(url.host)
    if "body" in case:
        fields = field_names(Headers([("Content-Type", case["type"])]), case["body"].encode())
    kind = case.get("kind", known.kind if known else None)
    method = case.get("method", "GET")
    asked = recipes().asked(method, url, kind, fields)
    assert asked == case["asks"], f"{method} {url.href} {fields} is {asked.value}, not {case['asks']}"


def problems_of(text: str) -> list[str]:
    try:
        build_recipes({"actions/site.yaml": text, "actions/README.md": "no recipe"})
    except ProblemsFound as found:
        return [
            f"{each.line}:{each.column}: {each.message}{f' ({each.hint})' if each.hint else ''}"
            for each in found.problems
        ]
    return []
