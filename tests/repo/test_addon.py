"""The browser add-on keeps the tree's laws: files of a size, nothing from elsewhere, names of its neighbours."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READERS = ROOT / "addons" / "browser" / "labels"
MODULES = sorted(READERS.rglob("*.js"))
# What a document has and bytes have not, and what stands elsewhere in gateway/ or in several of its modules.
OWN = frozenset({"characters", "frames", "pattern", "tree", "url"})


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_is_short_and_imports_its_neighbours_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert len(lines) <= 300, "split it by meaning"
    assert [number for number, line in enumerate(lines, 1) if len(line) > 120] == []
    assert text.startswith("/**"), "a module says what it is"
    imported = re.findall(r"""(?:from|import)\s*\(?\s*["']([^"']+)["']""", text)
    assert all((path.parent / name).is_file() for name in imported), imported


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_reader_has_the_name_of_its_neighbour_in_python(path: Path) -> None:
    assert path.stem in OWN or (ROOT / "gateway" / "labels" / f"{path.stem}.py").is_file()


def test_every_module_is_used() -> None:
    used = {name for path in MODULES for name in re.findall(r'"\./([a-z_]+)\.js"', path.read_text(encoding="utf-8"))}
    assert {path.stem for path in MODULES} - used == {"read"}
