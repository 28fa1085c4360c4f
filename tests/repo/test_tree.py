"""The tree keeps its own laws: sizes, purity, one top-level name, READMEs, cases with sources."""

import ast
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for folder in ("gateway", "addons") for path in (ROOT / folder).rglob("*.py"))
SCRIPTS = sorted(path for folder in ("addons", "tests") for path in (ROOT / folder).rglob("*.*js"))
IMPURE = ("cli", "edge", "store")
IMPURE_FILES = {"shipped.py"}
# DESIGN, section 6, "Purity": what a pure module may not import, because it reads the world or writes to it.
FORBIDDEN = frozenset(
    [
        "aiohttp",
        "asyncio",
        "ctypes",
        "glob",
        "http.client",
        "http.server",
        "logging",
        "mitmproxy",
        "os",
        "pathlib",
        "random",
        "secrets",
        "shutil",
        "socket",
        "sqlalchemy",
        "sqlite3",
        "ssl",
        "subprocess",
        "tempfile",
        "threading",
        "time",
        "urllib.request",
        "watchfiles",
    ]
)
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}


def is_pure(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return parts[0] == "gateway" and parts[1] not in IMPURE and parts[1] not in IMPURE_FILES


PURE = [path for path in SOURCES if is_pure(path)]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [*SOURCES, *SCRIPTS], ids=named)
def test_a_file_has_at_most_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, f"{named(path)}: split it by meaning"


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_a_script_can_be_parsed(path: Path) -> None:
    node = shutil.which("node")
    assert node is not None, "node is missing: install the package nodejs (make tools)"
    done = subprocess.run([node, "--check", str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_decision_of_the_add_on_touches_nothing_outside() -> None:
    """It runs in a service worker, a page and Node alike: no document, no extension, no network, no clock."""
    outside = re.compile(
        r"\b(document|window|chrome|browser|fetch|localStorage|Date\.now|Math\.random)\b[.(]|new Date\(\)"
    )
    for path in SCRIPTS:
        if path.is_relative_to(ROOT / "addons" / "browser" / "decision"):
            code = re.sub(r"/\*.*?\*/|//.*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            assert outside.search(code) is None, f"{named(path)}: {outside.search(code)}"
            for name in re.findall(r'from "([^"]+)"', code):
                assert name.startswith("./"), f"{named(path)} imports {name}"


@pytest.mark.parametrize("path", PURE, ids=named)
def test_a_pure_module_touches_nothing_outside(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    faults = []
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
            if node.module and node.module.startswith(("gateway.edge", "gateway.store")):
                faults.append(f"line {node.lineno}: imports {node.module}")
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"open", "print", "input"}
        ):
            faults.append(f"line {node.lineno}: calls {node.func.id}()")
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and (node.value.id, node.attr) in CLOCKS
        ):
            faults.append(f"line {node.lineno}: reads the clock")
        faults += [
            f"line {node.lineno}: imports {name}" for name in names if {name, name.partition(".")[0]} & FORBIDDEN
        ]
    assert not faults, f"{named(path)}: {faults}"


def test_the_pure_packages_load_without_the_world() -> None:
    """A fresh process that imports every pure package has neither mitmproxy, aiohttp nor a database in it."""
    modules = [named(path)[:-3].replace("/", ".").removesuffix(".__init__") for path in PURE]
    script = textwrap.dedent(f"""
        import importlib, sys
        for name in {modules!r}:
            importlib.import_module(name)
        print(sorted(set(sys.modules) & {{"mitmproxy", "aiohttp", "sqlalchemy", "sqlite3", "typer", "watchfiles"}}))
    """)
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


@pytest.mark.parametrize("folder", ["gateway", "policies", "addons", "tests", "docker"])
def test_each_fixed_folder_has_a_readme(folder: str) -> None:
    text = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    assert len(text) > 400, f"{folder}/README.md should say what a newcomer must know"


@pytest.mark.parametrize("folder", ["policies", "addons", "tests", "docker"])
def test_folders_of_data_are_no_packages(folder: str) -> None:
    """With an __init__.py they would be importable under names that belong to others (docker, tests)."""
    assert not list((ROOT / folder).glob("__init__.py"))


def test_every_package_of_ours_is_imported_by_its_full_name() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), (
                f"{named(path)}:{node.lineno}: relative import"
            )


def cases() -> list[Path]:
    return sorted((ROOT / "tests" / "cases").rglob("*.yaml"))


@pytest.mark.parametrize("path", cases(), ids=named)
def test_each_case_has_a_name_and_a_source(path: Path) -> None:
    for case in yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or []:
        assert case["name"].strip(), f"{named(path)}: a case without a name"
        assert case.get("source"), f"{named(path)}: {case['name']!r} does not say where it is from"


def test_no_file_names_a_place_of_one_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    wanted = [str(ROOT.parent) + "/", str(Path.home()) + "/"]
    for name in listed:
        text = (ROOT / name).read_bytes().decode("utf-8", "replace") if (ROOT / name).is_file() else ""
        for place in wanted:
            assert len(place) < 4 or place not in text, f"{name} names {place}"
