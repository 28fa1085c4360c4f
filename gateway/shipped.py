"""Where the data that comes with the program lies, in a checkout and in a wheel, and its text.

The pure packages take text; this module and the command line are where shipped files are read.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The folder `policies` or `addons`. Raises LookupError when it is neither in the wheel nor beside the package."""
    for folder in (_PACKAGE / "_shipped" / name, _PACKAGE.parent / name):
        # A stranger's site-packages/policies must not be taken for ours: a checkout has pyproject.toml beside it.
        if folder.is_dir() and (folder.parent.name == "_shipped" or (_PACKAGE.parent / "pyproject.toml").is_file()):
            return folder
    raise LookupError(f"the shipped folder {name!r} is missing: install the package again")


@cache
def texts(folder: str) -> dict[str, str]:
    """Every YAML file below `policies/<folder>`: its path from `policies/` (with `/`) → its text."""
    root = shipped("policies")
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in _yaml_files(root / folder)}


def _yaml_files(folder: Path) -> Iterator[Path]:
    return iter(sorted(folder.rglob("*.yaml")))


@cache
def package_texts(folder: str) -> dict[str, str]:
    """Every file in `gateway/<folder>` (words and templates that travel inside the package): its name → its text."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((_PACKAGE / folder).iterdir())}
