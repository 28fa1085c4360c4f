"""mitmproxy's package of add-ons, without loading all of them: the gateway needs three of some forty.

The package's own module imports every add-on, with a web framework, an LDAP client and more: 20 MB and a good part of
a worker's start. Its modules are found without it. Where the package is loaded already (inside mitmdump), nothing is
done.
"""

import importlib.util
import sys
from importlib.machinery import PathFinder
from typing import Final

import mitmproxy

_PACKAGE: Final = "mitmproxy.addons"


def stand_in() -> None:
    """Puts the bare package in its place, before any of its modules is imported.

    Where it cannot be found as a package, the real one is loaded later.
    """
    spec = PathFinder.find_spec(_PACKAGE, mitmproxy.__path__)
    if _PACKAGE in sys.modules or spec is None or not spec.submodule_search_locations:
        return
    package = importlib.util.module_from_spec(spec)  # has a path, so that modules are found below it; not executed
    sys.modules[_PACKAGE] = package
    mitmproxy.addons = package  # type: ignore[attr-defined]
